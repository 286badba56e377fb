import { type Agreement, type Bits, type OneOf, sizeOf, type Type } from '../layout/vocabulary.ts';
import { below } from './error.ts';
import { fail, noVariant, shownAt } from './fail.ts';
import { hexNumber, i32At, numberIn } from './number.ts';
import { find, itemsIn, type Marks, type Node, type NumberNode, pathOf, pickAt, placeAt } from './tree.ts';

/* What strict reading asks of bytes that have been measured. */

/** Looks at fields that are there. */
export type Rule = (bytes: Uint8Array, marks: Marks) => void;

/** The rules of a layout, in the order of the bytes. */
export const rulesOf = (root: Node): Rule[] => rulesIn(root, new Map());

/** `agreed` has what structs around a number ask of it. */
function rulesIn(node: Node, agreed: Map<Node, Rule[]>): Rule[] {
  const { type } = node;
  switch (type.kind) {
    case 'uint':
      return agreed.get(node) ?? [];
    case 'struct':
      for (const agreement of type.agree) {
        const [number, rule] = agreementRule(node, agreement);
        agreed.set(number, [...(agreed.get(number) ?? []), rule]);
      }
      return node.children.flatMap((child) => rulesIn(child, agreed));
    case 'union':
    case 'bySize':
    case 'oneOf': {
      const variants = node.children.map((child) => rulesIn(child, agreed));
      if (type.kind === 'oneOf' && node.length) variants[variants.length - 1] = [unknownTag(node, type)];
      if (variants.every((rules) => rules.length === 0)) return [];
      return [
        (bytes, marks) => {
          for (const rule of variants[pickAt(marks, node)]!) rule(bytes, marks);
        },
      ];
    }
    case 'array':
      return itemRules(node, type.of);
    default: {
      const look = lookOf(type);
      return look ? [(bytes, marks) => look(bytes, placeAt(marks, node.start), placeAt(marks, node.end), node)] : [];
    }
  }
}

/** Looks at the bytes of one field. */
type Look = (bytes: Uint8Array, at: number, end: number, node: Node, item?: number) => void;

function lookOf(type: Type): Look | undefined {
  if (type.kind === 'bits') return knownBits(type);
  return type.kind === 'reserved' || (type.kind === 'rest' && type.surplus !== undefined) ? zero : undefined;
}

function itemRules(node: Node, of: Type): Rule[] {
  const each = sizeOf(of) ?? 0;
  if (!node.item) {
    const look = lookOf(of);
    if (!look) return [];
    return [
      (bytes, marks) => {
        const from = placeAt(marks, node.start);
        const end = placeAt(marks, node.end);
        for (let at = from; at < end; at += each) look(bytes, at, at + each, node, (at - from) / each);
      },
    ];
  }
  const { root } = node.item;
  const rules = rulesOf(root);
  if (rules.length === 0) return [];
  return [
    (bytes, marks) => {
      itemsIn(node, marks).forEach((item, i) => {
        try {
          for (const rule of rules) rule(bytes, item);
        } catch (error) {
          throw below(error, root.name, `${pathOf(node)}[${i}]`);
        }
      });
    },
  ];
}

const unknownTag =
  (node: Node, type: OneOf): Rule =>
  (bytes, marks) => {
    const tag = node.tag!;
    throw fail('variant', tag, placeAt(marks, tag.start), noVariant(type, shownAt(tag, bytes, marks)));
  };

const zero: Look = (bytes, at, end, node, item) => {
  let any = 0;
  for (let i = at; i < end; i++) any |= bytes[i]!;
  if (any === 0) return;
  const first = bytes.subarray(at, end).findIndex((byte) => byte !== 0);
  throw fail('reserved', node, at, `must be zero, byte ${first} is ${hexNumber(bytes[at + first]!, 1)}`, item);
};

function knownBits({ size, flags }: Bits): Look {
  let low = 0;
  let high = 0;
  for (const { position } of Object.values(flags)) {
    if (position < 32) low |= 1 << position;
    else high |= 1 << (position - 32);
  }
  return (bytes, at, _, node, item) => {
    const unknown = i32At(bytes, at) & ~low;
    const unknownHigh = size === 8 ? i32At(bytes, at + 4) & ~high : 0;
    if ((unknown | unknownHigh) !== 0) {
      const all = (BigInt(unknownHigh >>> 0) << 32n) | BigInt(unknown >>> 0);
      throw fail('reserved', node, at, `must have no unknown bit, has ${hexNumber(all, size)}`, item);
    }
  };
}

/** The number that an agreement is about, and the rule. */
function agreementRule(struct: Node, { field, by, is }: Agreement): [number: Node, rule: Rule] {
  const [number, key] = [field, by].map((path) => path && find(struct, path.split('.'))[0]) as NumberNode[];
  const read = ({ type, start }: NumberNode, bytes: Uint8Array, marks: Marks) =>
    numberIn(type, bytes, placeAt(marks, start));
  return [
    number!,
    (bytes, marks) => {
      const belongs = key ? read(key, bytes, marks) : 0;
      const wanted = typeof is === 'number' ? is : is[belongs];
      if (wanted === undefined || wanted === read(number!, bytes, marks)) return;
      const says = `must be ${wanted}${key ? ` with ${by} ${belongs}` : ''}, is ${shownAt(number!, bytes, marks)}`;
      throw fail('constant', number!, placeAt(marks, number!.start), says);
    },
  ];
}
