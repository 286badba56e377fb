import { tdxDcap } from '../layout/specs.ts';
import { at, type Infer, next, oneOf, rest, sized, struct, u32 } from '../layout/vocabulary.ts';
import { QuoteHeader } from './quote-header.ts';
import { SgxReportBody } from './sgx-report-body.ts';
import { EcdsaSignatureData } from './signature-data.ts';
import { TdReportBody10 } from './td-report-body.ts';

/**
 * Quote of version 4, of a TD or of an SGX enclave: evidence that anyone can check. Written by the quoting enclave; the
 * signature covers header and body.
 *
 * @see [Byte map of QuoteV4](../../docs/structs/quote-v4.md)
 */
export const QuoteV4 = struct('QuoteV4', { source: tdxDcap('Quote Format v4'), where: { 'header.version': 4 } }, {
  /** Version, key type and origin of the quote. */
  header:           at( 0, QuoteHeader, 'Header'),
  /** What is attested: a TD report for TEE type 0x81, an SGX report for 0. */
  body:             at(48, oneOf('header.teeType', { 0x00: SgxReportBody, 0x81: TdReportBody10 }), 'Body'),
  /** Length of the signature data, in bytes. Not signed. */
  signatureDataLen: next(u32, 'Signature Data Len'),
  /** Signature, attestation key and certification; bytes for an unknown attestation key type. */
  signatureData:    next(sized('signatureDataLen', oneOf('header.attestationKeyType', { 2: EcdsaSignatureData })), 'Signature Data'),
  /** Whatever follows the quote: most real ones are padded. Not signed, not part of the quote. */
  trailing:         next(rest, 'Trailing'),
});
/** The value {@link QuoteV4} decodes to. */
export interface QuoteV4 extends Infer<typeof QuoteV4> {}
