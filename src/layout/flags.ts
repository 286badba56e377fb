import type { Bits } from './vocabulary.ts';

/** The names of the bits that are set in a number, lowest first. Bits without a name are passed over. */
export function flagsOf<Names extends string>(
  bits: Bits<4 | 8, { readonly [K in Names]: Bits['flags'][string] }>,
  raw: bigint | number,
): Names[] {
  const value = BigInt(raw);
  const names = Object.keys(bits.flags) as Names[];
  return names.filter((name) => (value >> BigInt(bits.flags[name].position)) & 1n);
}
