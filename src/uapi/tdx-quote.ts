import { _IOR } from '../layout/ioctl.ts';
import { linuxQuoteSeries } from '../layout/specs.ts';
import { at, type Infer, rest, struct, u32, u64 } from '../layout/vocabulary.ts';

/**
 * Argument of every TDX_CMD_GET_QUOTE of 16 bytes: where the shared buffer's image lies in user space.
 *
 * @see [Byte map of TdxQuoteReq](../../docs/structs/tdx-quote-req.md)
 */
export const TdxQuoteReq = /* @__PURE__ */ struct('TdxQuoteReq', { source: linuxQuoteSeries('struct tdx_quote_req'), size: 16 }, {
  /** User address of the buffer, which begins with {@link TdxQuoteHdr}. */
  buf: at(0, u64, 'buf'),
  /** Bytes of the buffer, header included; 1 to 16384. */
  len: at(8, u64, 'len'),
});
/** The value {@link TdxQuoteReq} decodes to. */
export interface TdxQuoteReq extends Infer<typeof TdxQuoteReq> {}

/**
 * Asks for a quote, in versions 1 and 2 of the patch series. Version 3 and other kernels use other numbers: see
 * {@link ioctls}. Mainline has none.
 */
export const TDX_CMD_GET_QUOTE = /* @__PURE__ */ _IOR('T', 2, TdxQuoteReq);

/**
 * The header of the buffer that TD and VMM share for GetQuote. The TD writes version and in_len, the VMM status and
 * out_len.
 *
 * @see [Byte map of TdxQuoteHdr](../../docs/structs/tdx-quote-hdr.md)
 */
export const TdxQuoteHdr = /* @__PURE__ */ struct('TdxQuoteHdr', { source: linuxQuoteSeries('struct tdx_quote_hdr'), size: 24 }, {
  /** Version of the buffer's layout: 1. */
  version: at( 0, u64, 'version'),
  /** Outcome, one of {@link GetQuoteStatus}. 0 in the request too, so success means nothing while out_len is 0. */
  status:  at( 8, u64, 'status'),
  /** Bytes of input behind the header. */
  inLen:   at(16, u32, 'in_len'),
  /** Bytes of output behind the header; 0 in the request. */
  outLen:  at(20, u32, 'out_len'),
});
/** The value {@link TdxQuoteHdr} decodes to. */
export interface TdxQuoteHdr extends Infer<typeof TdxQuoteHdr> {}

/**
 * The whole buffer. Input and output take the same bytes, one after the other; what an earlier use has left behind them
 * is kept. The VMM can write all of it at any time: take a copy first, then read only that.
 *
 * @see [Byte map of TdxQuoteBuf](../../docs/structs/tdx-quote-buf.md)
 */
export const TdxQuoteBuf = /* @__PURE__ */ struct('TdxQuoteBuf', { source: linuxQuoteSeries('struct tdx_quote_buf') }, {
  ...TdxQuoteHdr.fields,
  /** Input on the way in, output on the way back, then padding: see `requestData` and `answerData`. */
  data: at(24, rest, 'data'),
});
/** The value {@link TdxQuoteBuf} decodes to. */
export interface TdxQuoteBuf extends Infer<typeof TdxQuoteBuf> {}

/** The quote is there, if out_len is not 0. */
export const GET_QUOTE_SUCCESS = 0n;
/** The VMM is at work, and the buffer is its own. */
export const GET_QUOTE_IN_FLIGHT = 0xffffffffffffffffn;
/** The request has failed. */
export const GET_QUOTE_ERROR = 0x8000000000000000n;
/** The VMM has no quoting service, or cannot reach it. */
export const GET_QUOTE_SERVICE_UNAVAILABLE = 0x8000000000000001n;
/** What the VMM writes to status. Others may come. */
export const GetQuoteStatus = {
  GET_QUOTE_SUCCESS,
  GET_QUOTE_IN_FLIGHT,
  GET_QUOTE_ERROR,
  GET_QUOTE_SERVICE_UNAVAILABLE,
} as const;
