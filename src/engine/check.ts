import {
  type ArrayOf,
  type BySize,
  type Content,
  type Layout,
  type OneOf,
  type Struct,
  sizeOf,
  type Type,
  typeAt,
  type Union,
} from '../layout/vocabulary.ts';
import { isBytes } from './bytes.ts';
import { below, LayoutError } from './error.ts';
import { noVariant } from './fail.ts';
import { measure, planOf } from './measure.ts';
import { either, exactIn, quoted, shown } from './number.ts';
import { bytesOf, isView, marksOf, nodeOf, structOf } from './opened.ts';
import { find, isNumber, type Marks, pickAt, placeAt } from './tree.ts';

/*
 * The only value check. What comes out is complete: every length computed, every nested structure either complete in
 * turn or the ready bytes of it, every choice decided, so that writing needs no more decisions.
 */

/** A complete value and the bytes that it takes. */
export interface Checked {
  readonly value: unknown;
  readonly size: number;
}
/** The value of a choice, and the index of the variant that it is: that of the node's children. */
export class Chosen {
  readonly index: number;
  readonly value: unknown;
  constructor(index: number, value: unknown) {
    this.index = index;
    this.value = value;
  }
}
/** The fields of a struct's value. */
export type Values = Readonly<Record<string, unknown>>;

const fault = (code: 'length' | 'range' | 'constant' | 'variant' | 'missing' | 'type', path: string, says: string) =>
  new LayoutError(code, path, undefined, says);

/** What a value is, in a word. */
export const kindOf = (value: unknown): string =>
  value === null ? 'null' : Array.isArray(value) ? 'an array' : isBytes(value) ? 'bytes' : `a ${typeof value}`;

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
  if (!isBytes(value)) throw fault('type', path, `must be bytes, is ${kindOf(value)}`);
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
    if (isBytes(value)) return numberIn(type, value, names.slice(i));
    const name = names[i]!;
    value = (value as Values)[name];
    type = type.fields[name]?.type ?? type;
  }
  return typeof value === 'number' || typeof value === 'bigint' ? value : undefined;
}

/** The number at a path of a struct that is given as its bytes; undefined where they are no such struct. */
function numberIn(struct: Struct, bytes: Uint8Array, names: readonly string[]): number | bigint | undefined {
  const plan = planOf(struct);
  try {
    const marks = measure(plan, bytes, false);
    const [node] = find(plan.tree.root, names, (choice) => pickAt(marks, choice));
    return node && isNumber(node) ? exactIn(node.type, bytes, placeAt(marks, node.start)) : undefined;
  } catch (error) {
    if (error instanceof LayoutError) return undefined;
    throw error;
  }
}

/** The variant that a tag selects, or undefined where it keeps its bytes. */
export function caseOf(type: OneOf | Union, tag: number | bigint | undefined): Content | undefined {
  return tag === undefined ? undefined : type.cases[Number(tag)];
}

/** No variant goes by this tag. */
export const tagFault = (type: OneOf | Union, tag: number | bigint, path: string): LayoutError =>
  fault('variant', path, noVariant(type, shown(tag)));

/** Bytes that are said to be a structure already: measured, then taken as they are. */
function image(layout: Layout, bytes: Uint8Array, path: string): Checked & { readonly marks: Marks } {
  try {
    return { value: bytes, size: bytes.length, marks: measure(planOf(layout), bytes, false) };
  } catch (error) {
    throw below(error, layout.name, path, true);
  }
}

/** The bytes under a view, if it is one of this struct. */
function viewed(struct: Struct, value: unknown, path: string): Uint8Array | undefined {
  if (!isView(value)) return undefined;
  const of = structOf(value);
  if (of !== struct) throw fault('type', path, `must be a view of ${struct.name}, is one of ${of.name}`);
  return bytesOf(nodeOf(value), marksOf(value));
}

/** What checking a struct's value takes, looked up once. */
interface Facts {
  readonly rows: readonly (readonly [name: string, type: Type])[];
  /** The numbers that follow from the rest: lengths, its own and those of its regions, and counts. */
  readonly derived: readonly string[];
  readonly where: readonly (readonly [path: string, value: number])[];
}

function factsOf(struct: Struct): Facts {
  const { memo, fields, where, length } = struct;
  if (memo.check === undefined) {
    const rows = Object.entries(fields).map(([name, { type }]) => [name, type] as const);
    const derived = [...rows.flatMap(([, type]) => derivedBy(type)), ...(length === undefined ? [] : [length])];
    memo.check = { rows, derived, where: Object.entries(where) } satisfies Facts;
  }
  return memo.check as Facts;
}

/** The numbers that follow from a field of this type. */
function derivedBy(type: Type): string[] {
  if (type.kind === 'sized') return [type.by, ...derivedBy(type.of)];
  if (type.kind === 'oneOf') return Object.values(type.cases).flatMap(derivedBy);
  return type.kind === 'array' && typeof type.count === 'string' ? [type.count] : [];
}

/** Those of the paths that lead through a field, from there on. */
const through = (name: string, paths: readonly string[]): readonly string[] =>
  paths.length === 0
    ? paths
    : paths.filter((path) => path.startsWith(`${name}.`)).map((path) => path.slice(name.length + 1));

/** The struct around a value, as far as it is complete, and the numbers that have followed from its fields so far. */
interface Around {
  readonly struct: Struct;
  readonly complete: Record<string, unknown>;
  readonly settled: (readonly [by: string, number: number])[];
}

/** The largest number of so many bytes. */
const MOST = [0, 0xff, 0xffff, 0, 0xffffffff];

/** The size of a leaf that plainly fits, or -1 for whatever wants a closer look. */
function plainSize(type: Type, value: unknown): number {
  if (type.kind === 'bytes' || type.kind === 'reserved')
    return value instanceof Uint8Array && value.length === type.size ? type.size : -1;
  if (type.kind !== 'uint' || typeof value !== 'number' || type.size === 8) return -1;
  return Number.isInteger(value) && value >= 0 && value <= MOST[type.size]! ? type.size : -1;
}

/** `outer`: the numbers in it that follow from a struct around it. */
function checkStruct(struct: Struct, value: unknown, path: string, outer: readonly string[] = []): Checked {
  if (isBytes(value)) return image(struct, value, path);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw fault('type', path, `must be a ${struct.name}, is ${kindOf(value)}`);
  const ready = viewed(struct, value, path);
  if (ready) return image(struct, ready, path);
  const given = value as Values;
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(struct.fields, name))
      throw fault('type', `${path}.${quoted(name)}`, `${struct.name} has no such field`);
  }
  const { rows, derived: own, where } = factsOf(struct);
  const derived = outer.length === 0 ? own : [...outer, ...own];
  // Each field is read once, so that what has been checked is what will be written.
  const around: Around = { struct, complete: {}, settled: [] };
  const { complete, settled } = around;
  let size = 0;
  for (const [name, type] of rows) {
    const one = given[name];
    const plain = plainSize(type, one);
    const checked = plain < 0 ? checkField(around, type, one, name, `${path}.${name}`, derived) : undefined;
    complete[name] = checked ? checked.value : one;
    size += checked ? checked.size : plain;
  }
  for (const [by, number] of settled) settle(struct, complete, by, number, path);
  if (struct.length !== undefined) settle(struct, complete, struct.length, size, path);
  for (const [constant, wanted] of where) {
    const is = numberAt(struct, complete, constant);
    if (Number(is) !== wanted) throw fault('constant', `${path}.${constant}`, `must be ${wanted}, is ${is}`);
  }
  return { value: complete, size };
}

/** Numbers that were left out, until what they follow from is known. */
const PENDING = Symbol('pending');

function checkField(
  around: Around,
  type: Type,
  value: unknown,
  name: string,
  path: string,
  derived: readonly string[],
): Checked {
  if (value === undefined) {
    if (type.kind === 'reserved') return { value: new Uint8Array(type.size), size: type.size };
    if (type.kind === 'rest') return { value: new Uint8Array(0), size: 0 };
    if (type.kind === 'uint' && derived.includes(name)) return { value: PENDING, size: type.size };
    throw fault('missing', path, 'is missing');
  }
  return type.kind === 'struct'
    ? checkStruct(type, value, path, through(name, derived))
    : checkType(type, value, path, around);
}

function checkType(type: Type, value: unknown, path: string, around?: Around): Checked {
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
      return checkArray(type, value, path, around);
    case 'struct':
      return checkStruct(type, value, path);
    case 'sized': {
      const { by, of } = type;
      const checked =
        of.kind === 'oneOf' ? checkChoice(of, value, path, around, true) : checkType(of, value, path, around);
      around?.settled.push([by, checked.size]);
      return checked;
    }
    case 'oneOf':
      return checkChoice(type, value, path, around, false);
    case 'union':
      return checkUnion(type, value, path);
    case 'bySize':
      return checkBySize(type, value, path);
  }
}

function checkArray(type: ArrayOf, value: unknown, path: string, around: Around | undefined): Checked {
  if (!Array.isArray(value)) throw fault('type', path, `must be an array, is ${kindOf(value)}`);
  const given: readonly unknown[] = value;
  if (typeof type.count === 'number' && given.length !== type.count)
    throw fault('length', path, `must be ${type.count} items, is ${given.length}`);
  let size = 0;
  const items = Array.from(given, (item, i) => {
    const checked = checkType(type.of, item, `${path}[${i}]`);
    size += checked.size;
    return checked.value;
  });
  if (typeof type.count === 'string') around?.settled.push([type.count, items.length]);
  return { value: items, size };
}

const chosen = (index: number, { value, size }: Checked): Checked => ({ value: new Chosen(index, value), size });

/** In a region, `isBounded`, an unknown tag keeps its bytes. */
function checkChoice(
  type: OneOf,
  value: unknown,
  path: string,
  around: Around | undefined,
  isBounded: boolean,
): Checked {
  const tag = around && numberAt(around.struct, around.complete, type.by);
  const tags = Object.keys(type.cases);
  const index = tags.indexOf(String(tag));
  const content = Object.values(type.cases)[index];
  if (content) return chosen(index, checkType(content, value, path, around));
  const tagPath = `${path.slice(0, path.lastIndexOf('.'))}.${type.by}`;
  if (tag === undefined) throw fault('missing', tagPath, 'is missing');
  if (!isBounded || type.misplaced.includes(Number(tag))) throw tagFault(type, tag, tagPath);
  checkBytes(value, undefined, path);
  return { value: new Chosen(tags.length, value), size: value.length };
}

function checkUnion(type: Union, value: unknown, path: string): Checked {
  const structs = Object.values(type.cases);
  if (isBytes(value)) {
    const { marks, ...checked } = image(type, value, path);
    return chosen(pickAt(marks, planOf(type).tree.root), checked);
  }
  if (typeof value !== 'object' || value === null)
    throw fault('type', path, `must be a ${type.name}, is ${kindOf(value)}`);
  const index = isView(value)
    ? structs.indexOf(structOf(value))
    : unionIndex(type, (struct) => unionTag(type, struct, value as Values));
  const struct = structs[index];
  if (struct) return chosen(index, checkStruct(struct, value, path));
  const [first] = structs;
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

/** The index of the struct whose tag a value has. */
export const unionIndex = (type: Union, tagOf: (struct: Struct) => unknown): number =>
  Object.entries(type.cases).findIndex(([tag, struct]) => {
    const given = tagOf(struct);
    return (typeof given === 'number' || typeof given === 'bigint') && String(given) === tag;
  });

/** The tag that a value would have as this struct: the number that lies where the union looks for it. */
function unionTag(type: Union, struct: Struct, values: Values): number | bigint | undefined {
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
function indexWith(structs: readonly Struct[], value: object): number {
  if (isView(value)) return structs.indexOf(structOf(value));
  const knows = (struct: Struct) => Object.keys(value).every((name) => Object.hasOwn(struct.fields, name));
  const exact = structs.findIndex(
    (struct) => knows(struct) && Object.keys(struct.fields).every((name) => Object.hasOwn(value, name)),
  );
  return exact < 0 ? structs.findIndex(knows) : exact;
}

function checkBySize({ of: structs }: BySize, value: unknown, path: string): Checked {
  const sizes = structs.map((struct) => struct.size ?? 0);
  const index = isBytes(value)
    ? sizes.indexOf(value.length)
    : typeof value === 'object' && value !== null
      ? indexWith(structs, value)
      : -1;
  const struct = structs[index];
  if (struct) return chosen(index, checkStruct(struct, value, path));
  if (isBytes(value)) throw fault('length', path, `must be ${either(sizes)} bytes, is ${value.length}`);
  throw fault('type', path, `must be a ${either(structs.map(({ name }) => name))}, is ${kindOf(value)}`);
}

/** Fills in a length or a count, or holds the one that is given against what it measures. */
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
