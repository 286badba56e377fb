import { linuxForks } from '../layout/specs.ts';
import { at, bytes, type Infer, struct, u8, u64 } from '../layout/vocabulary.ts';

/**
 * Argument of TDX_CMD_VERIFY_REPORT in Intel's kernels: has this machine made the MAC of a TDREPORT?
 *
 * @see [Byte map of TdxVerifyReportReq](../../docs/structs/tdx-verify-report-req.md)
 */
export const TdxVerifyReportReq = /* @__PURE__ */ struct('TdxVerifyReportReq', { source: linuxForks('struct tdx_verify_report_req'), size: 264 }, {
  /** REPORTMACSTRUCT: the first 256 bytes of a TDREPORT. */
  reportmac: at(  0, bytes(256), 'reportmac'),
  /** Completion status of TDG.MR.VERIFYREPORT; 0 for a TDREPORT of this machine. */
  errCode:   at(256, u64,        'err_code'),
});
/** The value {@link TdxVerifyReportReq} decodes to. */
export interface TdxVerifyReportReq extends Infer<typeof TdxVerifyReportReq> {}

/**
 * Argument of TDX_CMD_EXTEND_RTMR in the kernels of Intel and Anolis.
 *
 * @see [Byte map of TdxExtendRtmrReq](../../docs/structs/tdx-extend-rtmr-req.md)
 */
export const TdxExtendRtmrReq = /* @__PURE__ */ struct('TdxExtendRtmrReq', { source: linuxForks('struct tdx_extend_rtmr_req'), size: 49 }, {
  /** SHA-384 digest to extend the register by. */
  data:  at( 0, bytes(48), 'data'),
  /** Which register: 2 or 3, since 0 and 1 are the firmware's. */
  index: at(48, u8,        'index'),
});
/** The value {@link TdxExtendRtmrReq} decodes to. */
export interface TdxExtendRtmrReq extends Infer<typeof TdxExtendRtmrReq> {}

/**
 * Argument of TDX_CMD_KEY_GET in Microsoft's kernel for paravisors.
 *
 * @see [Byte map of TdxKeyGetReq](../../docs/structs/tdx-key-get-req.md)
 */
export const TdxKeyGetReq = /* @__PURE__ */ struct('TdxKeyGetReq', { source: linuxForks('struct tdx_key_get_req'), size: 168 }, {
  /** Operand of TDG.MR.KEY.GET. */
  tdkeyreq: at(  0, bytes(128), 'tdkeyreq'),
  /** The key. */
  outkey:   at(128, bytes(32),  'outkey'),
  /** Completion status of TDG.MR.KEY.GET. */
  errCode:  at(160, u64,        'err_code'),
});
/** The value {@link TdxKeyGetReq} decodes to. */
export interface TdxKeyGetReq extends Infer<typeof TdxKeyGetReq> {}
