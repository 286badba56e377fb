import { type Agreement, type Bits, type OneOf, sizeOf, type Type } from '../layout/vocabulary.ts';
import type { Cuts } from './cuts.ts';
import { content, fail, find, type Node, noVariant, picked, placeAt, shown } from './node.ts';
import { hexNumber, i32At } from './number.ts';

/* What strict reading asks of bytes that have been measured. */

/** Looks at fields that are there. */
type Test = (bytes: Uint8Array, cuts: Cuts) => void;

/** Either a test, or a choice and the rules of each of its variants. */
export type Rule = { readonly test: Test; readonly choice?: undefined } | Choice;
interface Choice {
  readonly choice: Node;
  readonly variants: readonly (readonly Rule[])[];
}

/** The rules of a layout. */
export const rulesOf = (root: Node): Rule[] => rulesIn(root, new Map());

/** The rules of a node and of all nodes in it, in the order of the bytes. `more` has what is asked of numbers besides. */
function rulesIn(node: Node, more: Map<Node, Rule[]>): Rule[] {
  const type = content(node.type);
  switch (type.kind) {
    case 'uint':
      return more.get(node) ?? [];
    case 'struct':
      for (const agreement of type.agree) {
        const [field, rule] = agreed(node, agreement);
        more.set(field, [...(more.get(field) ?? []), rule]);
      }
      return node.children.flatMap((child) => rulesIn(child, more));
    case 'union':
    case 'bySize':
      return [{ choice: node, variants: node.children.map((child) => rulesIn(child, more)) }];
    case 'oneOf': {
      const variants = node.children.map((child) => rulesIn(child, more));
      if (node.type.kind === 'sized') variants[variants.length - 1] = [{ test: unknown(node, type) }];
      return [{ choice: node, variants }];
    }
    case 'array':
      return itemRules(node, type.of);
    default: {
      const look = lookOf(type);
      const named = () => node;
      return look ? [{ test: (bytes, cuts) => look(bytes, startOf(node, cuts), placeAt(cuts, node.end), named) }] : [];
    }
  }
}

const startOf = (node: Node, cuts: Cuts): number => placeAt(cuts, node.start);

/** Looks at the bytes of one field, which goes by the name that `named` gives. */
type Look = (bytes: Uint8Array, at: number, end: number, named: () => Node) => void;

function lookOf(type: Type): Look | undefined {
  if (type.kind === 'bits') return knownBits(type);
  return type.kind === 'reserved' || (type.kind === 'rest' && type.surplus !== undefined) ? zero : undefined;
}

/** What is looked at in each item of an array: where in the item, and what follows the item's path in its own. */
interface Part {
  readonly path: string;
  readonly delta: number;
  readonly size: number;
  readonly look: Look;
}

function partsOf(type: Type, path: string, delta: number): Part[] {
  if (type.kind === 'struct')
    return Object.entries(type.fields).flatMap(([name, row]) =>
      partsOf(row.type, `${path}.${name}`, delta + (row.offset ?? 0)),
    );
  const size = sizeOf(type) ?? 0;
  if (type.kind === 'array') {
    const each = sizeOf(type.of) ?? 0;
    if (partsOf(type.of, '', 0).length === 0) return [];
    return Array.from({ length: size / each }, (_, i) => partsOf(type.of, `${path}[${i}]`, delta + i * each)).flat();
  }
  const look = lookOf(type);
  return look ? [{ path, delta, size, look }] : [];
}

function itemRules(node: Node, of: Type): Rule[] {
  const parts = partsOf(of, '', 0);
  const each = sizeOf(of) ?? 0;
  const test: Test = (bytes, cuts) => {
    const from = startOf(node, cuts);
    const end = placeAt(cuts, node.end);
    for (let at = from; at < end; at += each) {
      for (const { path, delta, size, look } of parts) {
        const named = () => ({ ...node, name: `${node.name}[${(at - from) / each}]${path}` });
        look(bytes, at + delta, at + delta + size, named);
      }
    }
  };
  return parts.length === 0 ? [] : [{ test }];
}

/** Runs the rules of what is there. */
export function hold(rules: readonly Rule[], bytes: Uint8Array, cuts: Cuts): void {
  for (const rule of rules) {
    if (rule.choice) hold(rule.variants[picked(cuts.picks, rule.choice)] ?? [], bytes, cuts);
    else rule.test(bytes, cuts);
  }
}

const unknown =
  (node: Node, type: OneOf): Test =>
  (bytes, cuts) => {
    const at = placeAt(cuts, node.tag!.start);
    throw fail('variant', node.tag!, at, noVariant(type, shown(node.tag!, bytes, at)));
  };

const zero: Look = (bytes, at, end, named) => {
  let any = 0;
  for (let i = at; i < end; i++) any |= bytes[i]!;
  if (any === 0) return;
  const first = bytes.subarray(at, end).findIndex((byte) => byte !== 0);
  throw fail('reserved', named(), at, `must be zero, byte ${first} is ${hexNumber(bytes[at + first]!, 1)}`);
};

function knownBits({ size, flags }: Bits): Look {
  let low = 0;
  let high = 0;
  for (const { position } of Object.values(flags)) {
    if (position < 32) low |= 1 << position;
    else high |= 1 << (position - 32);
  }
  return (bytes, at, _, named) => {
    const unknown = i32At(bytes, at) & ~low;
    const unknownHigh = size === 8 ? i32At(bytes, at + 4) & ~high : 0;
    if ((unknown | unknownHigh) !== 0) {
      const all = (BigInt(unknownHigh >>> 0) << 32n) | BigInt(unknown >>> 0);
      throw fail('reserved', named(), at, `must have no unknown bit, has ${hexNumber(all, size)}`);
    }
  };
}

/** The number that an agreement is about, and the rule. */
function agreed(struct: Node, { field, by, is }: Agreement): [field: Node, rule: Rule] {
  const node = find(struct, field)!;
  const key = by === undefined ? undefined : find(struct, by);
  const test: Test = (bytes, cuts) => {
    const at = startOf(node, cuts);
    const found = shown(node, bytes, at);
    const belongs = key === undefined ? 0 : Number(shown(key, bytes, startOf(key, cuts)));
    const wanted = typeof is === 'number' ? is : is[belongs];
    if (wanted === undefined || wanted === Number(found)) return;
    throw fail('constant', node, at, `must be ${wanted}${key ? ` with ${by} ${belongs}` : ''}, is ${found}`);
  };
  return [node, { test }];
}
