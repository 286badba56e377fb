import { flagsOf } from '../../layout/flags.ts';
import { tdInfoValid } from '../../structs/td-info.ts';
import type { TdReportBody10, TdReportBody15, TdReportBody15Ex } from '../../structs/td-report-body.ts';
import { copied, type ReadableReport } from './copied.ts';
import { same, zero } from './same.ts';

/** The quote that a quoting enclave makes of a TDREPORT: its version, body type and body; or why it makes none. */
export type Projection =
  | { readonly version: 4; readonly body: TdReportBody10 }
  | { readonly version: 5; readonly quoteBodyType: 3; readonly body: TdReportBody15 }
  | { readonly version: 5; readonly quoteBodyType: 4; readonly body: TdReportBody15Ex }
  | { readonly version: undefined; readonly why: string };

const rejected = (why: string): Projection => ({ version: undefined, why });

/** VALID of TEE_TCB_INFO that the quoting enclave takes: TDX 1.0, and with TEE_TCB_SVN2. */
const TCB_INFO_VALID: readonly bigint[] = [0x1ffn, 0x301ffn];
/** Bits of VALID in the extended TDINFO that nobody may set who does not know them. */
const CRITICAL = 0xfe;

const own = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => new Uint8Array(bytes);

function body10(report: ReadableReport): TdReportBody10 {
  const from = copied(report);
  const [rtmr0, rtmr1, rtmr2, rtmr3] = from.rtmr;
  return {
    teeTcbSvn: own(from.teeTcbSvn),
    mrseam: own(from.mrseam),
    mrsignerseam: from.mrsignerseam,
    seamattributes: from.seamattributes,
    tdattributes: from.tdattributes,
    xfam: from.xfam,
    mrtd: own(from.mrtd),
    mrconfigid: own(from.mrconfigid),
    mrowner: own(from.mrowner),
    mrownerconfig: own(from.mrownerconfig),
    rtmr: [own(rtmr0), own(rtmr1), own(rtmr2), own(rtmr3)],
    reportdata: own(from.reportdata),
  };
}

function body15(report: ReadableReport): TdReportBody15 {
  const { teeTcbSvn2, mrservicetd } = copied(report);
  return { ...body10(report), teeTcbSvn2: own(teeTcbSvn2), mrservicetd: own(mrservicetd) };
}

/** Devices and the histories of the TD and of its service TDs are not in a TDREPORT; they stay zero. */
function body15Ex(report: ReadableReport): TdReportBody15Ex {
  const { vmid, tdId } = copied(report);
  return {
    ...body15(report),
    vmid,
    tdId: own(tdId),
    devinfo: new Uint8Array(48),
    initServtdHash: new Uint8Array(48),
    initServtdAttr: 0n,
    initCpusvn: new Uint8Array(16),
    initTeeTcbSvn: new Uint8Array(16),
    initTeeFmspc: new Uint8Array(12),
    currServtdHash: new Uint8Array(48),
    currServtdAttr: 0n,
  };
}

/**
 * The body of the quote that Intel's quoting enclave makes of a TDREPORT, and the quote's version. Version 4 is not TDX
 * 1.0, nor version 5 TDX 1.5: a version 0 report gets version 5 once the TDX module was updated under the TD, and so
 * does any report with a service TD. The enclave checks MAC and digests first; nothing of that is done here.
 *
 * In body type 4 one edition of the enclave (DCAP of 2026) leaves REPORTDATA zero; here it is copied, as its
 * description says.
 */
export function projectReport(report: ReadableReport): Projection {
  const { reportmacstruct, teeTcbInfo, tdinfo } = report;
  const { version } = reportmacstruct.reporttype;
  if (!TCB_INFO_VALID.includes(teeTcbInfo.valid)) {
    return rejected(`VALID of TEE_TCB_INFO is 0x${teeTcbInfo.valid.toString(16)}, not 0x1ff or 0x301ff`);
  }
  if (version === 3 && 'vmid' in tdinfo) {
    if (!zero(tdinfo.reserved1)) return rejected('reserved bytes of the extended TDINFO are not zero');
    if ((tdinfo.valid & CRITICAL) !== 0) return rejected('VALID of TDINFO has critical bits that have no name');
    const filled = flagsOf(tdInfoValid, tdinfo.valid);
    if (!filled.includes('TD_ID') && !filled.includes('VMID')) {
      return rejected('VALID of TDINFO has neither TD_ID nor VMID');
    }
    return { version: 5, quoteBodyType: 4, body: body15Ex(report) };
  }
  if ((version !== 0 && version !== 1) || 'vmid' in tdinfo) return rejected(`no quote is made of version ${version}`);
  if (!zero(tdinfo.reserved)) return rejected('reserved bytes of TDINFO are not zero');
  if (version === 1) return { version: 5, quoteBodyType: 3, body: body15(report) };
  if (!zero(tdinfo.servtdHash)) return rejected('SERVTD_HASH is not zero in a report of version 0');
  const { teeTcbSvn, teeTcbSvn2 } = copied(report);
  if (same(teeTcbSvn, teeTcbSvn2)) return { version: 4, body: body10(report) };
  return { version: 5, quoteBodyType: 3, body: body15(report) };
}
