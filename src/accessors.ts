import { BASE, type Cuts, cutAt } from './cuts.ts';
import { LayoutError } from './error.ts';
import type { Layout, Struct, Type } from './layout.ts';
import { cuts, measure } from './measure.ts';
import { content, type Node, type Place, pathOf, picked, type Way } from './node.ts';
import { i32At, u16At } from './number.ts';
import { planOf } from './plan.ts';

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
  /** How far its own cuts lie behind those of the outermost view, times 32; plus how far its picks do. */
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
  i === BASE ? view.$0 : cutAt(view.$cuts!, (view.$nest! >> 5) + i);

/** The index of the variant that a choice of the view's struct has picked. */
export const pickOf = (view: Cut, choice: Node): number => picked(view.$cuts!.picks >>> (view.$nest! & 31), choice);

/** The byte at which a place lies. */
export const placeIn = (view: Cut, place: Place): number => cutOf(view, place.cut) + place.delta;

/** The bytes went away under the view: the buffer was detached, transferred or shrunk. */
const gone = (view: Cut, at: number, size: number): LayoutError =>
  new LayoutError(
    'truncated',
    layoutOf(view)?.name ?? 'view',
    at,
    `needs ${size} bytes, ${Math.max(view.$bytes.length - at, 0)} left`,
  );

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
  const isPlain = typeof bytes === 'object' && bytes !== null && Object.getPrototypeOf(bytes) === Uint8Array.prototype;
  if (isPlain) return bytes;
  ownBytes(bytes);
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
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

function numberGetter(size: number, bigEndian: boolean, { cut, delta }: Place): Getter {
  if (size === 1) {
    return function () {
      const at = cutOf(this, cut) + delta;
      if (at >= this.$bytes.length) throw gone(this, at, 1);
      return this.$bytes[at];
    };
  }
  if (size === 2) {
    return function () {
      const bytes = this.$bytes;
      const at = cutOf(this, cut) + delta;
      if (at + 2 > bytes.length) throw gone(this, at, 2);
      return u16At(bytes, at);
    };
  }
  if (size === 4) {
    return function () {
      const bytes = this.$bytes;
      const at = cutOf(this, cut) + delta;
      if (at + 4 > bytes.length) throw gone(this, at, 4);
      return bigEndian ? u32be(bytes, at) : i32At(bytes, at) >>> 0;
    };
  }
  return function () {
    const bytes = this.$bytes;
    const at = cutOf(this, cut) + delta;
    if (at + 8 > bytes.length) throw gone(this, at, 8);
    return (BigInt(i32At(bytes, at + 4) >>> 0) << 32n) | BigInt(i32At(bytes, at) >>> 0);
  };
}
const u32be = (bytes: Uint8Array, at: number): number =>
  (bytes[at + 3]! | (bytes[at + 2]! << 8) | (bytes[at + 1]! << 16) | (bytes[at]! << 24)) >>> 0;

function bytesGetter(start: Place, end: Place): Getter {
  const { cut, delta } = start;
  if (end.cut === cut) {
    const size = end.delta - delta;
    return function () {
      const from = cutOf(this, cut) + delta;
      if (from + size > this.$bytes.length) throw gone(this, from, size);
      return this.$bytes.subarray(from, from + size);
    };
  }
  return function () {
    const from = placeIn(this, start);
    const to = placeIn(this, end);
    if (to > this.$bytes.length) throw gone(this, from, to - from);
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
      return function () {
        return getters[pickOf(this, node)]?.call(this);
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
    const plan = planOf(of);
    if (plan.cuts > 1) {
      const own = view.$bytes.subarray(at, at + itemSize(of));
      measure(plan, own, false, false);
      return openView(of, own, writing?.setters);
    }
    return new (classOf(of, writing && { ...writing, context: plan.root }))(view.$bytes, at, undefined, 0);
  }
  const start = { cut: 0, delta: at - view.$0 };
  return getterOf({ ...node, type: of, start, end: { cut: 0, delta: start.delta + itemSize(of) } }, writing).call(view);
}

function structGetter(
  struct: Struct,
  { start: { cut, delta }, shift, turn }: Node,
  writing: Writing | undefined,
): Getter {
  // Made here, not when it is first wanted: of a constant the engine inlines what it makes.
  const made = classOf(struct, writing);
  const nest = shift * 32 + turn;
  return planOf(struct).cuts === 1
    ? function () {
        return new made(this.$bytes, cutOf(this, cut) + delta, undefined, 0);
      }
    : function () {
        return new made(this.$bytes, cutOf(this, cut) + delta, this.$cuts, this.$nest! + nest);
      };
}

const LAYOUT = Symbol('layout');
/** The layout that a view is of, or undefined for anything else. */
export const layoutOf = (it: object): Struct | undefined => (it as { [LAYOUT]?: Struct })[LAYOUT];

const editing = new WeakMap<Node, CutClass>();

/** The class of views of a struct; with `writing`, of views that write. */
function classOf(struct: Struct, writing?: Writing): CutClass {
  if (writing) {
    const known = editing.get(writing.context);
    if (known) return known;
    const made = build(struct, writing);
    editing.set(writing.context, made);
    return made;
  }
  struct.memo.view ??= build(struct, undefined);
  return struct.memo.view as CutClass;
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
  if (layout.kind === 'struct') {
    if (setters) layout.memo.edit ??= classOf(layout, { setters, context: planOf(layout).root });
    const made = setters ? (layout.memo.edit as CutClass) : classOf(layout);
    return new made(bytes, 0, cuts, 0);
  }
  const { root } = planOf(layout);
  const index = picked(cuts.picks, root);
  const context = root.children[index]!;
  const struct = Object.values(layout.cases)[index]!;
  const made = classOf(struct, setters && { setters, context });
  return new made(bytes, 0, cuts, context.shift * 32 + context.turn);
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
 * @throws TypeError when the layout has no such path; LayoutError `variant` when only another variant has it.
 */
export function locate(view: object, path: string): Found {
  const struct = layoutOf(view);
  if (!struct) throw new TypeError('not a view');
  const cut = view as Cut;
  for (const { node, way, item } of candidatesFor(struct, path)) {
    if (!way.every(([choice, index]) => pickOf(cut, choice) === index)) continue;
    const from = placeIn(cut, node.start);
    const to = placeIn(cut, node.end);
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
