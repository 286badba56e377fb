import { LayoutError } from '../engine/error.ts';
import { i32At } from '../engine/number.ts';
import { find, isChoice, type Node, type NumberNode, pathOf, treeOf } from '../engine/tree.ts';
import type { PathOf } from '../layout/infer.ts';
import { type Layout, sizeOf, type Type } from '../layout/vocabulary.ts';

/**
 * A reader of one field without any object: give it a DataView and where the structure begins. It checks bounds and
 * nothing else; whether the bytes are such a structure, {@link Lens.applies} or an earlier `view` tells.
 */
export interface Lens {
  /** Bytes from the start of the structure. */
  readonly offset: number;
  /** Bytes. */
  readonly length: number;
  /** The field as a number: 1, 2 or 4 bytes. */
  get(dataView: DataView, base: number): number;
  /** The field as a bigint: 8 bytes. */
  getBig(dataView: DataView, base: number): bigint;
  /** Whether the field holds exactly these bytes. Looks no further than the first byte where that differs. */
  equals(dataView: DataView, base: number, wanted: Uint8Array): boolean;
  /** The field's bytes, shared. */
  bytes(dataView: DataView, base: number): Uint8Array;
  /** Whether the tags and constants in front of the field are those of the variant that has it. */
  applies(dataView: DataView, base: number): boolean;
}

/** A number that holds a certain value where a field is there. */
interface Condition {
  readonly number: NumberNode;
  readonly value: number;
}

/**
 * What must stand in front of a node: the tags of the variants around it, and the constants of the structs around it, as
 * far as they lie in front of every part of varying size.
 */
function conditions(node: Node): Condition[] {
  const all: Condition[] = [];
  for (let each: Node | undefined = node; each; each = each.parent) {
    const { parent, constants } = each;
    if (parent?.tag && 'cases' in parent.type) {
      const tag = Object.keys(parent.type.cases)[parent.children.indexOf(each)];
      if (tag !== undefined) all.push({ number: parent.tag, value: Number(tag) });
    }
    all.push(...constants.map(({ node: number, value }) => ({ number, value })));
  }
  return all.filter(({ number }) => isFixed(number));
}

/** Whether a node lies at a constant distance from the start of the layout. */
const isFixed = ({ start }: Node): boolean => start.mark === 1;

/** Whether a node is in a variant that its size decides, which no number in front says. */
const isBySize = ({ parent }: Node): boolean =>
  parent !== undefined && (parent.type.kind === 'bySize' || isBySize(parent));

/** Whether 16 bytes differ. In a straight line, like its callers: a loop keeps the processor from looking ahead into the next quote. */
const differ16 = (a: DataView, at: number, b: Uint8Array, from: number): number =>
  (a.getInt32(at, true) ^ i32At(b, from)) |
  (a.getInt32(at + 4, true) ^ i32At(b, from + 4)) |
  (a.getInt32(at + 8, true) ^ i32At(b, from + 8)) |
  (a.getInt32(at + 12, true) ^ i32At(b, from + 12));

/** Compares a field of this many bytes. */
type Compare = (a: DataView, at: number, b: Uint8Array) => boolean;
const same48: Compare = (a, at, b) =>
  (differ16(a, at, b, 0) | differ16(a, at + 16, b, 16) | differ16(a, at + 32, b, 32)) === 0;
const same: Compare = (a, at, b) => {
  let differs = 0;
  for (let i = 0; i < b.length; i++) differs |= a.getUint8(at + i) ^ b[i]!;
  return differs === 0;
};

/** How many bytes there are; none where the buffer was detached. */
function bytesIn(dataView: DataView): number {
  try {
    return dataView.byteLength;
  } catch {
    return 0;
  }
}

const numberAt = (dataView: DataView, at: number, size: number, isBig: boolean): number =>
  size === 1 ? dataView.getUint8(at) : size === 2 ? dataView.getUint16(at, !isBig) : dataView.getUint32(at, !isBig);
const isBigEndian = (type: Type): boolean => type.kind === 'uint' && type.bigEndian;

/** The bytes that a field always takes, or undefined. In a region of an unknown tag there may be any number. */
const lengthOf = (node: Node, item: Type): number | undefined =>
  node.length && isChoice(node) ? undefined : sizeOf(item);

/**
 * Makes the reader of one field that lies at a fixed distance from the start of its structure. Make it once, outside
 * of the loop.
 *
 * @throws TypeError when there is no such field, or when it lies behind a variable part, or elsewhere or with another
 * length in another variant.
 */
export function lens<L extends Layout>(layout: L, path: PathOf<L>): Lens;
export function lens(layout: Layout, path: string): Lens {
  const [, field = path, index] = /^([^[]*)\[(\d{1,9})\]$/.exec(path) ?? [];
  const nodes = find(treeOf(layout).root, field.split('.'));
  const [node, ...others] = nodes;
  if (!node) throw new TypeError(`${layout.name} has no field ${path}`);
  const wrong = (what: string): TypeError => new TypeError(`${layout.name}.${path} ${what}`);
  const { type } = node;
  const count = type.kind === 'array' ? Number(type.count ?? 0) : 0;
  if (index !== undefined ? !(Number(index) < count) : type.kind === 'array' && !(count > 0))
    throw new TypeError(`${layout.name} has no item ${path}`);
  const item = index !== undefined && type.kind === 'array' ? type.of : type;
  const length = lengthOf(node, item);
  if (length === undefined || !isFixed(node)) throw wrong('has no fixed place');
  if (others.some(({ start }) => start.mark !== node.start.mark || start.delta !== node.start.delta))
    throw wrong('lies elsewhere in another variant: take the lens of the variant');
  if (others.some((other) => lengthOf(other, other.type) !== lengthOf(node, type)))
    throw wrong('has another length in another variant: take the lens of the variant');
  if (isBySize(node)) throw wrong('is in a variant that is chosen by its size: take the lens of the variant');
  const offset = node.start.delta + Number(index ?? 0) * length;
  const bigEndian = isBigEndian(item);
  const required = nodes.map(conditions);
  const gone = (dataView: DataView, base: number): LayoutError => {
    const left = Math.max(bytesIn(dataView) - base - offset, 0);
    return new LayoutError('truncated', pathOf(node), offset, `needs ${length} bytes, ${left} left`);
  };
  const compare = length === 48 ? same48 : same;
  return {
    offset,
    length,
    get(dataView, base) {
      if (length > 4 || length === 3) throw wrong('is no number of 1, 2 or 4 bytes');
      try {
        return numberAt(dataView, base + offset, length, bigEndian);
      } catch {
        throw gone(dataView, base);
      }
    },
    getBig(dataView, base) {
      if (length !== 8) throw wrong('is no number of 8 bytes');
      try {
        return dataView.getBigUint64(base + offset, true);
      } catch {
        throw gone(dataView, base);
      }
    },
    equals(dataView, base, wanted) {
      const at = base + offset;
      if (wanted.length !== length) return false;
      try {
        // Most fields differ in their first byte, and then nothing else is fetched from memory.
        if (dataView.getUint8(at) !== wanted[0] && at + length <= dataView.byteLength) return false;
        return compare(dataView, at, wanted);
      } catch {
        throw gone(dataView, base);
      }
    },
    bytes(dataView, base) {
      if (!(base >= 0 && base + offset + length <= bytesIn(dataView))) throw gone(dataView, base);
      return new Uint8Array(dataView.buffer, dataView.byteOffset + base + offset, length);
    },
    applies(dataView, base) {
      try {
        return required.some((all) =>
          all.every(({ number: { type: of, start }, value }) =>
            of.size === 8
              ? dataView.getBigUint64(base + start.delta, true) === BigInt(value)
              : numberAt(dataView, base + start.delta, of.size, isBigEndian(of)) === value,
          ),
        );
      } catch {
        return false;
      }
    },
  };
}
