// The notation of the tables in this folder. They are typed in by hand from the offset columns of the specifications:
// nothing in them, and nothing here, comes from src/, so that what they say about bytes is a second opinion.

export type Json = string | number | Json[] | { [key: string]: Json };
/** The position of each bit that has a name. */
export type Bits = Readonly<Record<string, number>>;
/** How a field is read: as bytes if nothing is said, as so many items of bytes, or as a structure. */
type As = undefined | 'number' | 'big-endian' | 'reserved' | Bits | number | Table;
/** A row of an offset column. */
type Row = readonly [offset: number, size: number, name: string, as?: As];
export type Table = readonly Row[];

/** Numbers that make the bytes what they are, by the path of their field. */
export type Numbers = Readonly<Record<string, number>>;
/** A piece of a structure. Laid at a place, it writes the numbers that count there, and gives the value of its bytes. */
export interface Part {
  readonly size: number;
  /** Clean bytes have nothing in reserved fields and bit fields. */
  readonly lay: (bytes: Uint8Array, at: number, isClean: boolean) => Json;
}

const hexAt = (bytes: Uint8Array, at: number, size: number): string =>
  Buffer.from(bytes.subarray(at, at + size)).toString('hex');
const u64At = (bytes: Uint8Array, at: number, size: number): string =>
  `0x${Buffer.from(bytes.subarray(at, at + size).toReversed()).toString('hex')}`;
const isTable = (as: As): as is Table => Array.isArray(as);
const isBits = (as: As): as is Bits => typeof as === 'object' && !isTable(as);

function valueAt(bytes: Uint8Array, at: number, size: number, as: Exclude<As, Table>): Json {
  if (as === undefined || as === 'reserved') return hexAt(bytes, at, size);
  if (as === 'number') return size === 8 ? u64At(bytes, at, 8) : Buffer.from(bytes).readUIntLE(at, size);
  if (as === 'big-endian') return Buffer.from(bytes).readUIntBE(at, size);
  const each = size / Number(as);
  if (typeof as === 'number') return Array.from({ length: as }, (_, i) => hexAt(bytes, at + i * each, each));
  const raw = u64At(bytes, at, size);
  return { raw, flags: Object.keys(as).filter((name) => (BigInt(raw) >> BigInt(as[name] ?? 0)) & 1n) };
}

/** The fields that are no structures, with their paths and their offsets from the start of the outermost. */
function leaves(table: Table, base = 0, prefix = ''): readonly (readonly [number, number, string, As?])[] {
  return table.flatMap(([offset, size, name, as]) =>
    isTable(as) ? leaves(as, base + offset, `${prefix}${name}.`) : [[base + offset, size, prefix + name, as] as const],
  );
}

const put = (bytes: Uint8Array, at: number, size: number, value: number): void => {
  for (let i = 0; i < size; i++) bytes[at + i] = Math.floor(value / 256 ** i) % 256;
};

/** A structure: the rows of its offset column, and parts of other lengths behind them. */
export function record(table: Table, numbers: Numbers = {}, ...behind: readonly (readonly [string, Part])[]): Part {
  const fixed = table.reduce((end, [offset, size, name]) => {
    if (offset !== end) throw new Error(`${name} is at ${offset}, the field in front of it ends at ${end}`);
    return end + size;
  }, 0);
  const read = (rows: Table, bytes: Uint8Array, at: number): { [name: string]: Json } =>
    Object.fromEntries(
      rows.map(([offset, size, name, as]) => [
        name,
        isTable(as) ? read(as, bytes, at + offset) : valueAt(bytes, at + offset, size, as),
      ]),
    );
  return {
    size: behind.reduce((end, [, part]) => end + part.size, fixed),
    lay(bytes, at, isClean) {
      for (const [offset, size, path, as] of leaves(table, at)) {
        if (isClean && (as === 'reserved' || isBits(as))) bytes.fill(0, offset, offset + size);
        if (path in numbers) put(bytes, offset, size, numbers[path] ?? 0);
      }
      const value = read(table, bytes, at);
      let end = at + fixed;
      for (const [name, part] of behind) {
        value[name] = part.lay(bytes, end, isClean);
        end += part.size;
      }
      return value;
    },
  };
}

/** So many bytes as they are. */
export const raw = (size: number): Part => ({ size, lay: (bytes, at) => hexAt(bytes, at, size) });
/** Items of `each` bytes. */
export const items = (size: number, each: number): Part => ({
  size,
  lay: (bytes, at) => valueAt(bytes, at, size, size / each),
});
/** Bytes that are given, in place of those that count, and what reads them. */
export const given = (content: Uint8Array, lay: Part['lay']): Part => ({
  size: content.length,
  lay(bytes, at, isClean) {
    bytes.set(content, at);
    return lay(bytes, at, isClean);
  },
});

/** Byte i is i mod 251: no two neighbours are alike, and no power of two is a period. */
export const counting = (size: number): Uint8Array => Uint8Array.from({ length: size }, (_, i) => i % 251);

/** A part alone, in bytes that count. */
export function laid(part: Part, isClean = false): { bytes: Uint8Array; value: Json } {
  const bytes = counting(part.size);
  return { bytes, value: part.lay(bytes, 0, isClean) };
}

export type Positive = readonly [name: string, doc: string, part: Part, clean?: 'clean'];
export type Patch =
  | { readonly at: number; readonly hex: string }
  | { readonly truncate: number }
  | { readonly append: string };
/** `error` is the message, its path without the name of the structure. `effect` is what goes wrong where it is read. */
export type Negative = readonly [
  name: string,
  from: string,
  patch: readonly Patch[],
  code: string,
  error: string,
  effect: string,
  strict?: 'strict',
];
/** Everything about one structure. */
export interface Structure {
  readonly struct: string;
  /** The document that it restates. */
  readonly source: string;
  readonly positives: readonly Positive[];
  readonly negatives: readonly Negative[];
}

export const set = (at: number, hex: string): Patch => ({ at, hex });
export const cut = (truncate: number): Patch => ({ truncate });
export const more = (append: string): Patch => ({ append });

export const hidden =
  'Whoever can set bytes that nobody reads can mark evidence, or smuggle in a field of a later revision.';
const unknownBit =
  'A feature that this revision does not know is switched on, and a policy over known bits does not see it.';

/** Besides the table, of a structure of fixed size. */
export interface Fixed {
  readonly numbers?: Numbers;
  /** Where a byte is set that only strict reading refuses, and to what. */
  readonly strict?: readonly (readonly [at: number, hex: string, effect?: string])[];
  /** Numbers that strict reading wants. */
  readonly clean?: Numbers;
  readonly positives?: readonly Positive[];
  readonly negatives?: readonly Negative[];
}

const bytesOf = (n: number): string => `${n} byte${n === 1 ? '' : 's'}`;

/** A byte in a field that is to be zero, or a bit without a name. */
function strictly(table: Table, [at, hex, effect]: readonly [number, string, string?]): Negative {
  const found = leaves(table).find(([offset, size]) => at >= offset && at < offset + size);
  if (!found) throw new Error(`no field at ${at}`);
  const [offset, size, path, as] = found;
  const byte = at - offset;
  const known = isBits(as) ? Object.values(as).reduce((mask, bit) => mask | (1n << BigInt(bit)), 0n) : 0n;
  const unknown = (BigInt(`0x${hex}`) << BigInt(8 * byte)) & ~known;
  const says = isBits(as)
    ? `must have no unknown bit, has 0x${unknown.toString(16).padStart(2 * size, '0')}`
    : `must be zero, byte ${byte} is 0x${hex}`;
  const name = `strict-${path.replaceAll('.', '-')}`;
  const error = `${path} @${offset}: ${says}`;
  return [name, 'clean', [set(at, hex)], 'reserved', error, effect ?? (isBits(as) ? unknownBit : hidden), 'strict'];
}

/** A structure of fixed size: its bytes counted, without the first, without the last, with one more, and what strict reading refuses. */
export function fixed(struct: string, source: string, table: Table, about: Fixed = {}): Structure {
  const { numbers = {}, strict = [], clean = {}, positives = [], negatives = [] } = about;
  const all = leaves(table);
  const [[, firstSize, first], [lastAt, lastSize, last, as]] = [all[0]!, all.at(-1)!];
  const count = typeof as === 'number' ? as : 1;
  const each = lastSize / count;
  const item = count === 1 ? last : `${last}[${count - 1}]`;
  const size = lastAt + lastSize;
  const counted = `Byte i is i mod 251${strict.length > 0 ? '; reserved bytes and unknown bits are set, so strict reading refuses it' : ''}.`;
  return {
    struct,
    source,
    positives: [
      ['counting', counted, record(table, numbers)],
      ...(strict.length === 0
        ? []
        : ([
            [
              'clean',
              'Counting, with reserved bytes and bit fields zero; strict reading accepts it.',
              record(table, { ...numbers, ...clean }),
              'clean',
            ],
          ] as const)),
      ...positives,
    ],
    negatives: [
      [
        'empty',
        'counting',
        [cut(0)],
        'truncated',
        `${first} @0: needs ${bytesOf(firstSize)}, 0 left`,
        'A parser that reads past the end sees zeros, undefined or foreign memory in every field.',
      ],
      [
        'last-byte-missing',
        'counting',
        [cut(size - 1)],
        'truncated',
        `${item} @${size - each}: needs ${bytesOf(each)}, ${each - 1} left`,
        `A parser that clamps hands out a ${last} that is one byte short, and compares it as if it were whole.`,
      ],
      [
        'one-byte-more',
        'counting',
        [more('00')],
        'trailing',
        `@${size}: must end here, 1 byte more`,
        'Two different inputs read as the same value: what was signed and what was read can differ.',
      ],
      ...strict.map((each) => strictly(table, each)),
      ...negatives,
    ],
  };
}
