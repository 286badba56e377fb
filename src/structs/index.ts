export {
  CertificationData,
  CertificationDataType,
  PpidClearText,
  PpidClearTextShort,
  PpidRsa2048,
  PpidRsa3072,
  QeAuthenticationData,
  QeReportCertificationData,
} from './certification-data.ts';
export { QgsGetCollateralReq, QgsGetCollateralResp } from './qgs-get-collateral.ts';
export { QgsGetPlatformInfoReq, QgsGetPlatformInfoResp } from './qgs-get-platform-info.ts';
export { QgsGetQuoteReq, QgsGetQuoteResp } from './qgs-get-quote.ts';
export { QgsMsgError, QgsMsgHeader, QgsMsgType } from './qgs-header.ts';
export { QgsFrame, QgsMessage } from './qgs-message.ts';
export { Quote } from './quote.ts';
export { AttestationKeyType, QeVendorId, QuoteHeader, QuoteHeaderV3 } from './quote-header.ts';
export { QuoteV3 } from './quote-v3.ts';
export { QuoteV4 } from './quote-v4.ts';
export { QuoteBodyDescriptor, QuoteBodyType, QuoteV5 } from './quote-v5.ts';
export { TdxRtmrEvent } from './rtmr-event.ts';
export { ServtdHashElement } from './servtd.ts';
export { miscselect, sgxFlags, sgxXfrm } from './sgx-attributes.ts';
export { SgxReportBody } from './sgx-report-body.ts';
export { EcdsaSignatureData, EcdsaSignatureDataV3, QuoteCertificationData } from './signature-data.ts';
export { seamAttributes, servtdAttributes, TeeTcbSvnByte, tdAttributes } from './td-attributes.ts';
export { TdInfo, TdInfoEx, tdInfoValid } from './td-info.ts';
export { ReportMac, ReportType, ReportVersion, TdReport } from './td-report.ts';
export { TdReportBody10, TdReportBody15, TdReportBody15Ex } from './td-report-body.ts';
export { tdxModuleSeries, tdxModules } from './tdx-module.ts';
export { TeeTcbInfo, TeeTcbInfo10, TeeTcbInfo15 } from './tee-tcb-info.ts';
export { TeeType } from './tee-type.ts';
export { xfam } from './xfam.ts';
