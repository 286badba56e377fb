import { tdxAttest } from '../layout/specs.ts';
import { at, bytes, type Infer, reserved, struct, u8, u32, u32be, u64 } from '../layout/vocabulary.ts';

/**
 * What libtdx_attest of DCAP 1.16 passed to TDX_CMD_GET_REPORT: its own copy of the kernel's struct, in another order
 * and with the compiler's padding. Not the kernel's layout: {@link TdxReportReq2022}.
 *
 * @see [Byte map of TdxReportReqDcap116](../../docs/structs/tdx-report-req-dcap116.md)
 */
export const TdxReportReqDcap116 = /* @__PURE__ */ struct('TdxReportReqDcap116', { source: tdxAttest('struct tdx_report_req, DCAP 1.16'), size: 40 }, {
  /** Subtype of the report: 0. */
  subtype:    at( 0, u8,          'subtype'),
  /** Put there by the compiler. */
  padding1:   at( 1, reserved(7), 'padding'),
  /** User address of 64 bytes of REPORTDATA. */
  reportdata: at( 8, u64,         'reportdata'),
  /** Bytes at reportdata: 64. */
  rpdLen:     at(16, u32,         'rpd_len'),
  /** Put there by the compiler. */
  padding2:   at(20, reserved(4), 'padding'),
  /** User address of the 1024 bytes that the TDREPORT goes to. */
  tdreport:   at(24, u64,         'tdreport'),
  /** Bytes at tdreport: 1024. */
  tdrLen:     at(32, u32,         'tdr_len'),
  /** Put there by the compiler. */
  padding3:   at(36, reserved(4), 'padding'),
});
/** The value {@link TdxReportReqDcap116} decodes to. */
export interface TdxReportReqDcap116 extends Infer<typeof TdxReportReqDcap116> {}

/**
 * The buffer of libtdx_attest for GetQuote, since DCAP 1.14: the header of the shared buffer, then a length, then the
 * message. The same bytes decode as {@link TdxQuoteBuf}.
 *
 * @see [Byte map of Dcap114GetQuoteBlob](../../docs/structs/dcap114-get-quote-blob.md)
 */
export const Dcap114GetQuoteBlob = /* @__PURE__ */ struct('Dcap114GetQuoteBlob', { source: tdxAttest('struct get_quote_blob'), size: 16384 }, {
  /** Version of the buffer's layout: 1. */
  version:  at( 0, u64,          'version'),
  /** Outcome; 0 in the request. */
  status:   at( 8, u64,          'status'),
  /** Bytes of input behind the header: 4 more than trans_len. */
  inLen:    at(16, u32,          'in_len'),
  /** Bytes of output behind the header. In the request 16360 up to DCAP 1.15, 0 since. */
  outLen:   at(20, u32,          'out_len'),
  /** Bytes of the message. Big-endian. */
  transLen: at(24, u32be,        'trans_len'),
  /** The message, then padding: protobuf up to DCAP 1.15, a QGS message since. */
  pBuf:     at(28, bytes(16356), 'p_buf'),
});
/** The value {@link Dcap114GetQuoteBlob} decodes to. */
export interface Dcap114GetQuoteBlob extends Infer<typeof Dcap114GetQuoteBlob> {}
