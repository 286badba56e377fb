/* Hex and ASCII, with Node's own routines where they are: hexing the bytes is most of what JSON costs. */

type Slice = (this: Uint8Array, from: number, to: number) => string;
interface Node {
  Buffer?: { prototype: { hexSlice?: Slice; latin1Slice?: Slice } };
  process?: { getBuiltinModule?: (name: string) => { isAscii?: (bytes: Uint8Array) => boolean } | undefined };
}
const node = globalThis as Node;
const native = /* @__PURE__ */ (() => node.Buffer?.prototype)();
const nativeIsAscii = /* @__PURE__ */ (() => node.process?.getBuiltinModule?.('node:buffer')?.isAscii)();

/** Two lower-case digits for each byte. */
const PAIRS: readonly string[] = /* @__PURE__ */ Array.from({ length: 256 }, (_, byte) =>
  byte.toString(16).padStart(2, '0'),
);

/** Lower-case hex of the bytes from `from` to `to`. */
export function toHex(bytes: Uint8Array, from = 0, to = bytes.length): string {
  if (native?.hexSlice) return native.hexSlice.call(bytes, from, to);
  let hex = '';
  for (let i = from; i < to; i++) hex += PAIRS[bytes[i] ?? 0];
  return hex;
}

/** What a lower-case hex digit stands for, by its character code; 255 for anything else. */
const DIGITS = /* @__PURE__ */ (() => {
  const digits = new Uint8Array(128).fill(255);
  for (let i = 0; i < 16; i++) digits[i.toString(16).charCodeAt(0)] = i;
  return digits;
})();

/** The bytes that lower-case hex digits stand for, or undefined. */
export function fromHex(hex: string): Uint8Array<ArrayBuffer> | undefined {
  if (hex.length % 2 !== 0) return undefined;
  const bytes = new Uint8Array(hex.length / 2);
  for (let i = 0; i < bytes.length; i++) {
    const high = DIGITS[hex.charCodeAt(2 * i)] ?? 255;
    const low = DIGITS[hex.charCodeAt(2 * i + 1)] ?? 255;
    if (high === 255 || low === 255) return undefined;
    bytes[i] = high * 16 + low;
  }
  return bytes;
}

/** The text of the bytes from `from` to `to` if all of them are ASCII, else undefined. */
export function toText(bytes: Uint8Array, from: number, to: number): string | undefined {
  if (!isAscii(bytes, from, to)) return undefined;
  return native?.latin1Slice
    ? native.latin1Slice.call(bytes, from, to)
    : new TextDecoder('latin1').decode(bytes.slice(from, to));
}

function isAscii(bytes: Uint8Array, from: number, to: number): boolean {
  if (nativeIsAscii) return nativeIsAscii(bytes.subarray(from, to));
  let all = 0;
  for (let i = from; i < to; i++) all |= bytes[i] ?? 0;
  return all < 0x80;
}
