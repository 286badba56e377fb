/* Looking at bytes: each function here passes over them once, without a closure for each byte. */

/** What Uint8Array inherits from: its tag names the kind of array, whatever realm that comes from. */
const shared = Object.getPrototypeOf(Uint8Array.prototype) as object;

/** The same memory as a plain Uint8Array, if it is one of any realm or a kind of one; else undefined. */
export function ownBytes(input: unknown): Uint8Array | undefined {
  if (!ArrayBuffer.isView(input) || Reflect.get(shared, Symbol.toStringTag, input) !== 'Uint8Array') return undefined;
  // Of a detached buffer nothing can be made any more, not even nothing.
  return input.byteLength === 0 ? new Uint8Array(0) : new Uint8Array(input.buffer, input.byteOffset, input.byteLength);
}

/** The bytes of ASCII text. */
export const ascii = (text: string): Uint8Array => Uint8Array.from(text, (char) => char.charCodeAt(0));

/** Whether `wanted` stands at `at`. Compares from its end, which repeats itself less than its beginning. */
export function stands(bytes: Uint8Array, at: number, wanted: Uint8Array): boolean {
  for (let i = wanted.length - 1; i >= 0; i--) if (bytes[at + i] !== wanted[i]) return false;
  return true;
}

/** Where `wanted` stands first, from `from` on, or -1. */
export function indexOf(bytes: Uint8Array, wanted: Uint8Array, from = 0): number {
  const last = bytes.length - wanted.length;
  for (let at = from; at <= last; at++) if (stands(bytes, at, wanted)) return at;
  return -1;
}

/** How many bytes from `from` to `to` are not zero. */
export function nonZero(bytes: Uint8Array, from: number, to: number): number {
  let many = 0;
  for (let i = from; i < to; i++) if (bytes[i] !== 0) many++;
  return many;
}

/** Whether there are bytes from `from` to `to`, all of them zero. */
export const zero = (bytes: Uint8Array, from: number, to: number): boolean =>
  to <= bytes.length && nonZero(bytes, from, to) === 0;

/** `70 bytes, all zero`; `4 bytes, 3 of them not zero` */
export function filling(bytes: Uint8Array, from: number): { readonly says: string; readonly isZero: boolean } {
  const size = bytes.length - from;
  const many = nonZero(bytes, from, bytes.length);
  const are = many === 0 ? 'all zero' : many === size ? 'none of them zero' : `${many} of them not zero`;
  return {
    says: `${size} byte${size === 1 ? '' : 's'}, ${size === 1 ? (many ? 'not zero' : 'zero') : are}`,
    isZero: many === 0,
  };
}
