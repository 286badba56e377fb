import { type Cut, layoutOf, openView, pickOf, placeIn } from './accessors.ts';
import { caseOf, check, numberAt, unionTag } from './check.ts';
import { LayoutError } from './error.ts';
import { flagsOf } from './flags.ts';
import { PAIRS, toHex, toText } from './hex.ts';
import type { Json, JsonOf } from './json.ts';
import {
  type Bits,
  type Encodable,
  type Layout,
  type Reading,
  type Rest,
  type Struct,
  sizeOf,
  type Type,
  type Uint,
  type ViewOf,
} from './layout.ts';
import { measure } from './measure.ts';
import { content, type Node, type Place } from './node.ts';
import { hexNumber, readUint } from './number.ts';
import { planOf } from './plan.ts';

/*
 * Bytes become JSON through writers that are compiled once for each layout. A struct of fixed size is hexed in one piece,
 * of which its fields are parts: calling Node's routine costs more than the digits of one field do.
 */

/** Writes what lies at `at`. `hex` are the digits of the bytes from `origin` on, or of none. */
type FixedWriter = (bytes: Uint8Array, at: number, hex: string, origin: number) => Json;
/**
 * Writes what a node of the layout holds in one view. `hex` are the digits of the bytes from `origin` to `limit`: what
 * lies in front of the first text is hexed in one piece, too.
 */
type Writer = (of: Cut, hex: string, origin: number, limit: number) => Json;

const u32Digits = (bytes: Uint8Array, at: number): string =>
  PAIRS[bytes[at + 3]!]! + PAIRS[bytes[at + 2]!]! + PAIRS[bytes[at + 1]!]! + PAIRS[bytes[at]!]!;
const bigText = (bytes: Uint8Array, at: number): string => `0x${u32Digits(bytes, at + 4)}${u32Digits(bytes, at)}`;

function uintWriter({ size, bigEndian }: Uint): FixedWriter {
  if (size === 8) return bigText;
  return (bytes, at) => readUint(bytes, at, size, bigEndian);
}

function bitsWriter({ size, flags }: Bits): FixedWriter {
  const named = Object.entries(flags).map(([name, { position }]) => ({
    name,
    byte: position >> 3,
    mask: 1 << (position & 7),
  }));
  // The quotes of one platform have the same bits: texts of the last value are kept, arrays are made anew.
  let raw = '';
  let lastLow = 0;
  let lastHigh = 0;
  let last: readonly string[] = [];
  return (bytes, at) => {
    const low = i32At(bytes, at);
    const high = size === 8 ? i32At(bytes, at + 4) : 0;
    if (raw === '' || low !== lastLow || high !== lastHigh) {
      raw = size === 8 ? bigText(bytes, at) : `0x${u32Digits(bytes, at)}`;
      last = named.filter(({ byte, mask }) => bytes[at + byte]! & mask).map(({ name }) => name);
      lastLow = low;
      lastHigh = high;
    }
    return { raw, flags: last.slice() };
  };
}

const i32At = (bytes: Uint8Array, at: number): number =>
  bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);

function fixedWriter(type: Type): FixedWriter {
  switch (type.kind) {
    case 'uint':
      return uintWriter(type);
    case 'bits':
      return bitsWriter(type);
    case 'struct':
      return structWriter(type);
    case 'array': {
      const item = fixedWriter(type.of);
      const each = sizeOf(type.of) ?? 1;
      const count = type.count ?? 0;
      return (bytes, at, hex, origin) => {
        const items: Json[] = [];
        for (let i = 0; i < count; i++) items.push(item(bytes, at + i * each, hex, origin));
        return items;
      };
    }
    default: {
      const size = sizeOf(type) ?? 0;
      return (bytes, at, hex, origin) =>
        hex === '' ? toHex(bytes, at, at + size) : hex.substring(2 * (at - origin), 2 * (at - origin + size));
    }
  }
}

const structWriters = new WeakMap<Struct, FixedWriter>();

/** Writes a struct of fixed size that has no choice inside. */
function structWriter(struct: Struct): FixedWriter {
  const known = structWriters.get(struct);
  if (known) return known;
  const size = struct.size ?? 0;
  const blank = blankOf(struct);
  const rows = Object.entries(struct.fields).map(([name, { offset = 0, type }]) => ({
    name,
    offset,
    write: fixedWriter(type),
  }));
  const writer: FixedWriter = (bytes, at, given, from) => {
    const own = given === '';
    const hex = own ? toHex(bytes, at, at + size) : given;
    const origin = own ? at : from;
    const json = { ...blank };
    for (const { name, offset, write } of rows) json[name] = write(bytes, at + offset, hex, origin);
    return json;
  };
  structWriters.set(struct, writer);
  return writer;
}

/** The object to fill: copying one that has all keys is cheaper than adding them one by one. */
const blankOf = (struct: Struct): Record<string, Json> =>
  Object.fromEntries(Object.keys(struct.fields).map((name) => [name, null]));

/** Whether a type always has the same bytes and the same shape. */
const isPlain = (type: Type): boolean =>
  type.kind === 'struct'
    ? Object.values(type.fields).every((row) => isPlain(row.type))
    : type.kind === 'array'
      ? type.count !== undefined && isPlain(type.of)
      : type.kind === 'uint' || type.kind === 'bits' || type.kind === 'bytes' || type.kind === 'reserved';

function restJson({ text }: Rest, bytes: Uint8Array, from: number, to: number): Json {
  if (!text) return toHex(bytes, from, to);
  const pem = toText(bytes, from, to);
  return pem === undefined ? { hex: toHex(bytes, from, to) } : { pem };
}

const placer =
  (place: Place): ((of: Cut) => number) =>
  (of) =>
    placeIn(of, place);

function writerOf(node: Node): Writer {
  const type = content(node.type);
  const start = placer(node.start);
  const end = placer(node.end);
  if (isPlain(type)) {
    const write = fixedWriter(type);
    const size = sizeOf(type) ?? 0;
    return (of, hex, origin, limit) => {
      const at = start(of);
      return at + size <= limit ? write(of.$bytes, at, hex, origin) : write(of.$bytes, at, '', 0);
    };
  }
  switch (type.kind) {
    case 'struct': {
      const blank = blankOf(type);
      const rows = node.children.map((child) => ({ name: child.name, write: writerOf(child) }));
      return (of, hex, origin, limit) => {
        const json = { ...blank };
        for (const { name, write } of rows) json[name] = write(of, hex, origin, limit);
        return json;
      };
    }
    case 'oneOf':
    case 'union':
    case 'bySize': {
      const writers = node.children.map(writerOf);
      return (of, hex, origin, limit) => {
        const write = writers[pickOf(of, node)];
        return write ? write(of, hex, origin, limit) : toHex(of.$bytes, start(of), end(of));
      };
    }
    case 'array': {
      const item = type.of;
      const each = sizeOf(item) ?? 1;
      const write: FixedWriter =
        item.kind === 'struct' && !isPlain(item)
          ? (bytes, at) => bytesJson(item, bytes.subarray(at, at + each))
          : fixedWriter(item);
      return (of) => {
        const items: Json[] = [];
        for (let at = start(of); at < end(of); at += each) items.push(write(of.$bytes, at, '', 0));
        return items;
      };
    }
    case 'rest':
      return (of, hex, origin, limit) => {
        const from = start(of);
        const to = end(of);
        return type.text || to > limit
          ? restJson(type, of.$bytes, from, to)
          : hex.substring(2 * (from - origin), 2 * (to - origin));
      };
    default:
      return (of) => toHex(of.$bytes, start(of), end(of));
  }
}

/** Finds where the first text of a node begins in one view; undefined for a node that can have none. */
function textFinder(node: Node): ((of: Cut) => number | undefined) | undefined {
  const type = content(node.type);
  if (type.kind === 'rest') return type.text ? placer(node.start) : undefined;
  const finders = node.children.map(textFinder);
  if (!finders.some((finder) => finder !== undefined)) return undefined;
  if (type.kind !== 'struct') return (of) => finders[pickOf(of, node)]?.(of);
  return (of) => {
    for (const find of finders) {
      const at = find?.(of);
      if (at !== undefined) return at;
    }
    return undefined;
  };
}

/** The most bytes that are hexed in one piece, before it is known that all of them are wanted. */
const AHEAD = 4096;

/** Writes a whole view: hexes what lies in front of the first text, then takes the fields from it. */
function viewWriter(root: Node): (of: Cut) => Json {
  const write = writerOf(root);
  const findText = textFinder(root);
  return (of) => {
    const from = placeIn(of, root.start);
    const to = findText?.(of) ?? placeIn(of, root.end);
    return to - from > AHEAD ? write(of, '', 0, 0) : write(of, toHex(of.$bytes, from, to), from, to);
  };
}

const writers = new WeakMap<Struct, (of: Cut) => Json>();

function viewJson(of: Cut, struct: Struct): Json {
  const { root } = planOf(struct);
  const from = placeIn(of, root.start);
  const size = placeIn(of, root.end) - from;
  const left = of.$bytes.length - from;
  if (size > left) throw new LayoutError('truncated', struct.name, 0, `needs ${size} bytes, ${Math.max(left, 0)} left`);
  let writer = writers.get(struct);
  if (!writer) {
    writer = viewWriter(root);
    writers.set(struct, writer);
  }
  return writer(of);
}

/** Bytes that are said to be of this layout. */
function bytesJson(layout: Layout, bytes: Uint8Array): Json {
  measure(planOf(layout), bytes, 0, false, false);
  const of = openView(layout, bytes);
  return viewJson(of, layoutOf(of)!);
}

/* ---- from values ---- */

type Values = Readonly<Record<string, unknown>>;

/** The JSON of a complete value. */
function valueJson(type: Type, value: unknown, struct: Struct | undefined, values: Values): Json {
  const of = content(type);
  switch (of.kind) {
    case 'uint':
      return of.size === 8 ? hexNumber(value as bigint, 8) : (value as number);
    case 'bits': {
      const raw = value as bigint | number;
      return { raw: hexNumber(raw, of.size), flags: flagsOf(of, raw) };
    }
    case 'struct':
      return structJson(of, value);
    case 'array':
      return (value as readonly unknown[]).map((item) => valueJson(of.of, item, undefined, {}));
    case 'oneOf': {
      const chosen = struct && caseOf(of, numberAt(struct, values, of.by));
      return valueJson(chosen ?? OPAQUE, value, struct, values);
    }
    case 'union': {
      if (value instanceof Uint8Array) return bytesJson(of, value);
      const chosen = Object.entries(of.cases).find(
        ([tag, each]) => String(unionTag(of, each, value as Values)) === tag,
      );
      return structJson(chosen![1], value);
    }
    case 'bySize':
      return structJson(
        of.of.find((each) =>
          value instanceof Uint8Array
            ? each.size === value.length
            : Object.keys(each.fields).length === Object.keys(value as Values).length,
        )!,
        value,
      );
    case 'rest': {
      const bytes = value as Uint8Array;
      return restJson(of, bytes, 0, bytes.length);
    }
    default:
      return toHex(value as Uint8Array);
  }
}
/** Unknown variants keep their bytes. */
const OPAQUE: Type = { kind: 'bytes', size: 0 };

function structJson(struct: Struct, value: unknown): Json {
  if (value instanceof Uint8Array) return bytesJson(struct, value);
  const values = value as Values;
  const json = blankOf(struct);
  for (const [name, row] of Object.entries(struct.fields))
    json[name] = valueJson(row.type, values[name], struct, values);
  return json;
}

/**
 * The canonical JSON of a view, straight from its bytes, or of a value, which is checked first.
 *
 * @throws LayoutError when a value does not fit the layout, or a view is one of another layout.
 */
export function toJson<L extends Layout>(layout: L, of: ViewOf<L, Reading> | Encodable<L>): JsonOf<L>;
export function toJson(layout: Layout, of: unknown): Json {
  if (typeof of === 'object' && of !== null) {
    const struct = layoutOf(of);
    if (struct && (struct === layout || (layout.kind === 'union' && Object.values(layout.cases).includes(struct))))
      return viewJson(of as Cut, struct);
  }
  return valueJson(layout, check(layout, of).value, undefined, {});
}
