import { Longest } from './longest.ts';

/** A byte or text string in CBOR. */
export interface CborString {
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/** Items that nest deeper are taken for something else. */
const DEEPEST = 64;
/** Shorter strings are no evidence. */
const LEAST = 16;
const BREAK = 0xff;
const ENDLESS = 31;

/** The number behind the head at `at` of `wide` bytes. */
function numberAt(bytes: Uint8Array, at: number, wide: number): number {
  let value = 0;
  for (let i = 0; i < wide; i++) value = value * 256 + bytes[at + i]!;
  return value;
}

/**
 * The longest byte and text strings of a CBOR item that takes all the bytes, at most `most`; or undefined where there is no
 * such item. Nothing is kept of the others.
 */
export function cborStrings(bytes: Uint8Array, most: number): readonly CborString[] | undefined {
  const strings = new Longest<CborString>(most);
  // Items still to come, innermost container last; Infinity where a break byte ends the container.
  const open = [1];
  let at = 0;
  while (open.length > 0) {
    const left = open[open.length - 1]!;
    if (left === 0) {
      open.pop();
      continue;
    }
    const head = bytes[at++];
    if (head === undefined || open.length > DEEPEST) return undefined;
    if (head === BREAK && left === Number.POSITIVE_INFINITY) {
      open.pop();
      continue;
    }
    open[open.length - 1] = left - 1;
    const major = head >> 5;
    const info = head & 31;
    const wide = info < 24 || info === ENDLESS ? 0 : info < 28 ? 1 << (info - 24) : -1;
    if (wide < 0 || at + wide > bytes.length) return undefined;
    const value = wide === 0 ? info : numberAt(bytes, at, wide);
    at += wide;
    if (info === ENDLESS) {
      // Strings, lists and maps may end at a break; a break by itself is none of them.
      if (major < 2 || major > 5) return undefined;
      open.push(Number.POSITIVE_INFINITY);
    } else if (major === 2 || major === 3) {
      if (value > bytes.length - at) return undefined;
      const offset = at;
      at += value;
      if (value >= LEAST) strings.offer(value, () => ({ offset, bytes: bytes.subarray(offset, offset + value) }));
    } else if (major === 4 || major === 5) {
      // Every item takes a byte, so more of them than bytes is no CBOR.
      const items = major === 5 ? value * 2 : value;
      if (items > bytes.length - at) return undefined;
      if (items > 0) open.push(items);
    } else if (major === 6) open.push(1);
  }
  return at === bytes.length ? strings.all : undefined;
}
