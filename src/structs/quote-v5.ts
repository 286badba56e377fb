import { tdxDcap } from '../layout/specs.ts';
import { at, type Infer, next, oneOf, rest, sized, struct, u16, u32 } from '../layout/vocabulary.ts';
import { QuoteHeader } from './quote-header.ts';
import { SgxReportBody } from './sgx-report-body.ts';
import { EcdsaSignatureData } from './signature-data.ts';
import { TdReportBody10, TdReportBody15, TdReportBody15Ex } from './td-report-body.ts';

/** Types of quote body. Open: other numbers decode as themselves. */
export const QuoteBodyType = {
  SGX_ENCLAVE_REPORT: 1,
  TD_REPORT_10: 2,
  TD_REPORT_15: 3,
  TD_REPORT_15_EX: 4,
} as const;

/**
 * What the body of a version 5 quote is. Written by the quoting enclave, covered by the quote signature.
 *
 * @see [Byte map of QuoteBodyDescriptor](../../docs/structs/quote-body-descriptor.md)
 */
export const QuoteBodyDescriptor = struct('QuoteBodyDescriptor', { source: tdxDcap('Quote Body Descriptor'), size: 6 }, {
  /** Which of the bodies follows. */
  quoteBodyType: at(0, u16, 'Quote Body Type'),
  /** Length of the body, in bytes; each known type has one. */
  size:          at(2, u32, 'Size'),
});
/** The value {@link QuoteBodyDescriptor} decodes to. */
export interface QuoteBodyDescriptor extends Infer<typeof QuoteBodyDescriptor> {}

/**
 * Quote of version 5, of a TD or of an SGX enclave: evidence that anyone can check. Written by the quoting enclave; the
 * signature covers header, descriptor and body.
 *
 * @see [Byte map of QuoteV5](../../docs/structs/quote-v5.md)
 */
export const QuoteV5 = struct('QuoteV5', {
  source: tdxDcap('Quote Format v5'),
  where: { 'header.version': 5 },
  agree: [{ field: 'header.teeType', by: 'bodyDescriptor.quoteBodyType', is: { 1: 0x00, 2: 0x81, 3: 0x81, 4: 0x81 } }],
}, {
  /** Version, key type and origin of the quote. */
  header:           at( 0, QuoteHeader,         'Header'),
  /** Type and length of the body. */
  bodyDescriptor:   at(48, QuoteBodyDescriptor, 'Body Descriptor'),
  /** What is attested; bytes for an unknown body type. */
  body:             at(54, sized('bodyDescriptor.size', oneOf('bodyDescriptor.quoteBodyType', {
    1: SgxReportBody,
    2: TdReportBody10,
    3: TdReportBody15,
    4: TdReportBody15Ex,
  })), 'Body'),
  /** Length of the signature data, in bytes. Not signed. */
  signatureDataLen: next(u32, 'Signature Data Len'),
  /** Signature, attestation key and certification; bytes for an unknown attestation key type. */
  signatureData:    next(sized('signatureDataLen', oneOf('header.attestationKeyType', { 2: EcdsaSignatureData })), 'Signature Data'),
  /** Whatever follows the quote: some are padded. Not signed, not part of the quote. */
  trailing:         next(rest, 'Trailing'),
});
/** The value {@link QuoteV5} decodes to. */
export interface QuoteV5 extends Infer<typeof QuoteV5> {}
