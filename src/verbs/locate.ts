import { isBytes } from '../engine/bytes.ts';
import { LayoutError } from '../engine/error.ts';
import { gone, isView, marksOf, nodeOf, type Opened, structOf } from '../engine/opened.ts';
import { find, itemsIn, type Marks, type Node, pickAt, placeAt } from '../engine/tree.ts';
import type { PathOf, Reading, ViewOf } from '../layout/infer.ts';
import { sizeOf } from '../layout/vocabulary.ts';

type AnyView = ViewOf<unknown, Reading>;
/** Every path into a view; into a view of a union, those of all its structs. */
export type PathIn<V> = V extends ViewOf<infer T, Reading> ? PathOf<T> : never;

/** A part of the bytes under a view. */
interface Found {
  readonly bytes: Uint8Array;
  readonly from: number;
  readonly to: number;
}

/**
 * Finds the field that a path names in a view.
 *
 * @throws TypeError when there is no such path; LayoutError `variant` when only another variant has it, `truncated` when
 * the bytes went away under the view.
 */
function locate(view: unknown, path: string): Found {
  if (!isView(view)) throw new TypeError('not a view');
  if (typeof path !== 'string') throw new TypeError('a path is text');
  return locateIn(nodeOf(view), marksOf(view), path, view, path);
}

function locateIn(from: Node, marks: Marks, path: string, view: Opened, whole: string): Found {
  const [, head = path, index, tail = ''] = /^([^[]*)(?:\[(\d{1,9})\](?:\.(.+))?)?$/.exec(path) ?? [];
  const names = head === '' ? [] : head.split('.');
  const [node] = find(from, names, (choice) => pickAt(marks, choice));
  if (!node) throw absent(from, names, view, whole);
  const start = placeAt(marks, node.start);
  const end = placeAt(marks, node.end);
  if (end > marks[0].length) gone(node, marks, start, end - start);
  if (index === undefined) return { bytes: marks[0], from: start, to: end };
  const array = throughChoices(node, marks);
  if (array.type.kind !== 'array') throw new TypeError(`${structOf(view).name} has no field ${whole}`);
  if (array.item) {
    const item = itemsIn(array, marks)[Number(index)];
    if (!item) throw new TypeError(`${structOf(view).name} has no item ${whole}`);
    return locateIn(array.item.root, item, tail, view, whole);
  }
  const each = sizeOf(array.type.of) ?? 1;
  const at = start + Number(index) * each;
  if (tail !== '') throw new TypeError(`${structOf(view).name} has no field ${whole}`);
  if (at >= end) throw new TypeError(`${structOf(view).name} has no item ${whole}`);
  return { bytes: marks[0], from: at, to: at + each };
}

/** The variant that a choice has come to, through any nesting. */
function throughChoices(node: Node, marks: Marks): Node {
  const { kind } = node.type;
  return kind === 'oneOf' || kind === 'union' || kind === 'bySize'
    ? throughChoices(node.children[pickAt(marks, node)]!, marks)
    : node;
}

const absent = (from: Node, names: readonly string[], view: Opened, path: string): Error =>
  find(from, names).length > 0
    ? new LayoutError(
        'variant',
        `${structOf(view).name}.${path}`,
        undefined,
        'is in another variant, not in the one that is here',
      )
    : new TypeError(`${structOf(view).name} has no field ${path}`);

/**
 * Where a field lies, in bytes from the start of what the outermost view was opened on.
 *
 * @throws LayoutError `variant` when the field belongs to a variant that is not here.
 */
export function offsetOf<V extends AnyView>(of: V, path: PathIn<V>): { offset: number; length: number } {
  const { from, to } = locate(of, path);
  return { offset: from, length: to - from };
}

/** The bytes from the first byte of one field to the last byte of another, in place: what a signature covers. */
export function span<V extends AnyView>(of: V, first: PathIn<V>, last: PathIn<V> = first): Uint8Array {
  const { bytes, from } = locate(of, first);
  const { to } = locate(of, last);
  return bytes.subarray(from, Math.max(from, to));
}

/**
 * Whether a field holds exactly these bytes. Allocates next to nothing; its time does not depend on the content.
 *
 * @throws TypeError for anything but a Uint8Array.
 */
export function equals<V extends AnyView>(of: V, path: PathIn<V>, wanted: Uint8Array): boolean {
  if (!isBytes(wanted)) throw new TypeError('the wanted bytes must be a Uint8Array');
  const { bytes, from, to } = locate(of, path);
  if (wanted.length !== to - from) return false;
  let differs = 0;
  for (let i = 0; i < wanted.length; i++) differs |= (bytes[from + i] ?? 256) ^ (wanted[i] ?? 256);
  return differs === 0;
}
