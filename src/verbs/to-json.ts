import { caseOf, check, numberAt, structWith, unionTag } from '../engine/check.ts';
import { BASE } from '../engine/cuts.ts';
import { LayoutError } from '../engine/error.ts';
import { PAIRS, toHex, toText } from '../engine/hex.ts';
import { measure } from '../engine/measure.ts';
import { content, type Node, type Place, type Way } from '../engine/node.ts';
import { hexNumber, i32At, readUint } from '../engine/number.ts';
import { planOf } from '../engine/plan.ts';
import { flagsOf } from '../layout/flags.ts';
import {
  type Bits,
  type Content,
  type Encodable,
  type Layout,
  type Reading,
  type Struct,
  sizeOf,
  type Type,
  type ViewOf,
} from '../layout/vocabulary.ts';
import { type Cut, cutOf, layoutOf, openView, pickOf, placeIn } from './accessors.ts';
import type { Json, JsonOf } from './json.ts';
import { PLACES, put } from './places.generated.ts';

/*
 * Bytes become JSON through one walk over parts: the fields of a layout at their places, compiled once, all of one form,
 * so that the walk never asks what it reads. What lies in front of the first text is hexed in one piece, of which the
 * fields are parts: calling Node's routine costs more than the digits of one field do.
 */

const enum Prints {
  Hex,
  Uint,
  Big,
  Bits,
  Struct,
  Array,
  Choice,
  Rest,
}

/** A field at its place, as it is printed. */
interface Part {
  readonly name: string;
  /** The place in the code that stores it, known when it is first stored. */
  place: number;
  readonly prints: Prints;
  readonly start: Place;
  readonly end: Place;
  /** The bytes that it always takes; 0 where they vary. Of an array: the bytes of each item. */
  readonly size: number;
  /** The fields, the variants, or what each item is. */
  readonly parts: readonly Part[];
  readonly bigEndian: boolean;
  readonly bits: BitNames | undefined;
  /** A choice, as its view knows it. */
  readonly node: Node;
  /** Of a rest: whether it is text. */
  readonly text: boolean;
  /** Of an array: how many items, where that is fixed. */
  readonly count: number | undefined;
  /** Of an array: the items, where they are read as views of their own. */
  readonly items: Struct | undefined;
}

/** The digits of the bytes from `from` to `to`. */
interface Digits {
  readonly hex: string;
  readonly from: number;
  readonly to: number;
}

const digitsOf = (bytes: Uint8Array, from: number, to: number): Digits => ({ hex: toHex(bytes, from, to), from, to });
const NO_DIGITS: Digits = { hex: '', from: 0, to: 0 };

const u32Digits = (bytes: Uint8Array, at: number): string =>
  PAIRS[bytes[at + 3]!]! + PAIRS[bytes[at + 2]!]! + PAIRS[bytes[at + 1]!]! + PAIRS[bytes[at]!]!;
const bigText = (bytes: Uint8Array, at: number): string => `0x${u32Digits(bytes, at + 4)}${u32Digits(bytes, at)}`;

/** The names of the bits of one field. Quotes of one platform have the same bits: texts of the last value are kept. */
interface BitNames {
  readonly size: number;
  readonly named: readonly { readonly name: string; readonly byte: number; readonly mask: number }[];
  raw: string;
  low: number;
  high: number;
  flags: readonly string[];
}

function bitNames({ size, flags }: Bits): BitNames {
  const named = Object.entries(flags).map(([name, { position }]) => ({
    name,
    byte: position >> 3,
    mask: 1 << (position & 7),
  }));
  return { size, named, raw: '', low: 0, high: 0, flags: [] };
}

function bitsJson(bits: BitNames, bytes: Uint8Array, at: number): Json {
  const low = i32At(bytes, at);
  const high = bits.size === 8 ? i32At(bytes, at + 4) : 0;
  if (bits.raw === '' || low !== bits.low || high !== bits.high) {
    bits.raw = bits.size === 8 ? bigText(bytes, at) : `0x${u32Digits(bytes, at)}`;
    bits.flags = bits.named.filter(({ byte, mask }) => bytes[at + byte]! & mask).map(({ name }) => name);
    bits.low = low;
    bits.high = high;
  }
  return { raw: bits.raw, flags: bits.flags.slice() };
}

/** Whether a type always has the same bytes and the same form. */
const isPlain = (type: Type): boolean =>
  type.kind === 'struct'
    ? Object.values(type.fields).every((row) => isPlain(row.type))
    : type.kind === 'array'
      ? type.count !== undefined && isPlain(type.of)
      : type.kind === 'uint' || type.kind === 'bits' || type.kind === 'bytes' || type.kind === 'reserved';

function printsOf(type: Content): Prints {
  switch (type.kind) {
    case 'uint':
      return type.size === 8 ? Prints.Big : Prints.Uint;
    case 'bits':
      return Prints.Bits;
    case 'struct':
      return Prints.Struct;
    case 'array':
      return Prints.Array;
    case 'oneOf':
    case 'union':
    case 'bySize':
      return Prints.Choice;
    case 'rest':
      return Prints.Rest;
    default:
      return Prints.Hex;
  }
}

function partOf(node: Node): Part {
  const type = content(node.type);
  const isArray = type.kind === 'array';
  const of = isArray ? type.of : type;
  const each: Node = { ...node, type: of, start: AT_ZERO, end: AT_ZERO };
  return {
    name: node.name,
    place: -1,
    prints: printsOf(type),
    start: node.start,
    end: node.end,
    size: (isArray || isPlain(type) ? sizeOf(of) : 0) ?? 0,
    parts: isArray ? [partOf(of.kind === 'struct' ? planOf(of).root : each)] : node.children.map(partOf),
    bigEndian: type.kind === 'uint' && type.bigEndian,
    bits: type.kind === 'bits' ? bitNames(type) : undefined,
    node,
    text: type.kind === 'rest' && type.text,
    count: isArray ? type.count : undefined,
    items: isArray && of.kind === 'struct' && !isPlain(of) ? of : undefined,
  };
}
const AT_ZERO: Place = { cut: BASE, delta: 0 };

const taken = new Map<string, number>();

/** A place for each name, as long as there are any. */
function placeOf(name: string): number {
  const place = taken.get(name) ?? Math.min(taken.size, PLACES);
  if (place < PLACES) taken.set(name, place);
  return place;
}

/** Writes the part that begins `delta` bytes behind its cut; `base` is cut 0. */
function json(part: Part, of: Cut, base: number, given: Digits): Json {
  const { cut, delta } = part.start;
  const at = (cut === BASE ? base : cutOf(of, cut)) + delta;
  const bytes = of.$bytes;
  switch (part.prints) {
    case Prints.Hex:
      return hexFrom(given, bytes, at, at + part.size);
    case Prints.Uint:
      return readUint(bytes, at, part.size, part.bigEndian);
    case Prints.Big:
      return bigText(bytes, at);
    case Prints.Bits:
      return bitsJson(part.bits!, bytes, at);
    case Prints.Struct: {
      const digits = part.size > 0 && at + part.size > given.to ? digitsOf(bytes, at, at + part.size) : given;
      const fields: Record<string, Json> = {};
      for (const field of part.parts) {
        if (field.place < 0) field.place = placeOf(field.name);
        put(fields, field.name, json(field, of, base, digits), field.place);
      }
      return fields;
    }
    case Prints.Array:
      return itemsJson(part, of, at, given);
    case Prints.Choice: {
      const chosen = part.parts[pickOf(of, part.node)];
      return chosen ? json(chosen, of, base, given) : hexFrom(given, bytes, at, placeIn(of, part.end));
    }
    default: {
      const end = placeIn(of, part.end);
      return part.text ? textJson(bytes, at, end) : hexFrom(given, bytes, at, end);
    }
  }
}

const hexFrom = ({ hex, from, to }: Digits, bytes: Uint8Array, at: number, end: number): string =>
  end <= to ? hex.substring(2 * (at - from), 2 * (end - from)) : toHex(bytes, at, end);

function itemsJson({ count, size, end, parts, items }: Part, of: Cut, from: number, digits: Digits): Json {
  const bytes = of.$bytes;
  const to = count === undefined ? placeIn(of, end) : from + count * size;
  const all: Json[] = [];
  for (let at = from; at < to; at += size) {
    all.push(items ? bytesJson(items, bytes.subarray(at, at + size)) : json(parts[0]!, of, at, digits));
  }
  return all;
}

function textJson(bytes: Uint8Array, from: number, to: number): Json {
  const pem = toText(bytes, from, to);
  return pem === undefined ? { hex: toHex(bytes, from, to) } : { pem };
}

/** Where a text begins, and the choices that lead to it. */
interface Text {
  readonly start: Place;
  readonly way: Way;
}

/** The texts that a part can have, in the order of the bytes. */
function textsOf(part: Part, way: Way): Text[] {
  if (part.text) return [{ start: part.start, way }];
  if (part.prints === Prints.Array) return [];
  return part.parts.flatMap((each, index) =>
    textsOf(each, part.prints === Prints.Choice ? [...way, [part.node, index]] : way),
  );
}

/** Where the first text begins in one view, or undefined. */
function firstText(texts: readonly Text[], of: Cut): number | undefined {
  for (const { start, way } of texts) {
    let is = true;
    for (const [choice, index] of way) is &&= pickOf(of, choice) === index;
    if (is) return placeIn(of, start);
  }
  return undefined;
}

/** The most bytes that are hexed in one piece, before it is known that all of them are wanted. */
const AHEAD = 4096;

const roots = new WeakMap<Struct, { readonly part: Part; readonly texts: readonly Text[] }>();

function viewJson(of: Cut, struct: Struct): Json {
  let root = roots.get(struct);
  if (!root) {
    const part = partOf(planOf(struct).root);
    root = { part, texts: textsOf(part, []) };
    roots.set(struct, root);
  }
  const bytes = of.$bytes;
  const { part, texts } = root;
  const from = placeIn(of, part.start);
  const end = placeIn(of, part.end);
  const left = bytes.length - from;
  if (end - from > left)
    throw new LayoutError('truncated', struct.name, 0, `needs ${end - from} bytes, ${Math.max(left, 0)} left`);
  const to = firstText(texts, of) ?? end;
  return json(part, of, from, to - from > AHEAD ? NO_DIGITS : digitsOf(bytes, from, to));
}

/** Bytes that are said to be of this layout. */
function bytesJson(layout: Layout, bytes: Uint8Array): Json {
  measure(planOf(layout), bytes, false, false);
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
        value instanceof Uint8Array
          ? of.of.find((each) => each.size === value.length)!
          : structWith(of.of, value as Values)!,
        value,
      );
    case 'rest': {
      const bytes = value as Uint8Array;
      return of.text ? textJson(bytes, 0, bytes.length) : toHex(bytes);
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
  const json: Record<string, Json> = {};
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
