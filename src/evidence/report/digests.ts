import { at, bytes, struct } from '../../layout/vocabulary.ts';
import { ReportMac, TdReport } from '../../structs/td-report.ts';
import { encode } from '../../verbs/codec.ts';
import { view } from '../../verbs/view.ts';
import type { ReadableReport } from './copied.ts';
import { same } from './same.ts';
import { sha384 } from './sha384.ts';

/** A report cut into what its hashes cover, whatever its type and version say. */
const HashedReport = /* @__PURE__ */ struct(
  'TdReport',
  { source: TdReport.source, size: 1024 },
  {
    ...TdReport.fields,
    reportmacstruct: at(0, ReportMac, 'REPORTMACSTRUCT'),
    teeTcbInfo: at(256, bytes(239), 'TEE_TCB_INFO'),
    tdinfo: at(512, bytes(512), 'TDINFO'),
  },
);

/** Which of the hashes in a TDREPORT are those of the parts that they cover. */
export interface ReportDigests {
  /** TEE_TCB_INFO_HASH covers the 239 bytes of TEE_TCB_INFO. */
  readonly teeTcbInfoHash: boolean;
  /** TEE_INFO_HASH covers the 512 bytes of TDINFO. */
  readonly teeInfoHash: boolean;
}

/**
 * Computes both hashes of a TDREPORT (bytes, value or view) and compares. What the processor's MAC covers cannot be
 * checked away from its machine, and nothing covers the 17 reserved bytes at 495. Of bytes it takes any 1024, to find out
 * about those that are no TDREPORT at all.
 *
 * @throws LayoutError when there are not 1024 bytes, or the value does not fit.
 */
export async function checkDigests(report: Uint8Array | ReadableReport): Promise<ReportDigests> {
  const all = report instanceof Uint8Array ? new Uint8Array(report) : encode(TdReport, report);
  const { reportmacstruct, teeTcbInfo, tdinfo } = view(HashedReport, all);
  const [tcb, td] = await Promise.all([sha384(teeTcbInfo), sha384(tdinfo)]);
  return {
    teeTcbInfoHash: same(tcb, reportmacstruct.teeTcbInfoHash),
    teeInfoHash: same(td, reportmacstruct.teeInfoHash),
  };
}
