/* Unsigned numbers in bytes, and in messages. */

import type { Bits, Uint } from '../layout/vocabulary.ts';

/** `1 byte`, `2 bytes` */
export const count = (n: number): string => `${n} byte${n === 1 ? '' : 's'}`;
/** At most so much of a stranger's text as a message of one line may quote. */
export function quoted(text: string, most = 16): string {
  const start = JSON.stringify(text.slice(0, most)).slice(1, -1);
  return text.length > most ? `${start}...` : start;
}
/** `3, 4 or 5` */
export const either = (all: readonly (number | string)[]): string =>
  all.length < 2 ? `${all[0] ?? 'absent'}` : `${all.slice(0, -1).join(', ')} or ${all[all.length - 1]}`;
/** `0x` and as many digits as the bytes have. */
export const hexNumber = (value: bigint | number, size: number): string =>
  `0x${value.toString(16).padStart(size * 2, '0')}`;

/** Reads an unsigned number of up to 4 bytes. The caller has checked that they are there. */
export function readUint(bytes: Uint8Array, at: number, size: number, bigEndian: boolean): number {
  let value = 0;
  for (let i = 0; i < size; i++) value = value * 256 + (bytes[bigEndian ? at + i : at + size - 1 - i] ?? 0);
  return value;
}
/** Reads four bytes, little-endian and signed. The caller has checked that they are there. */
export const i32At = (bytes: Uint8Array, at: number): number =>
  bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
/** Reads two bytes, little-endian. The caller has checked that they are there. */
export const u16At = (bytes: Uint8Array, at: number): number => bytes[at]! | (bytes[at + 1]! << 8);
/** Reads four bytes, little-endian. The caller has checked that they are there. */
export const u32At = (bytes: Uint8Array, at: number): number => i32At(bytes, at) >>> 0;
/** Reads eight bytes. The caller has checked that they are there. */
export const readBig = (bytes: Uint8Array, at: number): bigint =>
  (BigInt(u32At(bytes, at + 4)) << 32n) | BigInt(u32At(bytes, at));

/** Writes an unsigned number; it has been checked to fit. */
export function writeUint(
  bytes: Uint8Array,
  at: number,
  size: number,
  bigEndian: boolean,
  value: number | bigint,
): void {
  let left = value;
  for (let i = 0; i < size; i++) {
    bytes[bigEndian ? at + size - 1 - i : at + i] = Number(typeof left === 'bigint' ? left & 0xffn : left % 256);
    left = typeof left === 'bigint' ? left >> 8n : Math.floor(left / 256);
  }
}

/** Reads a number of any kind; one of 8 bytes as close as a double comes. The caller has checked that it is there. */
export function numberIn(type: Uint | Bits, bytes: Uint8Array, at: number): number {
  const { size } = type;
  if (type.kind === 'uint' && type.bigEndian) return readUint(bytes, at, size, true);
  if (size === 2) return u16At(bytes, at);
  if (size === 4) return u32At(bytes, at);
  return size === 8 ? Number(readBig(bytes, at)) : bytes[at]!;
}
/** Reads a number as decode gives it. The caller has checked that it is there. */
export const exactIn = (type: Uint | Bits, bytes: Uint8Array, at: number): number | bigint =>
  type.size === 8 ? readBig(bytes, at) : numberIn(type, bytes, at);
/** A number as a message shows it. */
export const shown = (value: number | bigint): number | string =>
  typeof value === 'bigint' ? hexNumber(value, 8) : value;
