import type { Source } from './specs.ts';

export type {
  Encodable,
  Infer,
  Named,
  PathOf,
  Reading,
  View,
  ViewOf,
} from './infer.ts';
export type { Source } from './specs.ts';

/** An unsigned integer of 1, 2, 4 or 8 bytes; little-endian unless it says otherwise. 8 bytes read as bigint. */
export interface Uint<Size extends 1 | 2 | 4 | 8 = 1 | 2 | 4 | 8> {
  readonly kind: 'uint';
  /** Bytes. */
  readonly size: Size;
  /** Whether the most significant byte comes first. */
  readonly bigEndian: boolean;
}
/** A bit with a name: its position and the revision of the specification that named it. */
export interface Bit {
  /** 0 is the least significant bit. */
  readonly position: number;
  /** The revision of the specification that named it first. */
  readonly since: string;
}
/** An integer whose bits have names. Bits without a name are kept, and refused under strict. */
export interface Bits<
  Size extends 4 | 8 = 4 | 8,
  Names extends Readonly<Record<string, Bit>> = Readonly<Record<string, Bit>>,
> {
  readonly kind: 'bits';
  /** Bytes. */
  readonly size: Size;
  /** The bits that have a name, by their name. */
  readonly flags: Names;
}
/** A fixed number of bytes, never swapped. */
export interface Bytes {
  readonly kind: 'bytes';
  /** How many. */
  readonly size: number;
}
/** Bytes that the specification wants zero. They are kept as they are, and must be zero under strict. */
export interface Reserved {
  readonly kind: 'reserved';
  /** How many. */
  readonly size: number;
}
/** Whatever is left of the region: bytes, or the text of a PEM chain, which stays bytes too. */
export interface Rest {
  readonly kind: 'rest';
  /** Whether it is usually text, as a PEM chain is. */
  readonly text: boolean;
  /** The fewest bytes that it can be. */
  readonly least: number;
  /** Where set: it is so many bytes, or none, and they must be zero under strict. */
  readonly surplus: number | undefined;
}
/** Items one behind the other: `count` of them, as many as an earlier number says, or as many as fill the region. */
export interface ArrayOf<
  Item extends FixedType = FixedType,
  Count extends number | string | undefined = number | string | undefined,
> {
  readonly kind: 'array';
  /** What each item is. */
  readonly of: Item;
  /** How many items, or the path of the number that says it; undefined where they fill the region. */
  readonly count: Count;
}
/** A region whose length an earlier field gives; its content must fill it to the last byte. */
export interface Sized<Of extends Content = Content, By extends string = string> {
  readonly kind: 'sized';
  /** The path of the length field, in the same struct. */
  readonly by: By;
  /** What fills the region. */
  readonly of: Of;
}
/** One of several layouts, chosen by an earlier field of the same struct. */
export interface OneOf<Cases extends Readonly<Record<number, Content>> = Readonly<Record<number, Content>>> {
  readonly kind: 'oneOf';
  /** The path of the tag, in the same struct. */
  readonly by: string;
  /** The layouts by tag; no {@link Sized} among them, which has a struct of its own. */
  readonly cases: Cases;
  /** Tags that mean something, but not in this place: refused even where unknown ones are kept. */
  readonly misplaced: readonly number[];
}
/** One of several fixed layouts, chosen by the length of the region. */
export interface BySize<Cases extends readonly Struct[] = readonly Struct[]> {
  readonly kind: 'bySize';
  /** The layouts, each of another size. */
  readonly of: Cases;
}
/** A named choice between structs that all carry the tag in the same place. */
export interface Union<
  Name extends string = string,
  Cases extends Readonly<Record<number, Struct>> = Readonly<Record<number, Struct>>,
> {
  readonly kind: 'union';
  /** The name of the type, which paths in errors begin with. */
  readonly name: Name;
  /** The place in a document that it restates. */
  readonly source: Source;
  /** The name and the place of the number that selects. */
  readonly tag: { readonly name: string; readonly offset: number; readonly of: Uint };
  /** The structs by tag. */
  readonly cases: Cases;
  /** Bytes, where all cases have the same number of them. */
  readonly size: number | undefined;
  /** What the verbs have compiled from it; theirs alone. */
  readonly memo: { tree?: unknown; plan?: unknown; check?: unknown; view?: unknown; edit?: unknown; codec?: unknown };
}
/** What strict reading expects of a number: one value, or the one that belongs to the number `by`. */
export interface Agreement {
  /** The path of the number. */
  readonly field: string;
  /** The path of the number that it goes with. */
  readonly by?: string;
  /** The value; or the value for each value of `by`. */
  readonly is: number | Readonly<Record<number, number>>;
}
/** A structure: named rows at checked offsets. */
export interface Struct<
  Name extends string = string,
  Fields extends FieldRows = FieldRows,
  Length extends string | undefined = string | undefined,
> {
  readonly kind: 'struct';
  /** The name of the type, which paths in errors begin with. */
  readonly name: Name;
  /** The place in a document that it restates. */
  readonly source: Source;
  /** The rows, in the order of the bytes. */
  readonly fields: Fields;
  /** Bytes, where the structure always has the same number of them. */
  readonly size: number | undefined;
  /** Numbers that have one right value, by path. */
  readonly where: Readonly<Record<string, number>>;
  /** The field that holds the length of the whole structure. */
  readonly length: Length;
  /** What strict reading expects beyond that. */
  readonly agree: readonly Agreement[];
  /** What the verbs have compiled from it; theirs alone. */
  readonly memo: { tree?: unknown; plan?: unknown; check?: unknown; view?: unknown; edit?: unknown; codec?: unknown };
}
/** What always takes the same number of bytes. */
export type FixedType = Uint | Bits | Bytes | Reserved | Struct;
/** What can fill a region. */
export type Content = FixedType | Rest | ArrayOf | OneOf | BySize | Union;
/** What a row can hold. */
export type Type = Content | Sized;
/** What the verbs take: a struct, or a union of structs. */
export type Layout = Struct | Union;

/** One line of a table: where, what, and the name that the specification gives it. */
export interface Row<T extends Type = Type> {
  /** Bytes from the start of the structure; undefined behind a variable part. */
  readonly offset: number | undefined;
  /** What lies there. */
  readonly type: T;
  /** The specification's identifier, letter by letter. */
  readonly spec: string;
}
/** The rows of a table, by field name. */
export type FieldRows = Readonly<Record<string, Row>>;

/** A row at a fixed offset, in bytes from the start of the structure. */
export const at = <const T extends Type>(offset: number, type: T, spec: string): Row<T> => ({ offset, type, spec });
/** A row right behind a variable part. */
export const next = <const T extends Type>(type: T, spec: string): Row<T> => ({ offset: undefined, type, spec });

const uint = <Size extends 1 | 2 | 4 | 8>(size: Size, bigEndian = false): Uint<Size> => ({
  kind: 'uint',
  size,
  bigEndian,
});
/** One byte. */
export const u8 = /* @__PURE__ */ uint(1);
/** Two bytes, little-endian. */
export const u16 = /* @__PURE__ */ uint(2);
/** Four bytes, little-endian. */
export const u32 = /* @__PURE__ */ uint(4);
/** Eight bytes, little-endian; a bigint. */
export const u64 = /* @__PURE__ */ uint(8);
/** Four bytes, big-endian: the length prefix of QGS messages. */
export const u32be = /* @__PURE__ */ uint(4, true);

/** A named bit. `since` is the revision of the specification that named it first. */
export const bit = (position: number, since: string): Bit => ({ position, since });
/** An integer with named bits, on the base of u32 or u64; the lowest comes first wherever they are listed. */
export const bits = <Size extends 4 | 8, const Names extends Readonly<Record<string, Bit>>>(
  base: Uint<Size>,
  flags: Names,
): Bits<Size, Names> => {
  const sorted = Object.entries(flags).sort(([, a], [, b]) => a.position - b.position);
  return { kind: 'bits', size: base.size, flags: Object.fromEntries(sorted) as Names };
};
/** `size` bytes. */
export const bytes = (size: number): Bytes => ({ kind: 'bytes', size });
/** `size` bytes that must be zero, but are kept as found. */
export const reserved = (size: number): Reserved => ({ kind: 'reserved', size });
/** All bytes to the end of the region. */
export const rest: Rest = { kind: 'rest', text: false, least: 0, surplus: undefined };
/** All bytes to the end of the region, usually the text of a PEM chain. */
export const pemChain: Rest = { kind: 'rest', text: true, least: 0, surplus: undefined };
/** All bytes to the end of a {@link sized} region, and at least one. */
export const some: Rest = { kind: 'rest', text: false, least: 1, surplus: undefined };
/** Nothing, or `size` bytes that nobody needs: some writers count them in, others do not. */
export const surplus = (size: number): Rest => ({ kind: 'rest', text: false, least: 0, surplus: size });

/**
 * `count` items, or as many as the earlier number of that name says; without a count, as many as fill the region. An item
 * can be a struct of any kind, also of varying size.
 */
export function array<T extends FixedType, const N extends number | string>(of: T, count: N): ArrayOf<T, N>;
export function array<T extends FixedType>(of: T): ArrayOf<T, undefined>;
export function array(of: FixedType, count?: number | string): ArrayOf {
  return { kind: 'array', of, count };
}
/** `of` in a region of as many bytes as the earlier field `by` says. */
export const sized = <const By extends string, const T extends Content>(by: By, of: T): Sized<T, By> => ({
  kind: 'sized',
  by,
  of,
});
/**
 * The layout that the earlier field `by` selects. Inside `sized` an unknown tag keeps its bytes; elsewhere it is an
 * error. `misplaced` lists tags that are known, but have no place here.
 */
export const oneOf = <const C extends Readonly<Record<number, Content>>>(
  by: string,
  cases: C,
  misplaced: readonly number[] = [],
): OneOf<C> => ({ kind: 'oneOf', by, cases, misplaced });
/** The struct whose size is the region's. */
export const bySize = <const C extends readonly Struct[]>(...of: C): BySize<C> => ({ kind: 'bySize', of });

/** What a type is inside the region that holds it. */
export const content = (type: Type): Content => (type.kind === 'sized' ? type.of : type);

/** The bytes that `type` always takes, or undefined. */
export function sizeOf(type: Type): number | undefined {
  switch (type.kind) {
    case 'array': {
      const each = sizeOf(type.of);
      return typeof type.count !== 'number' || each === undefined ? undefined : each * type.count;
    }
    case 'oneOf':
      return same(Object.values(type.cases));
    case 'rest':
    case 'sized':
    case 'bySize':
      return undefined;
    default:
      return type.size;
  }
}

function same(types: readonly Type[]): number | undefined {
  const sizes = new Set(types.map(sizeOf));
  return sizes.size === 1 ? [...sizes][0] : undefined;
}

/** The type of the field that a dotted path names, or undefined. */
export function typeAt(fields: FieldRows, path: string): Type | undefined {
  const [name = '', ...more] = path.split('.');
  const type = fields[name]?.type;
  if (more.length === 0) return type;
  return type?.kind === 'struct' ? typeAt(type.fields, more.join('.')) : undefined;
}

/** A number that `type` refers to in its struct, and the values of it that it tells apart. */
type Reference = readonly [path: string, values: readonly (number | string)[]];

/** What `type` refers to, through any nesting of choices. */
function references(type: Type): readonly Reference[] {
  if (type.kind === 'sized') return [[type.by, []], ...references(type.of)];
  if (type.kind === 'array' && typeof type.count === 'string') return [[type.count, []]];
  if (type.kind !== 'oneOf') return [];
  return [
    [type.by, [...Object.keys(type.cases), ...type.misplaced]],
    ...Object.values(type.cases).flatMap((of): readonly Reference[] => references(of)),
  ];
}

/** Whether a number can hold a value. Of numbers of 8 bytes, only values of 31 bits are told apart. */
const holds = ({ size }: Uint | Bits, value: number | string): boolean =>
  Number.isInteger(Number(value)) && Number(value) >= 0 && Number(value) < (size === 8 ? 2 ** 31 : 256 ** size);

/** All keys from the start, so that every layout has one hidden class. */
const memo = (): Struct['memo'] => ({
  tree: undefined,
  plan: undefined,
  check: undefined,
  view: undefined,
  edit: undefined,
  codec: undefined,
});

/** What is said of a structure as a whole. */
export interface About<Length extends string | undefined = string | undefined> {
  /** The place in a document that it restates. */
  readonly source: Source;
  /** Bytes, where it always has the same number of them. */
  readonly size?: number;
  /** The numbers that make it this structure. */
  readonly where?: Readonly<Record<string, number>>;
  /** The field that holds the length of the whole structure. */
  readonly length?: Length;
  /** What strict reading expects besides. */
  readonly agree?: readonly Agreement[];
}

/**
 * Declares a structure and checks the table: no gap, no overlap, the right size, and every reference to an earlier
 * integer field.
 *
 * @throws TypeError when the table contradicts itself.
 */
export function struct<
  const Name extends string,
  const Fields extends FieldRows,
  const Length extends string | undefined = undefined,
>(name: Name, about: About<Length>, fields: Fields): Struct<Name, Fields, Length>;
export function struct(name: string, about: About, fields: FieldRows): Struct {
  const { source, where = {}, length, agree = [] } = about;
  const wrong = (field: string, what: string): TypeError => new TypeError(`${name}.${field}: ${what}`);
  let end: number | undefined = 0;
  for (const field in fields) {
    const { offset, type } = fields[field]!;
    if (!/^[a-z]\w*$/i.test(field)) throw wrong(field, 'is no name');
    if (field in Object.prototype || field === 'toJSON') throw wrong(field, 'is a name that every view has');
    if (offset !== end) throw wrong(field, `declared at ${offset}, but the field before ends at ${end}`);
    for (const [path, values] of references(type)) {
      const number = earlierNumber(fields, path, field);
      if (!number) throw wrong(field, `refers to ${path}, which is no earlier number`);
      const wild = values.find((value) => !holds(number, value));
      if (wild !== undefined) throw wrong(field, `refers to ${path} ${wild}, which does not fit`);
    }
    const size = sizeOf(type);
    if (size !== undefined && !(Number.isInteger(size) && size >= 0)) throw wrong(field, `takes ${size} bytes`);
    end = end === undefined || size === undefined ? undefined : end + size;
  }
  if (about.size !== end) throw wrong('size', `declared as ${about.size}, but the fields end at ${end}`);
  const isNumber = (path: string, values: readonly (number | string)[] = []): void => {
    const type = typeAt(fields, path);
    if (type?.kind !== 'uint') throw wrong(path, 'is to hold a certain value, but is no number');
    const wild = values.find((value) => !holds(type, value));
    if (wild !== undefined) throw wrong(path, `is to be ${wild}, which does not fit`);
  };
  for (const path in where) isNumber(path, [where[path]!]);
  if (length !== undefined) isNumber(length);
  for (const { field, by, is } of agree) {
    isNumber(field, typeof is === 'number' ? [is] : Object.values(is));
    if (by !== undefined && typeof is !== 'number') isNumber(by, Object.keys(is));
  }
  return { kind: 'struct', name, source, fields, size: end, where, length, agree, memo: memo() };
}

/** The number that a path leads to, if it stands in front of a field. */
function earlierNumber(fields: FieldRows, path: string, field: string): Uint | Bits | undefined {
  const names = Object.keys(fields);
  const [first = ''] = path.split('.');
  const type = names.slice(0, names.indexOf(field)).includes(first) ? typeAt(fields, path) : undefined;
  return type?.kind === 'uint' || type?.kind === 'bits' ? type : undefined;
}

/**
 * Declares a choice between structs by a tag that all of them carry at the same offset.
 *
 * @throws TypeError when a tag does not fit its field.
 */
export function union<const Name extends string, const Cases extends Readonly<Record<number, Struct>>>(
  name: Name,
  source: Source,
  tag: Union['tag'],
  cases: Cases,
): Union<Name, Cases> {
  const wild = Object.keys(cases).find((value) => !holds(tag.of, value));
  if (wild !== undefined) throw new TypeError(`${name}.${tag.name}: is to be ${wild}, which does not fit`);
  return { kind: 'union', name, source, tag, cases, size: same(Object.values(cases)), memo: memo() };
}
