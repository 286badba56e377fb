import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { type Enclave, enclaveReport, testEnclave } from './enclave.ts';
import { join } from './place.ts';
import { own } from './seed.ts';

/** What is attested: an SGX enclave or a TD. Each has its own quoting enclave. */
export type Tee = 'sgx' | 'tdx';

/** Signer of the make-believe quoting enclaves, as the QE identities name it. */
export const QE_MRSIGNER: Uint8Array<ArrayBuffer> = /* @__PURE__ */ own(
  sha256(/* @__PURE__ */ utf8ToBytes('tdx-codec test QE signer')),
);
export const QE_ISVSVN = 4;
export const qeProductId = (tee: Tee): number => (tee === 'tdx' ? 2 : 1);

/** The report of a quoting enclave; its report data binds the attestation key and the authentication data. */
export function qeReport(
  tee: Tee,
  cpusvn: Uint8Array,
  attestationKey: Uint8Array,
  authenticationData: Uint8Array,
  fields: Partial<Enclave> = {},
): Uint8Array<ArrayBuffer> {
  const reportdata = new Uint8Array(64);
  reportdata.set(sha256(join(attestationKey, authenticationData)));
  const qe = testEnclave(`${tee} QE`, cpusvn, {
    // INIT, MODE64BIT and PROVISIONKEY
    attributesFlags: 0x15n,
    mrsigner: QE_MRSIGNER,
    isvprodid: qeProductId(tee),
    isvsvn: QE_ISVSVN,
    reportdata,
    ...fields,
  });
  return enclaveReport(qe);
}
