import type { Struct } from '../layout/vocabulary.ts';
import { LayoutError } from './error.ts';
import { type Marks, type Node, pathOf, placeAt } from './tree.ts';

const NODE = Symbol('node');

/** What every view is below its fields. The marks are a private field: nothing of a view's state can be enumerated. */
export class Opened {
  /** What the class is a view of. */
  declare readonly [NODE]: Node;
  readonly #marks: Marks;
  constructor(marks: Marks) {
    this.#marks = marks;
  }
  static marksOf(view: Opened): Marks {
    return view.#marks;
  }
  static is(it: unknown): it is Opened {
    return typeof it === 'object' && it !== null && #marks in it;
  }
  /** Makes a class the one of views of this node. */
  static belongs(made: typeof Opened, node: Node): void {
    Object.defineProperty(made.prototype, NODE, { value: node });
  }
}

/** The marks of a view. */
export const marksOf = (view: Opened): Marks => Opened.marksOf(view);
/** Whether something is a view. */
export const isView = (it: unknown): it is Opened => Opened.is(it);
/** The node that a view is of. */
export const nodeOf = (view: Opened): Node => view[NODE];
/** The struct that a view is of. */
export const structOf = (view: Opened): Struct => nodeOf(view).type as Struct;

/** The bytes went away under a view: the buffer was detached, transferred or shrunk. */
export function gone(node: Node, marks: Marks, at: number, size: number): never {
  const left = Math.max(marks[0].length - at, 0);
  throw new LayoutError('truncated', pathOf(node), at, `needs ${size} bytes, ${left} left`);
}

/** The bytes from one byte to another, in place. */
export function part(node: Node, marks: Marks, from: number, to: number): Uint8Array {
  if (to > marks[0].length) gone(node, marks, from, to - from);
  return marks[0].subarray(from, to);
}

/** The bytes of a node. */
export const bytesOf = (node: Node, marks: Marks): Uint8Array =>
  part(node, marks, placeAt(marks, node.start), placeAt(marks, node.end));
