import { utf8ToBytes } from '@noble/hashes/utils.js';
import { type CertificateFields, type Certified, certify } from '../certificate.ts';
import type { Recipe } from '../forge.ts';
import { DAY, pemOf, type TestPki, testPki } from '../pki.ts';
import { join } from '../place.ts';
import { type Platform, sgxExtension } from '../platform.ts';
import { quote } from '../quote.ts';
import { derive, deriveKey } from '../seed.ts';
import { type Defect, defect, EXPIRY, saying } from './defect.ts';

/** Other certification data than the chain, as text or bytes. */
const data = (of: (pki: TestPki) => string | Uint8Array) =>
  saying(({ pki }) => {
    const made = of(pki);
    return { certificationData: typeof made === 'string' ? utf8ToBytes(made) : made };
  });
const chain = (of: (pki: TestPki) => Certified[]) => data((pki) => `${pemOf(...of(pki))}\0`);
const pem = ({ pck, ca, root }: TestPki): string => `${pemOf(pck, ca, root)}\0`;

/** Another PKI, used for the quote and for the collateral. */
const pki =
  (other: (good: TestPki) => Partial<TestPki>) =>
  (good: Recipe): Recipe => ({ ...good, pki: { ...good.pki, ...other(good.pki) } });

const again = (
  old: Certified,
  issuer: Pick<Certified, 'name' | 'key'>,
  fields: Partial<CertificateFields>,
): Certified => certify(issuer, { ...old.fields, ...fields });
/** The PCK certificate with something else in it. */
const leaf = (fields: (good: TestPki) => Partial<CertificateFields>) =>
  pki((good) => ({ pck: again(good.pck, good.ca, fields(good)) }));
const platform = (other: (good: Platform) => Partial<Platform>) =>
  leaf((good) => ({ sgxExtension: sgxExtension({ ...good.platform, ...other(good.platform) }) }));

/** The Platform CA with something else in it; it keeps its key, so that the leaf stays as it is. */
const authority = (fields: (good: TestPki) => Partial<CertificateFields>) =>
  pki((good) => ({ ca: again(good.ca, good.root, fields(good)) }));

const flipped = (old: Certified): Certified => {
  const certificate = old.certificate.slice();
  certificate[certificate.length - 1] = (certificate[certificate.length - 1] ?? 0) ^ 1;
  return { ...old, certificate };
};

/** One more certificate, with a key of its own. */
function another(good: TestPki, issuer: Certified, like: Certified): Certified {
  return certify(issuer, {
    ...like.fields,
    key: deriveKey(good.seed, 'somebody'),
    serial: Uint8Array.of(0x41, ...derive(good.seed, 'serial somebody', 19)),
  });
}

/** What leads from the QE report to the root, broken in one place. */
export const chains: readonly Defect[] = [
  defect('chain-reversed', 'decodes', 'the chain goes from root to leaf', 'a verifier that takes the first certificate for the leaf refuses what others accept; genuine quotes come in more than one order', { standard: 'accepts', recipe: chain(({ pck, ca, root }) => [root, ca, pck]) }),
  defect('chain-root-before-ca', 'decodes', 'the root stands before the CA', 'a verifier that wants one order refuses genuine quotes', { standard: 'accepts', recipe: chain(({ pck, ca, root }) => [pck, root, ca]) }),
  defect('chain-without-root', 'decodes', 'the chain ends before the root', 'a verifier that takes its anchor from the quote has none', { why: 'the root is known without the quote; Intel\'s library wants three PEM certificates all the same when it reads the chain from the quote', standard: 'either', recipe: chain(({ pck, ca }) => [pck, ca]) }),
  defect('chain-without-ca', 'decodes', 'the CA is missing from the chain', 'a leaf passes that nobody has certified', { recipe: chain(({ pck, root }) => [pck, root]) }),
  defect('chain-leaf-only', 'decodes', 'the chain is the leaf alone', 'a leaf passes that nobody has certified', { recipe: chain(({ pck }) => [pck]) }),
  defect('chain-empty', 'decodes', 'the chain has no bytes', 'a loop over no certificates ends without an objection', { recipe: data(() => '') }),
  defect('chain-der', 'decodes', 'the certificates stand there as DER, not as PEM', 'a verifier that takes it for PEM finds no certificate, or another one than the next verifier', { why: 'Intel\'s library wants three PEM certificates when it reads the chain from the quote; a sample of Intel\'s own has DER, but it is a stale one', standard: 'either', recipe: data(({ pck, ca, root }) => join(pck.certificate, ca.certificate, root.certificate)) }),
  defect('chain-crlf', 'decodes', 'lines of the chain end with CR and LF', 'a verifier that splits at LF alone refuses good quotes', { standard: 'accepts', recipe: data((all) => pem(all).replaceAll('\n', '\r\n')) }),
  defect('chain-text-between', 'decodes', 'a line of text stands between certificates', 'a verifier that is thrown by it refuses what PEM allows', { standard: 'accepts', recipe: data((all) => pem(all).replace('-----\n-----B', '-----\nCA\n-----B')) }),
  defect('chain-two-nuls', 'decodes', 'two NULs end the chain', 'a verifier that strips one NUL fails on the other', { standard: 'accepts', recipe: data((all) => `${pem(all)}\0`) }),
  defect('chain-no-newline', 'decodes', 'nothing follows the last line of the chain', 'a verifier that wants a newline refuses good quotes', { standard: 'accepts', recipe: data(({ pck, ca, root }) => pemOf(pck, ca, root).trimEnd()) }),
  defect('chain-bad-base64', 'decodes', 'the leaf has a letter that is not of base64', 'a decoder that skips it reads another certificate', { recipe: data((all) => `${pem(all).slice(0, 100)}*${pem(all).slice(101)}`) }),
  defect('chain-unterminated', 'decodes', 'the leaf has no END line', 'a reader runs on into the next certificate', { recipe: data((all) => pem(all).replace('-----END CERTIFICATE-----\n', '')) }),
  defect('chain-other-root', 'decodes', 'the whole quote hangs on another root, and is right in itself', 'a verifier that trusts the root it finds in the quote trusts everybody', { after: (_, good) => ({ quote: quote(testPki({ ...good.pki, seed: `${good.pki.seed}, somebody` }), good.quote) }) }),
  defect('chain-other-leaf', 'decodes', 'the leaf is one of the same CA for another key', 'the QE report of one machine passes with the certificate of another', { recipe: chain((all) => [another(all, all.ca, all.pck), all.ca, all.root]) }),
  defect('leaf-signature-flipped', 'decodes', 'the signature of the leaf differs in one bit', 'a leaf passes that nobody has certified', { recipe: pki((all) => ({ pck: flipped(all.pck) })) }),
  defect('ca-signature-flipped', 'decodes', 'the signature of the CA differs in one bit', 'a CA passes that the root has not certified', { recipe: chain((all) => [all.pck, flipped(all.ca), all.root]) }),
  defect('leaf-expired', 'decodes', 'the leaf has expired', 'keys stay good for ever', { why: EXPIRY, recipe: leaf(({ now }) => ({ notAfter: now - DAY })) }),
  defect('leaf-not-yet-valid', 'decodes', 'the leaf is not valid yet', 'dates are not checked', { why: 'RFC 5280: not before notBefore; Intel\'s library looks at notAfter only', recipe: leaf(({ now }) => ({ notBefore: now + DAY })) }),
  defect('ca-expired', 'decodes', 'the CA has expired', 'the dates of the leaf alone are checked', { why: EXPIRY, recipe: authority(({ now }) => ({ notAfter: now - DAY })) }),
  defect('ca-not-yet-valid', 'decodes', 'the CA is not valid yet', 'the dates of the leaf alone are checked', { why: 'RFC 5280: not before notBefore; Intel\'s library looks at notAfter only', recipe: authority(({ now }) => ({ notBefore: now + DAY })) }),
  defect('leaf-other-issuer', 'decodes', 'the leaf names another issuer than the CA whose key has signed it', 'a chain by keys alone is no chain of names; revocation looks in the wrong list', { recipe: pki((all) => ({ pck: again(all.pck, { name: 'tdx-codec test somebody', key: all.ca.key }, {}) })) }),
  defect('ca-without-flag', 'decodes', 'the CA is no authority by its own certificate', 'whoever has any certificate below the root issues PCK certificates', { why: 'RFC 5280: an issuer has to be an authority; Intel\'s library looks at no such flag', recipe: authority(() => ({ pathLength: undefined })) }),
  defect('leaf-as-ca', 'decodes', 'the PCK leaf has issued another leaf, which signs the QE report', 'every machine issues PCK certificates for others', { recipe: (good) => { const extra = another(good.pki, good.pki.pck, good.pki.pck); return { ...good, quote: { ...good.quote, qeReportKey: extra.key, certificationData: utf8ToBytes(pemOf(extra, good.pki.pck, good.pki.ca, good.pki.root)) } }; } }),
  defect('leaf-with-flag', 'decodes', 'the leaf is an authority', 'a key that signs QE reports issues certificates too', { why: 'RFC 5280 asks for the flag in issuers, and does not forbid it in a leaf', standard: 'either', recipe: leaf(() => ({ pathLength: 0 })) }),
  defect('path-too-long', 'decodes', 'another CA stands between the CA and the leaf, which its path length forbids', 'a CA that may certify machines alone makes further authorities', { recipe: (good) => { const between = another(good.pki, good.pki.ca, good.pki.ca); const pck = again(good.pki.pck, between, {}); return { ...good, quote: { ...good.quote, certificationData: utf8ToBytes(pemOf(pck, between, good.pki.ca, good.pki.root)) } }; } }),
  defect('leaf-without-sgx-extension', 'decodes', 'the leaf has no SGX extension', 'there is no platform to look the TCB up for', { recipe: leaf(() => ({ sgxExtension: undefined })) }),
  defect('leaf-tcb-signing', 'decodes', 'the TCB signing certificate stands in place of the PCK leaf, and its key signs the QE report', 'a certificate for one purpose serves another', { recipe: (good) => ({ ...good, quote: { ...good.quote, qeReportKey: good.pki.tcbSigning.key, certificationData: utf8ToBytes(pemOf(good.pki.tcbSigning, good.pki.root)) } }) }),
  defect('leaf-other-fmspc', 'decodes', 'the leaf is of another kind of processor than the TCB info', 'the TCB levels of one processor are applied to another', { recipe: platform(() => ({ fmspc: Uint8Array.of(9, 9, 9, 9, 9, 9) })) }),
  defect('leaf-other-pceid', 'decodes', 'the leaf has another PCEID than the TCB info', 'the TCB levels of one processor are applied to another', { recipe: platform(() => ({ pceid: 1 })) }),
  defect('leaf-old-cpusvn', 'decodes', 'the leaf has TCB components of which the TCB info says OutOfDate', 'known weaknesses of the processor go unseen', { standard: 'downgrades', recipe: platform(({ cpusvn }) => ({ cpusvn: Uint8Array.of(5, ...cpusvn.slice(1)) })) }),
  defect('leaf-too-old-cpusvn', 'decodes', 'the leaf has TCB components below every level', 'known weaknesses of the processor go unseen', { recipe: platform(() => ({ cpusvn: new Uint8Array(16) })) }),
  defect('leaf-old-pcesvn', 'decodes', 'the leaf has a PCESVN of which the TCB info says OutOfDate', 'known weaknesses of the provisioning enclave go unseen', { standard: 'downgrades', recipe: platform(() => ({ pcesvn: 6 })) }),
];
