import { utf8ToBytes } from '@noble/hashes/utils.js';
import { toHex } from '../../engine/hex.ts';
import { certify, type RevocationFields, revocationList } from '../certificate.ts';
import { type Collateral, date, type QeIdentity, type TcbInfo } from '../collateral.ts';
import type { Recipe } from '../forge.ts';
import { DAY, pemOf, type TestPki, testPki } from '../pki.ts';
import { deriveKey, sign } from '../seed.ts';
import { type Defect, defect, EXPIRY, type Rest } from './defect.ts';

const tcb =
  (other: (good: TcbInfo, now: number) => Partial<TcbInfo>) =>
  (good: Recipe): Recipe => ({
    ...good,
    tcbInfo: { ...good.tcbInfo, ...other(good.tcbInfo, good.pki.now) },
  });
const identity =
  (other: (good: QeIdentity, now: number) => Partial<QeIdentity>) =>
  (good: Recipe): Recipe => ({
    ...good,
    qeIdentity: { ...good.qeIdentity, ...other(good.qeIdentity, good.pki.now) },
  });
const pki =
  (other: (good: TestPki) => Partial<TestPki>) =>
  (good: Recipe): Recipe => ({
    ...good,
    pki: { ...good.pki, ...other(good.pki) },
  });
/** Changes the collateral as it is handed over. */
const handed =
  (other: (made: Collateral, pki: TestPki) => Partial<Collateral>): NonNullable<Defect['after']> =>
  ({ collateral }, good) => ({ collateral: { ...collateral, ...other(collateral, good.pki) } });

const flipped = (hex: string): string => (hex.startsWith('0') ? '1' : '0') + hex.slice(1);
const list = (issuer: 'root' | 'ca', other: (pki: TestPki) => Partial<RevocationFields>) => (all: TestPki) =>
  revocationList(all[issuer], {
    thisUpdate: all.now - DAY,
    nextUpdate: all.now + 29 * DAY,
    number: 2,
    revoked: [],
    ...other(all),
  });
const rootList = (other: (pki: TestPki) => Partial<RevocationFields>) =>
  pki((all) => ({ rootCrl: list('root', other)(all) }));
const pckList = (other: (pki: TestPki) => Partial<RevocationFields>) =>
  pki((all) => ({ pckCrl: list('ca', other)(all) }));
const everyLevel = <L extends { tcbStatus: string }>(levels: L[], tcbStatus: string): L[] =>
  levels.map((level) => ({ ...level, tcbStatus }));
const somebody = (all: TestPki) => ({ name: all.tcbSigning.name, key: deriveKey(all.seed, 'somebody') });

const row = (name: string, what: string, harm: string, rest: Rest): Defect =>
  defect(name, 'decodes', what, harm, { in: 'collateral', ...rest });

/** What stands beside the quote, wrong in one place; the quote is good. */
export const collaterals: readonly Defect[] = [
  row('tcb-info-signature-flipped', 'the signature of the TCB info differs in one bit', 'anybody says which TCB is up to date', { after: handed((all) => ({ tcb_info_signature: flipped(all.tcb_info_signature) })) }),
  row('tcb-info-edited', 'the TCB info was changed after it was signed', 'anybody says which TCB is up to date', { after: handed((all) => ({ tcb_info: all.tcb_info.replace('OutOfDate', 'UpToDate') })) }),
  row('tcb-info-reformatted', 'the TCB info has another space in it after it was signed', 'two verifiers disagree on the same collateral, once something on the way has printed it anew', { why: 'Intel signs the document without white space, and its library serialises what it has parsed before it hashes; others hash the text that they were given', standard: 'either', after: handed((all) => ({ tcb_info: all.tcb_info.replace(':', ': ') })) }),
  row('tcb-info-signed-by-other-key', 'another key than the one of the signing certificate has signed the TCB info', 'anybody says which TCB is up to date', { after: handed((all, good) => ({ tcb_info_signature: toHex(sign(somebody(good).key, utf8ToBytes(all.tcb_info))) })) }),
  row('tcb-info-signed-by-pck', 'the PCK key has signed the TCB info, and its chain stands beside it', 'every machine says of itself that it is up to date', { after: handed((all, good) => ({ tcb_info_issuer_chain: pemOf(good.pck, good.ca, good.root), tcb_info_signature: toHex(sign(good.pck.key, utf8ToBytes(all.tcb_info))) })) }),
  row('tcb-info-expired', 'the TCB info was to be replaced by now', 'an old document hides what has become known since', { why: EXPIRY, recipe: tcb((_, now) => ({ nextUpdate: date(now - DAY / 2) })) }),
  row('tcb-info-future', 'the TCB info is issued in the future', 'dates are not checked', { why: 'nextUpdate is the limit that the documents give; of an issueDate in the future they say nothing', standard: 'either', recipe: tcb((_, now) => ({ issueDate: date(now + DAY) })) }),
  row('tcb-info-other-fmspc', 'the TCB info is of another kind of processor', 'the TCB levels of one processor are applied to another', { recipe: tcb(() => ({ fmspc: '090909090909' })) }),
  row('tcb-info-other-pceid', 'the TCB info has another PCEID than the leaf', 'the TCB levels of one processor are applied to another', { recipe: tcb(() => ({ pceId: '0001' })) }),
  row('tcb-info-of-sgx', 'the TCB info is the one of SGX', 'nothing is asked of the TDX module', { recipe: tcb(() => ({ id: 'SGX' })) }),
  row('tcb-info-version-2', 'the TCB info is of version 2, which knows no TDX', 'nothing is asked of the TDX module', { recipe: tcb(() => ({ version: 2 })) }),
  row('tcb-info-no-level', 'the TCB info has no level', 'a loop over no levels ends without an objection', { recipe: tcb(() => ({ tcbLevels: [] })) }),
  row('tcb-info-revoked', 'the TCB info says that this TCB is revoked', 'a platform whose keys are known passes', { recipe: tcb(({ tcbLevels }) => ({ tcbLevels: everyLevel(tcbLevels, 'Revoked') })) }),
  row('tcb-info-out-of-date', 'the TCB info says that this TCB is out of date', 'known weaknesses of the processor go unseen', { standard: 'downgrades', recipe: tcb(({ tcbLevels }) => ({ tcbLevels: everyLevel(tcbLevels, 'OutOfDate') })) }),
  row('tcb-info-configuration-needed', 'the TCB info says that the configuration matters', 'a platform with the wrong settings passes as if it had the right ones', { standard: 'downgrades', recipe: tcb(({ tcbLevels }) => ({ tcbLevels: everyLevel(tcbLevels, 'ConfigurationNeeded') })) }),
  row('tcb-info-sw-hardening-needed', 'the TCB info says that software has to be hardened', 'an enclave or TD without the hardening passes as if it had it', { standard: 'downgrades', recipe: tcb(({ tcbLevels }) => ({ tcbLevels: everyLevel(tcbLevels, 'SWHardeningNeeded') })) }),
  row('tcb-info-configuration-and-sw-hardening-needed', 'the TCB info says that the configuration matters and that software has to be hardened', 'a platform with the wrong settings passes as if it had the right ones', { standard: 'downgrades', recipe: tcb(({ tcbLevels }) => ({ tcbLevels: everyLevel(tcbLevels, 'ConfigurationAndSWHardeningNeeded') })) }),
  row('tcb-info-out-of-date-configuration-needed', 'the TCB info says that this TCB is out of date and that the configuration matters', 'known weaknesses of the processor go unseen', { standard: 'downgrades', recipe: tcb(({ tcbLevels }) => ({ tcbLevels: everyLevel(tcbLevels, 'OutOfDateConfigurationNeeded') })) }),
  row('tcb-info-unknown-status', 'the TCB info gives a status that nobody has defined', 'a status that a verifier does not know passes for a good one', { recipe: tcb(({ tcbLevels }) => ({ tcbLevels: everyLevel(tcbLevels, 'TestUnknown') })) }),
  row('tcb-info-module-revoked', 'the TCB info says that this TDX module is revoked', 'a module passes whose weaknesses are known', { recipe: tcb(({ tdxModuleIdentities = [] }) => ({ tdxModuleIdentities: tdxModuleIdentities.map((each) => ({ ...each, tcbLevels: everyLevel(each.tcbLevels, 'Revoked') })) })) }),
  row('tcb-info-not-json', 'the TCB info is no JSON', 'a verifier ends with an error that nobody handles', { after: handed(() => ({ tcb_info: '{' })) }),
  row('tcb-chain-other-root', 'the chain of the TCB signing certificate hangs on another root', 'anybody says which TCB is up to date', { after: handed((all, good) => { const other = testPki({ ...good, seed: `${good.seed}, somebody` }); return { tcb_info_issuer_chain: pemOf(other.tcbSigning, other.root), tcb_info_signature: toHex(sign(other.tcbSigning.key, utf8ToBytes(all.tcb_info))) }; }) }),
  row('tcb-chain-empty', 'the chain of the TCB signing certificate is missing', 'anybody says which TCB is up to date', { after: handed(() => ({ tcb_info_issuer_chain: '' })) }),
  row('tcb-signing-expired', 'the TCB signing certificate has expired', 'keys stay good for ever', { why: EXPIRY, recipe: pki((all) => ({ tcbSigning: certify(all.root, { ...all.tcbSigning.fields, notAfter: all.now - DAY }) })) }),
  row('tcb-signing-revoked', 'the TCB signing certificate is revoked', 'a key that got lost says which TCB is up to date', { recipe: rootList(({ tcbSigning }) => ({ revoked: [tcbSigning.serial] })) }),
  row('qe-identity-signature-flipped', 'the signature of the QE identity differs in one bit', 'anybody says which enclave is the quoting enclave', { after: handed((all) => ({ qe_identity_signature: flipped(all.qe_identity_signature) })) }),
  row('qe-identity-edited', 'the QE identity was changed after it was signed', 'anybody says which enclave is the quoting enclave', { after: handed((all) => ({ qe_identity: all.qe_identity.replace('OutOfDate', 'UpToDate') })) }),
  row('qe-identity-signed-by-other-key', 'another key than the one of the signing certificate has signed the QE identity', 'anybody says which enclave is the quoting enclave', { after: handed((all, good) => ({ qe_identity_signature: toHex(sign(somebody(good).key, utf8ToBytes(all.qe_identity))) })) }),
  row('qe-identity-chain-empty', 'the chain of the QE identity is missing', 'anybody says which enclave is the quoting enclave', { after: handed(() => ({ qe_identity_issuer_chain: '' })) }),
  row('qe-identity-expired', 'the QE identity was to be replaced by now', 'an old document hides what has become known since', { why: EXPIRY, recipe: identity((_, now) => ({ nextUpdate: date(now - DAY / 2) })) }),
  row('qe-identity-future', 'the QE identity is issued in the future', 'dates are not checked', { why: 'nextUpdate is the limit that the documents give; of an issueDate in the future they say nothing', standard: 'either', recipe: identity((_, now) => ({ issueDate: date(now + DAY) })) }),
  row('qe-identity-of-sgx', 'the QE identity is the one of SGX', 'an enclave that cannot check TDREPORTs vouches for a TD', { recipe: identity(() => ({ id: 'QE' })) }),
  row('qe-identity-version-1', 'the QE identity is of version 1', 'fields are read that mean something else there', { recipe: identity(() => ({ version: 1 })) }),
  row('qe-identity-other-signer', 'the QE identity names another signer', 'any enclave passes for the quoting enclave', { recipe: identity(() => ({ mrsigner: 'E'.repeat(64) })) }),
  row('qe-identity-other-product', 'the QE identity names another product', 'another enclave of the same signer passes for the quoting enclave', { recipe: identity(() => ({ isvprodid: 7 })) }),
  row('qe-identity-no-level', 'the QE identity has no level', 'a loop over no levels ends without an objection', { recipe: identity(() => ({ tcbLevels: [] })) }),
  row('qe-identity-revoked', 'the QE identity says that this quoting enclave is revoked', 'a quoting enclave whose keys are known passes', { recipe: identity(({ tcbLevels }) => ({ tcbLevels: everyLevel(tcbLevels, 'Revoked') })) }),
  row('document-signatures-swapped', 'the signatures of TCB info and QE identity are exchanged', 'a signature passes for a document that it was not made for', { after: handed((all) => ({ tcb_info_signature: all.qe_identity_signature, qe_identity_signature: all.tcb_info_signature })) }),
  row('leaf-revoked', 'the PCK leaf is revoked', 'a machine whose key got lost passes', { recipe: pckList(({ pck }) => ({ revoked: [pck.serial] })) }),
  row('ca-revoked', 'the PCK CA is revoked', 'machines pass that a lost CA key has certified', { recipe: rootList(({ ca }) => ({ revoked: [ca.serial] })) }),
  row('pck-crl-expired', 'the list of the PCK CA was to be replaced by now', 'a revocation since then goes unseen', { why: EXPIRY, recipe: pckList(({ now }) => ({ nextUpdate: now - DAY / 2 })) }),
  row('root-crl-expired', 'the list of the root was to be replaced by now', 'a revocation since then goes unseen', { why: EXPIRY, recipe: rootList(({ now }) => ({ nextUpdate: now - DAY / 2 })) }),
  row('pck-crl-future', 'the list of the PCK CA is issued in the future', 'dates are not checked', { why: 'RFC 5280: a list holds from thisUpdate on; Intel\'s verification enclave accepts and says so in a flag, as with what has expired (read in its source, not run)', recipe: pckList(({ now }) => ({ thisUpdate: now + DAY })) }),
  row('pck-crl-signed-by-other-key', 'another key than the one of the PCK CA has signed its list', 'whoever hands over the list leaves out what is revoked', { recipe: pki((all) => ({ pckCrl: list('ca', () => ({}))({ ...all, ca: { ...all.ca, key: deriveKey(all.seed, 'somebody') } }) })) }),
  row('root-crl-signed-by-other-key', 'another key than the one of the root has signed its list', 'whoever hands over the list leaves out what is revoked', { recipe: pki((all) => ({ rootCrl: list('root', () => ({}))({ ...all, root: { ...all.root, key: deriveKey(all.seed, 'somebody') } }) })) }),
  row('pck-crl-of-root', 'the list of the root stands in place of the one of the PCK CA', 'no list says which machines are revoked', { after: handed((all) => ({ pck_crl: all.root_ca_crl })) }),
  row('pck-crl-not-der', 'the list of the PCK CA is no DER', 'a list that cannot be read passes for an empty one', { after: handed(() => ({ pck_crl: '00' })) }),
  row('root-crl-missing', 'the list of the root is missing', 'no list says which authorities are revoked', { after: handed(() => ({ root_ca_crl: '' })) }),
  row('other-root', 'the root to verify against is another one', 'a verifier that trusts the root it finds in the quote trusts everybody', { after: (_, good) => ({ root: testPki({ ...good.pki, seed: `${good.pki.seed}, somebody` }).root.certificate }) }),
];
