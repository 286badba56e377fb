import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { encode } from '../codec.ts';
import type { EncodableFields } from '../layout.ts';
import { SgxReportBody } from '../structs/sgx-report-body.ts';
import type { TestPki } from './pki.ts';
import { own, type TestKey } from './seed.ts';

/** Which quoting enclave: the one of SGX or the one of TDX. */
export type Tee = 'sgx' | 'tdx';

/** Signer of the make-believe quoting enclaves, as the QE identities name it. */
export const QE_MRSIGNER = /* @__PURE__ */ own(sha256(utf8ToBytes('tdx-codec test QE signer')));
export const QE_ISVSVN = 4;
export const qeProductId = (tee: Tee): number => (tee === 'tdx' ? 2 : 1);

/** The report of a quoting enclave; its report data binds the attestation key and the authentication data. */
export function qeReport(
  pki: TestPki,
  tee: Tee,
  attestationKey: TestKey,
  authenticationData: Uint8Array,
  fields: Partial<EncodableFields<typeof SgxReportBody>> = {},
): Uint8Array<ArrayBuffer> {
  const reportdata = new Uint8Array(64);
  reportdata.set(sha256(concatBytes(attestationKey.publicKey, authenticationData)));
  return encode(SgxReportBody, {
    cpusvn: pki.platform.cpusvn,
    miscselect: 0,
    isvextprodid: new Uint8Array(16),
    // INIT, MODE64BIT, PROVISIONKEY
    attributesFlags: 0x15n,
    attributesXfrm: 0xe7n,
    mrenclave: sha256(utf8ToBytes(`tdx-codec test ${tee} QE`)),
    mrsigner: QE_MRSIGNER,
    configid: new Uint8Array(64),
    isvprodid: qeProductId(tee),
    isvsvn: QE_ISVSVN,
    configsvn: 0,
    isvfamilyid: new Uint8Array(16),
    reportdata,
    ...fields,
  });
}
