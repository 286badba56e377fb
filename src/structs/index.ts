export {
  CertificationData,
  PpidClearText,
  PpidClearTextShort,
  PpidRsa2048,
  PpidRsa3072,
  QeAuthenticationData,
  QeReportCertificationData,
} from './certification-data.ts';
export { QuoteHeader } from './quote-header.ts';
export { QuoteV4 } from './quote-v4.ts';
export { miscselect, sgxFlags, sgxXfrm } from './sgx-attributes.ts';
export { SgxReportBody } from './sgx-report-body.ts';
export { EcdsaSignatureData, QuoteCertificationData } from './signature-data.ts';
export { seamAttributes, tdAttributes } from './td-attributes.ts';
export { TdReportBody10 } from './td-report-body.ts';
export { xfam } from './xfam.ts';
