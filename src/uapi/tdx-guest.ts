import { _IOWR } from '../layout/ioctl.ts';
import { linuxTdxGuest } from '../layout/specs.ts';
import { at, bytes, type Infer, struct } from '../layout/vocabulary.ts';

/** Bytes of REPORTDATA. */
export const TDX_REPORTDATA_LEN = 64;
/** Bytes of a TDREPORT. */
export const TDX_REPORT_LEN = 1024;

/**
 * Argument of TDX_CMD_GET_REPORT0 in mainline Linux since 6.2: the TD fills the first part, the kernel the second.
 *
 * @see [Byte map of TdxReportReq](../../docs/structs/tdx-report-req.md)
 */
export const TdxReportReq = /* @__PURE__ */ struct('TdxReportReq', { source: linuxTdxGuest('struct tdx_report_req'), size: 1088 }, {
  /** Whatever the TD wants to have attested; copied into the TDREPORT. */
  reportdata: at( 0, bytes(TDX_REPORTDATA_LEN), 'reportdata'),
  /** The TDREPORT; zero on the way in. */
  tdreport:   at(64, bytes(TDX_REPORT_LEN),     'tdreport'),
});
/** The value {@link TdxReportReq} decodes to. */
export interface TdxReportReq extends Infer<typeof TdxReportReq> {}

/** Asks for a TDREPORT of subtype 0. The only TDX ioctl in mainline Linux. */
export const TDX_CMD_GET_REPORT0 = /* @__PURE__ */ _IOWR('T', 1, TdxReportReq);
