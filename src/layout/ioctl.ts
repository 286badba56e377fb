import { sizeOf, type Type } from './vocabulary.ts';

const NR_BITS = 8;
const TYPE_BITS = 8;
const SIZE_BITS = 14;
const WRITE = 1;
const READ = 2;

/** Multiplies where C shifts: a shift would make the upper half of all numbers negative. */
function command(direction: number, type: string, nr: number, argument: Type | undefined): number {
  const size = argument === undefined ? 0 : sizeOf(argument);
  if (size === undefined || size >= 2 ** SIZE_BITS) throw new TypeError(`an argument of ${size} bytes has no ioctl`);
  if (!/^[\0-\xff]$/.test(type)) throw new TypeError('type must be one character of one byte');
  if (!Number.isInteger(nr) || nr < 0 || nr >= 2 ** NR_BITS) throw new TypeError(`nr must be 0..255, is ${nr}`);
  return ((direction * 2 ** SIZE_BITS + size) * 2 ** TYPE_BITS + type.charCodeAt(0)) * 2 ** NR_BITS + nr;
}

/** The number of an ioctl without an argument. Positive, like all of these. */
export const _IO = (type: string, nr: number): number => command(0, type, nr, undefined);
/** The number of an ioctl whose argument the kernel writes; the layout of the argument gives the size. */
export const _IOR = (type: string, nr: number, argument: Type): number => command(READ, type, nr, argument);
/** The number of an ioctl whose argument the kernel reads. */
export const _IOW = (type: string, nr: number, argument: Type): number => command(WRITE, type, nr, argument);
/** The number of an ioctl whose argument the kernel reads and writes. */
export const _IOWR = (type: string, nr: number, argument: Type): number => command(READ | WRITE, type, nr, argument);
