import { LayoutError } from '../engine/error.ts';

/*
 * Forged structures are written at the offsets that the specifications print, not by our own layouts: what the layouts
 * then read in them is a check of both.
 */

/** What stands at one offset: bytes, or a little-endian number. */
export type Placed = Uint8Array | { readonly number: number | bigint; readonly size: number };

export const u8 = (number: number): Placed => ({ number, size: 1 });
export const u16 = (number: number): Placed => ({ number, size: 2 });
export const u32 = (number: number): Placed => ({ number, size: 4 });
export const u64 = (number: bigint): Placed => ({ number, size: 8 });

function bytesOf(path: string, placed: Placed): Uint8Array {
  if (placed instanceof Uint8Array) return placed;
  const { number, size } = placed;
  const value = BigInt(number);
  if (value < 0n || value >= 1n << BigInt(8 * size))
    throw new LayoutError('range', path, undefined, `must fit ${size} bytes, is ${number}`);
  return Uint8Array.from({ length: size }, (_, i) => Number((value >> BigInt(8 * i)) & 0xffn));
}

/** One line of a table: offset, size, name, what stands there. */
export type Line = readonly [offset: number, size: number, name: string, placed: Placed];

/** `size` bytes, zero but for the lines. */
export function place(name: string, size: number, lines: readonly Line[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(size);
  for (const [offset, length, field, placed] of lines) {
    const path = `${name}.${field}`;
    const bytes = bytesOf(path, placed);
    if (bytes.length !== length)
      throw new LayoutError('length', path, undefined, `must be ${length} bytes, is ${bytes.length}`);
    whole.set(bytes, offset);
  }
  return whole;
}

/** Parts one behind the other. */
export function join(...parts: readonly Placed[]): Uint8Array<ArrayBuffer> {
  const pieces = parts.map((part) => bytesOf('', part));
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
