/* Hex and ASCII, with Node's own routines where they are: hexing the certificates is most of what JSON costs. */

type Slice = (this: Uint8Array, from: number, to: number) => string;
const native = (globalThis as { Buffer?: { prototype: { hexSlice?: Slice; latin1Slice?: Slice } } }).Buffer?.prototype;

const PAIRS = /* @__PURE__ */ Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** Lower-case hex of the bytes from `from` to `to`. */
export function toHex(bytes: Uint8Array, from = 0, to = bytes.length): string {
  if (native?.hexSlice) return native.hexSlice.call(bytes, from, to);
  let hex = '';
  for (let i = from; i < to; i++) hex += PAIRS[bytes[i] ?? 0];
  return hex;
}

const NIBBLES = '0123456789abcdef';

/** The bytes that lower-case hex digits stand for, or undefined. */
export function fromHex(hex: string): Uint8Array<ArrayBuffer> | undefined {
  if (hex.length % 2 !== 0) return undefined;
  const bytes = new Uint8Array(hex.length / 2);
  for (let i = 0; i < bytes.length; i++) {
    const high = NIBBLES.indexOf(hex.charAt(2 * i));
    const low = NIBBLES.indexOf(hex.charAt(2 * i + 1));
    if (high < 0 || low < 0) return undefined;
    bytes[i] = high * 16 + low;
  }
  return bytes;
}

const NOT_ASCII = /[^\p{ASCII}]/u;

/** The text of the bytes from `from` to `to` if all of them are ASCII, else undefined. */
export function toText(bytes: Uint8Array, from: number, to: number): string | undefined {
  const text = native?.latin1Slice
    ? native.latin1Slice.call(bytes, from, to)
    : new TextDecoder('latin1').decode(bytes.slice(from, to));
  return NOT_ASCII.test(text) ? undefined : text;
}
