import { BASE, type Cuts, cutAt } from '../engine/cuts.ts';
import { LayoutError } from '../engine/error.ts';
import { cuts } from '../engine/measure.ts';
import { content, type Node, type Place, pathOf, picked, type Way } from '../engine/node.ts';
import { readBig, u16At, u32At } from '../engine/number.ts';
import { planOf } from '../engine/plan.ts';
import type { Layout, Struct, Type } from '../layout/vocabulary.ts';

/*
 * One class for each struct, built at its first use from the plan. An instance holds the caller's bytes and where it
 * begins in them; with variable parts also the cuts, which it shares with every view inside it and, where the bytes had
 * a known shape, with every view of that shape. Its accessors read at constant distances from a cut, by shifts on bytes,
 * because a DataView for each view costs more than the whole opening. Few fields, and assigned: the classes share one
 * literal, so the engine looks up every field that is written, and defines fields far more slowly than it sets them.
 */

/** The state of a view. */
export interface Cut {
  readonly $bytes: Uint8Array;
  /** Cut 0: where the view begins. */
  readonly $0: number;
  /** The other cuts, those of the outermost view; none where all fields lie at fixed places. */
  readonly $cuts?: Cuts | undefined;
  /** How far its own cuts lie behind those of the outermost view, times 64; plus how far its picks do. */
  readonly $nest?: number;
}
type CutClass = new (bytes: Uint8Array, base: number, cuts: Cuts | undefined, nest: number) => Cut;

const fixedClass = (): CutClass =>
  class {
    declare readonly $bytes: Uint8Array;
    declare readonly $0: number;
    constructor(bytes: Uint8Array, base: number) {
      this.$bytes = bytes;
      this.$0 = base;
    }
  };
const cutClass = (): CutClass =>
  class {
    declare readonly $bytes: Uint8Array;
    declare readonly $0: number;
    declare readonly $cuts: Cuts | undefined;
    declare readonly $nest: number;
    constructor(bytes: Uint8Array, base: number, cuts: Cuts | undefined, nest: number) {
      this.$bytes = bytes;
      this.$0 = base;
      this.$cuts = cuts;
      this.$nest = nest;
    }
  };

/** The state behind a view's type. */
export const stateOf = (view: object): Cut => view as Cut;

/** Cut `i` of a view. */
export const cutOf = (view: Cut, i: number): number =>
  i === BASE ? view.$0 : cutAt(view.$cuts!, (view.$nest! >> 6) + i);

/** The index of the variant that a choice of the view's struct has picked. */
export const pickOf = (view: Cut, choice: Node): number => picked(view.$cuts!.picks >>> (view.$nest! & 63), choice);

/** The byte at which a place lies. */
export const placeIn = (view: Cut, place: Place): number => cutOf(view, place.cut) + place.delta;

/** The bytes went away under the view: the buffer was detached, transferred or shrunk. */
export function gone(view: Cut, at: number, size: number): never {
  const left = Math.max(view.$bytes.length - at, 0);
  throw new LayoutError('truncated', layoutOf(view)?.name ?? 'view', at, `needs ${size} bytes, ${left} left`);
}

/** Throws TypeError for anything but a Uint8Array. */
export function ownBytes(bytes: unknown): asserts bytes is Uint8Array {
  if (!(bytes instanceof Uint8Array)) throw new TypeError('bytes must be a Uint8Array');
}

/**
 * The same memory as a plain Uint8Array, so that no part of a Node Buffer is a Buffer.
 *
 * @throws TypeError for anything but a Uint8Array.
 */
export function plain(bytes: Uint8Array): Uint8Array {
  ownBytes(bytes);
  // Of a detached buffer nothing can be made any more, not even nothing.
  if (bytes.length === 0) return new Uint8Array(0);
  return bytes.constructor === Uint8Array ? bytes : new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
}

type Getter = (this: Cut) => unknown;
/** Makes the setter of a node, or none. `context` is the same node in the plan of the outermost layout. */
export type Setters = (node: Node, context: Node) => ((this: Cut, value: unknown) => void) | undefined;
/** Given by whoever makes views that write: the setters, and the same node in the plan of the outermost layout. */
interface Writing {
  readonly setters: Setters;
  readonly context: Node;
}
const inside = (writing: Writing | undefined, i: number): Writing | undefined =>
  writing && { setters: writing.setters, context: writing.context.children[i]! };

/** Finds a place in a view. As short as it can be, like the getters that use it: the engine inlines what is short. */
const finder = ({ cut, delta }: Place): ((view: Cut) => number) =>
  cut === BASE ? (view) => view.$0 + delta : (view) => cutAt(view.$cuts!, (view.$nest! >> 6) + cut) + delta;

/** Reads a number if its last byte is there, without a look at the length: the engine checks each byte as it is. */
function numberGetter(size: number, bigEndian: boolean, start: Place): Getter {
  const find = finder(start);
  if (size === 1) {
    return function () {
      const at = find(this);
      return this.$bytes[at] ?? gone(this, at, 1);
    };
  }
  if (size === 2) {
    return function () {
      const at = find(this);
      return this.$bytes[at + 1] === undefined ? gone(this, at, 2) : u16At(this.$bytes, at);
    };
  }
  if (size === 4) {
    const read = bigEndian ? u32beAt : u32At;
    return function () {
      const at = find(this);
      return this.$bytes[at + 3] === undefined ? gone(this, at, 4) : read(this.$bytes, at);
    };
  }
  return function () {
    const at = find(this);
    return this.$bytes[at + 7] === undefined ? gone(this, at, 8) : readBig(this.$bytes, at);
  };
}
const u32beAt = (bytes: Uint8Array, at: number): number =>
  (bytes[at + 3]! | (bytes[at + 2]! << 8) | (bytes[at + 1]! << 16) | (bytes[at]! << 24)) >>> 0;
function bytesGetter(start: Place, end: Place): Getter {
  const find = finder(start);
  if (end.cut === start.cut) {
    const size = end.delta - start.delta;
    return function () {
      const from = find(this);
      if (from + size > this.$bytes.length) gone(this, from, size);
      return this.$bytes.subarray(from, from + size);
    };
  }
  const findEnd = finder(end);
  return function () {
    const from = find(this);
    const to = findEnd(this);
    if (to > this.$bytes.length) gone(this, from, to - from);
    return this.$bytes.subarray(from, to);
  };
}

/** Reads what a node holds from a view of the layout that the node was compiled for. */
function getterOf(node: Node, writing: Writing | undefined): Getter {
  const { start, end } = node;
  const type = content(node.type);
  switch (type.kind) {
    case 'uint':
    case 'bits':
      return numberGetter(type.size, type.kind === 'uint' && type.bigEndian, start);
    case 'struct':
      return structGetter(type, node, writing);
    case 'array': {
      const { of, count } = type;
      return function () {
        const from = placeIn(this, start);
        const each = itemSize(of);
        const total = count ?? (placeIn(this, end) - from) / each;
        return Array.from({ length: total }, (_, i) => itemOf(this, node, of, from + i * each, writing));
      };
    }
    case 'union':
    case 'oneOf':
    case 'bySize': {
      const getters = node.children.map((child, i) => getterOf(child, inside(writing, i)));
      const [first, second] = getters;
      return function () {
        const index = pickOf(this, node);
        // By name: of constants the engine inlines what they do.
        if (index === 0 && first) return first.call(this);
        if (index === 1 && second) return second.call(this);
        return getters[index]?.call(this);
      };
    }
    default:
      return bytesGetter(start, end);
  }
}

const itemSize = (of: Type): number => ('size' in of ? (of.size ?? 1) : 1);

/** One item of an array, read as if it stood alone. */
function itemOf(view: Cut, node: Node, of: Type, at: number, writing: Writing | undefined): unknown {
  if (of.kind === 'struct') {
    const made = writing ? editClassOf(of, { ...writing, context: planOf(of).root }) : classOf(of);
    return new made(view.$bytes, at, undefined, 0);
  }
  const start = { cut: 0, delta: at - view.$0 };
  return getterOf({ ...node, type: of, start, end: { cut: 0, delta: start.delta + itemSize(of) } }, writing).call(view);
}

function structGetter(struct: Struct, { start, shift, turn }: Node, writing: Writing | undefined): Getter {
  const find = finder(start);
  // Made here, not when it is first wanted: of a constant the engine inlines what it makes.
  const made = writing ? editClassOf(struct, writing) : classOf(struct);
  const nest = shift * 64 + turn;
  return planOf(struct).cuts === 1
    ? function () {
        return new made(this.$bytes, find(this), undefined, 0);
      }
    : function () {
        return new made(this.$bytes, find(this), this.$cuts, this.$nest! + nest);
      };
}

const LAYOUT = Symbol('layout');
/** The layout that a view is of, or undefined for anything else. */
export const layoutOf = (it: object): Struct | undefined => (it as { [LAYOUT]?: Struct })[LAYOUT];

const editing = new WeakMap<Node, CutClass>();

/** The class of views of a struct. */
function classOf(struct: Struct): CutClass {
  struct.memo.view ??= build(struct, undefined);
  return struct.memo.view as CutClass;
}

/** The class of views that write. */
function editClassOf(struct: Struct, writing: Writing): CutClass {
  const known = editing.get(writing.context);
  if (known) return known;
  const made = build(struct, writing);
  editing.set(writing.context, made);
  return made;
}

function build(struct: Struct, writing: Writing | undefined): CutClass {
  const { root, cuts: total } = planOf(struct);
  const made = total === 1 ? fixedClass() : cutClass();
  Object.defineProperty(made, 'name', { value: struct.name });
  Object.defineProperty(made.prototype, LAYOUT, { value: struct });
  Object.defineProperty(made.prototype, Symbol.for('nodejs.util.inspect.custom'), { value: show });
  root.children.forEach((node, i) => {
    const within = inside(writing, i);
    const set = within?.setters(node, within.context);
    Object.defineProperty(made.prototype, node.name, {
      enumerable: true,
      get: getterOf(node, within),
      ...(set && { set }),
    });
  });
  return made;
}

/** What a console prints for a view: its fields. */
function show(this: Cut): unknown {
  const shown: Record<string, unknown> = {};
  for (const name of Object.keys(layoutOf(this)?.fields ?? {})) shown[name] = Reflect.get(this, name);
  return shown;
}

/** Opens a view on plain bytes that have just been measured for this layout. */
export function openView(layout: Layout, bytes: Uint8Array, setters?: Setters): Cut {
  return layout.kind === 'struct' && !setters
    ? new (classOf(layout))(bytes, 0, cuts, 0)
    : openOther(layout, bytes, setters);
}

function openOther(layout: Layout, bytes: Uint8Array, setters: Setters | undefined): Cut {
  const { root } = planOf(layout);
  const index = picked(cuts.picks, root);
  const context = layout.kind === 'struct' ? root : root.children[index]!;
  const struct = layout.kind === 'struct' ? layout : Object.values(layout.cases)[index]!;
  const made = setters ? editClassOf(struct, { setters, context }) : classOf(struct);
  return new made(bytes, 0, cuts, context.shift * 64 + context.turn);
}

/** The place of a field in one view. */
export interface Found {
  readonly type: Type;
  readonly path: string;
  readonly from: number;
  readonly to: number;
}

interface Candidate {
  readonly node: Node;
  readonly way: Way;
  readonly item: number | undefined;
}

function search(node: Node, path: readonly string[], way: Way): Candidate[] {
  const type = content(node.type);
  if (type.kind === 'oneOf' || type.kind === 'union' || type.kind === 'bySize') {
    if (path.length === 0) return [{ node, way, item: undefined }];
    return node.children.flatMap((child, i) => search(child, path, [...way, [node, i]]));
  }
  const [name, ...more] = path;
  if (name === undefined) return [{ node, way, item: undefined }];
  const item = /^\[(\d+)\]$/.exec(name)?.[1];
  if (item !== undefined) return type.kind === 'array' && more.length === 0 ? [{ node, way, item: Number(item) }] : [];
  const child = node.children.find((each) => each.name === name);
  return child ? search(child, more, way) : [];
}

const searched = new WeakMap<Struct, Map<string, readonly Candidate[]>>();

/** Where a path can lead in a struct; searched once for each path. */
function candidatesFor(struct: Struct, path: string): readonly Candidate[] {
  const known = searched.get(struct) ?? new Map<string, readonly Candidate[]>();
  searched.set(struct, known);
  const before = known.get(path);
  if (before) return before;
  const found = search(planOf(struct).root, path === '' ? [] : path.replaceAll('[', '.[').split('.'), []);
  if (found.length === 0) throw new TypeError(`${struct.name} has no field ${path}`);
  known.set(path, found);
  return found;
}

/**
 * Finds the field that a path names in a view.
 *
 * @throws TypeError when the layout has no such path; LayoutError `variant` when only another variant has it, `truncated`
 * when the bytes went away under the view.
 */
export function locate(view: object, path: string): Found {
  const struct = layoutOf(view);
  if (!struct) throw new TypeError('not a view');
  const cut = view as Cut;
  for (const { node, way, item } of candidatesFor(struct, path)) {
    if (!way.every(([choice, index]) => pickOf(cut, choice) === index)) continue;
    const from = placeIn(cut, node.start);
    const to = placeIn(cut, node.end);
    if (to > cut.$bytes.length) gone(cut, from, to - from);
    const type = content(node.type);
    if (item === undefined || type.kind !== 'array') return { type, path: pathOf(node), from, to };
    const each = itemSize(type.of);
    if (item >= (to - from) / each) throw new TypeError(`${struct.name} has no item ${path}`);
    return { type: type.of, path: `${pathOf(node)}[${item}]`, from: from + item * each, to: from + (item + 1) * each };
  }
  throw new LayoutError(
    'variant',
    `${struct.name}.${path}`,
    undefined,
    'is in another variant, not in the one that is here',
  );
}
