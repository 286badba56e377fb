import { CertificationDataType } from '../../structs/certification-data.ts';
import { QgsMsgError, QgsMsgType } from '../../structs/qgs-header.ts';
import { AttestationKeyType, QeVendorId } from '../../structs/quote-header.ts';
import { QuoteBodyType } from '../../structs/quote-v5.ts';
import { TeeTcbSvnByte } from '../../structs/td-attributes.ts';
import { ReportVersion } from '../../structs/td-report.ts';
import { tdxModuleSeries, tdxModules } from '../../structs/tdx-module.ts';
import { TeeType } from '../../structs/tee-type.ts';
import { TdvmcallLeaf, TdvmcallStatus } from '../../uapi/tdvmcall.ts';
import { GetQuoteStatus } from '../../uapi/tdx-quote.ts';
import type { Leaf } from '../../verbs/leaves.ts';

type Names = Readonly<Record<string, number | bigint | string>>;

/** The fields whose values have names. */
const NAMES: Readonly<Record<string, Names>> = {
  'QuoteHeader.attestationKeyType': AttestationKeyType,
  'QuoteHeaderV3.attestationKeyType': AttestationKeyType,
  'QuoteHeader.teeType': TeeType,
  'QuoteHeader.qeVendorId': QeVendorId,
  'QuoteHeaderV3.qeVendorId': QeVendorId,
  'QuoteBodyDescriptor.quoteBodyType': QuoteBodyType,
  'QuoteCertificationData.certificationDataType': CertificationDataType,
  'CertificationData.certificationDataType': CertificationDataType,
  'ReportType.type': TeeType,
  'ReportType.version': ReportVersion,
  'QgsMsgHeader.type': QgsMsgType,
  'QgsMsgHeader.errorCode': QgsMsgError,
  'TdxQuoteHdr.status': GetQuoteStatus,
  'TdxQuoteBuf.status': GetQuoteStatus,
  'GetQuoteIn.r11': TdvmcallLeaf,
  'GetQuoteOut.r10': TdvmcallStatus,
};

/** The name of a field's value: undefined where the field has none, '' where it has names, but none for this value. */
export function nameOf({ field, json }: Pick<Leaf, 'field' | 'json'>): string | undefined {
  const names = NAMES[field];
  if (!names || (typeof json !== 'number' && typeof json !== 'string')) return undefined;
  const found = Object.entries(names).find(([, value]) =>
    typeof value === 'string' ? value === json : BigInt(value) === BigInt(json),
  );
  return found?.[0] ?? '';
}

/** The version of the TDX module, or its series; undefined where neither is known. Both are given in hex. */
export function moduleOf(mrseam: string | undefined, teeTcbSvn: string | undefined): string | undefined {
  const version = Object.entries(tdxModules).find(([, hash]) => hash === mrseam)?.[0];
  return (
    version ??
    (teeTcbSvn === undefined ? undefined : tdxModuleSeries[byteOf(teeTcbSvn, TeeTcbSvnByte.TDX_MODULE_MAJOR)])
  );
}

/** One byte of hex. */
export const byteOf = (hex: string, at: number): number => Number.parseInt(hex.slice(2 * at, 2 * at + 2), 16);
