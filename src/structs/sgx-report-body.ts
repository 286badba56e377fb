import { sgxSdk } from '../layout/specs.ts';
import { at, bytes, type Infer, reserved, struct, u16 } from '../layout/vocabulary.ts';
import { miscselect, sgxFlags, sgxXfrm } from './sgx-attributes.ts';

/**
 * What a report says about an SGX enclave: the body of an SGX quote, and the report of the quoting enclave inside every
 * quote. Written by the processor (EREPORT). The fields of key separation and sharing stand where older texts say
 * reserved.
 *
 * @see [Byte map of SgxReportBody](../../docs/structs/sgx-report-body.md)
 */
export const SgxReportBody = struct('SgxReportBody', { source: sgxSdk('sgx_report_body_t'), size: 384 }, {
  /** Security version numbers of the processor; not one big number. */
  cpusvn:          at(  0, bytes(16),    'CPUSVN'),
  /** Extra exit information that the enclave asked for. */
  miscselect:      at( 16, miscselect,   'MISCSELECT'),
  /** Reserved. */
  reserved1:       at( 20, reserved(12), 'Reserved'),
  /** Extended product identity, with key separation and sharing. */
  isvextprodid:    at( 32, bytes(16),    'ISVEXTPRODID'),
  /** Flags of the enclave. */
  attributesFlags: at( 48, sgxFlags,     'ATTRIBUTES.FLAGS'),
  /** Extended processor features that the enclave may use. */
  attributesXfrm:  at( 56, sgxXfrm,      'ATTRIBUTES.XFRM'),
  /** SHA-256 of the enclave's initial contents. */
  mrenclave:       at( 64, bytes(32),    'MRENCLAVE'),
  /** Reserved. */
  reserved2:       at( 96, reserved(32), 'Reserved'),
  /** SHA-256 of the key that signed the enclave. */
  mrsigner:        at(128, bytes(32),    'MRSIGNER'),
  /** Reserved. */
  reserved3:       at(160, reserved(32), 'Reserved'),
  /** Identity of the configuration, with key separation and sharing. */
  configid:        at(192, bytes(64),    'CONFIGID'),
  /** Product identity: 1 for the SGX quoting enclave, 2 for the one of TDX. */
  isvprodid:       at(256, u16,          'ISVPRODID'),
  /** Security version number of the enclave. */
  isvsvn:          at(258, u16,          'ISVSVN'),
  /** Security version number of the configuration, with key separation and sharing. */
  configsvn:       at(260, u16,          'CONFIGSVN'),
  /** Reserved. */
  reserved4:       at(262, reserved(42), 'Reserved'),
  /** Product family, with key separation and sharing. */
  isvfamilyid:     at(304, bytes(16),    'ISVFAMILYID'),
  /** What the enclave wanted to have attested; of a quoting enclave: SHA-256 of attestation key and authentication data, then zero. */
  reportdata:      at(320, bytes(64),    'REPORTDATA'),
});
/** The value {@link SgxReportBody} decodes to. */
export interface SgxReportBody extends Infer<typeof SgxReportBody> {}
