import { type Content, type OneOf, sizeOf, type Type, type Union } from '../layout/vocabulary.ts';
import { type Cuts, cutAt } from './cuts.ts';
import { LayoutError, type LayoutErrorCode } from './error.ts';
import { either, hexNumber, readBig, readUint } from './number.ts';

/*
 * A layout laid out: every field, struct and variant at its place. What the gatekeeper compiles, and what views and
 * generic verbs walk.
 */

/** A place in the bytes: so many bytes behind a cut. */
export interface Place {
  readonly cut: number;
  readonly delta: number;
}

/** A field, a struct or a variant at its place in one layout. */
export interface Node {
  readonly name: string;
  readonly parent: Node | undefined;
  readonly type: Type;
  readonly start: Place;
  /** The field's name in the specification. */
  readonly spec: string;
  end: Place;
  /** Of a struct: its fields. Of a choice: its variants, in order; bytes of an unknown tag come last. */
  readonly children: Node[];
  /** Of a choice: the number that selects, and the bit of the picks at which the index of the chosen variant stands. */
  tag: Node | undefined;
  pick: number;
  /** Of a struct: cut n of the struct alone is cut n + shift here. */
  shift: number;
  /** Of a struct: bit n of its picks alone is bit n + turn here. */
  turn: number;
  /** The number decides the layout: it is a length, a tag or a constant. */
  decides: boolean;
}

/** Choices, and the index of the variant that each has to pick, for a node to be there. */
export type Way = readonly (readonly [choice: Node, index: number])[];

/** The index of the variant that a node's choice has picked. */
export const picked = (picks: number, node: Node): number => (picks >>> node.pick) & 15;

/** The byte at which a place lies. */
export const placeAt = (cuts: Cuts, { cut, delta }: Place): number => cutAt(cuts, cut) + delta;

/** The dotted path of a node, from the layout's name on. */
export function pathOf(node: Node): string {
  if (!node.parent) return node.name;
  return node.name === '' ? pathOf(node.parent) : `${pathOf(node.parent)}.${node.name}`;
}

/** The node that a dotted path below `within` names. */
export function find(within: Node, path: string): Node | undefined {
  let node: Node | undefined = within;
  for (const name of path.split('.')) node = node?.children.find((child) => child.name === name);
  return node;
}

/** What a type is inside the region that holds it. */
export const content = (type: Type): Content => (type.kind === 'sized' ? type.of : type);

/* ---- what is wrong with a node ---- */

export const fail = (code: LayoutErrorCode, node: Node, at: number, says: string): LayoutError =>
  new LayoutError(code, pathOf(node), at, says);

/** The number of a node, as a message shows it. */
export function shown({ type }: Node, bytes: Uint8Array, at: number): number | string {
  const size = sizeOf(type) ?? 0;
  return size === 8
    ? hexNumber(readBig(bytes, at), 8)
    : readUint(bytes, at, size, type.kind === 'uint' && type.bigEndian);
}

/** That a tag is none of those that select. */
export const noVariant = ({ cases }: OneOf | Union, tag: number | string): string =>
  `must be ${either(Object.keys(cases).map((each) => (typeof tag === 'string' ? hexNumber(BigInt(each), 8) : each)))}, is ${tag}`;
