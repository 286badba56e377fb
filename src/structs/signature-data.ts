import { sgxEcdsa, tdxDcap } from '../layout/specs.ts';
import { at, bytes, type Infer, next, oneOf, sized, struct, u16, u32 } from '../layout/vocabulary.ts';
import { CertificationData, QeAuthenticationData, QeReportCertificationData } from './certification-data.ts';
import { SgxReportBody } from './sgx-report-body.ts';

/**
 * The outer certification data of a quote of version 4 or 5, always of type 6.
 *
 * @see [Byte map of QuoteCertificationData](../../docs/structs/quote-certification-data.md)
 */
export const QuoteCertificationData = struct('QuoteCertificationData', { source: tdxDcap('QE Certification Data') }, {
  /** Which form follows; 6. */
  certificationDataType: at(0, u16, 'Certification Data Type'),
  /** Length of the certification data, in bytes. */
  size:                  at(2, u32, 'Size'),
  /** The QE report and what certifies it; bytes for unknown types. */
  certificationData:     at(6, sized('size', oneOf('certificationDataType', {
    6: QeReportCertificationData,
  }, [1, 2, 3, 4, 5, 7])), 'Certification Data'),
});
/** The value {@link QuoteCertificationData} decodes to. */
export interface QuoteCertificationData extends Infer<typeof QuoteCertificationData> {}

/**
 * Signature data of attestation key type 2 in a quote of version 4 or 5. Written by the quoting enclave.
 *
 * @see [Byte map of EcdsaSignatureData](../../docs/structs/ecdsa-signature-data.md)
 */
export const EcdsaSignatureData = struct('EcdsaSignatureData', { source: tdxDcap('ECDSA 256-bit Quote Signature Data Structure') }, {
  /** ECDSA P-256 signature by the attestation key over all bytes before the signature data length: r, then s, 32 bytes big-endian each. */
  quoteSignature:      at(  0, bytes(64),              'Quote Signature'),
  /** Public attestation key: x, then y, 32 bytes big-endian each, without a 0x04 in front. */
  ecdsaAttestationKey: at( 64, bytes(64),              'ECDSA Attestation Key'),
  /** What certifies the attestation key. */
  qeCertificationData: at(128, QuoteCertificationData, 'QE Certification Data'),
});
/** The value {@link EcdsaSignatureData} decodes to. */
export interface EcdsaSignatureData extends Infer<typeof EcdsaSignatureData> {}

/**
 * Signature data of attestation key type 2 in a quote of version 3. Written by the quoting enclave.
 *
 * @see [Byte map of EcdsaSignatureDataV3](../../docs/structs/ecdsa-signature-data-v3.md)
 */
export const EcdsaSignatureDataV3 = struct('EcdsaSignatureDataV3', { source: sgxEcdsa('ECDSA 256-bit Quote Signature Data Structure') }, {
  /** ECDSA P-256 signature by the attestation key over header and report body: r, then s, 32 bytes big-endian each. */
  isvEnclaveReportSignature: at(  0, bytes(64),            'ISV Enclave Report Signature'),
  /** Public attestation key: x, then y, 32 bytes big-endian each, without a 0x04 in front. */
  ecdsaAttestationKey:       at( 64, bytes(64),            'ECDSA Attestation Key'),
  /** The report of the quoting enclave; its report data binds the attestation key. */
  qeReport:                  at(128, SgxReportBody,        'QE Report'),
  /** ECDSA P-256 signature over the QE report by the PCK key: r, then s, 32 bytes big-endian each. */
  qeReportSignature:         at(512, bytes(64),            'QE Report Signature'),
  /** Data that the quoting enclave binds to its attestation key. */
  qeAuthenticationData:      at(576, QeAuthenticationData, 'QE Authentication Data'),
  /** What leads to the PCK key. */
  qeCertificationData:       next(CertificationData,       'QE Certification Data'),
});
/** The value {@link EcdsaSignatureDataV3} decodes to. */
export interface EcdsaSignatureDataV3 extends Infer<typeof EcdsaSignatureDataV3> {}
