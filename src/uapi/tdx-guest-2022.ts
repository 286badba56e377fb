import { linuxForks } from '../layout/specs.ts';
import { at, type Infer, reserved, struct, u8, u32, u64 } from '../layout/vocabulary.ts';

/**
 * What TDX_CMD_GET_REPORT took in the out-of-tree kernel of 2022: pointers and lengths instead of the bytes. Not the
 * layout that DCAP 1.16 passed: {@link TdxReportReqDcap116}.
 *
 * @see [Byte map of TdxReportReq2022](../../docs/structs/tdx-report-req2022.md)
 */
export const TdxReportReq2022 = /* @__PURE__ */ struct('TdxReportReq2022', { source: linuxForks('struct tdx_report_req, 2022'), size: 32 }, {
  /** User address of 64 bytes of REPORTDATA. */
  reportdata: at( 0, u64,         'reportdata'),
  /** User address of the 1024 bytes that the TDREPORT goes to. */
  tdreport:   at( 8, u64,         'tdreport'),
  /** Bytes at reportdata: 64. */
  rpdLen:     at(16, u32,         'rpd_len'),
  /** Bytes at tdreport: 1024. */
  tdrLen:     at(20, u32,         'tdr_len'),
  /** Subtype of the report: 0. */
  subtype:    at(24, u8,          'subtype'),
  /** Reserved. */
  reserved:   at(25, reserved(7), 'reserved'),
});
/** The value {@link TdxReportReq2022} decodes to. */
export interface TdxReportReq2022 extends Infer<typeof TdxReportReq2022> {}

/**
 * What TDX_CMD_VERIFYREPORT took in the out-of-tree kernel of 2022.
 *
 * @see [Byte map of TdxVerifyreportReq2022](../../docs/structs/tdx-verifyreport-req2022.md)
 */
export const TdxVerifyreportReq2022 = /* @__PURE__ */ struct('TdxVerifyreportReq2022', { source: linuxForks('struct tdx_verifyreport_req, 2022'), size: 16 }, {
  /** User address of a REPORTMACSTRUCT. */
  reportmac: at( 0, u64,         'reportmac'),
  /** Bytes at reportmac: 256. */
  rpmLen:    at( 8, u32,         'rpm_len'),
  /** Put there by the compiler. */
  padding:   at(12, reserved(4), 'padding'),
});
/** The value {@link TdxVerifyreportReq2022} decodes to. */
export interface TdxVerifyreportReq2022 extends Infer<typeof TdxVerifyreportReq2022> {}
