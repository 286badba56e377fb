export {
  TDX_MEASUREMENTS_PATH,
  TSM_PROVIDER_TDX,
  TSM_REPORT_INBLOB_MAX,
  TSM_REPORT_OUTBLOB_MAX,
  TSM_REPORT_OUTBLOB_MAX_6_19,
  TSM_REPORT_PATH,
  type TsmAttribute,
  type TsmErrno,
  tdxMeasurements,
  tsmAttributes,
  tsmErrnos,
} from './configfs-tsm.ts';
export { ioctls, type Lineage } from './ioctls.ts';
export { TdvmcallInstruction, TdvmcallLeaf, TdvmcallStatus } from './tdvmcall.ts';
export {
  GetQuoteIn,
  GetQuoteOut,
  SetupEventNotifyInterruptIn,
  SetupEventNotifyInterruptOut,
} from './tdvmcall-registers.ts';
export { Dcap114GetQuoteBlob, TdxReportReqDcap116 } from './tdx-attest.ts';
export { TDX_CMD_GET_REPORT0, TDX_REPORT_LEN, TDX_REPORTDATA_LEN, TdxReportReq } from './tdx-guest.ts';
export { TdxReportReq2022, TdxVerifyreportReq2022 } from './tdx-guest-2022.ts';
export { TdxExtendRtmrReq, TdxKeyGetReq, TdxVerifyReportReq } from './tdx-guest-forks.ts';
export {
  GET_QUOTE_ERROR,
  GET_QUOTE_IN_FLIGHT,
  GET_QUOTE_SERVICE_UNAVAILABLE,
  GET_QUOTE_SUCCESS,
  GetQuoteStatus,
  TDX_CMD_GET_QUOTE,
  TdxQuoteBuf,
  TdxQuoteHdr,
  TdxQuoteReq,
} from './tdx-quote.ts';
