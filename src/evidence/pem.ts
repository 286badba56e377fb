import { LayoutError } from '../engine/error.ts';

const LABEL = 27;
const END_LABEL = 25;
const EQUALS = 0x3d;

/** What each character stands for in base64 (RFC 4648, section 4); 64 for white space, 255 for anything else. */
const DIGITS = /* @__PURE__ */ (() => {
  const digits = new Uint8Array(256).fill(255);
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  for (let i = 0; i < 64; i++) digits[alphabet.charCodeAt(i)] = i;
  for (const space of ' \t\r\n') digits[space.charCodeAt(0)] = 64;
  return digits;
})();

/**
 * The DER inside of one block of PEM, from `-----BEGIN CERTIFICATE-----` to `-----END CERTIFICATE-----`: base64 with its
 * padding and nothing else but white space between the digits. One pass.
 *
 * @throws LayoutError whose offset counts from the start of the block.
 */
export function derInPem(block: Uint8Array, path: string): Uint8Array<ArrayBuffer> {
  const end = block.length - END_LABEL;
  const bytes = new Uint8Array(Math.max(0, Math.ceil(((end - LABEL) * 3) / 4)));
  let size = 0;
  let bits = 0;
  let digits = 0;
  let padding = 0;
  for (let at = LABEL; at < end; at++) {
    const char = block[at] ?? 0;
    const digit = DIGITS[char] ?? 255;
    if (digit === 64) continue;
    if (char === EQUALS) padding++;
    else if (digit === 255 || padding > 0) throw new LayoutError('type', path, at, 'must be base64');
    else {
      digits++;
      bits = ((bits << 6) | digit) & 0xffffff;
      if (digits % 4 === 0) {
        bytes[size++] = bits >> 16;
        bytes[size++] = bits >> 8;
        bytes[size++] = bits;
      }
    }
  }
  const left = digits % 4;
  if (left === 1 || padding !== (4 - left) % 4)
    throw new LayoutError('length', path, end, `must be base64 in groups of 4, is ${digits} digits and ${padding} "="`);
  if (left === 2) bytes[size++] = bits >> 4;
  if (left === 3) {
    bytes[size++] = bits >> 10;
    bytes[size++] = bits >> 2;
  }
  if ((bits & (left === 2 ? 0xf : left === 3 ? 0x3 : 0)) !== 0)
    throw new LayoutError('range', path, end, 'must be base64 whose spare bits are zero');
  return bytes.subarray(0, size);
}
