import type { Json } from '../../verbs/json.ts';
import type { Leaf } from '../../verbs/leaves.ts';

/* What the parts of meaning ask about a field. */

/** The field's name in its struct. */
export const ownName = ({ field }: Leaf): string => field.slice(field.indexOf('.') + 1);

/** Whether it stands in the report of the quoting enclave, which every quote holds beside what it attests. */
export const isOfQe = ({ path }: Leaf): boolean => /(^|\.)qeReport\./.test(path);

/** The hex of bytes; undefined for anything else. */
export const hexOf = ({ json, type }: Leaf): string | undefined =>
  type.kind !== 'uint' && typeof json === 'string' ? json : undefined;

export const isZero = (hex: string): boolean => !/[^0]/.test(hex);

/** The names of the bits that are set, and those that have no name, as a number. */
export function bitsOf({ json, type }: Leaf): { flags: readonly string[]; unnamed: bigint } | undefined {
  if (type.kind !== 'bits') return undefined;
  const { raw, flags } = json as { raw: string; flags: string[] };
  const named = Object.values(type.flags).reduce((sum, { position }) => sum | (1n << BigInt(position)), 0n);
  return { flags, unnamed: BigInt(raw) & ~named };
}

/** The first of the fields whose name is one of these. */
export const first = (leaves: readonly Leaf[], ...names: readonly string[]): Json | undefined =>
  leaves.find((leaf) => names.includes(leaf.field) || names.includes(ownName(leaf)))?.json;
