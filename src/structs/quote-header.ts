import { sgxEcdsa, tdxDcap } from '../layout/specs.ts';
import { at, bytes, type Infer, reserved, struct, u16, u32 } from '../layout/vocabulary.ts';

/** Kinds of attestation key. Open: other numbers decode as themselves. */
export const AttestationKeyType = {
  /** EPID; long gone. */
  EPID: 0,
  /** The only one that is produced. */
  ECDSA_P256: 2,
  /** Defined, and declared unsupported. */
  ECDSA_P384: 3,
} as const;

/** Vendors of quoting enclaves, by the UUID in QE Vendor ID, in hex. Open: others may come. */
export const QeVendorId = {
  Intel: '939a7233f79c4ca9940a0db3957f0607',
} as const;

/**
 * The first 48 bytes of a quote of version 4 or 5. Written by the quoting enclave, covered by the quote signature.
 *
 * @see [Byte map of QuoteHeader](../../docs/structs/quote-header.md)
 */
export const QuoteHeader = struct('QuoteHeader', { source: tdxDcap('Quote Header'), size: 48 }, {
  /** Version of the quote format: 4 or 5. */
  version:            at( 0, u16,         'Version'),
  /** Kind of the attestation key: 2 is ECDSA-256 with P-256, the only one that is produced. */
  attestationKeyType: at( 2, u16,         'Attestation Key Type'),
  /** What is attested: 0 an SGX enclave, 0x81 a TD. */
  teeType:            at( 4, u32,         'TEE Type'),
  /** Reserved; holds QE SVN and PCE SVN in version 3. Zero in every known quote. */
  reserved:           at( 8, reserved(4), 'RESERVED'),
  /** UUID of the quoting enclave's vendor; 939a7233f79c4ca9940a0db3957f0607 is Intel. */
  qeVendorId:         at(12, bytes(16),   'QE Vendor ID'),
  /** Custom data of the quoting enclave: 16 bytes of QE_ID, a pseudonym of the platform, then 4 bytes, usually zero. */
  userData:           at(28, bytes(20),   'User Data'),
});
/** The value {@link QuoteHeader} decodes to. */
export interface QuoteHeader extends Infer<typeof QuoteHeader> {}

/**
 * The first 48 bytes of a quote of version 3. Written by the quoting enclave, covered by the quote signature.
 *
 * @see [Byte map of QuoteHeaderV3](../../docs/structs/quote-header-v3.md)
 */
export const QuoteHeaderV3 = struct('QuoteHeaderV3', { source: sgxEcdsa('Quote Header'), size: 48 }, {
  /** Version of the quote format: 3. */
  version:            at( 0, u16,         'Version'),
  /** Kind of the attestation key: 2 is ECDSA-256 with P-256, the only one that is produced. */
  attestationKeyType: at( 2, u16,         'Attestation Key Type'),
  /** Reserved; the place of the TEE type in later versions, where 0 is SGX. */
  reserved:           at( 4, reserved(4), 'Reserved'),
  /** Security version number of the quoting enclave. */
  qeSvn:              at( 8, u16,         'QE SVN'),
  /** Security version number of the provisioning certification enclave. */
  pceSvn:             at(10, u16,         'PCE SVN'),
  /** UUID of the quoting enclave's vendor; 939a7233f79c4ca9940a0db3957f0607 is Intel. */
  qeVendorId:         at(12, bytes(16),   'QE Vendor ID'),
  /** Custom data of the quoting enclave: 16 bytes of QE_ID, a pseudonym of the platform, then 4 bytes, usually zero. */
  userData:           at(28, bytes(20),   'User Data'),
});
/** The value {@link QuoteHeaderV3} decodes to. */
export interface QuoteHeaderV3 extends Infer<typeof QuoteHeaderV3> {}
