// A reader of declarations for the tests alone. It takes nothing from the library but the types of its tables: it walks a
// table and the bytes side by side, keeps nothing from one reading to the next, and never hurries.
import type {
  Agreement,
  Bits,
  Bytes,
  Layout,
  OneOf,
  Reserved,
  Rest,
  Struct,
  Type,
  Uint,
  Union,
} from '../../src/layout.ts';

/** What is wrong with bytes, and where. */
export interface Fault {
  readonly code: string;
  /** From the layout's name on. */
  readonly path: string;
  /** From the first byte. */
  readonly offset: number;
}

/** Bytes with a name. */
interface Extent {
  readonly path: string;
  readonly from: number;
  readonly to: number;
}

/** A field without fields of its own, or an item that always has the same form. */
export interface Row extends Extent {
  readonly type: Type;
}

/** What a number is there for besides its own sake. */
type Role = 'length' | 'count' | 'tag' | 'constant';

/** A number or a string of bytes. */
export interface Leaf extends Extent {
  readonly kind: 'leaf';
  readonly type: Uint | Bits | Bytes | Reserved | Rest;
  readonly roles: Set<Role>;
  /** Of the bytes of an unknown variant: the tag that nobody knows. */
  readonly unknown: Leaf | undefined;
}
/** The fields of one struct. */
export interface Fields extends Extent {
  readonly kind: 'fields';
  readonly struct: Struct;
  readonly fields: ReadonlyMap<string, Part>;
}
/** The items of one array. */
interface Items extends Extent {
  readonly kind: 'items';
  readonly items: readonly Part[];
}
/** What lies at a place. Of a choice, it is the variant that was chosen. */
export type Part = Leaf | Fields | Items;

/** What there is to say about bytes: everything, or the first thing that is wrong. */
export type Reading = Read | Unread;
interface Read {
  readonly fault?: undefined;
  readonly root: Fields;
  /** In the order of the bytes. */
  readonly rows: readonly Row[];
  /** What only strict reading refuses, in the order in which it is come upon. */
  readonly strict: readonly Fault[];
}
interface Unread {
  readonly fault: Fault;
  /** The rows in front of the fault. */
  readonly rows: readonly Row[];
}

/** Reads bytes that must be all of a layout; with `prefix`, more may follow. */
export function naive(layout: Layout, bytes: Uint8Array, prefix = false): Reading {
  const reader = new Reader(bytes);
  try {
    const root = reader.layout(layout);
    reader.settle();
    if (!prefix) reader.mustEnd(layout.name);
    return { root, rows: reader.rows, strict: strictFaults(root, bytes) };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { fault } = error;
    return { fault, rows: reader.rows.filter(({ to }) => to <= fault.offset) };
  }
}

class Refusal extends Error {
  readonly fault: Fault;
  constructor(code: string, path: string, offset: number) {
    super(`${path} @${offset}: ${code}`);
    this.fault = { code, path, offset };
  }
}

/** What fills a region where nobody knows its tag. */
const anything: Rest = { kind: 'rest', text: false, least: 0, surplus: undefined };

class Reader {
  readonly #bytes: Uint8Array;
  readonly rows: Row[] = [];
  /** Where the next field begins. */
  #at = 0;
  /** Where the region ends that is being read. */
  #end: number;
  /** Fields of fixed size that have been counted off, but not yet been looked for. */
  #run: Row[] = [];
  /** Numbers with one right value that have been counted off, but not yet been looked at. */
  #constants: { readonly leaf: Leaf; readonly value: number }[] = [];

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#end = bytes.length;
  }

  layout(layout: Layout): Fields {
    return layout.kind === 'struct' ? this.#struct(layout, layout.name) : this.#union(layout, layout.name);
  }

  /** Comes before any decision: what has been counted off must be there, then its constants must be right. */
  settle(): void {
    for (const { path, from, to } of this.#run) if (to > this.#end) throw new Refusal('truncated', path, from);
    this.#run = [];
    for (const { leaf, value } of this.#constants)
      if (this.#number(leaf) !== BigInt(value)) throw new Refusal('constant', leaf.path, leaf.from);
    this.#constants = [];
  }

  mustEnd(path: string): void {
    if (this.#at !== this.#end) throw new Refusal('trailing', path, this.#at);
  }

  #number(leaf: Leaf): bigint {
    return numberOf(leaf, this.#bytes);
  }

  /** Reads what `read` reads as a region that ends at `end`, and must be used up. */
  #region<T>(path: string, end: number, read: () => T): T {
    const outer = this.#end;
    this.#end = end;
    const result = read();
    this.settle();
    this.mustEnd(path);
    this.#end = outer;
    return result;
  }

  /** `around` is the struct that the type stands in, as far as it has been read: tags, lengths and counts are found there. */
  #type(type: Type, path: string, around: Fields): Part {
    switch (type.kind) {
      case 'uint':
      case 'bits':
      case 'bytes':
      case 'reserved':
        return this.#fixed(type, path);
      case 'rest':
        return this.#rest(type, path);
      case 'array':
        return this.#array(type.of, type.count, path, around);
      case 'struct':
        return this.#struct(type, path);
      case 'sized':
        return this.#sized(type.by, type.of, path, around);
      case 'oneOf':
        return this.#oneOf(type, path, around);
      case 'union':
        return this.#union(type, path);
      case 'bySize':
        return this.#bySize(type.of, path);
    }
  }

  #fixed(type: Uint | Bits | Bytes | Reserved, path: string): Leaf {
    const leaf = leafAt(type, path, this.#at, this.#at + type.size);
    this.#countOff(leaf);
    return leaf;
  }

  #countOff(row: Row): void {
    this.#run.push(row);
    this.rows.push(row);
    this.#at = row.to;
  }

  #rest(type: Rest, path: string): Leaf {
    this.settle();
    const size = this.#end - this.#at;
    if (size < type.least) throw new Refusal('truncated', path, this.#at);
    if (type.surplus !== undefined && size !== 0 && size !== type.surplus) throw new Refusal('length', path, this.#at);
    return this.#takeRest(type, path, undefined);
  }

  #takeRest(type: Rest, path: string, unknown: Leaf | undefined): Leaf {
    const leaf = leafAt(type, path, this.#at, this.#end, unknown);
    this.rows.push(leaf);
    this.#at = this.#end;
    return leaf;
  }

  #struct(struct: Struct, path: string): Fields {
    const from = this.#at;
    const fields = new Map<string, Part>();
    const read = (names: readonly string[]): Fields => {
      for (const name of names) {
        const part = this.#type(struct.fields[name]!.type, `${path}.${name}`, here());
        fields.set(name, part);
        for (const [constant, value] of Object.entries(struct.where))
          if (firstOf(constant) === name) this.#constants.push({ leaf: numberAt(here(), constant, 'constant'), value });
      }
      return here();
    };
    const here = (): Fields => ({ kind: 'fields', struct, path, from, to: this.#at, fields });
    const names = Object.keys(struct.fields);
    if (struct.length === undefined) return read(names);
    // From its own length on, a struct is a region.
    const split = names.indexOf(firstOf(struct.length)) + 1;
    const length = numberAt(read(names.slice(0, split)), struct.length, 'length');
    this.settle();
    const size = this.#number(length);
    if (size < this.#at - from) throw new Refusal('length', length.path, length.from);
    if (size > this.#end - from) throw new Refusal('truncated', path, from);
    return this.#region(path, from + Number(size), () => read(names.slice(split)));
  }

  #array(of: Type, count: number | string | undefined, path: string, around: Fields): Items {
    const from = this.#at;
    const items: Part[] = [];
    const item = (): Part => {
      const before = this.#at;
      const part = this.#item(of, `${path}[${items.length}]`);
      if (this.#at === before) throw new Error(`${part.path} takes no bytes: such a layout is to be refused`);
      return part;
    };
    if (typeof count === 'number') {
      if (!isPlain(of)) this.settle();
      while (items.length < count) items.push(item());
    } else if (count === undefined) {
      this.settle();
      const size = fixedSize(of);
      if (isPlain(of) && (this.#end - from) % size! !== 0) throw new Refusal('length', path, from);
      while (this.#at < this.#end) items.push(item());
    } else {
      this.settle();
      const total = this.#number(numberAt(around, count, 'count'));
      // Looks for each item before it goes on to the next: a count may be a lie.
      for (; items.length < total; this.settle()) items.push(item());
    }
    return { kind: 'items', path, from, to: this.#at, items };
  }

  /** An item that always has the same form is there in whole or not at all; any other is read on its own. */
  #item(of: Type, path: string): Part {
    const from = this.#at;
    if (isPlain(of)) {
      const part = plainPart(of, path, from);
      this.#run.push({ path, from, to: part.to, type: of });
      this.rows.push(...allParts(part).filter((each) => each.kind === 'leaf'));
      this.#at = part.to;
      return part;
    }
    if (of.kind !== 'struct') throw new Error(`${path} is neither plain nor a struct`);
    const part = this.#struct(of, path);
    this.settle();
    return part;
  }

  #sized(by: string, of: Type, path: string, around: Fields): Part {
    this.settle();
    const tag = of.kind === 'oneOf' ? numberAt(around, of.by, 'tag') : undefined;
    const chosen = of.kind === 'oneOf' && tag ? caseOf(of, this.#number(tag)) : of;
    if (of.kind === 'oneOf' && tag && !chosen && of.misplaced.some((each) => BigInt(each) === this.#number(tag)))
      throw new Refusal('variant', tag.path, tag.from);
    const length = numberAt(around, by, 'length');
    const size = this.#number(length);
    const exact = chosen && fixedSize(chosen);
    const fewest = chosen ? fewestBytes(chosen) : 0;
    if (size < fewest || (exact !== undefined && size !== BigInt(exact)))
      throw new Refusal('length', length.path, length.from);
    if (size > this.#end - this.#at) throw new Refusal('truncated', path, this.#at);
    return this.#region(path, this.#at + Number(size), () =>
      chosen ? this.#type(chosen, path, around) : this.#takeRest(anything, path, tag),
    );
  }

  #oneOf(type: OneOf, path: string, around: Fields): Part {
    this.settle();
    const tag = numberAt(around, type.by, 'tag');
    const chosen = caseOf(type, this.#number(tag));
    if (!chosen) throw new Refusal('variant', tag.path, tag.from);
    const part = this.#type(chosen, path, around);
    this.settle();
    return part;
  }

  #union(union: Union, path: string): Fields {
    this.settle();
    const { name, offset, of } = union.tag;
    const from = this.#at + offset;
    const tag = leafAt(of, `${path}.${name}`, from, from + of.size);
    if (tag.to > this.#end) throw new Refusal('truncated', tag.path, from);
    const chosen = caseOf(union, this.#number(tag));
    if (!chosen) throw new Refusal('variant', tag.path, from);
    const part = this.#struct(chosen, path);
    this.settle();
    leafFrom(part, from, of.size)?.roles.add('tag');
    return part;
  }

  #bySize(structs: readonly Struct[], path: string): Fields {
    this.settle();
    const chosen = structs.find((each) => fixedSize(each) === this.#end - this.#at);
    if (!chosen) throw new Refusal('length', path, this.#at);
    const part = this.#struct(chosen, path);
    this.settle();
    return part;
  }
}

const leafAt = (type: Leaf['type'], path: string, from: number, to: number, unknown?: Leaf): Leaf => ({
  kind: 'leaf',
  type,
  path,
  from,
  to,
  roles: new Set(),
  unknown,
});

const firstOf = (path: string): string => path.split('.')[0]!;

/** The number that a dotted path leads to in a struct. */
function numberAt(struct: Fields, path: string, role?: Role): Leaf {
  let part: Part | undefined = struct;
  for (const name of path.split('.')) part = part?.kind === 'fields' ? part.fields.get(name) : undefined;
  if (part?.kind !== 'leaf') throw new Error(`${struct.path} has no number ${path}`);
  if (role) part.roles.add(role);
  return part;
}

/** The number of so many bytes that begins at a byte. */
function leafFrom(part: Part, from: number, size: number): Leaf | undefined {
  if (part.kind === 'leaf') return part.from === from && part.to === from + size ? part : undefined;
  for (const each of partsOf(part)) {
    const found = leafFrom(each, from, size);
    if (found) return found;
  }
  return undefined;
}

/** What lies directly in a part, in the order of the bytes. */
export function partsOf(part: Part): readonly Part[] {
  if (part.kind === 'fields') return [...part.fields.values()];
  return part.kind === 'items' ? part.items : [];
}

/** A part and all that lies in it. */
export const allParts = (part: Part): readonly Part[] => [part, ...partsOf(part).flatMap(allParts)];

/** What always has the same form, laid out without a look at the bytes. */
function plainPart(type: Type, path: string, from: number): Part {
  if (type.kind === 'struct') {
    const fields = new Map<string, Part>();
    let at = from;
    for (const [name, row] of Object.entries(type.fields)) {
      const part = plainPart(row.type, `${path}.${name}`, at);
      fields.set(name, part);
      at = part.to;
    }
    return { kind: 'fields', struct: type, path, from, to: at, fields };
  }
  if (type.kind === 'array') {
    const items: Part[] = [];
    let at = from;
    for (let i = 0; i < Number(type.count); i++) {
      const part = plainPart(type.of, `${path}[${i}]`, at);
      items.push(part);
      at = part.to;
    }
    return { kind: 'items', path, from, to: at, items };
  }
  if (type.kind === 'uint' || type.kind === 'bits' || type.kind === 'bytes' || type.kind === 'reserved')
    return leafAt(type, path, from, from + type.size);
  throw new Error(`${path} is not plain`);
}

/* ---- what a declaration says without any bytes ---- */

/** Whether a type has the same fields in the same places whatever the bytes, and no number with one right value. */
function isPlain(type: Type): boolean {
  switch (type.kind) {
    case 'uint':
    case 'bits':
    case 'bytes':
    case 'reserved':
      return true;
    case 'array':
      return typeof type.count === 'number' && isPlain(type.of);
    case 'struct':
      return (
        type.length === undefined &&
        Object.keys(type.where).length === 0 &&
        Object.values(type.fields).every((row) => isPlain(row.type))
      );
    default:
      return false;
  }
}

/** The bytes that a type always takes, whatever they are; undefined where it depends on them. */
export function fixedSize(type: Type): number | undefined {
  switch (type.kind) {
    case 'uint':
    case 'bits':
    case 'bytes':
    case 'reserved':
      return type.size;
    case 'array': {
      const each = fixedSize(type.of);
      return typeof type.count === 'number' && each !== undefined ? type.count * each : undefined;
    }
    case 'struct': {
      let sum = 0;
      for (const row of Object.values(type.fields)) {
        const size = fixedSize(row.type);
        if (size === undefined) return undefined;
        sum += size;
      }
      return sum;
    }
    case 'oneOf':
    case 'union': {
      const [first, ...others] = Object.values(type.cases).map(fixedSize);
      return others.every((size) => size === first) ? first : undefined;
    }
    default:
      return undefined;
  }
}

/** The fewest bytes that a type can do with. */
function fewestBytes(type: Type): number {
  switch (type.kind) {
    case 'rest':
      return type.least;
    case 'array':
      return typeof type.count === 'number' ? type.count * fewestBytes(type.of) : 0;
    case 'struct':
      return Object.values(type.fields).reduce((sum, row) => sum + fewestBytes(row.type), 0);
    case 'sized':
      // The bytes of an unknown tag may be none.
      return type.of.kind === 'oneOf' ? 0 : fewestBytes(type.of);
    case 'oneOf':
    case 'union':
      return Math.min(...Object.values(type.cases).map(fewestBytes));
    case 'bySize':
      return Math.min(...type.of.map(fewestBytes));
    default:
      return type.size;
  }
}

const caseOf = <T>({ cases }: { readonly cases: Readonly<Record<number, T>> }, tag: bigint): T | undefined =>
  Object.entries(cases).find(([each]) => BigInt(each) === tag)?.[1];

/** The paths of all fields that a struct can have, through every variant, without those of items. */
export function declaredPaths(type: Type): string[] {
  switch (type.kind) {
    case 'struct':
      return Object.entries(type.fields).flatMap(([name, row]) => [
        name,
        ...declaredPaths(row.type).map((below) => `${name}.${below}`),
      ]);
    case 'sized':
      return declaredPaths(type.of);
    case 'oneOf':
    case 'union':
      return Object.values(type.cases).flatMap(declaredPaths);
    case 'bySize':
      return type.of.flatMap(declaredPaths);
    default:
      return [];
  }
}

/* ---- what the bytes of a part say ---- */

/** The number in a leaf. */
function numberOf({ type, from, to }: Leaf, bytes: Uint8Array): bigint {
  const own = [...bytes.subarray(from, to)];
  if (type.kind === 'uint' && type.bigEndian) own.reverse();
  return own.reduceRight((sum, byte) => sum * 256n + BigInt(byte), 0n);
}

const isNumber = (type: Leaf['type']): type is Uint | Bits => type.kind === 'uint' || type.kind === 'bits';

/** The value of a part: numbers, bigints of 8 bytes, copies of bytes, arrays and plain objects. */
export function valueIn(part: Part, bytes: Uint8Array): unknown {
  switch (part.kind) {
    case 'leaf': {
      if (!isNumber(part.type)) return bytes.slice(part.from, part.to);
      const number = numberOf(part, bytes);
      return part.type.size === 8 ? number : Number(number);
    }
    case 'items':
      return part.items.map((item) => valueIn(item, bytes));
    case 'fields':
      return Object.fromEntries(Array.from(part.fields, ([name, field]) => [name, valueIn(field, bytes)]));
  }
}

const hexOf = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
const numberText = (number: bigint, size: number): string => `0x${number.toString(16).padStart(2 * size, '0')}`;

/** The canonical JSON of a part, as docs/json.md has it. */
export function jsonIn(part: Part, bytes: Uint8Array): unknown {
  if (part.kind === 'items') return part.items.map((item) => jsonIn(item, bytes));
  if (part.kind === 'fields')
    return Object.fromEntries(Array.from(part.fields, ([name, field]) => [name, jsonIn(field, bytes)]));
  const { type } = part;
  const own = bytes.subarray(part.from, part.to);
  switch (type.kind) {
    case 'uint':
      return type.size === 8 ? numberText(numberOf(part, bytes), 8) : Number(numberOf(part, bytes));
    case 'bits': {
      const number = numberOf(part, bytes);
      const set = Object.entries(type.flags).filter(([, { position }]) => hasBit(number, position));
      const lowestFirst = set.sort(([, a], [, b]) => a.position - b.position);
      return { raw: numberText(number, type.size), flags: lowestFirst.map(([name]) => name) };
    }
    case 'rest':
      if (!type.text) return hexOf(own);
      return own.every((byte) => byte < 0x80) ? { pem: String.fromCharCode(...own) } : { hex: hexOf(own) };
    default:
      return hexOf(own);
  }
}

const hasBit = (number: bigint, position: number): boolean => (number / 2n ** BigInt(position)) % 2n === 1n;

/* ---- what only strict reading refuses ---- */

type Wanted = readonly { readonly agreement: Agreement; readonly in: Fields }[];

/** Goes through a part in the order of its bytes. `wanted` is what the structs around say of a number. */
function strictFaults(part: Part, bytes: Uint8Array, wanted = new Map<Leaf, Wanted>()): Fault[] {
  if (part.kind === 'leaf') return leafFaults(part, bytes, wanted.get(part) ?? []);
  if (part.kind === 'fields') {
    for (const agreement of part.struct.agree) {
      const leaf = numberAt(part, agreement.field);
      wanted.set(leaf, [...(wanted.get(leaf) ?? []), { agreement, in: part }]);
    }
  }
  return partsOf(part).flatMap((each) => strictFaults(each, bytes, wanted));
}

function leafFaults(leaf: Leaf, bytes: Uint8Array, wanted: Wanted): Fault[] {
  const { type, path, from, to, unknown } = leaf;
  if (unknown) return [{ code: 'variant', path: unknown.path, offset: unknown.from }];
  const isZero = bytes.subarray(from, to).every((byte) => byte === 0);
  switch (type.kind) {
    case 'uint':
      return wanted.flatMap((each) =>
        agrees(each.agreement, numberOf(leaf, bytes), each.in, bytes) ? [] : [{ code: 'constant', path, offset: from }],
      );
    case 'bits': {
      const named = Object.values(type.flags).map(({ position }) => position);
      const positions = Array.from({ length: 8 * type.size }, (_, position) => position);
      const strange = positions.filter((each) => hasBit(numberOf(leaf, bytes), each) && !named.includes(each));
      return strange.length === 0 ? [] : [{ code: 'reserved', path, offset: from }];
    }
    case 'reserved':
      return isZero ? [] : [{ code: 'reserved', path, offset: from }];
    case 'rest':
      return isZero || type.surplus === undefined ? [] : [{ code: 'reserved', path, offset: from }];
    default:
      return [];
  }
}

/** A number that goes with another is free where nothing is said of that one. */
function agrees({ by, is }: Agreement, number: bigint, struct: Fields, bytes: Uint8Array): boolean {
  if (typeof is === 'number') return number === BigInt(is);
  const key = by === undefined ? undefined : numberOf(numberAt(struct, by), bytes);
  const right = Object.entries(is).find(([each]) => BigInt(each) === key)?.[1];
  return right === undefined || number === BigInt(right);
}
