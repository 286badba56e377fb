import { LayoutError, type LayoutErrorCode } from '../engine/error.ts';
import { toText } from '../engine/hex.ts';
import { count } from '../engine/number.ts';

/** Tags of ASN.1 types, as one byte: class, whether it holds elements, number. */
export const Tag = {
  BOOLEAN: 0x01,
  INTEGER: 0x02,
  'BIT STRING': 0x03,
  'OCTET STRING': 0x04,
  'OBJECT IDENTIFIER': 0x06,
  ENUMERATED: 0x0a,
  UTF8String: 0x0c,
  PrintableString: 0x13,
  TeletexString: 0x14,
  IA5String: 0x16,
  UTCTime: 0x17,
  GeneralizedTime: 0x18,
  SEQUENCE: 0x30,
  SET: 0x31,
} as const;

const hex = (byte: number): string => `0x${byte.toString(16).padStart(2, '0')}`;
const nameOf = (tag: number): string => {
  const name = Object.entries(Tag).find(([, each]) => each === tag)?.[0];
  if (name !== undefined) return name;
  return tag >= 0x80 && tag < 0xc0 ? `[${tag & 0x1f}]` : hex(tag);
};

/** More than any number of an object identifier in use takes; one that is a UUID takes 19. */
const ARC_BYTES = 20;

/**
 * Reads the elements of DER (X.690) one after the other, in place. Nothing but DER passes: definite lengths in their
 * shortest form, one form for each value. The caller says what comes next and steps in by hand, so that the depth is that
 * of the caller's structure, whatever the bytes say.
 */
export class DerReader<B extends ArrayBufferLike = ArrayBufferLike> {
  readonly #all: Uint8Array<B>;
  readonly #parent: DerReader<B> | undefined;
  readonly #name: string;
  readonly #outer: number;
  readonly #from: number;
  readonly #to: number;
  #at: number;

  private constructor(
    all: Uint8Array<B>,
    parent: DerReader<B> | undefined,
    name: string,
    [outer, from, to]: readonly [outer: number, from: number, to: number],
  ) {
    this.#all = all;
    this.#parent = parent;
    this.#name = name;
    this.#outer = outer;
    this.#from = from;
    this.#to = to;
    this.#at = from;
  }

  /**
   * A reader of the elements in `bytes`, or in the part of them from `from` to `to`. Paths in errors begin with `path`,
   * offsets count from the start of `bytes`.
   */
  static over<B extends ArrayBufferLike>(
    bytes: Uint8Array<B>,
    path: string,
    from = 0,
    to = bytes.length,
  ): DerReader<B> {
    return new DerReader(bytes, undefined, path, [from, from, to]);
  }

  /** Where in the structure, from its name on. */
  get path(): string {
    return this.#parent ? `${this.#parent.path}${this.#name}` : this.#name;
  }
  /** The bytes inside of the element. */
  get content(): Uint8Array<B> {
    return this.#all.subarray(this.#from, this.#to);
  }
  /** The element with its tag and length. */
  get whole(): Uint8Array<B> {
    return this.#all.subarray(this.#outer, this.#to);
  }
  /** The tag of the next element, or undefined at the end. */
  get tag(): number | undefined {
    return this.#at < this.#to ? this.#all[this.#at] : undefined;
  }

  /** What is wrong with this element; `at` in bytes from the start of its content. */
  fault(code: LayoutErrorCode, says: string, at = 0): LayoutError {
    return new LayoutError(code, this.path, this.#from + at, says);
  }

  /** Steps over the next element and gives a reader of its content. `name` continues the path: `.validity`, `[3]`. */
  next(tag: number, name: string): DerReader<B> {
    const at = this.#at;
    const wrong = (code: LayoutErrorCode, says: string): LayoutError =>
      new LayoutError(code, this.path + name, at, says);
    const is = this.tag;
    if (is === undefined) throw wrong('truncated', `must be ${nameOf(tag)}, nothing is left`);
    if (is !== tag) throw wrong('type', `must be ${nameOf(tag)}, is ${nameOf(is)}`);
    let from = at + 2;
    let length = this.#all[at + 1] ?? 0;
    if (from > this.#to) throw wrong('truncated', 'has no length');
    if (length >= 0x80) {
      const digits = length & 0x7f;
      if (digits === 0) throw wrong('length', 'has no definite length');
      if (digits > 4) throw wrong('length', `has a length of ${digits} bytes, 4 are the most`);
      if (from + digits > this.#to) throw wrong('truncated', 'its length is cut');
      length = 0;
      for (let i = 0; i < digits; i++) length = length * 256 + (this.#all[from + i] ?? 0);
      if (length < 0x80 || length < 256 ** (digits - 1))
        throw wrong('length', `has the length ${length} in ${count(digits)}, fewer do`);
      from += digits;
    }
    const to = from + length;
    if (to > this.#to) throw wrong('truncated', `needs ${count(length)}, ${this.#to - from} left`);
    this.#at = to;
    return new DerReader(this.#all, this, name, [at, from, to]);
  }

  /** Steps over the next element, whatever it is, and gives a reader before it. */
  one(name: string): DerReader<B> {
    const at = this.#at;
    const { tag = 0 } = this;
    if ((tag & 0x1f) === 0x1f) throw new LayoutError('type', this.path + name, at, 'has a tag of several bytes');
    this.next(tag, name);
    return new DerReader(this.#all, this, name, [at, at, this.#at]);
  }

  /** Throws unless everything has been read. */
  end(): void {
    const more = this.#to - this.#at;
    if (more > 0) throw this.fault('trailing', `must end here, ${count(more)} more`, this.#at - this.#from);
  }

  sequence(name: string): DerReader<B> {
    return this.next(Tag.SEQUENCE, name);
  }

  /** An integer from 0 to `most`, which fits 32 bits. */
  unsigned(name: string, most: number, tag: number = Tag.INTEGER): number {
    const digits = this.positive(name, tag);
    const value = digits.length > 4 ? Infinity : digits.reduce((sum, byte) => sum * 256 + byte, 0);
    if (value > most) {
      const is = value === Infinity ? `a number of ${digits.length} bytes` : value;
      throw new LayoutError('range', this.path + name, this.#at - digits.length, `must be 0..${most}, is ${is}`);
    }
    return value;
  }

  /** The bytes of an integer that is not negative, big-endian, without the zero that only says so. */
  positive(name: string, tag: number = Tag.INTEGER): Uint8Array<B> {
    const element = this.next(tag, name);
    const { content } = element;
    const [first, second = 0] = content;
    if (first === undefined) throw element.fault('length', 'must be at least 1 byte, is 0');
    if (content.length > 1 && (first === 0 ? second < 0x80 : first === 0xff && second >= 0x80))
      throw element.fault('length', `is a number in ${count(content.length)}, fewer do`);
    if (first >= 0x80) throw element.fault('range', 'must not be negative');
    return content.length > 1 && first === 0 ? content.subarray(1) : content;
  }

  boolean(name: string): boolean {
    const element = this.next(Tag.BOOLEAN, name);
    element.#sized(1);
    const [byte = 0] = element.content;
    if (byte !== 0 && byte !== 0xff) throw element.fault('range', `must be 0x00 or 0xff, is ${hex(byte)}`);
    return byte === 0xff;
  }

  /** The content of an octet string; of `size` bytes where that is given. */
  octets(name: string, size?: number): Uint8Array<B> {
    const element = this.next(Tag['OCTET STRING'], name);
    if (size !== undefined) element.#sized(size);
    return element.content;
  }

  /** A bit string of whole bytes: a reader over what they hold. */
  bits(name: string): DerReader<B> {
    const element = this.next(Tag['BIT STRING'], name);
    const [unused] = element.content;
    if (unused === undefined) throw element.fault('length', 'must be at least 1 byte, is 0');
    if (unused !== 0) throw element.fault('range', `must have no unused bits, has ${unused}`);
    return new DerReader(this.#all, element, '', [element.#from, element.#from + 1, element.#to]);
  }

  /** An object identifier as dotted numbers. */
  oid(name: string): string {
    const element = this.next(Tag['OBJECT IDENTIFIER'], name);
    const { content } = element;
    if (content.length === 0 || (content[content.length - 1] ?? 0) >= 0x80)
      throw element.fault('truncated', 'its last number is cut', content.length);
    const arcs: (number | bigint)[] = [];
    let arc: number | bigint = 0;
    let start = 0;
    for (const [i, byte] of content.entries()) {
      if (i === start && byte === 0x80) throw element.fault('length', 'a number begins with a zero', i);
      if (i - start >= ARC_BYTES) throw element.fault('range', `a number has more than ${ARC_BYTES} bytes`, start);
      arc = i - start < 7 ? Number(arc) * 128 + (byte & 0x7f) : BigInt(arc) * 128n + BigInt(byte & 0x7f);
      if (byte >= 0x80) continue;
      arcs.push(arc);
      arc = 0;
      start = i + 1;
    }
    const [first = 0, ...more] = arcs;
    const root = first < 40 ? 0 : first < 80 ? 1 : 2;
    return [root, BigInt(first) - BigInt(40 * root), ...more].join('.');
  }

  /** A time of either kind, as RFC 5280 writes it: to the second, in UTC. */
  time(name: string): Date {
    const tag = this.tag === Tag.GeneralizedTime ? Tag.GeneralizedTime : Tag.UTCTime;
    const element = this.next(tag, name);
    const years = tag === Tag.UTCTime ? 2 : 4;
    element.#sized(years + 11);
    const digits = asciiIn(element.content);
    if (digits === undefined || !/^[0-9]+Z$/.test(digits)) throw element.fault('range', 'must be digits and a Z');
    const at = (from: number): number => Number(digits.slice(from, from + 2));
    const short = at(0);
    const year = years === 4 ? Number(digits.slice(0, 4)) : short < 50 ? 2000 + short : 1900 + short;
    const [month, day, hour, minute, second] = [0, 2, 4, 6, 8].map((i) => at(years + i));
    const iso = `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}:${two(second)}.000Z`;
    const date = new Date(iso);
    // A day that its month does not have is moved into the next one, or gives no date at all.
    if (Number.isNaN(date.getTime()) || date.toISOString() !== iso) throw element.fault('range', 'is no time');
    return date;
  }

  /** A text of one of the kinds that names are made of. */
  text(name: string): string {
    const kinds: readonly (number | undefined)[] = [
      Tag.UTF8String,
      Tag.PrintableString,
      Tag.IA5String,
      Tag.TeletexString,
    ];
    const tag = kinds.includes(this.tag) ? (this.tag ?? 0) : Tag.UTF8String;
    if (tag !== Tag.UTF8String) return this.ascii(name, tag);
    const element = this.next(tag, name);
    try {
      // A copy, since a decoder takes no shared memory.
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(element.content.slice());
    } catch {
      throw element.fault('type', 'must be UTF-8');
    }
  }

  /** A text of ASCII characters under any tag. */
  ascii(name: string, tag: number): string {
    const element = this.next(tag, name);
    const text = asciiIn(element.content);
    if (text === undefined) throw element.fault('type', 'must be ASCII');
    return text;
  }

  #sized(size: number): void {
    const { length } = this.content;
    if (length !== size) throw this.fault('length', `must be ${count(size)}, is ${length}`);
  }
}

const asciiIn = (bytes: Uint8Array): string | undefined => toText(bytes, 0, bytes.length);
const two = (number = 0): string => String(number).padStart(2, '0');
