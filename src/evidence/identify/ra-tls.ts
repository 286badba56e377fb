import { certificateOf, elementAt } from './certificate.ts';
import { type Found, isEvidence, moved, type Note, nameOf, plainly } from './found.ts';
import { Longest } from './longest.ts';
import type { Look } from './look.ts';

/** Who puts evidence into which extension. */
const USERS: Readonly<Record<string, string>> = {
  '1.2.840.113741.1337.6': 'rats-tls, Gramine',
  // Gramine writes the identifier's own tag and length into its content.
  '0.6.9.42.840.113741.1337.6': 'Gramine',
  '1.2.840.113741.1337.14': 'rats-tls',
  '2.23.133.5.4.9': 'TCG DICE',
  '1.2.840.113556.10.1.1': 'Open Enclave',
  '1.2.840.113556.10.1.2': 'Open Enclave',
  '1.3.6.1.4.1.311.105.1': 'Open Enclave',
  '1.3.6.1.4.1.311.105.2': 'Open Enclave',
  '1.2.840.113741.1.5.5.1.6': 'Privasys',
  '1.2.840.113741.1.13.1.0': 'Privasys',
  '1.3.6.1.4.1.62397.1.1': 'dstack',
  '1.3.6.1.4.1.62397.1.8': 'dstack',
};

/** So many extensions are looked into, the longest. */
const MOST = 8;
/** Shorter extensions are no evidence. */
const LEAST = 48;
const LONGEST_OID = 16;
const OCTET_STRING = 0x04;

/** An object identifier as people write it, and who uses it; of a long one nothing. */
function spelled(oid: Uint8Array): string {
  if (oid.length === 0 || oid.length > LONGEST_OID) return 'an extension';
  const arcs: number[] = [];
  let arc = 0;
  for (const byte of oid) {
    arc = arc * 128 + (byte & 0x7f);
    if (byte >= 0x80) continue;
    if (arcs.length > 0) arcs.push(arc);
    else arcs.push(...(arc < 80 ? [Math.floor(arc / 40), arc % 40] : [2, arc - 80]));
    arc = 0;
  }
  const id = arcs.join('.');
  return `extension ${id}${USERS[id] ? ` (${USERS[id]})` : ''}`;
}

/** A certificate with evidence in an extension, or undefined. */
export function raTlsOf(bytes: Uint8Array, look: Look): Found | undefined {
  const certificate = certificateOf(bytes);
  if (!certificate) return undefined;
  const longest = new Longest<{ readonly where: string; readonly from: number; readonly to: number }>(MOST);
  for (const { oid, value } of certificate.extensions()) {
    if (value.to - value.from < LEAST) continue;
    // Some wrap the value in an OCTET STRING of its own.
    const inner = elementAt(bytes, value.from, value.to);
    const { from, to } = inner?.tag === OCTET_STRING && inner.to === value.to ? inner : value;
    longest.offer(to - from, () => ({ where: spelled(oid), from, to }));
  }
  const hits: Found[] = [];
  const others: Note[] = [];
  for (const { where, from, to } of longest.all) {
    const inside = moved(from, look(bytes.subarray(from, to)));
    if (!isEvidence(inside)) continue;
    if (hits.length > 0) others.push(plainly(`In ${where} there is ${nameOf(inside)} too.`));
    else {
      hits.push(inside);
      others.push(plainly(`An X.509 certificate with ${nameOf(inside)} in ${where}, from byte ${inside.offset} on.`));
    }
  }
  const [inside] = hits;
  return inside && { ...inside, kind: 'RaTlsCertificate', notes: [...others, ...inside.notes], inside };
}
