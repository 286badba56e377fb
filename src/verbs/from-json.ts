import {
  caseOf,
  check,
  checkNumber,
  fieldAt,
  kindOf,
  numberAt,
  tagFault,
  unionIndex,
  type Values,
  within,
} from '../engine/check.ts';
import { LayoutError, type LayoutErrorCode } from '../engine/error.ts';
import { fromHex } from '../engine/hex.ts';
import { quoted } from '../engine/number.ts';
import { flagsOf } from '../layout/flags.ts';
import type { Infer } from '../layout/infer.ts';
import {
  type Bits,
  type BySize,
  content,
  type Layout,
  type OneOf,
  type Rest,
  type Struct,
  type Type,
  type Union,
} from '../layout/vocabulary.ts';

const fault = (code: LayoutErrorCode, path: string, says: string) => new LayoutError(code, path, undefined, says);

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
  if (!/^0x[0-9a-f]*$/.test(text))
    throw fault('type', path, `must be 0x and ${size * 2} lower-case hex digits, is something else`);
  if (text.length !== 2 + size * 2)
    throw fault('length', path, `must be 0x and ${size * 2} hex digits, is ${text.length - 2}`);
  return BigInt(text);
}

function itemsAt(json: unknown, path: string): readonly unknown[] {
  if (!Array.isArray(json)) throw fault('type', path, `must be an array, is ${kindOf(json)}`);
  return json;
}

function objectAt(json: unknown, path: string, keys: readonly string[], required: readonly string[] = keys): Values {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw fault('type', path, `must be an object, is ${kindOf(json)}`);
  }
  for (const key of Object.keys(json))
    if (!keys.includes(key)) throw fault('type', `${path}.${quoted(key)}`, 'is no field of this layout');
  for (const key of required) if (!Object.hasOwn(json, key)) throw fault('missing', `${path}.${key}`, 'is missing');
  return json as Values;
}

function bitsFrom(type: Bits, json: unknown, path: string): bigint | number {
  const { raw, flags } = objectAt(json, path, ['raw', 'flags'], ['raw']);
  const value = bigFrom(raw, type.size, `${path}.raw`);
  if (flags !== undefined) {
    const given = itemsAt(flags, `${path}.flags`);
    given.forEach((name, i) => {
      const text = textAt(name, `${path}.flags[${i}]`, 'the name of a bit');
      if (!Object.hasOwn(type.flags, text))
        throw fault('type', `${path}.flags[${i}]`, `must be the name of a bit, is ${quoted(text)}`);
    });
    const wanted = flagsOf(type, value);
    if (given.length !== wanted.length || wanted.some((name) => !given.includes(name))) {
      const says = `must agree with raw: ${wanted.join(', ') || 'none'}, is ${given.length === 0 ? 'none' : 'something else'}`;
      throw fault('constant', `${path}.flags`, says);
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
  const bytes = new TextEncoder().encode(text);
  // Whatever is not ASCII takes more bytes than it has characters.
  if (bytes.length !== text.length)
    throw fault('range', `${path}.pem`, `must be ASCII, character ${text.search(/[^\p{ASCII}]/u)} is not`);
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
      const items = itemsAt(json, path);
      if (typeof of.count === 'number' && items.length !== of.count)
        throw fault('length', path, `must be ${of.count} items, is ${items.length}`);
      return items.map((item, i) => typeFrom(of.of, item, `${path}[${i}]`, undefined, {}));
    }
    case 'struct':
      return structFrom(of, json, path);
    case 'oneOf':
      return choiceFrom(of, json, path, struct, values, type.kind === 'sized');
    case 'union':
      return unionFrom(of, json, path);
    case 'bySize':
      return structFrom(bySizeOf(of, json), json, path);
  }
}

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
  throw tagFault(of, tag!, `${path.slice(0, path.lastIndexOf('.'))}.${of.by}`);
}

const tagPath = (of: Union, struct: Struct): string[] => fieldAt(struct, of.tag.offset)?.split('.') ?? [];

/** The tag of a union stands in whichever variant it selects, perhaps in another field of each. */
function unionFrom(of: Union, json: unknown, path: string): unknown {
  const structs = Object.values(of.cases);
  const struct = structs[unionIndex(of, (each) => tagIn(json, tagPath(of, each)))];
  return struct ? structFrom(struct, json, path) : noVariant(of, structs[0], json, path);
}

/** The number at a path in JSON, as decode gives it. */
function tagIn(json: unknown, names: readonly string[]): unknown {
  let given = json;
  for (const name of names) given = (given as Values | null | undefined)?.[name];
  return typeof given === 'string' && /^0x[0-9a-f]{1,16}$/.test(given) ? BigInt(given) : given;
}

/** Says what is wrong with the tag of a union. */
function noVariant(of: Union, struct: Struct | undefined, json: unknown, path: string): never {
  const [given, at] = within(json, struct ? tagPath(of, struct) : [], path);
  throw tagFault(of, typeFrom(of.tag.of, given, at, undefined, {}) as number | bigint, at);
}

/** The first of the structs, the longest first, that has all its fields here; else the shortest. */
function bySizeOf({ of }: BySize, json: unknown): Struct {
  const longest = [...of].sort((a, b) => Object.keys(b.fields).length - Object.keys(a.fields).length);
  const all = (each: Struct) =>
    typeof json === 'object' && json !== null && Object.keys(each.fields).every((name) => Object.hasOwn(json, name));
  return longest.find(all) ?? longest.at(-1)!;
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
