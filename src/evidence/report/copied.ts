import { flagsOf } from '../../layout/flags.ts';
import type { Infer, Reading, View } from '../../layout/vocabulary.ts';
import { tdInfoValid } from '../../structs/td-info.ts';
import type { TdReport } from '../../structs/td-report.ts';

/** A TDREPORT, as a value or as a view. */
export type ReadableReport = View<typeof TdReport, Reading> | Infer<typeof TdReport>;

/**
 * What a quoting enclave copies from a TDREPORT, under the names and in the order of the quote's body; in place. The signer
 * and the attributes of the TDX module are not: they are zero in all quotes. A report that lacks TEE_TCB_SVN2 counts as one
 * whose module has not changed.
 */
export function copied({ reportmacstruct, teeTcbInfo, tdinfo }: ReadableReport) {
  const extended = 'vmid' in tdinfo ? tdinfo : undefined;
  const filled = extended ? flagsOf(tdInfoValid, extended.valid) : [];
  return {
    teeTcbSvn: teeTcbInfo.teeTcbSvn,
    mrseam: teeTcbInfo.mrseam,
    mrsignerseam: new Uint8Array(48),
    seamattributes: 0n,
    tdattributes: tdinfo.attributes,
    xfam: tdinfo.xfam,
    mrtd: tdinfo.mrtd,
    mrconfigid: tdinfo.mrconfigid,
    mrowner: tdinfo.mrowner,
    mrownerconfig: tdinfo.mrownerconfig,
    rtmr: tdinfo.rtmr,
    reportdata: reportmacstruct.reportdata,
    teeTcbSvn2: 'teeTcbSvn2' in teeTcbInfo ? teeTcbInfo.teeTcbSvn2 : teeTcbInfo.teeTcbSvn,
    mrservicetd: tdinfo.servtdHash,
    vmid: extended && filled.includes('VMID') ? extended.vmid : 0,
    tdId: extended && filled.includes('TD_ID') ? extended.tdId : new Uint8Array(32),
  };
}
