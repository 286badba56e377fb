import {
  type ArrayOf,
  type Bits,
  type Content,
  type Layout,
  type OneOf,
  rest,
  type Struct,
  sizeOf,
  type Type,
  type Uint,
  type Union,
} from '../layout/vocabulary.ts';

/*
 * A layout laid out as a tree of nodes: every field, struct and variant at its place. Every verb walks it. Whatever
 * depends on the bytes is behind a mark, which measure.ts fills in.
 */

/** So many bytes behind a mark. */
export interface Place {
  readonly mark: number;
  readonly delta: number;
}

/**
 * What a measurement finds: the bytes, then one entry for each mark. Mark 1 is where the layout begins; another is where a
 * part of varying size ends, or the index of the variant that a choice came to, or the marks of each item of a list.
 */
export type Marks = [bytes: Uint8Array, ...marks: (number | Marks[])[]];
const BASE = 1;

/** A field, a struct or a variant. */
export interface Node {
  /** The field's name, the layout's at the root; empty for a variant. */
  readonly name: string;
  /** The field's name in the specification. */
  readonly spec: string;
  readonly parent: Node | undefined;
  /** What lies here; if it fills a region of declared length, what fills it. */
  readonly type: Content;
  readonly start: Place;
  readonly end: Place;
  /** Of a struct: its fields. Of a choice: its variants; where unknown tags keep their bytes, those come last. */
  readonly children: readonly Node[];
  /** The number that gives the length of the region. */
  readonly length: NumberNode | undefined;
  /** Of a struct: the number that gives its length by its own account. */
  readonly ownLength: NumberNode | undefined;
  /** Of a choice: the number that selects. */
  readonly tag: NumberNode | undefined;
  /** Of an array: the number of its items, where an earlier field has it. */
  readonly count: NumberNode | undefined;
  /** Of a struct: numbers with one right value, each with the field after which it can be looked at. */
  readonly constants: readonly Constant[];
  /** Of a choice: the mark of the variant's index. Of an array whose items are measured one by one: that of their marks. */
  readonly mark: number;
  /** Of an array of structs: what each item is. */
  readonly item: Tree | undefined;
}

/** A node that is a number. */
export interface NumberNode extends Node {
  readonly type: Uint | Bits;
}

/** A number with one right value, and the field that it lies in. */
export interface Constant {
  readonly node: NumberNode;
  readonly value: number;
  readonly field: Node;
}

/** A layout laid out. */
export interface Tree {
  readonly root: Node;
  /** The marks before a measurement: -1 for what has not been reached. */
  readonly unmarked: Marks;
  /** The numbers that decide where something lies: lengths, counts, tags and constants. */
  readonly decisive: ReadonlySet<Node>;
}

/** What is known while a layout is being laid out. */
interface Laying {
  /** The next free mark. */
  marks: number;
  readonly decisive: Set<Node>;
}

type Draft = { -readonly [K in keyof Node]: Node[K] } & { children: Node[] };

const moved = ({ mark, delta }: Place, by: number): Place => ({ mark, delta: delta + by });

/** The byte at which a place lies. */
export const placeAt = (marks: Marks, { mark, delta }: Place): number => (marks[mark] as number) + delta;
/** The index of the variant that a choice came to. */
export const pickAt = (marks: Marks, choice: Node): number => marks[choice.mark] as number;
/** The marks of each item of an array of structs. Those of one plain form have no other than where they begin. */
export function itemsIn(array: Node, marks: Marks): readonly Marks[] {
  if (array.mark > 0) return marks[array.mark] as Marks[];
  const from = placeAt(marks, array.start);
  const each = (array.type.kind === 'array' && sizeOf(array.type.of)) || 1;
  const count = (placeAt(marks, array.end) - from) / each;
  return Array.from({ length: count }, (_, i): Marks => [marks[0], from + i * each]);
}

/** Whether a node is one of several layouts. */
export const isChoice = ({ type: { kind } }: Node): boolean =>
  kind === 'oneOf' || kind === 'union' || kind === 'bySize';

/** The dotted path of a node, from the layout's name on. */
export function pathOf({ parent, name }: Node): string {
  if (!parent) return name;
  return name === '' ? pathOf(parent) : `${pathOf(parent)}.${name}`;
}

/**
 * The nodes that a path of field names leads to. A choice leads into the variant that `chosen` gives; without it, into
 * each of them.
 */
export function find(from: Node, names: readonly string[], chosen?: (choice: Node) => number): Node[] {
  if (isChoice(from) && names.length > 0) {
    const variants = chosen ? from.children.slice(chosen(from)).slice(0, 1) : from.children;
    return variants.flatMap((variant) => find(variant, names, chosen));
  }
  const [name, ...more] = names;
  if (name === undefined) return [from];
  const child = from.children.find((each) => each.name === name);
  return child ? find(child, more, chosen) : [];
}

/** The struct around a node, past the choices between them. */
function structAround({ parent }: Node): Node {
  return parent!.type.kind === 'struct' ? parent! : structAround(parent!);
}

/** Whether a node is a number. */
export const isNumber = (node: Node): node is NumberNode => node.type.kind === 'uint' || node.type.kind === 'bits';

function referred(to: Laying, struct: Node, path: string, by: Node): NumberNode {
  const [number] = find(struct, path.split('.'));
  if (!number || !isNumber(number)) throw new TypeError(`${pathOf(by)}: refers to ${path}, which is not there`);
  to.decisive.add(number);
  return number;
}

/** `until` is where a part of varying size ends, if that is known already. */
function lay(
  to: Laying,
  parent: Node | undefined,
  name: string,
  spec: string,
  row: Type,
  start: Place,
  until?: Place,
): Node {
  const isRegion = row.kind === 'sized';
  const type = isRegion ? row.of : row;
  const node: Draft = {
    name,
    spec,
    parent,
    type,
    start,
    end: start,
    children: [],
    length: undefined,
    ownLength: undefined,
    tag: undefined,
    count: undefined,
    constants: [],
    mark: 0,
    item: undefined,
  };
  if (isRegion) {
    if (parent?.type.kind !== 'struct')
      throw new TypeError(`${pathOf(node)}: a region in a choice wants a struct around it`);
    node.length = referred(to, structAround(node), row.by, node);
  }
  const size = sizeOf(type);
  const isVarying = isRegion || (size === undefined && type.kind !== 'struct');
  if (isVarying) node.end = until ?? { mark: to.marks++, delta: 0 };
  else if (size !== undefined) node.end = moved(start, size);
  if (type.kind === 'struct') layFields(to, node, type);
  else if (type.kind === 'array') layItems(to, node, type);
  else if (type.kind === 'oneOf') layChoice(to, node, type, isRegion);
  else if (type.kind === 'union') layUnion(to, node, type);
  else if (type.kind === 'bySize') {
    const names = type.of.map((struct) => Object.keys(struct.fields).sort().join());
    if (new Set(names).size < names.length) throw new TypeError(`${pathOf(node)}: two variants have the same fields`);
    const open = type.of.find((struct) => struct.size === undefined);
    if (open) throw new TypeError(`${pathOf(node)}: ${open.name} has no size to be chosen by`);
    layVariants(to, node, type.of);
  }
  return node;
}

function layFields(to: Laying, node: Draft, { fields, where, length, size }: Struct): void {
  const constants: Constant[] = [];
  let end = node.start;
  for (const [name, row] of Object.entries(fields)) {
    const field = lay(to, node, name, row.spec, row.type, end);
    node.children.push(field);
    end = field.end;
    const within = (path: string): boolean => path === name || path.startsWith(`${name}.`);
    for (const [path, value] of Object.entries(where))
      if (within(path)) constants.push({ node: referred(to, node, path, node), value, field });
    if (length !== undefined && within(length)) node.ownLength = referred(to, node, length, node);
  }
  node.constants = constants;
  if (size === undefined && node.end === node.start) node.end = end;
}

function layItems(to: Laying, node: Draft, { of, count }: ArrayOf): void {
  if (leastOf(of) === 0) throw new TypeError(`${pathOf(node)}: an item can be empty`);
  if (typeof count === 'string') node.count = referred(to, structAround(node), count, node);
  if (of.kind === 'struct') {
    node.item = treeOf(of);
    if (!isPlain(of)) node.mark = to.marks++;
  }
}

function layVariants(to: Laying, node: Draft, types: readonly Type[]): void {
  node.mark = to.marks++;
  // One variant at most is there, so they share their marks.
  const first = to.marks;
  const until = node.end.mark === node.start.mark ? undefined : node.end;
  let most = first;
  for (const type of types) {
    to.marks = first;
    node.children.push(lay(to, node, '', node.spec, type, node.start, until));
    most = Math.max(most, to.marks);
  }
  to.marks = most;
}

function layChoice(to: Laying, node: Draft, type: OneOf, keepsUnknown: boolean): void {
  node.tag = referred(to, structAround(node), type.by, node);
  layVariants(to, node, [...Object.values(type.cases), ...(keepsUnknown ? [rest] : [])]);
}

/** The tag of a union lies inside whichever variant it selects, perhaps in another field of each. */
function layUnion(to: Laying, node: Draft, type: Union): void {
  const { name, offset, of } = type.tag;
  node.tag = lay(to, node, name, name, of, moved(node.start, offset)) as NumberNode;
  layVariants(to, node, Object.values(type.cases));
  const tags = node.children.map((variant) => {
    const tag = likeness(variant, node.tag!);
    if (!tag) throw new TypeError(`${pathOf(variant)}: has no number where its tag is`);
    to.decisive.add(tag);
    return tag;
  });
  // A value is told by its tag alone, so where one struct has its tag, no other may have anything else.
  const paths = tags.map((tag) => pathOf(tag).slice(pathOf(node).length + 1));
  for (const path of paths) {
    const [first] = path.split('.');
    const others = node.children.filter((_, i) => paths[i] !== path);
    if (others.some(({ children }) => children.some((child) => child.name === first)))
      throw new TypeError(`${pathOf(node)}: ${path} is the tag of one struct and not of another`);
  }
}

/** The number below a node that lies where `like` does. */
function likeness(node: Node, like: Node): Node | undefined {
  const isIt =
    node.type.kind === 'uint' &&
    sizeOf(node.type) === sizeOf(like.type) &&
    node.start.mark === like.start.mark &&
    node.start.delta === like.start.delta;
  if (isIt) return node;
  for (const child of node.children) {
    const found = likeness(child, like);
    if (found) return found;
  }
  return undefined;
}

/** Whether a type has the same fields at the same places whatever the bytes, and no number with one right value. */
export function isPlain(type: Type): boolean {
  switch (type.kind) {
    case 'struct':
      return (
        type.size !== undefined &&
        type.length === undefined &&
        Object.keys(type.where).length === 0 &&
        Object.values(type.fields).every((row) => isPlain(row.type))
      );
    case 'array':
      return typeof type.count === 'number' && isPlain(type.of);
    default:
      return type.kind === 'uint' || type.kind === 'bits' || type.kind === 'bytes' || type.kind === 'reserved';
  }
}

/** The fewest bytes that a type can take. */
export function leastOf(type: Type): number {
  switch (type.kind) {
    case 'struct':
      return Object.values(type.fields).reduce((sum, row) => sum + leastOf(row.type), 0);
    case 'oneOf':
    case 'union':
      return Math.min(...Object.values(type.cases).map(leastOf));
    case 'bySize':
      return Math.min(...type.of.map(leastOf));
    case 'sized':
      return type.of.kind === 'oneOf' ? 0 : leastOf(type.of);
    case 'rest':
      return type.least;
    case 'array':
      return typeof type.count === 'number' ? type.count * leastOf(type.of) : 0;
    default:
      return sizeOf(type) ?? 0;
  }
}

/** The tree of a layout, laid out at its first use. */
export function treeOf(layout: Layout): Tree {
  layout.memo.tree ??= layOut(layout);
  return layout.memo.tree as Tree;
}

function layOut(layout: Layout): Tree {
  const to: Laying = { marks: BASE + 1, decisive: new Set() };
  const root = lay(to, undefined, layout.name, layout.name, layout, { mark: BASE, delta: 0 });
  const unmarked: Marks = [new Uint8Array(0), 0, ...Array<number>(to.marks - BASE - 1).fill(-1)];
  return { root, unmarked, decisive: to.decisive };
}
