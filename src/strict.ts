import type { Cuts } from './cuts.ts';
import type { Agreement, Bits, OneOf, Struct } from './layout.ts';
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

/** The rules of a node and of all nodes in it, in the order of the bytes. */
export function rulesOf(node: Node): Rule[] {
  const type = content(node.type);
  switch (type.kind) {
    case 'reserved':
      return [{ test: zero(node) }];
    case 'rest':
      return type.surplus === undefined ? [] : [{ test: zero(node) }];
    case 'bits':
      return [{ test: knownBits(node, type) }];
    case 'struct':
      return [...node.children.flatMap(rulesOf), ...agreements(node, type)];
    case 'union':
    case 'bySize':
      return [{ choice: node, variants: node.children.map(rulesOf) }];
    case 'oneOf': {
      const variants = node.children.map(rulesOf);
      if (node.type.kind === 'sized') variants[variants.length - 1] = [{ test: unknown(node, type) }];
      return [{ choice: node, variants }];
    }
    default:
      return [];
  }
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

const zero =
  (node: Node): Test =>
  (bytes, cuts) => {
    const at = placeAt(cuts, node.start);
    const end = placeAt(cuts, node.end);
    let any = 0;
    for (let i = at; i < end; i++) any |= bytes[i]!;
    if (any === 0) return;
    const first = bytes.subarray(at, end).findIndex((byte) => byte !== 0);
    throw fail('reserved', node, at, `must be zero, byte ${first} is ${hexNumber(bytes[at + first]!, 1)}`);
  };

function knownBits(node: Node, { size, flags }: Bits): Test {
  let low = 0;
  let high = 0;
  for (const { position } of Object.values(flags)) {
    if (position < 32) low |= 1 << position;
    else high |= 1 << (position - 32);
  }
  return (bytes, cuts) => {
    const at = placeAt(cuts, node.start);
    const unknown = i32At(bytes, at) & ~low;
    const unknownHigh = size === 8 ? i32At(bytes, at + 4) & ~high : 0;
    if ((unknown | unknownHigh) !== 0) {
      const all = (BigInt(unknownHigh >>> 0) << 32n) | BigInt(unknown >>> 0);
      throw fail('reserved', node, at, `must have no unknown bit, has ${hexNumber(all, size)}`);
    }
  };
}

const agreements = (struct: Node, { agree }: Struct): Rule[] =>
  agree.map(({ field, by, is }) => ({
    test: agreed(find(struct, field)!, by === undefined ? undefined : find(struct, by), by ?? '', is),
  }));

const agreed =
  (node: Node, key: Node | undefined, by: string, is: Agreement['is']): Test =>
  (bytes, cuts) => {
    const at = placeAt(cuts, node.start);
    const found = shown(node, bytes, at);
    const belongs = key === undefined ? 0 : Number(shown(key, bytes, placeAt(cuts, key.start)));
    const wanted = typeof is === 'number' ? is : is[belongs];
    if (wanted === undefined || wanted === found) return;
    throw fail('constant', node, at, `must be ${wanted}${key ? ` with ${by} ${belongs}` : ''}, is ${found}`);
  };
