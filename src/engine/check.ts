import {
  type ArrayOf,
  type Content,
  type Layout,
  type OneOf,
  type Row,
  type Struct,
  sizeOf,
  type Type,
  typeAt,
  type Union,
} from '../layout/vocabulary.ts';
import { type Cut, gone, layoutOf, placeIn } from '../verbs/accessors.ts';
import { LayoutError } from './error.ts';
import { measure } from './measure.ts';
import { noVariant } from './node.ts';
import { either, hexNumber, quoted, readBig, readUint } from './number.ts';
import { planOf } from './plan.ts';

/*
 * The only value check. What comes out is complete: every length computed, every nested structure either complete in
 * turn or the ready bytes of it, so that writing needs no more decisions.
 */

/** A complete value and the bytes that it takes. */
export interface Checked {
  readonly value: unknown;
  readonly size: number;
}
type Values = Readonly<Record<string, unknown>>;

const fault = (code: 'length' | 'range' | 'constant' | 'variant' | 'missing' | 'type', path: string, says: string) =>
  new LayoutError(code, path, undefined, says);

/** What a value is, in a word. */
export const kindOf = (value: unknown): string =>
  value === null
    ? 'null'
    : Array.isArray(value)
      ? 'an array'
      : value instanceof Uint8Array
        ? 'bytes'
        : `a ${typeof value}`;

/** Throws unless the value is a number (of 8 bytes: a bigint) that the field can hold. */
export function checkNumber(value: unknown, size: number, path: string): asserts value is number | bigint {
  const wanted = size === 8 ? 'bigint' : 'number';
  if (typeof value !== wanted) throw fault('type', path, `must be a ${wanted}, is ${kindOf(value)}`);
  const number = value as number | bigint;
  const most = size === 8 ? 0xffffffffffffffffn : 2 ** (8 * size) - 1;
  if (number < 0 || number > most || (size !== 8 && !Number.isInteger(number))) {
    throw fault('range', path, `must be 0..${most}, is ${quoted(`${number}`, 32)}`);
  }
}

/** Throws unless the value is bytes, and so many where `size` is given. */
export function checkBytes(value: unknown, size: number | undefined, path: string): asserts value is Uint8Array {
  if (!(value instanceof Uint8Array)) throw fault('type', path, `must be bytes, is ${kindOf(value)}`);
  if (size !== undefined && value.length !== size)
    throw fault('length', path, `must be ${size} bytes, is ${value.length}`);
}

const split = new Map<string, readonly string[]>();

/** The names in a dotted path. Kept: a name cut out of a path anew has to be looked up among all names first. */
function namesIn(path: string): readonly string[] {
  let names = split.get(path);
  if (names === undefined) {
    names = path.split('.');
    split.set(path, names);
  }
  return names;
}

/**
 * The number at a dotted path of a struct's value; a struct on the way may be given as its bytes.
 * Undefined while it is not given.
 */
export function numberAt(struct: Struct, values: Values, path: string): number | bigint | undefined {
  const names = namesIn(path);
  let type: Type = struct;
  let value: unknown = values;
  for (let i = 0; i < names.length; i++) {
    if (type.kind !== 'struct' || typeof value !== 'object' || value === null) return undefined;
    if (value instanceof Uint8Array) return numberIn(type, value, names.slice(i));
    const name = names[i]!;
    value = (value as Values)[name];
    type = type.fields[name]?.type ?? type;
  }
  return typeof value === 'number' || typeof value === 'bigint' ? value : undefined;
}

/** The number at a path of a struct that is given as its bytes; they have been measured. */
function numberIn(struct: Struct, bytes: Uint8Array, names: readonly string[]): number | bigint | undefined {
  let at = 0;
  let type: Type = struct;
  for (const name of names) {
    const row: Row | undefined = type.kind === 'struct' ? type.fields[name] : undefined;
    if (row?.offset === undefined) return undefined;
    at += row.offset;
    type = row.type;
  }
  if (type.kind !== 'uint' && type.kind !== 'bits') return undefined;
  return type.size === 8 ? readBig(bytes, at) : readUint(bytes, at, type.size, type.kind === 'uint' && type.bigEndian);
}

/** The variant that a tag selects, or undefined where it keeps its bytes. */
export function caseOf(type: OneOf | Union, tag: number | bigint | undefined): Content | undefined {
  return tag === undefined ? undefined : type.cases[Number(tag)];
}

/** No variant goes by this tag. */
export const tagFault = (type: OneOf | Union, tag: number | bigint, path: string): LayoutError =>
  fault('variant', path, noVariant(type, typeof tag === 'bigint' ? hexNumber(tag, 8) : tag));

/** Bytes that are said to be a structure already: measured, then taken as they are. */
function image(layout: Layout, bytes: Uint8Array, path: string): Checked {
  try {
    measure(planOf(layout), bytes, false, false);
  } catch (error) {
    if (!(error instanceof LayoutError)) throw error;
    const below = error.path.slice(layout.name.length);
    throw new LayoutError(error.code, path + below, undefined, error.message.slice(error.message.indexOf(': ') + 2));
  }
  return { value: bytes, size: bytes.length };
}

/** The bytes under a view, if it is one of this struct. */
function viewed(struct: Struct, value: object, path: string): Uint8Array | undefined {
  const of = layoutOf(value);
  if (!of) return undefined;
  if (of !== struct) throw fault('type', path, `must be a view of ${struct.name}, is one of ${of.name}`);
  const { root } = planOf(of);
  const view = value as Cut;
  const from = placeIn(view, root.start);
  const to = placeIn(view, root.end);
  if (to > view.$bytes.length) gone(view, from, to - from);
  return view.$bytes.subarray(from, to);
}

/** What checking a struct's value takes, looked up once. */
interface Facts {
  readonly rows: readonly (readonly [name: string, type: Type])[];
  /** The numbers that follow from the rest: lengths, its own and those of its regions. */
  readonly lengths: readonly string[];
  readonly where: readonly (readonly [path: string, value: number])[];
}

function factsOf(struct: Struct): Facts {
  const { memo, fields, where, length } = struct;
  if (memo.check === undefined) {
    const rows = Object.entries(fields).map(([name, { type }]) => [name, type] as const);
    const regions = rows.flatMap(([, type]) => (type.kind === 'sized' ? type.by : []));
    const lengths = length === undefined ? regions : [...regions, length];
    memo.check = { rows, lengths, where: Object.entries(where) } satisfies Facts;
  }
  return memo.check as Facts;
}

/** Those of the paths that lead through a field, from there on. */
const through = (name: string, paths: readonly string[]): readonly string[] =>
  paths.length === 0
    ? paths
    : paths.filter((path) => path.startsWith(`${name}.`)).map((path) => path.slice(name.length + 1));

/** The largest number of so many bytes. */
const MOST = [0, 0xff, 0xffff, 0, 0xffffffff];

/** The size of a leaf that plainly fits, or -1 for whatever wants a closer look. */
function plainSize(type: Type, value: unknown): number {
  if (type.kind === 'bytes' || type.kind === 'reserved') {
    return value instanceof Uint8Array && value.length === type.size ? type.size : -1;
  }
  if (type.kind !== 'uint' || typeof value !== 'number' || type.size === 8) return -1;
  return Number.isInteger(value) && value >= 0 && value <= MOST[type.size]! ? type.size : -1;
}

/** `outer`: the numbers in it that a struct around it computes. */
function checkStruct(struct: Struct, value: unknown, path: string, outer: readonly string[] = []): Checked {
  if (value instanceof Uint8Array) return image(struct, value, path);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw fault('type', path, `must be a ${struct.name}, is ${kindOf(value)}`);
  }
  const ready = viewed(struct, value, path);
  if (ready) return image(struct, ready, path);
  const given = value as Values;
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(struct.fields, name))
      throw fault('type', `${path}.${quoted(name)}`, `${struct.name} has no such field`);
  }
  const { rows, lengths: own, where } = factsOf(struct);
  const lengths = outer.length === 0 ? own : [...outer, ...own];
  // Each field is read once, so that what has been checked is what will be written.
  const complete: Record<string, unknown> = {};
  const regions: (readonly [by: string, size: number])[] = [];
  let size = 0;
  for (const [name, type] of rows) {
    const one = given[name];
    const plain = plainSize(type, one);
    if (plain >= 0) {
      complete[name] = one;
      size += plain;
      continue;
    }
    const checked = checkField(struct, complete, type, one, name, `${path}.${name}`, lengths);
    complete[name] = checked.value;
    if (type.kind === 'sized') regions.push([type.by, checked.size]);
    size += checked.size;
  }
  for (const [by, length] of regions) settle(struct, complete, by, length, path);
  if (struct.length !== undefined) settle(struct, complete, struct.length, size, path);
  for (const [constant, wanted] of where) {
    const is = numberAt(struct, complete, constant);
    if (Number(is) !== wanted) throw fault('constant', `${path}.${constant}`, `must be ${wanted}, is ${is}`);
  }
  return { value: complete, size };
}

/** Lengths that were left out, until what they measure is known. */
const PENDING = Symbol('pending');

function checkField(
  struct: Struct,
  complete: Values,
  type: Type,
  value: unknown,
  name: string,
  path: string,
  lengths: readonly string[],
): Checked {
  if (value === undefined) {
    if (type.kind === 'reserved') return { value: new Uint8Array(type.size), size: type.size };
    if (type.kind === 'rest') return { value: new Uint8Array(0), size: 0 };
    if (type.kind === 'uint' && lengths.includes(name)) return { value: PENDING, size: type.size };
    throw fault('missing', path, 'is missing');
  }
  if (type.kind === 'struct') return checkStruct(type, value, path, through(name, lengths));
  return checkType(type, value, path, struct, complete);
}

function checkType(type: Type, value: unknown, path: string, struct: Struct | undefined, values: Values): Checked {
  switch (type.kind) {
    case 'uint':
    case 'bits':
      checkNumber(value, type.size, path);
      return { value, size: type.size };
    case 'bytes':
    case 'reserved':
      checkBytes(value, type.size, path);
      return { value, size: type.size };
    case 'rest':
      checkBytes(value, undefined, path);
      if (value.length < type.least)
        throw fault('length', path, `must be at least ${type.least} byte, is ${value.length}`);
      if (type.surplus !== undefined && value.length !== 0) checkBytes(value, type.surplus, path);
      return { value, size: value.length };
    case 'array':
      return checkArray(type, value, path);
    case 'struct':
      return checkStruct(type, value, path);
    case 'sized':
      if (type.of.kind !== 'oneOf') return checkType(type.of, value, path, struct, values);
      return checkChoice(type.of, value, path, struct, values, true);
    case 'oneOf':
      return checkChoice(type, value, path, struct, values, false);
    case 'union':
      return checkUnion(type, value, path);
    case 'bySize':
      return checkBySize(type.of, value, path);
  }
}

function checkArray(type: ArrayOf, value: unknown, path: string): Checked {
  if (!Array.isArray(value)) throw fault('type', path, `must be an array, is ${kindOf(value)}`);
  const given: readonly unknown[] = value;
  if (type.count !== undefined && given.length !== type.count) {
    throw fault('length', path, `must be ${type.count} items, is ${given.length}`);
  }
  let size = 0;
  const items = Array.from(given, (item, i) => {
    const checked = checkType(type.of, item, `${path}[${i}]`, undefined, {});
    size += checked.size;
    return checked.value;
  });
  return { value: items, size };
}

function checkChoice(
  type: OneOf,
  value: unknown,
  path: string,
  struct: Struct | undefined,
  values: Values,
  bounded: boolean,
): Checked {
  const tag = struct && numberAt(struct, values, type.by);
  const chosen = caseOf(type, tag);
  if (chosen) return checkType(chosen, value, path, struct, values);
  const tagPath = `${path.slice(0, path.lastIndexOf('.'))}.${type.by}`;
  if (tag === undefined) throw fault('missing', tagPath, 'is missing');
  if (!bounded || type.misplaced.includes(Number(tag))) throw tagFault(type, tag, tagPath);
  checkBytes(value, undefined, path);
  return { value, size: value.length };
}

function checkUnion(type: Union, value: unknown, path: string): Checked {
  if (value instanceof Uint8Array) return image(type, value, path);
  const of = typeof value === 'object' && value !== null ? layoutOf(value) : undefined;
  const structs = Object.entries(type.cases);
  if (of) {
    const known = structs.find(([, struct]) => struct === of)?.[1];
    if (known) return checkStruct(known, value, path);
  }
  if (typeof value !== 'object' || value === null)
    throw fault('type', path, `must be a ${type.name}, is ${kindOf(value)}`);
  const chosen = structs.find(([tag, struct]) => String(unionTag(type, struct, value as Values)) === tag);
  if (chosen) return checkStruct(chosen[1], value, path);
  const first = structs[0]?.[1];
  const tag = first && unionTag(type, first, value as Values);
  if (tag !== undefined) throw tagFault(type, tag, `${path}.${type.tag.name}`);
  const [given, at] = within(value, (first && fieldAt(first, type.tag.offset)?.split('.')) ?? [], path);
  checkNumber(given, type.tag.of.size, at);
  throw tagFault(type, given, at);
}

/** What stands at a path in a value, and the path of that in full. */
export function within(value: unknown, names: readonly string[], path: string): [value: unknown, path: string] {
  let given = value;
  let at = path;
  for (const name of names) {
    if (typeof given !== 'object' || given === null || Array.isArray(given))
      throw fault('type', at, `must be an object, is ${kindOf(given)}`);
    at = `${at}.${name}`;
    given = (given as Values)[name];
    if (given === undefined) throw fault('missing', at, 'is missing');
  }
  return [given, at];
}

/** The tag that a value would have as this struct: the number that lies where the union looks for it. */
export function unionTag(type: Union, struct: Struct, values: Values): number | bigint | undefined {
  const path = fieldAt(struct, type.tag.offset);
  return path === undefined ? undefined : numberAt(struct, values, path);
}

/** The path of the number that starts at a byte of a struct. */
export function fieldAt(struct: Struct, offset: number): string | undefined {
  for (const [name, { type, offset: start = Infinity }] of Object.entries(struct.fields)) {
    if (start === offset && type.kind === 'uint') return name;
    const size = sizeOf(type) ?? 0;
    if (type.kind !== 'struct' || offset < start || offset >= start + size) continue;
    const below = fieldAt(type, offset - start);
    return below === undefined ? undefined : `${name}.${below}`;
  }
  return undefined;
}

/** The struct that a value is of: all of its fields are given and no other; else the first that knows what is given. */
export function structWith(structs: readonly Struct[], value: object): Struct | undefined {
  const of = layoutOf(value);
  if (of) return structs.find((struct) => struct === of);
  const knowing = structs.filter((struct) => Object.keys(value).every((name) => Object.hasOwn(struct.fields, name)));
  return knowing.find((struct) => Object.keys(struct.fields).every((name) => name in value)) ?? knowing[0];
}

function checkBySize(structs: readonly Struct[], value: unknown, path: string): Checked {
  const sizes = structs.map((struct) => struct.size ?? 0);
  const fitting =
    value instanceof Uint8Array
      ? structs.find((struct) => struct.size === value.length)
      : typeof value === 'object' && value !== null
        ? structWith(structs, value)
        : undefined;
  if (fitting) return checkStruct(fitting, value, path);
  if (value instanceof Uint8Array) throw fault('length', path, `must be ${either(sizes)} bytes, is ${value.length}`);
  throw fault('type', path, `must be a ${either(structs.map((struct) => struct.name))}, is ${kindOf(value)}`);
}

/** Fills in a length, or holds the one that is given against what it measures. */
function settle(struct: Struct, complete: Record<string, unknown>, by: string, size: number, path: string): void {
  const given = numberAt(struct, complete, by);
  if (given !== undefined) {
    if (Number(given) !== size) throw fault('length', `${path}.${by}`, `must be ${size}, is ${given}`);
    return;
  }
  const field = typeAt(struct.fields, by);
  const width = field?.kind === 'uint' ? field.size : 4;
  const length = width === 8 ? BigInt(size) : size;
  checkNumber(length, width, `${path}.${by}`);
  const names = namesIn(by);
  let inner = complete;
  for (const name of names.slice(0, -1)) inner = inner[name] as Record<string, unknown>;
  inner[names.at(-1)!] = length;
}

/**
 * Checks a value against a layout and completes it.
 *
 * @throws LayoutError naming the first field that does not fit.
 */
export function check(layout: Layout, value: unknown): Checked {
  // A layout that cannot be read cannot be written.
  planOf(layout);
  return layout.kind === 'struct' ? checkStruct(layout, value, layout.name) : checkUnion(layout, value, layout.name);
}
