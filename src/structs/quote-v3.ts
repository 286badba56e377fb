import { sgxEcdsa } from '../layout/specs.ts';
import { at, type Infer, next, oneOf, rest, sized, struct, u32 } from '../layout/vocabulary.ts';
import { QuoteHeaderV3 } from './quote-header.ts';
import { SgxReportBody } from './sgx-report-body.ts';
import { EcdsaSignatureDataV3 } from './signature-data.ts';

/**
 * Quote of version 3, of an SGX enclave: evidence that anyone can check. Written by the quoting enclave; the signature
 * covers header and body.
 *
 * @see [Byte map of QuoteV3](../../docs/structs/quote-v3.md)
 */
export const QuoteV3 = struct('QuoteV3', { source: sgxEcdsa('Quote Format'), where: { 'header.version': 3 } }, {
  /** Version and key type of the quote. */
  header:           at(  0, QuoteHeaderV3, 'Header'),
  /** What is attested. */
  body:             at( 48, SgxReportBody, 'ISV Enclave Report'),
  /** Length of the signature data, in bytes. Not signed. */
  signatureDataLen: at(432, u32,           'Quote Signature Data Length'),
  /** Signature, attestation key and certification; bytes for an unknown attestation key type. */
  signatureData:    at(436, sized('signatureDataLen', oneOf('header.attestationKeyType', { 2: EcdsaSignatureDataV3 })), 'Quote Signature Data'),
  /** Whatever follows the quote: some are padded. Not signed, not part of the quote. */
  trailing:         next(rest, 'Trailing'),
});
/** The value {@link QuoteV3} decodes to. */
export interface QuoteV3 extends Infer<typeof QuoteV3> {}
