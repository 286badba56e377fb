import { BASE } from '../engine/cuts.ts';
import { LayoutError } from '../engine/error.ts';
import { content, find, type Node, type Place, pathOf } from '../engine/node.ts';
import { planOf } from '../engine/plan.ts';
import { type Bits, type Layout, type PathOf, sizeOf, type Type, type Uint } from '../layout/vocabulary.ts';

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

interface Condition {
  readonly offset: number;
  readonly size: number;
  readonly bigEndian: boolean;
  readonly value: number;
}

/** What must stand in front of a node: the tags of the variants around it, and the constants of the structs around it. */
function conditions(node: Node): Condition[] {
  const all: (Condition | undefined)[] = [];
  for (let each: Node | undefined = node; each; each = each.parent) {
    const { parent, type } = each;
    const choice = parent && content(parent.type);
    if (parent && choice?.kind === 'union' && type.kind === 'struct') {
      const tag = Object.keys(choice.cases)[parent.children.indexOf(each)];
      const { offset, of } = choice.tag;
      const at = { cut: parent.start.cut, delta: parent.start.delta + offset };
      all.push(condition(at, of, Number(tag)));
    } else if (parent && choice?.kind === 'oneOf') {
      const tag = Object.keys(choice.cases)[parent.children.indexOf(each)];
      let struct: Node | undefined = parent;
      while (struct && content(struct.type).kind !== 'struct') struct = struct.parent;
      if (struct && tag !== undefined) all.push(below(struct, choice.by, Number(tag)));
    }
    const own = content(type);
    if (own.kind === 'struct')
      for (const [path, value] of Object.entries(own.where)) all.push(below(each, path, value));
  }
  return all.filter((one) => one !== undefined);
}

/** None where the number does not lie in front of every variable part. */
const condition = ({ cut, delta }: Place, type: Uint | Bits, value: number): Condition | undefined =>
  cut === BASE
    ? { offset: delta, size: type.size, bigEndian: type.kind === 'uint' && type.bigEndian, value }
    : undefined;

function below(struct: Node, path: string, value: number): Condition | undefined {
  const node = find(struct, path);
  const type = node?.type;
  return type?.kind === 'uint' || type?.kind === 'bits' ? condition(node!.start, type, value) : undefined;
}

function nodesAt(node: Node, path: readonly string[]): Node[] {
  const { kind } = content(node.type);
  if (kind === 'oneOf' || kind === 'union' || kind === 'bySize') {
    return path.length === 0 ? [node] : node.children.flatMap((child) => nodesAt(child, path));
  }
  const [name, ...more] = path;
  if (name === undefined) return [node];
  return node.children.filter((child) => child.name === name).flatMap((child) => nodesAt(child, more));
}

/** Whether 16 bytes differ. In a straight line, like its callers: a loop keeps the processor from looking ahead into the next quote. */
const differ16 = (a: DataView, at: number, b: DataView, from: number): number =>
  (a.getInt32(at, true) ^ b.getInt32(from, true)) |
  (a.getInt32(at + 4, true) ^ b.getInt32(from + 4, true)) |
  (a.getInt32(at + 8, true) ^ b.getInt32(from + 8, true)) |
  (a.getInt32(at + 12, true) ^ b.getInt32(from + 12, true));

/** How many bytes there are; none where the buffer was detached. */
function bytesIn(dataView: DataView): number {
  try {
    return dataView.byteLength;
  } catch {
    return 0;
  }
}

/** Compares a field of this many bytes. */
type Compare = (a: DataView, at: number, b: DataView) => boolean;
const same48: Compare = (a, at, b) =>
  (differ16(a, at, b, 0) | differ16(a, at + 16, b, 16) | differ16(a, at + 32, b, 32)) === 0;
const same64: Compare = (a, at, b) =>
  (differ16(a, at, b, 0) | differ16(a, at + 16, b, 16) | differ16(a, at + 32, b, 32) | differ16(a, at + 48, b, 48)) ===
  0;
const same: Compare = (a, at, b) => {
  let differs = 0;
  for (let i = 0; i < b.byteLength; i++) differs |= a.getUint8(at + i) ^ b.getUint8(i);
  return differs === 0;
};

/**
 * Makes the reader of one field that lies at a fixed distance from the start of its structure. Make it once, outside
 * of the loop.
 *
 * @throws TypeError when there is no such field, or when it lies behind a variable part.
 */
export function lens<L extends Layout>(layout: L, path: PathOf<L>): Lens;
export function lens(layout: Layout, path: string): Lens {
  const [, field = path, index] = /^(.*)\[(\d+)\]$/.exec(path) ?? [];
  const [node, ...others] = nodesAt(planOf(layout).root, field.split('.'));
  if (!node) throw new TypeError(`${layout.name} has no field ${path}`);
  const type = content(node.type);
  const item: Type | undefined = index === undefined ? type : type.kind === 'array' ? type.of : undefined;
  // Around bytes of an unknown tag a region may have any length.
  const length = item && (node.type.kind === 'sized' && item.kind === 'oneOf' ? undefined : sizeOf(item));
  if (type.kind === 'array' && Number(index ?? 0) >= (type.count ?? 0))
    throw new TypeError(`${layout.name} has no item ${path}`);
  if (length === undefined || node.start.cut !== BASE) throw new TypeError(`${layout.name}.${path} has no fixed place`);
  if (others.some((other) => other.start.delta !== node.start.delta)) {
    throw new TypeError(`${layout.name}.${path} lies elsewhere in another variant: take the lens of the variant`);
  }
  const offset = node.start.delta + Number(index ?? 0) * length;
  const bigEndian = item?.kind === 'uint' && item.bigEndian;
  const required = [node, ...others].map(conditions);
  const gone = (dataView: DataView, base: number): LayoutError => {
    const left = Math.max(bytesIn(dataView) - base - offset, 0);
    return new LayoutError('truncated', pathOf(node), offset, `needs ${length} bytes, ${left} left`);
  };
  const number = (dataView: DataView, at: number, size: number, big: boolean): number =>
    size === 1 ? dataView.getUint8(at) : size === 2 ? dataView.getUint16(at, !big) : dataView.getUint32(at, !big);
  const compare = length === 48 ? same48 : length === 64 ? same64 : same;
  let last: Uint8Array | undefined;
  let lastView: DataView = new DataView(new ArrayBuffer(0));
  return {
    offset,
    length,
    get(dataView, base) {
      if (length > 4 || length === 3) throw new TypeError(`${layout.name}.${path} is no number of 1, 2 or 4 bytes`);
      try {
        return number(dataView, base + offset, length, bigEndian);
      } catch {
        throw gone(dataView, base);
      }
    },
    getBig(dataView, base) {
      if (length !== 8) throw new TypeError(`${layout.name}.${path} is no number of 8 bytes`);
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
        if (wanted !== last) {
          last = wanted;
          lastView = new DataView(wanted.buffer, wanted.byteOffset, wanted.length);
        }
        return compare(dataView, at, lastView);
      } catch {
        throw gone(dataView, base);
      }
    },
    bytes(dataView, base) {
      if (base < 0 || base + offset + length > bytesIn(dataView)) throw gone(dataView, base);
      return new Uint8Array(dataView.buffer, dataView.byteOffset + base + offset, length);
    },
    applies(dataView, base) {
      try {
        return required.some((all) =>
          all.every(({ offset: at, size, bigEndian: big, value }) =>
            size === 8
              ? dataView.getBigUint64(base + at, true) === BigInt(value)
              : number(dataView, base + at, size, big) === value,
          ),
        );
      } catch {
        return false;
      }
    },
  };
}
