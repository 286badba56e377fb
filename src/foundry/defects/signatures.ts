import { derSignature } from '../certificate.ts';
import { deriveKey } from '../seed.ts';
import { type Defect, defect, inQuote, replace, saying } from './defect.ts';

const QUOTE = 'signatureData.quoteSignature';
const QE_REPORT = 'signatureData.qeCertificationData.certificationData.qeReportSignature';

/** The order of P-256, big-endian. */
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const toNumber = (bytes: Uint8Array): bigint => bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
const toBytes = (number: bigint): Uint8Array =>
  Uint8Array.from({ length: 32 }, (_, i) => Number((number >> BigInt(8 * (31 - i))) & 0xffn));

const both = (r: Uint8Array, s: Uint8Array): Uint8Array => Uint8Array.of(...r, ...s);
const r = (signature: Uint8Array) => signature.slice(0, 32);
const s = (signature: Uint8Array) => signature.slice(32);

type Row = readonly [name: string, what: string, harm: string, other: (signature: Uint8Array) => Uint8Array];
const rows: readonly Row[] = [
  ['zero', 'is zero', 'a signature that anyone can make passes', () => new Uint8Array(64)],
  [
    'flipped',
    'differs in one bit of r',
    'the signature is not checked',
    (all) => both(Uint8Array.of((all[0] ?? 0) ^ 1, ...all.slice(1, 32)), s(all)),
  ],
  [
    's-flipped',
    'differs in one bit of s',
    'the signature is not checked',
    (all) => both(r(all), Uint8Array.of(...all.slice(32, 63), (all[63] ?? 0) ^ 1)),
  ],
  ['r-zero', 'has an r of zero', 'a degenerate signature passes', (all) => both(new Uint8Array(32), s(all))],
  ['s-zero', 'has an s of zero', 'a degenerate signature passes', (all) => both(r(all), new Uint8Array(32))],
  [
    'r-order',
    'has the order of the curve as r',
    'a number out of range is reduced to zero and passes',
    (all) => both(toBytes(ORDER), s(all)),
  ],
  [
    'swapped',
    'has s before r',
    'a verifier that tries both orders accepts what others refuse',
    (all) => both(s(all), r(all)),
  ],
  [
    'little-endian',
    'has r and s in little-endian order',
    'a verifier that swaps bytes refuses every genuine quote',
    (all) => both(r(all).reverse(), s(all).reverse()),
  ],
  [
    'der',
    'is cut from its DER form',
    'a verifier that takes DER here refuses every genuine quote',
    (all) => derSignature(all).slice(0, 64),
  ],
];

/** Signatures that are not the ones that were made, and signatures by keys that have no say. */
export const signatures: readonly Defect[] = [
  ...rows.map(([name, what, harm, other]) =>
    defect(`quote-signature-${name}`, 'decodes', `the quote signature ${what}`, harm, {
      after: inQuote(replace(QUOTE, other)),
    }),
  ),
  ...rows.map(([name, what, harm, other]) =>
    defect(`qe-report-signature-${name}`, 'decodes', `the signature of the QE report ${what}`, harm, {
      after: inQuote(replace(QE_REPORT, other)),
    }),
  ),
  defect(
    'quote-signature-other-half',
    'decodes',
    'the quote signature has n - s in place of s, which is as good',
    'a verifier that insists on the lower half refuses half of all genuine quotes',
    { standard: 'accepts', after: inQuote(replace(QUOTE, (all) => both(r(all), toBytes(ORDER - toNumber(s(all)))))) },
  ),
  defect(
    'quote-signed-by-other-key',
    'decodes',
    'another key has signed the quote than the one that it names',
    'the signature is not checked against the attestation key',
    { recipe: saying(({ pki }) => ({ quoteKey: deriveKey(pki.seed, 'somebody') })) },
  ),
  defect(
    'quote-signed-by-pck-key',
    'decodes',
    'the PCK key has signed the quote, not the attestation key',
    'a verifier that looks for any key in the chain accepts what others refuse',
    { recipe: saying(({ pki }) => ({ quoteKey: pki.pck.key })) },
  ),
  defect(
    'qe-report-signed-by-other-key',
    'decodes',
    'another key has signed the QE report than the one of the PCK certificate',
    'any enclave of anybody passes for the quoting enclave',
    { recipe: saying(({ pki }) => ({ qeReportKey: deriveKey(pki.seed, 'somebody') })) },
  ),
  defect(
    'qe-report-signed-by-ca',
    'decodes',
    'the key of the PCK CA has signed the QE report, not the one of the PCK certificate',
    'a verifier that tries each certificate of the chain accepts what others refuse',
    { recipe: saying(({ pki }) => ({ qeReportKey: pki.ca.key })) },
  ),
];
