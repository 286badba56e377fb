import { tdxDcap } from '../layout/specs.ts';
import {
  at,
  bySize,
  bytes,
  type Infer,
  next,
  oneOf,
  pemChain,
  rest,
  sized,
  struct,
  u16,
  u32,
} from '../layout/vocabulary.ts';
import { SgxReportBody } from './sgx-report-body.ts';

/** Types of certification data. Open: other numbers decode as themselves. */
export const CertificationDataType = {
  PPID_CLEARTEXT: 1,
  PPID_RSA2048_OAEP: 2,
  PPID_RSA3072_OAEP: 3,
  PCK_LEAF_CERTIFICATE: 4,
  PCK_CERT_CHAIN: 5,
  /** Only outermost, in quotes of version 4 and 5. */
  QE_REPORT_CERTIFICATION_DATA: 6,
  PLATFORM_MANIFEST: 7,
} as const;

/**
 * Certification data of type 1: names the PCK certificate by the platform's PPID in the clear.
 *
 * @see [Byte map of PpidClearText](../../docs/structs/ppid-clear-text.md)
 */
export const PpidClearText = struct('PpidClearText', { source: tdxDcap('Certification data type 1'), size: 36 }, {
  /** Platform provisioning identity. */
  ppid:   at( 0, bytes(16), 'PPID'),
  /** CPUSVN of the platform. */
  cpusvn: at(16, bytes(16), 'CPUSVN'),
  /** ISVSVN of the provisioning certification enclave. */
  pcesvn: at(32, u16,       'PCESVN'),
  /** Identity of the provisioning certification enclave; 0 is Intel's. */
  pceid:  at(34, u16,       'PCEID'),
});
/** The value {@link PpidClearText} decodes to. */
export interface PpidClearText extends Infer<typeof PpidClearText> {}

const { ppid, cpusvn, pcesvn } = PpidClearText.fields;

/**
 * Certification data of type 1 as Intel's own sample has it: 34 bytes, without PCEID.
 *
 * @see [Byte map of PpidClearTextShort](../../docs/structs/ppid-clear-text-short.md)
 */
export const PpidClearTextShort = struct(
  'PpidClearTextShort',
  { source: tdxDcap('Certification data type 1'), size: 34 },
  {
    /** Platform provisioning identity. */
    ppid,
    /** CPUSVN of the platform. */
    cpusvn,
    /** ISVSVN of the provisioning certification enclave. */
    pcesvn,
  },
);
/** The value {@link PpidClearTextShort} decodes to. */
export interface PpidClearTextShort extends Infer<typeof PpidClearTextShort> {}

/**
 * Certification data of type 2: names the PCK certificate by the PPID under RSA-2048-OAEP.
 *
 * @see [Byte map of PpidRsa2048](../../docs/structs/ppid-rsa2048.md)
 */
export const PpidRsa2048 = struct('PpidRsa2048', { source: tdxDcap('Certification data type 2'), size: 276 }, {
  /** Platform provisioning identity, encrypted. */
  encPpid: at(  0, bytes(256), 'Enc PPID'),
  /** CPUSVN of the platform. */
  cpusvn:  at(256, bytes(16),  'CPUSVN'),
  /** ISVSVN of the provisioning certification enclave. */
  pcesvn:  at(272, u16,        'PCESVN'),
  /** Identity of the provisioning certification enclave; 0 is Intel's. */
  pceid:   at(274, u16,        'PCEID'),
});
/** The value {@link PpidRsa2048} decodes to. */
export interface PpidRsa2048 extends Infer<typeof PpidRsa2048> {}

/**
 * Certification data of type 3: names the PCK certificate by the PPID under RSA-3072-OAEP.
 *
 * @see [Byte map of PpidRsa3072](../../docs/structs/ppid-rsa3072.md)
 */
export const PpidRsa3072 = struct('PpidRsa3072', { source: tdxDcap('Certification data type 3'), size: 404 }, {
  /** Platform provisioning identity, encrypted. */
  encPpid: at(  0, bytes(384), 'Enc PPID'),
  /** CPUSVN of the platform. */
  cpusvn:  at(384, bytes(16),  'CPUSVN'),
  /** ISVSVN of the provisioning certification enclave. */
  pcesvn:  at(400, u16,        'PCESVN'),
  /** Identity of the provisioning certification enclave; 0 is Intel's. */
  pceid:   at(402, u16,        'PCEID'),
});
/** The value {@link PpidRsa3072} decodes to. */
export interface PpidRsa3072 extends Infer<typeof PpidRsa3072> {}

/**
 * What leads to the key that signed the QE report, by type: 1 to 3 name the PCK certificate, 4 is that certificate,
 * 5 its chain, usually PEM from leaf to root with or without a NUL behind it, 7 a platform manifest. Nothing signs these
 * bytes; a successful verification binds them.
 *
 * @see [Byte map of CertificationData](../../docs/structs/certification-data.md)
 */
export const CertificationData = struct('CertificationData', { source: tdxDcap('QE Certification Data') }, {
  /** Which of the forms follows. */
  certificationDataType: at(0, u16, 'Certification Data Type'),
  /** Length of the certification data, in bytes. */
  size:                  at(2, u32, 'Size'),
  /** The certification data; bytes for types 4, 5 and 7 and for unknown ones. */
  certificationData:     at(6, sized('size', oneOf('certificationDataType', {
    1: bySize(PpidClearText, PpidClearTextShort),
    2: PpidRsa2048,
    3: PpidRsa3072,
    4: rest,
    5: pemChain,
    7: rest,
  }, [6])), 'Certification Data'),
});
/** The value {@link CertificationData} decodes to. */
export interface CertificationData extends Infer<typeof CertificationData> {}

/**
 * Data that the quoting enclave binds to its attestation key. Chosen by the quoting enclave; 32 bytes as a rule, also none.
 *
 * @see [Byte map of QeAuthenticationData](../../docs/structs/qe-authentication-data.md)
 */
export const QeAuthenticationData = struct('QeAuthenticationData', { source: tdxDcap('QE Authentication Data') }, {
  /** Length of the data, in bytes. */
  size: at(0, u16,                 'Size'),
  /** The data; hashed behind the attestation key into the QE report. */
  data: at(2, sized('size', rest), 'Data'),
});
/** The value {@link QeAuthenticationData} decodes to. */
export interface QeAuthenticationData extends Infer<typeof QeAuthenticationData> {}

/**
 * Certification data of type 6: the report of the quoting enclave, signed by the PCK key, and what leads to that key.
 *
 * @see [Byte map of QeReportCertificationData](../../docs/structs/qe-report-certification-data.md)
 */
export const QeReportCertificationData = struct('QeReportCertificationData', { source: tdxDcap('QE Report Certification Data') }, {
  /** The report of the quoting enclave; its report data binds the attestation key. */
  qeReport:             at(  0, SgxReportBody,        'QE Report'),
  /** ECDSA P-256 signature over the QE report by the PCK key: r, then s, 32 bytes big-endian each. */
  qeReportSignature:    at(384, bytes(64),            'QE Report Signature'),
  /** Data that the quoting enclave binds to its attestation key. */
  qeAuthenticationData: at(448, QeAuthenticationData, 'QE Authentication Data'),
  /** What leads to the PCK key. */
  qeCertificationData:  next(CertificationData,       'QE Certification Data'),
});
/** The value {@link QeReportCertificationData} decodes to. */
export interface QeReportCertificationData extends Infer<typeof QeReportCertificationData> {}
