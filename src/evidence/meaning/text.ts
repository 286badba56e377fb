import type { LayoutError } from '../../engine/error.ts';
import { fromHex } from '../../engine/hex.ts';
import { count } from '../../engine/number.ts';
import { TeeTcbSvnByte } from '../../structs/td-attributes.ts';
import type { Leaf } from '../../verbs/leaves.ts';
import { timeText } from '../pck/json.ts';
import type { Pck } from '../pck/pck-of.ts';
import { escaped, type X509 } from '../x509.ts';
import { bitsOf, hexOf, isZero, ownName } from './leaf.ts';
import { byteOf, moduleOf, nameOf } from './names.ts';

/** Shorter bytes are zero by chance or by default; that these are zero says something. */
const MEASUREMENT = 32;

/** Characters of a common name (X.520). */
const MOST_NAME = 64;

/** TEE_TCB_SVN, split into its numbers. */
function svnText(hex: string): string {
  const { TDX_MODULE_MINOR, TDX_MODULE_MAJOR, SEAM_LAST_PATCH } = TeeTcbSvnByte;
  const [minor, major, patch] = [TDX_MODULE_MINOR, TDX_MODULE_MAJOR, SEAM_LAST_PATCH].map((at) => byteOf(hex, at));
  const series = moduleOf(undefined, hex);
  const module = series === undefined ? `TDX module of major SVN ${major}` : `TDX module ${series}`;
  return `${module}, minor SVN ${minor}; late microcode SVN ${patch}`;
}

/** Report data: as text where it is one; else that half of it is not used. */
function reportdataText(hex: string): string | undefined {
  const bytes = fromHex(hex) ?? new Uint8Array();
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end--;
  const used = bytes.subarray(0, end);
  if (used.length >= 4 && used.every((byte) => byte >= 0x20 && byte <= 0x7e))
    return `text ${JSON.stringify(String.fromCharCode(...used))}`;
  return end > 0 && end <= bytes.length / 2 ? `${count(bytes.length / 2)}, then zeros` : undefined;
}

const certificateText = ({ subject, notBefore, notAfter }: X509): string =>
  `${escaped(subject.commonName?.slice(0, MOST_NAME) ?? 'no name')} (${timeText(notBefore)} to ${timeText(notAfter)})`;

function bytesText(leaf: Leaf, hex: string): string | undefined {
  const name = ownName(leaf);
  if (name === 'trailing')
    return hex === '' ? undefined : `${count(hex.length / 2)}, ${isZero(hex) ? 'all zero' : 'not all zero'}`;
  if (leaf.type.kind === 'reserved') return isZero(hex) ? undefined : 'not zero';
  if (/teeTcbSvn2?$/i.test(name)) return svnText(hex);
  if (name === 'mrseam') {
    const version = moduleOf(hex, undefined);
    if (version !== undefined) return `TDX module ${version}`;
  }
  if (hex.length >= 2 * MEASUREMENT && isZero(hex)) return 'zero';
  if (name === 'reportdata') return reportdataText(hex);
  if (name === 'userData') return isZero(hex) ? 'zero' : `QE ID ${hex.slice(0, 32)}`;
  return undefined;
}

/** What a field means beyond what its bytes say, or undefined. */
export function textOf(leaf: Leaf, pck: Pck | LayoutError | undefined): string | undefined {
  if (leaf.field === 'CertificationData.certificationData' && pck && 'chain' in pck)
    return pck.chain.map(certificateText).join(', ');
  const bits = bitsOf(leaf);
  if (bits) {
    const unnamed = bits.unnamed === 0n ? [] : [`unnamed 0x${bits.unnamed.toString(16)}`];
    return [...bits.flags, ...unnamed].join(' ') || 'none';
  }
  const name = nameOf(leaf);
  if (name !== undefined) return name === '' ? undefined : name;
  const hex = hexOf(leaf);
  return hex === undefined ? undefined : bytesText(leaf, hex);
}
