import { sha256 } from '@noble/hashes/sha2.js';
import { join } from '../place.ts';
import { attestationKeyOf } from '../quote.ts';
import { svn } from '../td.ts';
import { type Defect, defect, fails, inQuote, qe, replace, saying, td } from './defect.ts';

const filled = (length: number, byte: number): Uint8Array => new Uint8Array(length).fill(byte);

/** Report data of the QE report that binds something else. */
const binding = (of: (key: Uint8Array, data: Uint8Array) => Uint8Array, tail = 0) =>
  saying(({ pki }) => {
    const data = Uint8Array.from({ length: 32 }, (_, i) => i);
    const hash = sha256(of(attestationKeyOf(pki.seed, 'tdx').publicKey, data));
    return { qe: { reportdata: join(hash, filled(32, tail)) } };
  });

/** Statements that are signed as they should be, and still must not pass, or pass as less. */
export const policy: readonly Defect[] = [
  defect('binding-zero', 'decodes', 'the report data of the QE report is zero', 'anybody can put an attestation key of their own beside a genuine QE report', { recipe: qe({ reportdata: new Uint8Array(64) }) }),
  defect('binding-key-only', 'decodes', 'the QE report binds the attestation key without the authentication data', 'the authentication data can be exchanged', { recipe: binding((key) => key) }),
  defect('binding-data-first', 'decodes', 'the QE report binds authentication data and key in the wrong order', 'two verifiers disagree on what is bound', { recipe: binding((key, data) => join(data, key)) }),
  defect('binding-prefixed-key', 'decodes', 'the QE report binds the attestation key with 0x04 in front', 'two verifiers disagree on what is bound', { recipe: binding((key, data) => join(Uint8Array.of(4), key, data)) }),
  defect('binding-tail', 'decodes', 'the report data of the QE report does not end with zero', 'a verifier that compares all 64 bytes refuses what Intel\'s accepts', { standard: 'accepts', recipe: binding((key, data) => join(key, data), 0xff) }),
  defect('qe-other-signer', 'decodes', 'the QE report is of an enclave of another signer', 'any enclave passes for the quoting enclave', { recipe: qe({ mrsigner: filled(32, 0xee) }) }),
  defect('qe-of-sgx', 'decodes', 'the QE report has the product of the SGX quoting enclave', 'an enclave that cannot check TDREPORTs vouches for a TD', { recipe: qe({ isvprodid: 1 }) }),
  defect('qe-debug', 'decodes', 'the quoting enclave can be debugged', 'the attestation key is not secret', { recipe: qe({ attributesFlags: 0x17n }) }),
  defect('qe-miscselect', 'decodes', 'the QE report has a MISCSELECT that the identity does not allow', 'a quoting enclave with other properties passes', { recipe: qe({ miscselect: 1 }) }),
  defect('qe-without-provision-key', 'decodes', 'the quoting enclave has no access to the provisioning key', 'an enclave that is no quoting enclave passes', { recipe: qe({ attributesFlags: 0x05n }) }),
  defect('qe-old', 'decodes', 'the quoting enclave has an SVN of which the identity says OutOfDate', 'known weaknesses of a quoting enclave go unseen', { standard: 'downgrades', recipe: qe({ isvsvn: 2 }) }),
  defect('qe-too-old', 'decodes', 'the quoting enclave has an SVN below every level of the identity', 'known weaknesses of a quoting enclave go unseen', { recipe: qe({ isvsvn: 0 }) }),
  defect('qe-reserved', 'decodes', 'a reserved bit of the QE flags is set, and signed', 'a bit that nobody knows the meaning of passes', { strict: fails('reserved', 'Quote.signatureData.qeCertificationData.certificationData.qeReport.attributesFlags', 818), recipe: qe({ attributesFlags: 0x1dn }) }),
  defect('td-debug', 'decodes', 'the TD can be debugged', 'the host reads every secret of the TD', { why: 'policy: the quote is signed as it should be, and the TDX documents call such a TD untrusted; Intel\'s library and go-tdx-guest leave the refusal to whoever calls them', recipe: td({ tdattributes: 0x10000001n }) }),
  defect('td-profiled', 'decodes', 'the TD can be profiled: another bit of the group that makes it untrusted', 'whoever looks at DEBUG alone trusts a TD that leaks', { why: 'policy: the quote is signed as it should be, and the TDX documents call such a TD untrusted; Intel\'s library and go-tdx-guest leave the refusal to whoever calls them', recipe: td({ tdattributes: 0x10000020n }) }),
  defect('td-reserved-attribute', 'decodes', 'a reserved attribute of the TD is set', 'a bit that nobody knows the meaning of passes', { why: 'policy: the TDX documents want reserved attributes zero; Intel\'s library and go-tdx-guest leave that to whoever calls them', strict: fails('reserved', 'Quote.body.tdattributes', 168), recipe: td({ tdattributes: 0x10000100n }) }),
  defect('td-unknown-xfam', 'decodes', 'a feature of XFAM is set that has no name', 'none for a verifier; a strict reader says so', { standard: 'accepts', strict: fails('reserved', 'Quote.body.xfam', 176), recipe: td({ xfam: 0x8000_0000_0006_00e7n }) }),
  defect('seam-signer', 'decodes', 'the TDX module has a signer, which the TCB info does not allow', 'a module of somebody else passes', { recipe: td({ mrsignerseam: filled(48, 0xee) }) }),
  defect('seam-attributes', 'decodes', 'the TDX module has attributes that the TCB info does not allow', 'a module that can be debugged passes', { strict: fails('reserved', 'Quote.body.seamattributes', 160), recipe: td({ seamattributes: 1n }) }),
  defect('module-old', 'decodes', 'the TDX module has an SVN of which its identity says OutOfDate', 'known weaknesses of a module go unseen', { standard: 'downgrades', recipe: td({ teeTcbSvn: svn(3, 1, 3), teeTcbSvn2: svn(3, 1, 3) }) }),
  defect('module-too-old', 'decodes', 'the TDX module has an SVN below every level of its identity', 'known weaknesses of a module go unseen', { recipe: td({ teeTcbSvn: svn(0, 1, 3), teeTcbSvn2: svn(0, 1, 3) }) }),
  defect('module-unknown', 'decodes', 'the TDX module has a major version without an identity in the TCB info', 'a module passes of which nothing is known', { recipe: td({ teeTcbSvn: svn(7, 9, 3), teeTcbSvn2: svn(7, 9, 3) }) }),
  defect('microcode-old', 'decodes', 'the late microcode has an SVN of which the TCB info says OutOfDate', 'known weaknesses of the processor go unseen', { standard: 'downgrades', recipe: td({ teeTcbSvn: svn(7, 1, 1), teeTcbSvn2: svn(7, 1, 1) }) }),
  defect('launch-svn-old', 'decodes', 'the TD was launched under a module that is OutOfDate, and runs under a current one', 'the TD holds what an old module gave it: an update does not repair what was done at launch', { why: 'TDRelaunchAdvised: launched under an old module, updated since', profile: 'tdx-v5-body-3', standard: 'downgrades', recipe: td({ teeTcbSvn: svn(3, 1, 3), teeTcbSvn2: svn(8, 1, 3) }) }),
  defect('current-svn-old', 'decodes', 'the TD was launched under a current module, and runs under one that is OutOfDate', 'a verifier that looks at the module of the launch alone does not see the one that runs', { why: 'TEE_TCB_SVN2 is asked for where the SVN at launch is out of date; who looks at it always knows more', profile: 'tdx-v5-body-3', standard: 'either', recipe: td({ teeTcbSvn: svn(7, 1, 3), teeTcbSvn2: svn(3, 1, 3) }) }),
  defect('current-svn-unknown-module', 'decodes', 'the module that runs now has a major version without an identity in the TCB info', 'a module passes of which nothing is known', { why: 'the module that runs has to have an identity, too', profile: 'tdx-v5-body-3', recipe: td({ teeTcbSvn: svn(7, 1, 3), teeTcbSvn2: svn(7, 9, 3) }) }),
  defect('v3-debug', 'decodes', 'the enclave can be debugged', 'the host reads every secret of the enclave', { why: 'policy: the quote is signed as it should be, and the SGX documents call such an enclave unprotected; Intel\'s library leaves the refusal to whoever calls it', profile: 'sgx-v3', recipe: saying(() => ({ enclave: { attributesFlags: 0x07n } })) }),
  defect('v3-reserved', 'decodes', 'a reserved byte of the enclave report is not zero after signing', 'whoever skips reserved bytes when hashing accepts what others refuse', { profile: 'sgx-v3', strict: fails('reserved', 'Quote.body.reserved2', 144), after: inQuote(replace('body.reserved2', (field) => field.fill(1))) }),
];
