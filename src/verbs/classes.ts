import { planOf } from '../engine/measure.ts';
import { exactIn, readBig, u16At, u32At } from '../engine/number.ts';
import { gone, marksOf, nodeOf, Opened, part } from '../engine/opened.ts';
import { itemsIn, type Marks, type Node, pickAt, placeAt, type Tree } from '../engine/tree.ts';
import { type Layout, sizeOf, type Type } from '../layout/vocabulary.ts';
import { jsonIn } from './to-json.ts';

/*
 * One class for each struct at each of its places, built at the first use of the layout. An instance holds the marks, which
 * it shares with every view inside it; its accessors read the bytes at constant distances from a mark. They read numbers by
 * shifts, because a DataView for each view costs more than the whole opening.
 */

type ViewClass = new (marks: Marks) => Opened;
type Getter = (this: Opened) => unknown;
/** Makes the setter of a node of a tree, or none. */
export type Setters = (node: Node, tree: Tree) => ((this: Opened, value: unknown) => void) | undefined;
/** Makes the view of what has been measured. */
type Open = (marks: Marks) => Opened;

/** What makes views of a layout. */
export function openerOf(layout: Layout, setters?: Setters): Open {
  const kind = setters ? 'edit' : 'view';
  const { memo } = layout;
  memo[kind] ??= openAt(planOf(layout).tree.root, { tree: planOf(layout).tree, setters });
  return memo[kind] as Open;
}

/** What the classes of a tree have in common. */
interface Context {
  readonly tree: Tree;
  readonly setters: Setters | undefined;
}

function openAt(node: Node, context: Context): Open {
  if (node.type.kind === 'struct') {
    const made = classOf(node, context);
    return (marks) => new made(marks);
  }
  const variants = node.children.map((child) => classOf(child, context));
  return (marks) => new variants[pickAt(marks, node)]!(marks);
}

function classOf(node: Node, context: Context): ViewClass {
  const made = class extends Opened {};
  const { prototype } = made;
  Opened.belongs(made, node);
  Object.defineProperty(made, 'name', { value: node.type.kind === 'struct' ? node.type.name : '' });
  Object.defineProperty(prototype, 'toJSON', { value: toJSON });
  Object.defineProperty(prototype, Symbol.for('nodejs.util.inspect.custom'), { value: show });
  for (const child of node.children) {
    const set = context.setters?.(child, context.tree);
    Object.defineProperty(prototype, child.name, {
      enumerable: true,
      get: getterOf(child, context),
      ...(set && { set }),
    });
  }
  return made;
}

/** What JSON.stringify asks for. */
function toJSON(this: Opened): unknown {
  return jsonIn(nodeOf(this), marksOf(this));
}

/** What a console prints for a view: its fields. */
function show(this: Opened): unknown {
  return Object.fromEntries(nodeOf(this).children.map(({ name }) => [name, Reflect.get(this, name)]));
}

/** Reads what a node holds. */
function getterOf(node: Node, context: Context): Getter {
  const { type } = node;
  switch (type.kind) {
    case 'uint':
    case 'bits':
      return numberGetter(node, type.size, type.kind === 'uint' && type.bigEndian);
    case 'struct': {
      const made = classOf(node, context);
      return function () {
        return new made(marksOf(this));
      };
    }
    case 'array':
      return arrayGetter(node, type.of, context);
    case 'union':
    case 'oneOf':
    case 'bySize': {
      const getters = node.children.map((child) => getterOf(child, context));
      return function () {
        return getters[pickAt(marksOf(this), node)]!.call(this);
      };
    }
    default:
      return bytesGetter(node);
  }
}

/** Looks at the last byte and not at the length: V8 checks the bounds of each access as it is. */
function numberGetter(node: Node, size: number, bigEndian: boolean): Getter {
  const { mark, delta } = node.start;
  if (size === 1) {
    return function () {
      const marks = marksOf(this);
      const at = (marks[mark] as number) + delta;
      return marks[0][at] ?? gone(node, marks, at, 1);
    };
  }
  const read = size === 2 ? u16At : size === 8 ? readBig : bigEndian ? u32beAt : u32At;
  return function () {
    const marks = marksOf(this);
    const at = (marks[mark] as number) + delta;
    return marks[0][at + size - 1] === undefined ? gone(node, marks, at, size) : read(marks[0], at);
  };
}
const u32beAt = (bytes: Uint8Array, at: number): number =>
  ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;

function bytesGetter(node: Node): Getter {
  const { start, end } = node;
  return function () {
    const marks = marksOf(this);
    return part(node, marks, placeAt(marks, start), placeAt(marks, end));
  };
}

function arrayGetter(node: Node, of: Type, context: Context): Getter {
  if (of.kind === 'struct') {
    const open = openerOf(of, context.setters);
    return function () {
      const marks = marksOf(this);
      bytesGetter(node).call(this);
      return itemsIn(node, marks).map(open);
    };
  }
  const each = sizeOf(of) ?? 1;
  return function () {
    const marks = marksOf(this);
    const bytes = part(node, marks, placeAt(marks, node.start), placeAt(marks, node.end));
    return Array.from({ length: bytes.length / each }, (_, i) =>
      of.kind === 'uint' || of.kind === 'bits'
        ? exactIn(of, bytes, i * each)
        : bytes.subarray(i * each, (i + 1) * each),
    );
  };
}
