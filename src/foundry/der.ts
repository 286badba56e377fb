import { utf8ToBytes } from '@noble/hashes/utils.js';
import { join } from './place.ts';

/* A writer of DER (X.690), under the names that X.509 tables use. Each gives the bytes of one whole element. */

type Element = Uint8Array<ArrayBuffer>;

/** A number in base `base`, its highest digit first. */
const digits = (number: number, base: number): number[] =>
  number < base ? [number] : [...digits(Math.floor(number / base), base), number % base];

function element(tag: number, content: Uint8Array): Element {
  const length = digits(content.length, 0x100);
  const long = content.length < 0x80 ? [] : [0x80 + length.length];
  return join(Uint8Array.of(tag, ...long, ...length), content);
}

export const sequence = (...values: Element[]): Element => element(0x30, join(...values));
export const set = (...values: Element[]): Element => element(0x31, join(...values));
export const boolean = (value: boolean): Element => element(0x01, Uint8Array.of(value ? 0xff : 0));
export const octets = (bytes: Uint8Array): Element => element(0x04, bytes);
export const bitString = (bytes: Uint8Array, unusedBits = 0): Element =>
  element(0x03, join(Uint8Array.of(unusedBits), bytes));
export const enumerated = (value: number): Element => element(0x0a, Uint8Array.of(value));
export const utf8 = (text: string): Element => element(0x0c, utf8ToBytes(text));

/** A positive integer from its big-endian bytes. */
export function unsigned(bytes: Uint8Array): Element {
  const first = bytes.findIndex((byte) => byte !== 0);
  const own = first < 0 ? Uint8Array.of(0) : bytes.subarray(first);
  return element(0x02, (own[0] ?? 0) < 0x80 ? own : join(Uint8Array.of(0), own));
}
export const integer = (value: number): Element => unsigned(Uint8Array.from(digits(value, 0x100)));

export function oid(text: string): Element {
  const [first = 0, second = 0, ...arcs] = text.split('.').map(Number);
  const groups = [40 * first + second, ...arcs].map((arc) => digits(arc, 0x80));
  return element(
    0x06,
    Uint8Array.from(groups.flatMap((all) => all.map((one, i) => (i < all.length - 1 ? 0x80 + one : one)))),
  );
}

/** A time in Unix seconds, in the form that RFC 5280 wants for its year. */
export function time(seconds: number): Element {
  const text = `${new Date(seconds * 1000).toISOString().slice(0, 19).replace(/\D/g, '')}Z`;
  return text < '2050' ? element(0x17, utf8ToBytes(text.slice(2))) : element(0x18, utf8ToBytes(text));
}

/** [n] around values. */
export const tagged = (tag: number, ...values: Element[]): Element => element(0xa0 + tag, join(...values));
/** [n] in place of the tag of a string of bytes. */
export const implicit = (tag: number, bytes: Uint8Array): Element => element(0x80 + tag, bytes);

/** One block of PEM, ending with a newline. */
export function pem(label: string, bytes: Uint8Array): string {
  const base64 = btoa(String.fromCharCode(...bytes));
  return `-----BEGIN ${label}-----\n${base64.replace(/.{1,64}/g, '$&\n')}-----END ${label}-----\n`;
}
