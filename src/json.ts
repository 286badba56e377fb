import { type Cut, layoutOf, openView, placeIn } from './accessors.ts';
import { caseOf, check, checkNumber, kindOf, numberAt, unionTag } from './check.ts';
import { LayoutError } from './error.ts';
import { flagsOf } from './flags.ts';
import { fromHex, toHex, toText } from './hex.ts';
import type { Bits, Encodable, Infer, Layout, OneOf, Reading, Rest, Struct, Type, Union, ViewOf } from './layout.ts';
import { content, either, hexNumber, measure, type Node, picked, planOf, readBig, readUint } from './measure.ts';

/*
 * The canonical JSON form. 0x means a number, no 0x means bytes in wire order.
 */

/** Anything that JSON can say. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** The JSON form of a layout. */
export type JsonOf<T> = T extends { kind: 'uint'; size: infer Size }
  ? Size extends 8
    ? string
    : number
  : T extends { kind: 'bits'; flags: infer Names }
    ? { raw: string; flags: (keyof Names & string)[] }
    : T extends { kind: 'rest'; text: infer Text }
      ? Text extends true
        ? { pem: string } | { hex: string }
        : string
      : T extends { kind: 'bytes' | 'reserved' }
        ? string
        : T extends { kind: 'struct'; fields: infer F }
          ? { [K in keyof F]: F[K] extends { type: infer U } ? JsonOf<U> : never }
          : T extends { kind: 'array'; of: infer Item }
            ? JsonOf<Item>[]
            : T extends { kind: 'sized'; of: infer U }
              ? JsonOf<U> | (U extends { kind: 'oneOf' } ? string : never)
              : T extends { kind: 'oneOf' | 'union'; cases: infer C }
                ? JsonOf<C[keyof C]>
                : T extends { kind: 'bySize'; of: readonly (infer U)[] }
                  ? JsonOf<U>
                  : never;

/* ---- to JSON ---- */

const bitsJson = (type: Bits, raw: bigint | number): Json => ({
  raw: hexNumber(raw, type.size),
  flags: flagsOf(type, raw),
});

function restJson({ text }: Rest, bytes: Uint8Array, from: number, to: number): Json {
  if (!text) return toHex(bytes, from, to);
  const pem = toText(bytes, from, to);
  return pem === undefined ? { hex: toHex(bytes, from, to) } : { pem };
}

function fixedJson(type: Type, bytes: Uint8Array, from: number, to: number): Json {
  switch (type.kind) {
    case 'uint':
      return type.size === 8 ? hexNumber(readBig(bytes, from), 8) : readUint(bytes, from, type.size, type.bigEndian);
    case 'bits':
      return bitsJson(type, type.size === 8 ? readBig(bytes, from) : readUint(bytes, from, 4, false));
    case 'struct':
      return structJson(type, bytes.subarray(from, to));
    default:
      return toHex(bytes, from, to);
  }
}

function nodeJson(of: Cut, node: Node): Json {
  const type = content(node.type);
  const from = placeIn(of, node.start);
  switch (type.kind) {
    case 'struct': {
      const json: Record<string, Json> = {};
      for (const child of node.children) json[child.name] = nodeJson(of, child);
      return json;
    }
    case 'oneOf':
    case 'union':
    case 'bySize': {
      const child = node.children[picked(of.$1 ?? 0, node)];
      return child ? nodeJson(of, child) : toHex(of.$bytes, from, placeIn(of, node.end));
    }
    case 'rest':
      return restJson(type, of.$bytes, from, placeIn(of, node.end));
    case 'array': {
      const to = placeIn(of, node.end);
      const each = type.of.size ?? 1;
      return Array.from({ length: (to - from) / each }, (_, i) =>
        fixedJson(type.of, of.$bytes, from + i * each, from + (i + 1) * each),
      );
    }
    default:
      return fixedJson(type, of.$bytes, from, placeIn(of, node.end));
  }
}

const viewJson = (of: Cut): Json => nodeJson(of, planOf(layoutOf(of)!).root);

/** A view of bytes that are said to be of this layout. */
function opened(layout: Layout, bytes: Uint8Array): Cut {
  measure(planOf(layout), bytes, 0, false, false);
  return openView(layout, bytes);
}

type Values = Readonly<Record<string, unknown>>;

/** The JSON of a complete value. */
function valueJson(type: Type, value: unknown, struct: Struct | undefined, values: Values): Json {
  const of = content(type);
  switch (of.kind) {
    case 'uint':
      return of.size === 8 ? hexNumber(value as bigint, 8) : (value as number);
    case 'bits':
      return bitsJson(of, value as bigint | number);
    case 'struct':
      return structJson(of, value);
    case 'array':
      return (value as readonly unknown[]).map((item) => valueJson(of.of, item, undefined, {}));
    case 'oneOf': {
      const chosen = struct && caseOf(of, numberAt(struct, values, of.by));
      return chosen ? valueJson(chosen, value, struct, values) : hexOf(value);
    }
    case 'union': {
      if (value instanceof Uint8Array) return viewJson(opened(of, value));
      const chosen = Object.entries(of.cases).find(
        ([tag, each]) => String(unionTag(of, each, value as Values)) === tag,
      );
      return chosen ? structJson(chosen[1], value) : null;
    }
    case 'bySize': {
      const chosen = of.of.find((each) =>
        value instanceof Uint8Array
          ? each.size === value.length
          : Object.keys(each.fields).length === Object.keys(value as Values).length,
      );
      return chosen ? structJson(chosen, value) : null;
    }
    case 'rest': {
      const bytes = value as Uint8Array;
      return restJson(of, bytes, 0, bytes.length);
    }
    default:
      return hexOf(value);
  }
}

const hexOf = (value: unknown): string => {
  const bytes = value as Uint8Array;
  return toHex(bytes, 0, bytes.length);
};

function structJson(struct: Struct, value: unknown): Json {
  if (value instanceof Uint8Array) return viewJson(opened(struct, value));
  const values = value as Values;
  const json: Record<string, Json> = {};
  for (const [name, row] of Object.entries(struct.fields))
    json[name] = valueJson(row.type, values[name], struct, values);
  return json;
}

/**
 * The canonical JSON of a view, straight from its bytes, or of a value, which is checked first.
 *
 * @throws LayoutError when a value does not fit the layout.
 */
export function toJson<L extends Layout>(layout: L, of: ViewOf<L, Reading> | Encodable<L>): JsonOf<L>;
export function toJson(layout: Layout, of: unknown): Json {
  if (typeof of === 'object' && of !== null && layoutOf(of)) return viewJson(of as Cut);
  return valueJson(layout, check(layout, of).value, undefined, {});
}

/* ---- from JSON ---- */

const fault = (code: 'length' | 'range' | 'constant' | 'variant' | 'missing' | 'type', path: string, says: string) =>
  new LayoutError(code, path, undefined, says);

function textAt(json: unknown, path: string, what: string): string {
  if (typeof json !== 'string') throw fault('type', path, `must be ${what}, is ${kindOf(json)}`);
  return json;
}

function bytesFrom(json: unknown, size: number | undefined, path: string): Uint8Array<ArrayBuffer> {
  const text = textAt(json, path, 'hex text');
  if (size !== undefined && text.length !== size * 2)
    throw fault('length', path, `must be ${size * 2} hex digits, is ${text.length}`);
  const bytes = fromHex(text);
  if (!bytes) throw fault('type', path, 'must be lower-case hex digits in pairs, is something else');
  return bytes;
}

function bigFrom(json: unknown, size: number, path: string): bigint {
  const text = textAt(json, path, `0x and ${size * 2} hex digits`);
  if (!/^0x[0-9a-f]+$/.test(text))
    throw fault('type', path, `must be 0x and ${size * 2} lower-case hex digits, is something else`);
  if (text.length !== 2 + size * 2)
    throw fault('length', path, `must be 0x and ${size * 2} hex digits, is ${text.length - 2}`);
  return BigInt(text);
}

function objectAt(json: unknown, path: string, keys: readonly string[], required: readonly string[] = keys): Values {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw fault('type', path, `must be an object, is ${kindOf(json)}`);
  }
  for (const key of Object.keys(json))
    if (!keys.includes(key)) throw fault('type', `${path}.${key}`, 'is no field of this layout');
  for (const key of required) if (!Object.hasOwn(json, key)) throw fault('missing', `${path}.${key}`, 'is missing');
  return json as Values;
}

function bitsFrom(type: Bits, json: unknown, path: string): bigint | number {
  const { raw, flags } = objectAt(json, path, ['raw', 'flags'], ['raw']);
  const value = bigFrom(raw, type.size, `${path}.raw`);
  if (flags !== undefined) {
    if (!Array.isArray(flags)) throw fault('type', `${path}.flags`, `must be an array, is ${kindOf(flags)}`);
    const wanted = flagsOf(type, value);
    const given: readonly unknown[] = flags;
    if (given.length !== wanted.length || wanted.some((name) => !given.includes(name))) {
      throw fault(
        'constant',
        `${path}.flags`,
        `must agree with raw: ${wanted.join(', ') || 'none'}, is ${given.join(', ') || 'none'}`,
      );
    }
  }
  return type.size === 8 ? value : Number(value);
}

function restFrom(type: Rest, json: unknown, path: string): Uint8Array<ArrayBuffer> {
  if (!type.text) return bytesFrom(json, undefined, path);
  const { pem, hex } = objectAt(json, path, ['pem', 'hex'], []);
  if ((pem === undefined) === (hex === undefined)) throw fault('type', path, 'must have exactly one of pem and hex');
  if (hex !== undefined) return bytesFrom(hex, undefined, `${path}.hex`);
  const text = textAt(pem, `${path}.pem`, 'text');
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 0x7f) throw fault('range', `${path}.pem`, `must be ASCII, character ${i} is not`);
    bytes[i] = code;
  }
  return bytes;
}

function typeFrom(type: Type, json: unknown, path: string, struct: Struct | undefined, values: Values): unknown {
  const of = content(type);
  switch (of.kind) {
    case 'uint':
      if (of.size === 8) return bigFrom(json, 8, path);
      checkNumber(json, of.size, path);
      return json;
    case 'bits':
      return bitsFrom(of, json, path);
    case 'bytes':
    case 'reserved':
      return bytesFrom(json, of.size, path);
    case 'rest':
      return restFrom(of, json, path);
    case 'array': {
      if (!Array.isArray(json)) throw fault('type', path, `must be an array, is ${kindOf(json)}`);
      const items: readonly unknown[] = json;
      if (of.count !== undefined && items.length !== of.count)
        throw fault('length', path, `must be ${of.count} items, is ${items.length}`);
      return items.map((item, i) => typeFrom(of.of, item, `${path}[${i}]`, undefined, {}));
    }
    case 'struct':
      return structFrom(of, json, path);
    case 'oneOf':
      return choiceFrom(of, json, path, struct, values, type.kind === 'sized');
    case 'union':
      return unionFrom(of, json, path);
    case 'bySize': {
      const keys = typeof json === 'object' && json !== null ? Object.keys(json) : [];
      const chosen = of.of.find(
        (each) => keys.every((key) => key in each.fields) && keys.length === Object.keys(each.fields).length,
      );
      return structFrom(chosen ?? of.of[0] ?? fail(path), json, path);
    }
  }
}
const fail = (path: string): never => {
  throw fault('variant', path, 'has no variant');
};

function choiceFrom(
  of: OneOf,
  json: unknown,
  path: string,
  struct: Struct | undefined,
  values: Values,
  bounded: boolean,
): unknown {
  const tag = struct && numberAt(struct, values, of.by);
  const chosen = caseOf(of, tag);
  if (chosen) return typeFrom(chosen, json, path, struct, values);
  if (bounded && !of.misplaced.includes(Number(tag))) return bytesFrom(json, undefined, path);
  const tagPath = `${path.slice(0, path.lastIndexOf('.'))}.${of.by}`;
  throw fault('variant', tagPath, `must be ${either(Object.keys(of.cases))}, is ${tag}`);
}

function unionFrom(of: Union, json: unknown, path: string): unknown {
  const first = Object.values(of.cases)[0];
  if (!first) return fail(path);
  if (typeof json !== 'object' || json === null) throw fault('type', path, `must be an object, is ${kindOf(json)}`);
  const tag = unionTag(of, first, json as Values);
  const chosen = caseOf(of, tag);
  if (chosen?.kind === 'struct') return structFrom(chosen, json, path);
  const tagPath = `${path}.${of.tag.name}`;
  if (tag === undefined) throw fault('missing', tagPath, 'is missing');
  throw fault('variant', tagPath, `must be ${either(Object.keys(of.cases))}, is ${tag}`);
}

function structFrom(struct: Struct, json: unknown, path: string): unknown {
  const given = objectAt(json, path, Object.keys(struct.fields));
  const values: Record<string, unknown> = {};
  for (const [name, row] of Object.entries(struct.fields)) {
    values[name] = typeFrom(row.type, given[name], `${path}.${name}`, struct, values);
  }
  return values;
}

/**
 * The value that canonical JSON describes. Everything must be there, nothing else may.
 *
 * @throws LayoutError with the path of the first thing that is wrong.
 */
export function fromJson<L extends Layout>(layout: L, json: unknown): Infer<L>;
export function fromJson(layout: Layout, json: unknown): unknown {
  const value = typeFrom(layout, json, layout.name, undefined, {});
  check(layout, value);
  return value;
}
