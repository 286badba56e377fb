// Random declarations from the whole vocabulary, and bytes for them. All of it is drawn from tapes: random bytes of which
// each decision takes one. A shorter tape, or one of smaller bytes, makes a simpler declaration, so that fast-check finds
// a small one by itself.
import * as fc from 'fast-check';
import {
  type Agreement,
  type ArrayOf,
  array,
  at,
  type Bits,
  bit,
  bits,
  bySize,
  bytes,
  type Content,
  type FixedType,
  type Layout,
  next,
  type OneOf,
  oneOf,
  pemChain,
  type Row,
  reserved,
  rest,
  type Struct,
  sized,
  some,
  struct,
  surplus,
  type Type,
  type Uint,
  type Union,
  u8,
  u16,
  u32,
  u32be,
  u64,
  union,
} from '../../src/layout.ts';
import { fixedSize } from './naive.ts';
import { source } from './sample.ts';

/** What can be left out of declarations. */
export type Feature =
  /** Arrays of any struct, and arrays whose count is the name of an earlier number. */
  | 'lists'
  /** Arrays as variants of a choice. */
  | 'chosenArrays'
  /** `bySize` in a struct that lies in a region of declared length itself. */
  | 'innerBySize'
  /** `bySize` between structs with choices, constants and lengths of their own. */
  | 'oddBySize'
  /** A surplus of no bytes. */
  | 'emptySurplus'
  /** Unions whose tag goes by other names in other cases. */
  | 'renamedTags'
  /** Fields that go by the name of what every object inherits. */
  | 'inheritedNames'
  /** Bits that are declared in another order than that of their positions. */
  | 'unsortedBits';

/** Random bytes, one for each decision; nothing but the simplest choices when they are used up. */
class Tape {
  readonly #bytes: Uint8Array;
  #at = 0;
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }
  byte(): number {
    return this.#bytes[this.#at++] ?? 0;
  }
  below(n: number): number {
    return this.byte() % n;
  }
  pick<T>(from: readonly T[]): T {
    return from[this.below(from.length)]!;
  }
  chance(percent: number): boolean {
    return this.byte() >= 256 - 2.56 * percent;
  }
}

/* ---- declarations ---- */

const NAMES = ['a', 'b', 'c', 'd', 'e', 'f', 'kind', 'size', 'data', 'Z9', 'from', 'length'];
const INHERITED = ['constructor', 'valueOf', 'toString'];
const NUMBERS = [u8, u16, u32, u64, u32be] as const;
const ITEM_SIZES = [1, 2, 3, 4, 6, 8];
const TAGS = [1, 0, 2, 3, 5, 0x7f, 0x80, 0xff, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xffffffff];

/** A number that later fields can refer to. */
interface Reference {
  readonly path: string;
  readonly type: Uint | Bits;
  isUsed: boolean;
}

/** The rows of a struct in the making. */
class Table {
  readonly rows: Record<string, Row> = {};
  readonly numbers: Reference[] = [];
  end: number | undefined = 0;

  add(type: Type, wanted: string): string {
    let name = wanted;
    for (let i = 0; Object.hasOwn(this.rows, name); i++) name = `${wanted}${i}`;
    this.rows[name] = this.end === undefined ? next(type, name.toUpperCase()) : at(this.end, type, name.toUpperCase());
    const size = fixedSize(type);
    this.end = this.end === undefined || size === undefined ? undefined : this.end + size;
    this.numbers.push(...numbersIn(type, name));
    return name;
  }
}

function numbersIn(type: Type, path: string): Reference[] {
  if (type.kind === 'uint' || type.kind === 'bits') return [{ path, type, isUsed: false }];
  if (type.kind !== 'struct') return [];
  return Object.entries(type.fields).flatMap(([name, row]) => numbersIn(row.type, `${path}.${name}`));
}

/** What a struct is to be like. */
interface Wish {
  /** Bytes; as many as it comes to where undefined. */
  readonly size?: number;
  /** Without anything that depends on bytes. */
  readonly plain?: boolean;
  /** Whether it can take whatever is left of the region that it stands in. */
  readonly greedy?: boolean;
  /** The fields that it has to begin with. */
  readonly opening?: readonly (readonly [name: string, type: Type])[];
}

/** Makes a declaration of what a tape says. */
class Declaring {
  readonly #tape: Tape;
  readonly #without: ReadonlySet<string>;
  /** How many structs there are, which is where they get their names; and how many fields are left to be made. */
  #structs = 0;
  #left = 40;
  #depth = 0;

  constructor(tape: Tape, without: ReadonlySet<string>) {
    this.#tape = tape;
    this.#without = without;
  }

  #has(feature: Feature): boolean {
    return !this.#without.has(feature);
  }

  layout(): Layout {
    const tape = this.#tape;
    if (tape.chance(15)) return this.#union({ greedy: true });
    if (tape.chance(8)) return this.#struct({ size: tape.below(24) });
    return this.#struct({ greedy: true });
  }

  #name(): string {
    return this.#tape.pick(this.#has('inheritedNames') ? [...NAMES, ...INHERITED] : NAMES);
  }

  #struct(wish: Wish): Struct {
    const tape = this.#tape;
    const name = `S${this.#structs++}`;
    const hasLength = !wish.plain && tape.chance(12);
    const table = new Table();
    for (const [field, type] of wish.opening ?? []) table.add(type, field);
    if (hasLength && !table.numbers.some(({ type }) => type.kind === 'uint')) {
      const [of] = wish.size === undefined ? [tape.pick(NUMBERS)] : NUMBERS.filter(({ size }) => size <= wish.size!);
      if (of) table.add(of, this.#name());
    }
    this.#depth++;
    if (wish.size === undefined) this.#fields(table, hasLength || wish.greedy === true);
    else this.#fixedFields(table, wish.size, wish.plain === true);
    this.#depth--;
    const size = table.end === undefined ? {} : { size: table.end };
    const rules = wish.plain ? {} : this.#rules(table, hasLength);
    return struct(name, { source, ...size, ...rules }, table.rows);
  }

  /** Constants, agreements and the field with the length of the struct. */
  #rules(table: Table, hasLength: boolean) {
    const tape = this.#tape;
    const uints = () => table.numbers.filter(({ type, isUsed }) => type.kind === 'uint' && !isUsed);
    const used = (reference: Reference | undefined): string | undefined => {
      if (reference) reference.isUsed = true;
      return reference?.path;
    };
    const length = hasLength ? used(uints()[0]) : undefined;
    // Those inside of earlier structs are the hard ones.
    const inner = uints().filter(({ path }) => path.includes('.'));
    const candidates = inner.length > 0 && tape.chance(60) ? inner : [...uints(), ...table.numbers.filter(isUint)];
    const constant = tape.chance(30) ? used(tape.pick(candidates)) : undefined;
    const agree = tape.chance(30) ? this.#agreements(table) : [];
    return {
      ...(length !== undefined && { length }),
      ...(constant !== undefined && { where: { [constant]: tape.pick([1, 0, 2, 0x7f, 0xff]) } }),
      ...(agree.length > 0 && { agree }),
    };
  }

  /** What strict reading is to expect of one number. */
  #agreements(table: Table): Agreement[] {
    const tape = this.#tape;
    const paths = table.numbers.filter(isUint).map(({ path }) => path);
    if (paths.length === 0) return [];
    const field = tape.pick(paths);
    return Array.from({ length: 1 + tape.below(2) }, () =>
      tape.chance(50)
        ? { field, by: tape.pick(paths), is: { 0: tape.below(3), 1: tape.below(3) } }
        : { field, is: tape.below(3) },
    );
  }

  /** Fields of just so many bytes. */
  #fixedFields(table: Table, size: number, plain: boolean): void {
    const tape = this.#tape;
    for (let left = size - (table.end ?? 0); left > 0; ) {
      const tag = !plain && tape.chance(20) ? this.#number(table, true) : undefined;
      const own = left - tape.below(left);
      const type = tag ? this.#choice(tag, () => this.#fixed(own, false)) : this.#fixed(own, plain);
      table.add(type, this.#name());
      left -= own;
    }
    if (tape.chance(5)) table.add(reserved(0), this.#name());
  }

  /** A few fields of any kind. */
  #fields(table: Table, greedy: boolean): void {
    const tape = this.#tape;
    const count = this.#left > 0 ? 1 + tape.below(5) : 1;
    for (let i = 0; i < count; i++) {
      this.#left--;
      table.add(this.#field(table, greedy && i === count - 1), this.#name());
    }
  }

  #field(table: Table, greedy: boolean): Type {
    const tape = this.#tape;
    const isDeep = this.#depth > 4 || this.#left <= 0;
    if (greedy && tape.chance(30)) return this.#greedy();
    switch (tape.below(isDeep ? 7 : 15)) {
      case 3:
        return this.#array();
      case 4:
      case 5:
        return this.#region(table);
      case 6:
        return this.#listed(table) ?? tape.pick(NUMBERS);
      case 7:
        return this.#struct({ greedy });
      case 8:
        return this.#struct({ size: tape.below(12) });
      case 9:
      case 10:
        return this.#region(table);
      case 11:
      case 12:
        return this.#tagged(table, greedy);
      case 13:
        return this.#union({ greedy });
      case 14:
        return this.#has('lists') ? this.#list(greedy) : this.#array();
      default:
        if (tape.chance(15)) return this.#bits(tape.pick([4, 8]));
        return tape.chance(40) ? this.#fixed(tape.below(9), false) : tape.pick(NUMBERS);
    }
  }

  /** An earlier number of a table, most often one that nobody refers to yet. */
  #number(table: Table, isTag: boolean): Reference | undefined {
    const fitting = table.numbers.filter((each) => isTag || isUint(each));
    const fresh = fitting.filter(({ isUsed }) => !isUsed);
    const number = fresh.length > 0 && !this.#tape.chance(10) ? this.#tape.pick(fresh) : this.#tape.pick(fitting);
    if (number) number.isUsed = true;
    return number;
  }

  /** The same, but a new one where there is none. */
  #numberOf(table: Table, isTag: boolean): Reference {
    if (!table.numbers.some((each) => !each.isUsed && (isTag || isUint(each))) && !this.#tape.chance(10))
      table.add(isTag && this.#tape.chance(10) ? this.#bits(4) : this.#tape.pick(NUMBERS), this.#name());
    return this.#number(table, isTag) ?? this.#numberOf(table, isTag);
  }

  #bits(size: 4 | 8): Bits {
    const tape = this.#tape;
    const positions = [...new Set([0, tape.below(8 * size), 8 * size - 1, tape.below(8 * size)])];
    positions.length = 1 + tape.below(positions.length);
    if (!this.#has('unsortedBits')) positions.sort((a, b) => a - b);
    return bits(size === 4 ? u32 : u64, Object.fromEntries(positions.map((each) => [`BIT${each}`, bit(each, '1')])));
  }

  /** A type of just so many bytes. */
  #fixed(size: number, plain: boolean): Content & FixedTypeOrArray {
    const tape = this.#tape;
    switch (tape.below(7)) {
      case 1: {
        const all = NUMBERS.filter((each) => each.size === size);
        return all.length > 0 ? tape.pick(all) : bytes(size);
      }
      case 2:
        return size === 4 || size === 8 ? this.#bits(size) : bytes(size);
      case 3:
        return reserved(size);
      case 4: {
        const parts = [1, 2, 3, 4, 8].filter((each) => size % each === 0 && each <= size);
        if (parts.length === 0) return bytes(size);
        const each = tape.pick(parts);
        return array(this.#item(each), size / each);
      }
      case 5:
        if (this.#depth > 4) return bytes(size);
        this.#left--;
        return this.#struct({ size, plain });
      default:
        return bytes(size);
    }
  }

  /** An item that always has the same form. */
  #item(size: number): FixedType {
    const type = this.#fixed(size, true);
    return type.kind === 'array' ? bytes(size) : type;
  }

  /** Any number of items that always have the same form. */
  #array(): ArrayOf {
    return array(this.#item(this.#tape.pick(ITEM_SIZES)), this.#tape.below(4));
  }

  /** A number of items that an earlier field gives. */
  #listed(table: Table): ArrayOf | undefined {
    if (!this.#has('lists')) return undefined;
    const { path } = this.#numberOf(table, false);
    return arrayOf(this.#tape.chance(50) ? this.#element() : this.#item(this.#tape.pick(ITEM_SIZES)), path);
  }

  /** Structs of any form, three at most; or as many as fill the region. */
  #list(greedy: boolean): ArrayOf {
    return arrayOf(this.#element(), greedy && this.#tape.chance(50) ? undefined : this.#tape.below(4));
  }

  /** A struct that takes a byte at least. */
  #element(): Struct {
    return this.#struct({ opening: [[this.#name(), this.#tape.pick(NUMBERS)]] });
  }

  /** What takes all that is left of a region. */
  #greedy(): Content {
    const tape = this.#tape;
    const canFit = this.#depth < 2 || this.#has('innerBySize');
    switch (tape.below(7)) {
      case 1:
        return some;
      case 2:
        return pemChain;
      case 3:
        return surplus(tape.below(4) + (this.#has('emptySurplus') ? 0 : 1));
      case 4:
        return array(this.#item(tape.pick(ITEM_SIZES)));
      case 5:
        return canFit ? this.#bySize() : rest;
      case 6:
        return this.#has('lists') && this.#depth < 5 ? arrayOf(this.#element(), undefined) : rest;
      default:
        return rest;
    }
  }

  #bySize(): Content {
    const tape = this.#tape;
    const smallest = tape.below(4);
    const plain = !this.#has('oddBySize') || tape.chance(70);
    const sizes = Array.from({ length: 1 + tape.below(3) }, (_, i) => smallest + i * (1 + tape.below(3)));
    return bySize(...[...new Set(sizes)].map((size) => this.#struct({ size, plain })));
  }

  /** A region whose length an earlier field gives. */
  #region(table: Table): Type {
    const length = this.#numberOf(table, false);
    return sized(length.path, this.#tape.chance(40) ? this.#tagged(table, true) : this.#content(table, true));
  }

  /** A choice by an earlier number. */
  #tagged(table: Table, greedy: boolean): OneOf {
    const tag = this.#numberOf(table, true);
    return this.#choice(tag, () => this.#content(table, greedy));
  }

  /** What can be a variant, or fill a region. */
  #content(table: Table, greedy: boolean): Content {
    const tape = this.#tape;
    const isDeep = this.#depth > 4 || this.#left <= 0;
    switch (tape.below(isDeep ? 5 : 9)) {
      case 1:
      case 2:
        return greedy ? this.#greedy() : this.#fixed(tape.below(9), false);
      case 3:
        return this.#listed(table) ?? tape.pick(NUMBERS);
      case 5:
      case 6:
        return this.#struct({ greedy });
      case 7:
        return this.#union({ greedy });
      case 8:
        this.#left--;
        return this.#tagged(table, greedy);
      default:
        return this.#fixed(tape.below(9), false);
    }
  }

  #choice(tag: Reference, make: () => Content): OneOf {
    const tape = this.#tape;
    const most = tag.type.size === 8 ? 2 ** 31 : 256 ** tag.type.size;
    const tags = TAGS.filter((each) => each < most);
    const chosen = new Set(Array.from({ length: 1 + tape.below(3) }, (_, i) => tape.pick([tags[i]!, tape.pick(tags)])));
    const misplaced = tape.chance(30) ? tags.filter((each) => !chosen.has(each) && tape.chance(30)) : [];
    const variant = (): Content => {
      const made = make();
      return made.kind === 'array' && !this.#has('chosenArrays') ? bytes(fixedSize(made) ?? 0) : made;
    };
    return oneOf(tag.path, Object.fromEntries([...chosen].map((each) => [each, variant()])), misplaced);
  }

  #union({ greedy = false }: Pick<Wish, 'greedy'>): Union {
    const tape = this.#tape;
    const name = `U${this.#structs++}`;
    const of = tape.pick(NUMBERS);
    const offset = tape.below(5);
    const opening = (): NonNullable<Wish['opening']> => {
      const front = offset === 0 ? [] : ([[this.#name(), this.#fixed(offset, true)]] as const);
      const all = [...front, [this.#name(), of] as const];
      return tape.chance(20)
        ? [[this.#name(), this.#struct({ plain: true, size: offset + of.size, opening: all })]]
        : all;
    };
    const same = opening();
    const size = tape.chance(30) ? { size: offset + of.size + tape.below(6) } : {};
    const cases = Array.from({ length: 1 + tape.below(3) }, (_, i) => {
      const isRenamed = this.#has('renamedTags') && tape.chance(50);
      const beginning = isRenamed ? [...opening()] : [...same];
      // What is the tag's name elsewhere may be that of any number here.
      if (isRenamed && tape.chance(15)) beginning.push([same.at(-1)![0], tape.pick(NUMBERS)]);
      return [i + tape.below(2) * 100, this.#struct({ greedy, opening: beginning, ...size })] as const;
    });
    return union(name, source, { name: 'tag', offset, of }, Object.fromEntries(cases));
  }
}

type FixedTypeOrArray = FixedType | ArrayOf;
const isUint = ({ type }: Reference): boolean => type.kind === 'uint';
/** An array of whatever the vocabulary will take. */
const arrayOf = (of: FixedType, count: number | string | undefined): ArrayOf => ({ kind: 'array', of, count });

/* ---- bytes that mostly fit ---- */

/** Numbers that a struct is to hold, by path. */
type Wanted = ReadonlyMap<string, number>;
/** Bytes, and where the numbers in them are, by path. */
interface Filled {
  readonly bytes: number[];
  readonly numbers: ReadonlyMap<string, readonly [at: number, type: Uint | Bits]>;
}

/** Makes bytes for a layout of what a tape says: its lengths, tags and constants are mostly right. */
class Filling {
  readonly #tape: Tape;
  constructor(tape: Tape) {
    this.#tape = tape;
  }

  layout(layout: Layout): number[] {
    return layout.kind === 'struct' ? this.#struct(layout, new Map()).bytes : this.#union(layout);
  }

  #struct(struct: Struct, given: Wanted): Filled {
    const tape = this.#tape;
    const wanted = new Map([...this.#wanted(struct), ...given]);
    const numbers = new Map<string, readonly [number, Uint | Bits]>();
    const all: number[] = [];
    const write = (path: string, value: number): void => {
      const [start, type] = numbers.get(path) ?? [0, undefined];
      const near = tape.chance(5) ? Math.max(value + tape.pick([-1, 1, -2]), 0) : value;
      if (type) all.splice(start, type.size, ...numberBytes(type, near));
    };
    const read = (path: string): number => {
      const [start, type] = numbers.get(path) ?? [0, u8];
      return numberFrom(type, all.slice(start, start + type.size));
    };
    for (const [name, { type }] of Object.entries(struct.fields)) {
      const start = all.length;
      if (type.kind === 'uint' || type.kind === 'bits') {
        numbers.set(name, [start, type]);
        all.push(...(wanted.has(name) ? numberBytes(type, wanted.get(name)!) : this.#leaf(type)));
      } else if (type.kind === 'struct') {
        const inner = this.#struct(type, below(name, wanted));
        for (const [path, [at, of]] of inner.numbers) numbers.set(`${name}.${path}`, [start + at, of]);
        all.push(...inner.bytes);
      } else {
        const filled = this.#type(type, read);
        if (type.kind === 'sized' && tape.chance(5)) filled.length = tape.below(filled.length + 1);
        if (type.kind === 'sized') write(type.by, filled.length);
        all.push(...filled);
      }
    }
    if (struct.length !== undefined) write(struct.length, all.length);
    return { bytes: all, numbers };
  }

  /** What the tags, counts and constants of a struct's own fields are to be. */
  #wanted(struct: Struct): Map<string, number> {
    const tape = this.#tape;
    const wanted = new Map<string, number>();
    for (const [path, value] of Object.entries(struct.where)) if (!tape.chance(2)) wanted.set(path, value);
    for (const { field, by, is } of struct.agree) {
      if (tape.chance(20)) continue;
      if (by !== undefined) wanted.set(by, wanted.get(by) ?? 0);
      wanted.set(field, wanted.get(field) ?? (typeof is === 'number' ? is : (is[0] ?? 0)));
    }
    const decide = (type: Type): void => {
      if (type.kind === 'sized') decide(type.of);
      if (type.kind === 'array' && typeof type.count === 'string') wanted.set(type.count, tape.below(4));
      if (type.kind !== 'oneOf') return;
      const unknown = tape.chance(8) ? [...type.misplaced, 4, 77] : [];
      const tag = tape.pick(unknown.length > 0 ? unknown : Object.keys(type.cases).map(Number));
      if (!wanted.has(type.by)) wanted.set(type.by, tag);
      const chosen = type.cases[wanted.get(type.by)!];
      if (chosen) decide(chosen);
    };
    for (const { type } of Object.values(struct.fields)) decide(type);
    return wanted;
  }

  #type(type: Type, read: (path: string) => number): number[] {
    const tape = this.#tape;
    switch (type.kind) {
      case 'struct':
        return this.#struct(type, new Map()).bytes;
      case 'union':
        return this.#union(type);
      case 'sized':
        return this.#type(type.of, read);
      case 'oneOf': {
        const chosen = type.cases[read(type.by)];
        return chosen ? this.#type(chosen, read) : this.#some(tape.below(6));
      }
      case 'bySize':
        return this.#struct(tape.pick(type.of), new Map()).bytes;
      case 'array': {
        const count: number | string | undefined = type.count;
        const length = typeof count === 'number' ? count : typeof count === 'string' ? read(count) : tape.below(4);
        return Array.from({ length: Math.min(length, 8) }, () => this.#type(type.of, read)).flat();
      }
      case 'rest':
        if (type.surplus !== undefined) return tape.chance(50) ? this.#zeros(type.surplus) : [];
        return this.#some(type.least + tape.below(5)).map((byte) =>
          type.text && !tape.chance(10) ? byte % 128 : byte,
        );
      default:
        return this.#leaf(type);
    }
  }

  #leaf(type: FixedType): number[] {
    const tape = this.#tape;
    if (type.kind === 'reserved') return this.#zeros(type.size ?? 0);
    if (type.kind === 'uint' && tape.chance(60)) return numberBytes(type, tape.below(4));
    if (type.kind === 'bits' && tape.chance(80)) {
      const set = Object.values(type.flags).filter(() => tape.chance(50));
      return numberBytes(
        type,
        set.reduce((sum, { position }) => sum + 2 ** position, 0),
      );
    }
    return this.#some(type.size ?? 0);
  }

  #union(union: Union): number[] {
    const [tag, struct] = this.#tape.pick(Object.entries(union.cases));
    const { bytes: all } = this.#struct(struct, new Map());
    if (!this.#tape.chance(4))
      all.splice(union.tag.offset, union.tag.of.size, ...numberBytes(union.tag.of, Number(tag)));
    return all;
  }

  #zeros(length: number): number[] {
    return this.#tape.chance(12) ? this.#some(length) : Array<number>(length).fill(0);
  }

  #some(length: number): number[] {
    return Array.from({ length }, () => this.#tape.byte());
  }
}

const below = (name: string, wanted: Wanted): Wanted =>
  new Map(
    Array.from(wanted)
      .filter(([path]) => path.startsWith(`${name}.`))
      .map(([path, value]) => [path.slice(name.length + 1), value]),
  );

function numberBytes(type: Uint | Bits, value: number): number[] {
  const all = Array.from({ length: type.size }, (_, i) => Math.floor(value / 256 ** i) % 256);
  return type.kind === 'uint' && type.bigEndian ? all.reverse() : all;
}
function numberFrom(type: Uint | Bits, all: readonly number[]): number {
  const own = type.kind === 'uint' && type.bigEndian ? all.toReversed() : all;
  return own.reduceRight((sum, byte) => sum * 256 + byte, 0);
}

const WILD = [0, 1, 2, 3, 4, 5, 8, 0x7f, 0x80, 0xff];

/** Bytes for a layout: half of them as they fit, the others with something changed, cut off, put in or added. */
function inputFor(layout: Layout, tape: Tape): Uint8Array<ArrayBuffer> {
  const all = new Filling(tape).layout(layout);
  const anywhere = (): number => (tape.byte() * 256 + tape.byte()) % (all.length + 1);
  switch (tape.below(12)) {
    case 6:
      all.length = anywhere();
      break;
    case 7:
      all.push(...Array.from({ length: 1 + tape.below(4) }, () => tape.byte()));
      break;
    case 8:
      all.splice(anywhere(), 1 + tape.below(3));
      break;
    case 9:
      all.splice(anywhere(), 0, ...Array.from({ length: 1 + tape.below(3) }, () => tape.pick(WILD)));
      break;
    case 10:
    case 11:
      for (let i = 0; i <= tape.below(3); i++) if (all.length > 0) all[anywhere() % all.length] = tape.pick(WILD);
      break;
    default:
  }
  return Uint8Array.from(all);
}

/* ---- arbitraries ---- */

/** A declaration and bytes for it. */
export interface Sample {
  /** Undefined where the declaration contradicts itself. */
  readonly layout: Layout | undefined;
  readonly inputs: readonly Uint8Array<ArrayBuffer>[];
}

const tapes = (length: number): fc.Arbitrary<Uint8Array> =>
  fc.noBias(fc.uint8Array({ maxLength: length, size: 'max' }));

function declare(tape: Uint8Array, without: ReadonlySet<string>): Layout | undefined {
  try {
    return new Declaring(new Tape(tape), without).layout();
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

/** Random declarations, each with bytes of its own. What fails is printed as a declaration, with its bytes in hex. */
export const samples = (without: ReadonlySet<string>): fc.Arbitrary<Sample> =>
  fc
    .record({ declaration: tapes(400), inputs: fc.array(tapes(150), { minLength: 1, maxLength: 8, size: 'max' }) })
    .map(({ declaration, inputs }) => {
      const layout = declare(declaration, without);
      return {
        layout,
        inputs: layout ? inputs.map((tape) => inputFor(layout, new Tape(tape))) : [],
        [fc.toStringMethod](): string {
          const hex = this.inputs.map((each) => Buffer.from(each).toString('hex') || '(no bytes)');
          return `\n${layout ? declarationOf(layout) : 'nothing that can be declared'}\n${hex.join('\n')}\n`;
        },
      };
    });

/** A declaration as one would write it. */
function declarationOf(type: Type, indent = ''): string {
  const deeper = `${indent}  `;
  const list = (entries: readonly (readonly [string | number, Type])[]): string =>
    entries.map(([key, of]) => `\n${deeper}${key}: ${declarationOf(of, deeper)},`).join('');
  switch (type.kind) {
    case 'uint':
      return `u${8 * type.size}${type.bigEndian ? 'be' : ''}`;
    case 'bits':
      return `bits${8 * type.size}(${Object.values(type.flags)
        .map(({ position }) => position)
        .join()})`;
    case 'bytes':
    case 'reserved':
      return `${type.kind}(${type.size})`;
    case 'rest':
      return type.surplus !== undefined
        ? `surplus(${type.surplus})`
        : type.text
          ? 'pemChain'
          : type.least
            ? 'some'
            : 'rest';
    case 'array':
      return `array(${declarationOf(type.of, indent)}${type.count === undefined ? '' : `, ${JSON.stringify(type.count)}`})`;
    case 'sized':
      return `sized('${type.by}', ${declarationOf(type.of, indent)})`;
    case 'oneOf':
      return `oneOf('${type.by}', {${list(Object.entries(type.cases))}\n${indent}}, [${type.misplaced.join()}])`;
    case 'bySize':
      return `bySize(${type.of.map((each) => declarationOf(each, indent)).join(', ')})`;
    case 'union':
      return `union('${type.name}', ${declarationOf(type.tag.of)} at ${type.tag.offset}, {${list(Object.entries(type.cases))}\n${indent}})`;
    case 'struct': {
      const { where, length, agree } = type;
      const rules = [
        ...(Object.keys(where).length > 0 ? [`where: ${JSON.stringify(where)}, `] : []),
        ...(length === undefined ? [] : [`length: '${length}', `]),
        ...(agree.length > 0 ? [`agree: ${JSON.stringify(agree)}, `] : []),
      ];
      const rows = list(Object.entries(type.fields).map(([name, row]) => [name, row.type]));
      return `struct('${type.name}', ${rules.join('')}{${rows}\n${indent}})`;
    }
  }
}
