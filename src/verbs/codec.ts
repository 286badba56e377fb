import * as r from 'restructure';
import { isBytes, plain } from '../engine/bytes.ts';
import { type Chosen, check } from '../engine/check.ts';
import { LayoutError } from '../engine/error.ts';
import { measure, planOf } from '../engine/measure.ts';
import { itemsIn, type Marks, type Node, pickAt, placeAt } from '../engine/tree.ts';
import type { Encodable, Infer } from '../layout/infer.ts';
import { type FixedType, type Layout, sizeOf, type Uint } from '../layout/vocabulary.ts';
import type { Options } from './view.ts';

/*
 * Objects and back, on restructure. By itself it reads short, wraps numbers and writes what does not fit; here it only
 * runs between the two gatekeepers: bytes have been measured before it reads, values completed before it writes.
 */

/** A stream over bytes that have been measured. */
class MeasuredStream extends r.DecodeStream {
  marks: Marks;
  constructor(marks: Marks) {
    super(marks[0]);
    this.marks = marks;
  }
}

/** A type that decodes from a {@link MeasuredStream}. */
interface Measured extends r.StreamType {
  decode(stream: MeasuredStream): unknown;
}

/**
 * A struct of restructure whose values are plain objects, without the hidden properties that it adds to find parents and
 * pointers, and which takes ready bytes in place of a value.
 */
class PlainStruct extends r.Struct implements Measured {
  readonly #rows: readonly (readonly [name: string, type: Measured])[];
  constructor(fields: Record<string, Measured>) {
    super(fields);
    this.#rows = Object.entries(fields);
  }
  override decode(stream: MeasuredStream): object {
    const value: Record<string, unknown> = {};
    for (const [name, type] of this.#rows) value[name] = type.decode(stream);
    return value;
  }
  override encode(stream: r.EncodeStream, value: unknown): void {
    if (isBytes(value)) {
      stream.writeBuffer(value);
      return;
    }
    const values = value as Readonly<Record<string, unknown>>;
    for (const [name, type] of this.#rows) type.encode(stream, values[name]);
  }
}

const big: Measured = {
  decode(stream) {
    const low = BigInt(stream.readUInt32LE());
    return (BigInt(stream.readUInt32LE()) << 32n) | low;
  },
  encode(stream, value) {
    const number = value as bigint;
    stream.writeUInt32LE(Number(number & 0xffffffffn));
    stream.writeUInt32LE(Number(number >> 32n));
  },
};

const numberType = ({ size, bigEndian }: Pick<Uint, 'size' | 'bigEndian'>): Measured =>
  size === 8 ? big : size === 1 ? r.uint8 : size === 2 ? r.uint16le : bigEndian ? r.uint32be : r.uint32le;

/** All bytes to where the measurement has found the node's end. */
const restType = (node: Node): Measured => ({
  decode: (stream) => stream.readBuffer(placeAt(stream.marks, node.end) - stream.pos),
  encode: (stream, value) => stream.writeBuffer(value as Uint8Array),
});

function itemsType(node: Node, of: FixedType): Measured {
  const item = node.item ? typeFor(node.item.root) : typeFor({ ...node, type: of });
  const each = sizeOf(of) ?? 1;
  return {
    decode(stream) {
      const { marks } = stream;
      if (!node.item)
        return Array.from({ length: (placeAt(marks, node.end) - stream.pos) / each }, () => item.decode(stream));
      const items = itemsIn(node, marks).map((own) => {
        stream.marks = own;
        return item.decode(stream);
      });
      stream.marks = marks;
      return items;
    },
    encode(stream, value) {
      for (const one of value as readonly unknown[]) item.encode(stream, one);
    },
  };
}

/** The variant that the measurement has found, or that the check of the value has. */
function choiceType(node: Node): Measured {
  const types = node.children.map(typeFor);
  return {
    decode: (stream) => types[pickAt(stream.marks, node)]!.decode(stream),
    encode(stream, value) {
      const { index, value: chosen } = value as Chosen;
      types[index]!.encode(stream, chosen);
    },
  };
}

function typeFor(node: Node): Measured {
  const { type } = node;
  switch (type.kind) {
    case 'uint':
      return numberType(type);
    case 'bits':
      return numberType({ size: type.size, bigEndian: false });
    case 'bytes':
    case 'reserved':
      return new r.Buffer(type.size);
    case 'rest':
      return restType(node);
    case 'array':
      return itemsType(node, type.of);
    case 'struct':
      return new PlainStruct(Object.fromEntries(node.children.map((child) => [child.name, typeFor(child)])));
    case 'oneOf':
    case 'union':
    case 'bySize':
      return choiceType(node);
  }
}

function typeOf(layout: Layout): Measured {
  layout.memo.codec ??= typeFor(planOf(layout).tree.root);
  return layout.memo.codec as Measured;
}

/** The same bytes as a plain Uint8Array; a copy of memory that is shared, since others can write it while we read. */
function settle(bytes: Uint8Array): Uint8Array {
  const own = plain(bytes);
  return own.buffer[Symbol.toStringTag] === 'SharedArrayBuffer' ? own.slice() : own;
}

function read(layout: Layout, bytes: Uint8Array, strict: boolean, prefix: boolean): [value: unknown, end: number] {
  const plan = planOf(layout);
  const marks = measure(plan, settle(bytes), strict, prefix);
  return [typeOf(layout).decode(new MeasuredStream(marks)), placeAt(marks, plan.tree.root.end)];
}

/**
 * Reads bytes into a plain object that owns all its memory.
 *
 * @throws LayoutError when the bytes do not fit the layout; the same one that `view` throws.
 */
export function decode<L extends Layout>(
  layout: L,
  bytes: Uint8Array,
  options: Options & { strict: true },
): Infer<L, 'known'>;
export function decode<L extends Layout>(layout: L, bytes: Uint8Array, options?: Options): Infer<L>;
export function decode(layout: Layout, bytes: Uint8Array, options?: Options): unknown {
  return read(layout, bytes, options?.strict === true, false)[0];
}

/** Reads the layout at the start of the bytes and gives it with the bytes that follow, which are not copied. */
export function decodePrefix<L extends Layout>(
  layout: L,
  bytes: Uint8Array,
  options: Options & { strict: true },
): [value: Infer<L, 'known'>, rest: Uint8Array];
export function decodePrefix<L extends Layout>(
  layout: L,
  bytes: Uint8Array,
  options?: Options,
): [value: Infer<L>, rest: Uint8Array];
export function decodePrefix(layout: Layout, bytes: Uint8Array, options?: Options): [unknown, Uint8Array] {
  const [value, end] = read(layout, bytes, options?.strict === true, true);
  return [value, plain(bytes).subarray(end)];
}

function write(layout: Layout, value: unknown, make: (size: number) => Uint8Array): number {
  const checked = check(layout, value);
  const stream = new r.EncodeStream(make(checked.size));
  typeOf(layout).encode(stream, checked.value);
  return checked.size;
}

/**
 * Writes a value. Lengths are computed, or checked where they are given; reserved and trailing bytes may be left out; a
 * nested structure may be given as a view or as its ready bytes.
 *
 * @throws LayoutError naming the first field that does not fit.
 */
export function encode<L extends Layout>(layout: L, value: Encodable<L>): Uint8Array<ArrayBuffer> {
  let bytes = new Uint8Array(0);
  write(layout, value, (size) => {
    bytes = new Uint8Array(size);
    return bytes;
  });
  return bytes;
}

/** Writes a value at the start of a buffer and gives the number of bytes written. The value must not alias the buffer. */
export function encodeInto<L extends Layout>(layout: L, value: Encodable<L>, buffer: Uint8Array): number {
  const own = plain(buffer);
  return write(layout, value, (size) => {
    if (size > own.length)
      throw new LayoutError('truncated', layout.name, undefined, `needs ${size} bytes, ${own.length} left`);
    return own.subarray(0, size);
  });
}

/** A type for somebody else's restructure structs. It takes the layout from where the stream stands. */
export interface RestructureType<Value, Given> {
  /** The bytes that a value takes. */
  size(value: Given): number;
  /** Reads from where the stream stands, and moves it on. */
  decode(stream: { buffer: Uint8Array; pos: number }): Value;
  /** Writes to where the stream stands, and moves it on. */
  encode(stream: { buffer: Uint8Array; pos: number }, value: Given): void;
  /** Reads all of the bytes. */
  fromBuffer(bytes: Uint8Array): Value;
  /** Writes into new bytes. */
  toBuffer(value: Given): Uint8Array<ArrayBuffer>;
}

/**
 * The layout as a type of restructure, with the checks of {@link decode} and {@link encode}. A layout that takes all
 * bytes to the end, as a quote with its trailing bytes does, takes the stream to its end.
 */
export function codec<L extends Layout>(layout: L): RestructureType<Infer<L>, Encodable<L>> {
  return {
    size: (value) => check(layout, value).size,
    decode(stream) {
      const [value, rest] = decodePrefix(layout, stream.buffer.subarray(stream.pos));
      stream.pos = stream.buffer.length - rest.length;
      return value;
    },
    encode(stream, value) {
      stream.pos += encodeInto(layout, value, stream.buffer.subarray(stream.pos));
    },
    fromBuffer: (bytes) => decode(layout, bytes),
    toBuffer: (value) => encode(layout, value),
  };
}
