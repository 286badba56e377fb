import * as r from 'restructure';
import { caseOf, check, numberAt, structWith, unionTag } from '../engine/check.ts';
import { LayoutError } from '../engine/error.ts';
import { cuts, measure } from '../engine/measure.ts';
import { content, type Node, picked, placeAt } from '../engine/node.ts';
import { planOf } from '../engine/plan.ts';
import {
  type Encodable,
  type Infer,
  type Layout,
  type Struct,
  sizeOf,
  type Type,
  type Uint,
} from '../layout/vocabulary.ts';
import { ownBytes, plain } from './accessors.ts';
import type { Options } from './view.ts';

/*
 * Objects and back, on restructure. By itself it reads short, wraps numbers and writes what does not fit; here it only
 * runs between the two gatekeepers: bytes have been measured before it reads, values completed before it writes.
 */

interface Context {
  readonly val: Readonly<Record<string, unknown>>;
}

/**
 * A struct of restructure whose values are plain objects, without the hidden properties that it adds to find parents and
 * pointers, and which takes ready bytes in place of a value.
 */
class PlainStruct extends r.Struct {
  readonly #rows: readonly (readonly [name: string, type: r.StreamType])[];
  constructor(fields: Record<string, r.StreamType>) {
    super(fields);
    this.#rows = Object.entries(fields);
  }
  override decode(stream: r.DecodeStream): object {
    const value: Record<string, unknown> = {};
    for (const [name, type] of this.#rows) value[name] = type.decode(stream, value);
    return value;
  }
  override encode(stream: r.EncodeStream, value: unknown): void {
    if (value instanceof Uint8Array) {
      stream.writeBuffer(value);
      return;
    }
    const val = value as Context['val'];
    const context: Context = { val };
    for (const [name, type] of this.#rows) type.encode(stream, val[name], context);
  }
}

const big: r.StreamType = {
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

const numberType = ({ size, bigEndian }: Pick<Uint, 'size' | 'bigEndian'>): r.StreamType =>
  size === 8 ? big : size === 1 ? r.uint8 : size === 2 ? r.uint16le : bigEndian ? r.uint32be : r.uint32le;

const endOf = (node: Node): number => placeAt(cuts, node.end);

/** All bytes to where the measurement has found the node's end. */
const restType = (node: Node): r.StreamType => ({
  decode: (stream) => stream.readBuffer(endOf(node) - stream.pos),
  encode: (stream, value) => stream.writeBuffer(value as Uint8Array),
});

function itemsType(node: Node, of: Type): r.StreamType {
  const item = typeFor({ ...node, type: of });
  const each = sizeOf(of) ?? 1;
  return {
    decode: (stream, parent) => new r.Array(item, (endOf(node) - stream.pos) / each).decode(stream, parent),
    encode(stream, value, parent) {
      for (const one of value as readonly unknown[]) item.encode(stream, one, parent);
    },
  };
}

/** The variant that the measurement has found, or that the tag in the complete value selects. */
function choiceType(node: Node, index: (value: unknown, context: Context) => number): r.StreamType {
  const types = node.children.map(typeFor);
  const opaque = restType(node);
  return {
    decode: (stream, parent) => (types[picked(cuts.picks, node)] ?? opaque).decode(stream, parent),
    encode(stream, value, parent) {
      if (value instanceof Uint8Array) stream.writeBuffer(value);
      else types[index(value, parent as Context)]?.encode(stream, value, parent);
    },
  };
}

function structAround(node: Node): Struct | undefined {
  const type = node.parent && content(node.parent.type);
  return type?.kind === 'struct' ? type : node.parent && structAround(node.parent);
}

function typeFor(node: Node): r.StreamType {
  const type = content(node.type);
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
      return type.count === undefined
        ? itemsType(node, type.of)
        : new r.Array(typeFor({ ...node, type: type.of }), type.count);
    case 'struct': {
      const { children } = node.children.length > 0 ? node : planOf(type).root;
      return new PlainStruct(Object.fromEntries(children.map((child) => [child.name, typeFor(child)])));
    }
    case 'oneOf': {
      const struct = structAround(node);
      return choiceType(node, (_, { val }) => {
        const chosen = struct && caseOf(type, numberAt(struct, val, type.by));
        return chosen ? Object.values(type.cases).indexOf(chosen) : -1;
      });
    }
    case 'union': {
      const structs = Object.entries(type.cases);
      return choiceType(node, (value) =>
        structs.findIndex(([tag, struct]) => String(unionTag(type, struct, value as Context['val'])) === tag),
      );
    }
    case 'bySize':
      return choiceType(node, (value) => type.of.indexOf(structWith(type.of, value as object)!));
  }
}

function typeOf(layout: Layout): r.StreamType {
  layout.memo.codec ??= typeFor(planOf(layout).root);
  return layout.memo.codec as r.StreamType;
}

/** The same bytes as a plain Uint8Array; a copy of memory that is shared, since others can write it while we read. */
function settle(bytes: Uint8Array): Uint8Array {
  if (typeof SharedArrayBuffer !== 'undefined' && bytes.buffer instanceof SharedArrayBuffer)
    return Uint8Array.from(bytes);
  return plain(bytes);
}

function read(layout: Layout, bytes: Uint8Array, strict: boolean, prefix: boolean): [value: unknown, end: number] {
  const own = settle(bytes);
  const end = measure(planOf(layout), own, strict, prefix);
  return [typeOf(layout).decode(new r.DecodeStream(own)), end];
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
  ownBytes(bytes);
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
  ownBytes(bytes);
  const [value, end] = read(layout, bytes, options?.strict === true, true);
  return [value, new Uint8Array(bytes.buffer, bytes.byteOffset + end, bytes.length - end)];
}

function write(layout: Layout, value: unknown, make: (size: number) => Uint8Array): number {
  const checked = check(layout, value);
  const stream = new r.EncodeStream(make(checked.size));
  if (checked.value instanceof Uint8Array) stream.writeBuffer(checked.value);
  else typeOf(layout).encode(stream, checked.value);
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
  ownBytes(buffer);
  return write(layout, value, (size) => {
    if (size > buffer.length) {
      throw new LayoutError('truncated', layout.name, undefined, `needs ${size} bytes, ${buffer.length} left`);
    }
    return new Uint8Array(buffer.buffer, buffer.byteOffset, size);
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
