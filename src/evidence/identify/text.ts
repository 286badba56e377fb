/* Bytes that are written as text: hex, base64, base64url, PEM. Each text is passed over once, whatever is in it. */

/** What a text says in an encoding of bytes. */
export interface Decoded {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly encoding: 'hex' | 'base64' | 'base64url';
  /** Whether a last digit of hex is left over. */
  readonly isOdd: boolean;
}

const WHITE = ' \t\n\r\f\v';
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const SEPARATORS = `${WHITE},:;{}[]`;

const HEX = 1;
const BASE64 = 2;
const BASE64URL = 4;

/** The encodings that each character below 128 may occur in. */
const CLASSES = /* @__PURE__ */ (() => {
  const classes = new Uint8Array(128);
  const add = (chars: string, encodings: number): void => {
    for (let i = 0; i < chars.length; i++) classes[chars.charCodeAt(i)]! |= encodings;
  };
  add(`0123456789abcdefABCDEFxX\\${SEPARATORS}`, HEX);
  add(`${LETTERS}+/=${WHITE}`, BASE64);
  add(`${LETTERS}-_=${WHITE}`, BASE64URL);
  return classes;
})();

/** The encodings that all characters of a text may occur in. */
function encodingsOf(text: string): number {
  let encodings = HEX | BASE64 | BASE64URL;
  for (let i = 0; i < text.length && encodings !== 0; i++) {
    const code = text.charCodeAt(i);
    encodings &= code < 128 ? CLASSES[code]! : 0;
  }
  return encodings;
}

/** What a character that is no digit stands for. */
const NONE = 0xff;

/** The digits of hex by character code. */
const HEX_DIGITS = /* @__PURE__ */ (() => {
  const values = new Uint8Array(128).fill(NONE);
  for (let i = 0; i < 16; i++) {
    values[i.toString(16).charCodeAt(0)] = i;
    values[i.toString(16).toUpperCase().charCodeAt(0)] = i;
  }
  return values;
})();

/** The digits of base64 by character code, in both alphabets. */
const BASE64_DIGITS = /* @__PURE__ */ (() => {
  const values = new Uint8Array(128).fill(NONE);
  for (let i = 0; i < 62; i++) values[LETTERS.charCodeAt(i)] = i;
  for (const [char, value] of [
    ['+', 62],
    ['-', 62],
    ['/', 63],
    ['_', 63],
  ] as const)
    values[char.charCodeAt(0)] = value;
  return values;
})();

const isX = (code: number): boolean => code === 0x78 || code === 0x58;

/**
 * The bytes of hex: one run of digits in either case, or bytes one by one with white space, commas, colons or brackets
 * between them, with 0x or \x in front of all of it or of each. `isOdd` where a last digit is left over.
 */
function fromHex(text: string): { readonly bytes: Uint8Array<ArrayBuffer>; readonly isOdd: boolean } | undefined {
  const bytes = new Uint8Array(text.length >> 1);
  let size = 0;
  // The first digit of a byte whose second is still to come, or NONE.
  let high = NONE;
  let isPrefixed = false;
  for (let i = 0; i <= text.length; i++) {
    const code = i < text.length ? text.charCodeAt(i) : 0x20;
    if ((code === 0x30 || code === 0x5c) && isX(text.charCodeAt(i + 1))) {
      if (high !== NONE) return undefined;
      i++;
      isPrefixed = true;
      continue;
    }
    const value = HEX_DIGITS[code]!;
    if (value !== NONE && high === NONE) high = value;
    else if (value !== NONE) {
      bytes[size++] = high * 16 + value;
      high = NONE;
      isPrefixed = false;
    } else if (code === 0x5c || isX(code)) return undefined;
    else {
      // 0x4, as C has it.
      if (isPrefixed && high !== NONE) {
        bytes[size++] = high;
        high = NONE;
      }
      isPrefixed = false;
    }
  }
  return size > 0 || high !== NONE ? { bytes: bytes.subarray(0, size), isOdd: high !== NONE } : undefined;
}

/** The bytes of base64 in one of the alphabets, with or without padding, whatever white space is in it. */
function from64(text: string): Uint8Array<ArrayBuffer> | undefined {
  const bytes = new Uint8Array(Math.ceil((text.length * 3) / 4));
  let size = 0;
  let pending = 0;
  let digits = 0;
  let padding = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const value = BASE64_DIGITS[code]!;
    if (value !== NONE) {
      if (padding > 0) return undefined;
      pending = (pending << 6) | value;
      if (++digits < 4) continue;
      bytes[size++] = pending >> 16;
      bytes[size++] = pending >> 8;
      bytes[size++] = pending;
      pending = digits = 0;
    } else if (code === 0x3d && (digits < 2 || ++padding > 2)) return undefined;
  }
  if (digits === 1) return undefined;
  if (digits === 3) {
    bytes[size++] = pending >> 10;
    bytes[size++] = pending >> 2;
  } else if (digits === 2) bytes[size++] = pending >> 4;
  return size > 0 ? bytes.subarray(0, size) : undefined;
}

/** The bytes of base64, undefined for other text. */
export const fromBase64 = (text: string): Uint8Array<ArrayBuffer> | undefined =>
  encodingsOf(text) & BASE64 ? from64(text) : undefined;

/** The bytes that hex, base64 or base64url text stands for; undefined for other text. */
export function decodeText(text: string): Decoded | undefined {
  const encodings = encodingsOf(text);
  const hex = encodings & HEX ? fromHex(text) : undefined;
  if (hex) return { bytes: hex.bytes, encoding: 'hex', isOdd: hex.isOdd };
  if ((encodings & (BASE64 | BASE64URL)) === 0) return undefined;
  const bytes = from64(text);
  return bytes && { bytes, encoding: encodings & BASE64 ? 'base64' : 'base64url', isOdd: false };
}

/** A block of PEM. */
export interface Block {
  readonly label: string;
  /** What stands between the lines that begin and end it. */
  readonly body: string;
}

const BEGIN = '-----BEGIN ';
const DASHES = '-----';
/** Labels are short: `CERTIFICATE`, `ENCRYPTED PRIVATE KEY`. */
const LONGEST_LABEL = 64;

/** The blocks of PEM in a text, in order. A block without an end has all that follows as its body. */
export function* pemBlocks(text: string): Generator<Block> {
  for (let at = text.indexOf(BEGIN); at >= 0; ) {
    const from = at + BEGIN.length;
    const label = labelAt(text, from);
    if (label === undefined) {
      at = text.indexOf(BEGIN, from);
      continue;
    }
    const start = from + label.length + DASHES.length;
    const stop = text.indexOf(DASHES, start);
    const end = stop < 0 ? text.length : stop;
    yield { label, body: text.slice(start, end) };
    at = text.indexOf(BEGIN, end);
  }
}

/** The label at `from`: capitals, digits and spaces, up to five dashes. */
function labelAt(text: string, from: number): string | undefined {
  const label = text.slice(from, text.slice(from, from + LONGEST_LABEL).indexOf(DASHES) + from);
  return /^[A-Z0-9 ]+$/.test(label) ? label : undefined;
}

/**
 * A stranger's text as a sentence can show it: what is not plain ASCII escaped, at most 16 bytes of it, cut between
 * characters.
 */
export function shown(text: string): string {
  let says = '';
  let left = 16;
  for (const char of text.slice(0, 17)) {
    const code = char.codePointAt(0) ?? 0;
    left -= code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    if (left < 0) return `${says}...`;
    says += code > 0x20 && code < 0x7f ? char : code === 0x20 ? ' ' : `\\u{${code.toString(16)}}`;
  }
  return says;
}
