import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { encode } from '../codec.ts';
import { QuoteHeader } from '../structs/quote-header.ts';
import { QuoteV4 } from '../structs/quote-v4.ts';
import { TdReportBody10 } from '../structs/td-report-body.ts';
import { pemOf, type TestPki } from './pki.ts';
import { qeReport } from './qe.ts';
import { deriveKey, sign } from './seed.ts';
import { type Td, testTd } from './td.ts';

/** Intel's UUID: verifiers insist on it. */
const QE_VENDOR_ID = Uint8Array.of(
  0x93,
  0x9a,
  0x72,
  0x33,
  0xf7,
  0x9c,
  0x4c,
  0xa9,
  0x94,
  0x0a,
  0x0d,
  0xb3,
  0x95,
  0x7f,
  6,
  7,
);
/** 00 to 1f, as Intel's quoting enclaves have it. */
const AUTHENTICATION_DATA = Uint8Array.from({ length: 32 }, (_, i) => i);

/** A quote of version 4 of a TD, with the certificate chain in PEM, padded with `trailing` zero bytes. */
export function quoteV4(pki: TestPki, fields: Partial<Td> = {}, trailing = 70): Uint8Array<ArrayBuffer> {
  const attestationKey = deriveKey(pki.seed, 'tdx attestation');
  const userData = new Uint8Array(20);
  userData.set(pki.platform.qeId);
  const header = encode(QuoteHeader, {
    version: 4,
    attestationKeyType: 2,
    teeType: 0x81,
    qeVendorId: QE_VENDOR_ID,
    userData,
  });
  const { teeTcbSvn2: _, mrservicetd: _1, vmid: _2, tdId: _3, ...body10 } = testTd(fields);
  const body = encode(TdReportBody10, body10);
  const report = qeReport(pki, 'tdx', attestationKey, AUTHENTICATION_DATA);
  return encode(QuoteV4, {
    header,
    body,
    signatureData: {
      quoteSignature: sign(attestationKey, concatBytes(header, body)),
      ecdsaAttestationKey: attestationKey.publicKey,
      qeCertificationData: {
        certificationDataType: 6,
        certificationData: {
          qeReport: report,
          qeReportSignature: sign(pki.pck.key, report),
          qeAuthenticationData: { data: AUTHENTICATION_DATA },
          qeCertificationData: {
            certificationDataType: 5,
            certificationData: utf8ToBytes(`${pemOf(pki.pck, pki.ca, pki.root)}\0`),
          },
        },
      },
    },
    trailing: new Uint8Array(trailing),
  });
}
