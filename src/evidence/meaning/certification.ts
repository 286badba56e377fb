import { fromHex } from '../../engine/hex.ts';
import type { Leaf } from '../../verbs/leaves.ts';
import { first } from './leaf.ts';

/** The certificates in the fields of a layout, certification data of type 4 or 5: their bytes, and where they stand. */
export function certificationIn(leaves: readonly Leaf[]): { data: Uint8Array | undefined; path: string } {
  const type = first(leaves, 'CertificationData.certificationDataType');
  const leaf = leaves.find(({ field }) => field === 'CertificationData.certificationData');
  if (!leaf || (type !== 4 && type !== 5)) return { data: undefined, path: '' };
  const { json, path } = leaf;
  const { pem = '', hex = json } = typeof json === 'object' ? (json as { pem?: string; hex?: string }) : {};
  // PEM is the text of ASCII bytes, each a character.
  const data = typeof hex === 'string' ? fromHex(hex) : Uint8Array.from(pem, (char) => char.charCodeAt(0));
  return { data, path };
}
