import { isBytes } from '../engine/bytes.ts';
import { type Chosen, check, type Values } from '../engine/check.ts';
import { toHex, toText } from '../engine/hex.ts';
import { measure, planOf } from '../engine/measure.ts';
import { hexNumber, numberIn, readBig, u32At } from '../engine/number.ts';
import { bytesOf, isView, marksOf, nodeOf, structOf } from '../engine/opened.ts';
import { isChoice, itemsIn, type Marks, type Node, pickAt, placeAt } from '../engine/tree.ts';
import { flagsOf } from '../layout/flags.ts';
import type { Encodable, Reading, ViewOf } from '../layout/infer.ts';
import { type Bits, type FixedType, type Layout, type Struct, sizeOf, type Type } from '../layout/vocabulary.ts';
import type { Json, JsonOf } from './json.ts';

/* ---- from bytes ---- */

/*
 * Each node is compiled once into a function that writes it. What lies in front of the first text is hexed in one piece, of
 * which the fields are substrings: a call of Node's routine costs more than the digits of one field.
 */

/** The digits of the bytes from `from` to `to`. */
interface Digits {
  readonly hex: string;
  readonly from: number;
  readonly to: number;
}
const digitsOf = (bytes: Uint8Array, from: number, to: number): Digits => ({ hex: toHex(bytes, from, to), from, to });
const NO_DIGITS: Digits = { hex: '', from: 0, to: 0 };

/** Writes a node; `digits` are those of some bytes around. */
type Write = (marks: Marks, digits: Digits) => Json;

const writers = new WeakMap<Node, Write>();

/** The canonical JSON of a node that has been measured. */
export function jsonIn(node: Node, marks: Marks): Json {
  // Reads nothing behind what is still there.
  bytesOf(node, marks);
  let write = writers.get(node);
  if (!write) {
    write = wholeWriter(node);
    writers.set(node, write);
  }
  return write(marks, NO_DIGITS);
}

/** The most bytes that are hexed in one piece before it is known that all of them are wanted. */
const AHEAD = 4096;

function wholeWriter(node: Node): Write {
  const write = writerOf(node);
  const texts = textsIn(node);
  return (marks) => {
    const from = placeAt(marks, node.start);
    const text = texts.find((each) => isHere(each, node, marks));
    const to = placeAt(marks, text ? text.start : node.end);
    return write(marks, to - from > AHEAD ? NO_DIGITS : digitsOf(marks[0], from, to));
  };
}

/** The texts that a node can have, in the order of the bytes. */
const textsIn = (node: Node): Node[] =>
  node.type.kind === 'rest' && node.type.text ? [node] : node.children.flatMap(textsIn);

/** Whether every choice between a node and one around it has come to the variant that leads to it. */
const isHere = (node: Node, around: Node, marks: Marks): boolean =>
  node === around ||
  ((!isChoice(node.parent!) || node.parent!.children[pickAt(marks, node.parent!)] === node) &&
    isHere(node.parent!, around, marks));

function writerOf(node: Node): Write {
  const { type, start, end } = node;
  switch (type.kind) {
    case 'uint':
      return type.size === 8
        ? (marks) => hexNumber(readBig(marks[0], placeAt(marks, start)), 8)
        : (marks) => numberIn(type, marks[0], placeAt(marks, start));
    case 'bits':
      return (marks) => bitsJson(type, marks[0], placeAt(marks, start));
    case 'struct':
      return structWriter(node, type);
    case 'array':
      return arrayWriter(node, type.of);
    case 'oneOf':
    case 'union':
    case 'bySize': {
      const variants = node.children.map(writerOf);
      return (marks, digits) => variants[pickAt(marks, node)]!(marks, digits);
    }
    case 'rest':
      if (type.text) return (marks) => textJson(marks[0], placeAt(marks, start), placeAt(marks, end));
      return (marks, digits) => hexFrom(digits, marks[0], placeAt(marks, start), placeAt(marks, end));
    default: {
      const { size } = type;
      return (marks, digits) => {
        const at = placeAt(marks, start);
        return hexFrom(digits, marks[0], at, at + size);
      };
    }
  }
}

function structWriter(node: Node, { size }: Struct): Write {
  const fields = node.children.map((child) => [child.name, writerOf(child)] as const);
  return (marks, given) => {
    const at = placeAt(marks, node.start);
    const digits = size !== undefined && at + size > given.to ? digitsOf(marks[0], at, at + size) : given;
    const json: Record<string, Json> = {};
    for (const [name, write] of fields) json[name] = write(marks, digits);
    return json;
  };
}

function arrayWriter(node: Node, of: FixedType): Write {
  if (node.item) {
    const write = writerOf(node.item.root);
    return (marks, digits) => itemsIn(node, marks).map((item) => write(item, digits));
  }
  const each = sizeOf(of) ?? 1;
  const write = writerOf({ ...node, type: of, start: { mark: 1, delta: 0 } });
  return (marks, digits) => {
    const from = placeAt(marks, node.start);
    const count = (placeAt(marks, node.end) - from) / each;
    return Array.from({ length: count }, (_, i) => write([marks[0], from + i * each], digits));
  };
}

function bitsJson({ size, flags }: Bits, bytes: Uint8Array, at: number): Json {
  const set: string[] = [];
  for (const name in flags) {
    const { position } = flags[name]!;
    if ((bytes[at + (position >> 3)]! >> (position & 7)) & 1) set.push(name);
  }
  const raw = size === 8 ? readBig(bytes, at) : u32At(bytes, at);
  return { raw: hexNumber(raw, size), flags: set };
}

const hexFrom = ({ hex, from, to }: Digits, bytes: Uint8Array, at: number, end: number): string =>
  at >= from && end <= to ? hex.substring(2 * (at - from), 2 * (end - from)) : toHex(bytes, at, end);

function textJson(bytes: Uint8Array, from: number, to: number): Json {
  const pem = toText(bytes, from, to);
  return pem === undefined ? { hex: toHex(bytes, from, to) } : { pem };
}

/** Bytes that are said to be of this layout. */
function bytesJson(layout: Layout, bytes: Uint8Array): Json {
  const plan = planOf(layout);
  return jsonIn(plan.tree.root, measure(plan, bytes, false));
}

/* ---- from values ---- */

/** The JSON of a complete value. */
function valueJson(type: Type, value: unknown): Json {
  switch (type.kind) {
    case 'uint':
      return type.size === 8 ? hexNumber(value as bigint, 8) : (value as number);
    case 'bits': {
      const raw = value as bigint | number;
      return { raw: hexNumber(raw, type.size), flags: flagsOf(type, raw) };
    }
    case 'struct':
      if (isBytes(value)) return bytesJson(type, value);
      return Object.fromEntries(
        Object.entries(type.fields).map(([name, row]) => [name, valueJson(row.type, (value as Values)[name])]),
      );
    case 'array':
      return (value as readonly unknown[]).map((item) => valueJson(type.of, item));
    case 'sized':
      return valueJson(type.of, value);
    case 'oneOf':
    case 'union':
    case 'bySize': {
      const { index, value: chosen } = value as Chosen;
      const variant: Type | undefined = Object.values(type.kind === 'bySize' ? type.of : type.cases)[index];
      return variant ? valueJson(variant, chosen) : toHex(chosen as Uint8Array);
    }
    case 'rest': {
      const bytes = value as Uint8Array;
      return type.text ? textJson(bytes, 0, bytes.length) : toHex(bytes);
    }
    default:
      return toHex(value as Uint8Array);
  }
}

/**
 * The canonical JSON of a view, straight from its bytes, or of a value, which is checked first.
 *
 * @throws LayoutError when a value does not fit the layout, or a view is one of another layout.
 */
export function toJson<L extends Layout>(layout: L, of: ViewOf<L, Reading> | Encodable<L>): JsonOf<L>;
export function toJson(layout: Layout, of: unknown): Json {
  if (isView(of)) {
    const struct = structOf(of);
    if (layout.kind === 'struct' ? layout === struct : Object.values(layout.cases).includes(struct))
      return jsonIn(nodeOf(of), marksOf(of));
  }
  return valueJson(layout, check(layout, of).value);
}
