import { sha384 } from '@noble/hashes/sha2.js';
import type { Recipe } from '../forge.ts';
import { testTd } from '../td.ts';
import { tdReport } from '../td-report.ts';
import { type Defect, defect, fails, flipReport, inReport, type Rest, td } from './defect.ts';

const saying =
  (fields: Partial<Recipe['report']>) =>
  (good: Recipe): Recipe => ({ ...good, report: { ...good.report, ...fields } });
const byte = (at: number, value: number) =>
  inReport((bytes) => {
    bytes[at] = value;
    return bytes;
  });
const cut = (length: number) => inReport((bytes) => bytes.slice(0, length));

const row = (name: string, parser: Defect['parser'], what: string, harm: string, rest: Rest): Defect =>
  defect(`report-${name}`, parser, what, harm, { in: 'tdreport', ...rest });
const HASH = 'what the TD measured can be exchanged: the MAC covers the digests alone';
const MACKED = 'the MAC is not checked: anybody makes reports';
const CUT = 'shows values that nobody reported, or fails with something that nobody handles';

/**
 * TDREPORTs with one thing wrong. A verifier is here what checks kind, reserved bytes, digests and MAC, as the quote generation service and the quoting
 * enclave do, and takes no kind of report that nobody has defined.
 */
export const reports: readonly Defect[] = [
  row('type-sgx', fails('constant', 'TdReport.reportmacstruct.reporttype.type', 0), 'the type says that it is of an SGX enclave', 'a report of an enclave passes for one of a TD', { recipe: saying({ type: 0 }) }),
  row('subtype', 'decodes', 'the subtype is 2', 'a report of another kind passes', { why: 'subtypes 0 and 1 are defined: 1 is the report of TDX Connect that binds devices, since 2026-01', strict: fails('constant', 'TdReport.reportmacstruct.reporttype.subtype', 1), recipe: saying({ subtype: 2 }) }),
  row('version-2', fails('variant', 'TdReport.reportmacstruct.reporttype.version', 2), 'the version is 2, which nothing accepts', 'TDINFO is read in a layout that nobody has defined', { after: byte(2, 2) }),
  row('version-255', fails('variant', 'TdReport.reportmacstruct.reporttype.version', 2), 'the version is 255', 'TDINFO is read in a layout that nobody has defined', { after: byte(2, 255) }),
  row('reserved-type', 'decodes', 'the reserved byte of the type is set', 'a report of a later layout passes', { strict: fails('reserved', 'TdReport.reportmacstruct.reporttype.reserved', 3), after: byte(3, 1) }),
  row('reserved-head', 'decodes', 'a reserved byte behind the type is set', MACKED, { strict: fails('reserved', 'TdReport.reportmacstruct.reserved1', 4), after: byte(4, 1) }),
  row('reserved-behind-reportdata', 'decodes', 'a reserved byte behind REPORTDATA is set', MACKED, { strict: fails('reserved', 'TdReport.reportmacstruct.reserved2', 192), after: byte(192, 1) }),
  row('reserved-gap', 'decodes', 'a byte is set between TEE_TCB_INFO and TDINFO, which nothing covers', 'bytes that anybody can set reach whoever reads them as information', { why: 'nothing covers them, but Intel\'s quote generation service drops a report in which bytes 495 to 511 are not zero', strict: fails('reserved', 'TdReport.reserved', 495), after: byte(495, 1) }),
  row('reserved-tcb-info', 'decodes', 'a reserved byte of TEE_TCB_INFO is set', HASH, { strict: fails('reserved', 'TdReport.teeTcbInfo.reserved', 400), after: byte(400, 1) }),
  row('reserved-tdinfo', 'decodes', 'a reserved byte of TDINFO is set', HASH, { strict: fails('reserved', 'TdReport.tdinfo.reserved', 960), after: byte(960, 1) }),
  row('cpusvn-flipped', 'decodes', 'CPUSVN differs from what has the MAC', MACKED, { after: inReport(flipReport('reportmacstruct.cpusvn')) }),
  row('reportdata-flipped', 'decodes', 'REPORTDATA differs from what has the MAC', MACKED, { after: inReport(flipReport('reportmacstruct.reportdata')) }),
  row('mac-flipped', 'decodes', 'the MAC differs in one bit', MACKED, { after: inReport(flipReport('reportmacstruct.mac')) }),
  row('mac-zero', 'decodes', 'the MAC is zero', MACKED, { recipe: saying({ mac: new Uint8Array(32) }) }),
  row('tcb-hash-zero', 'decodes', 'the digest of TEE_TCB_INFO is zero, and has the MAC', HASH, { recipe: saying({ teeTcbInfoHash: new Uint8Array(48) }) }),
  row('info-hash-zero', 'decodes', 'the digest of TDINFO is zero, and has the MAC', HASH, { recipe: saying({ teeInfoHash: new Uint8Array(48) }) }),
  row('tcb-hash-of-256', 'decodes', 'the digest of TEE_TCB_INFO covers 256 bytes, not 239', 'two readers of the specification refuse each other\'s reports', { recipe: (good) => saying({ teeTcbInfoHash: sha384(tdReport(good.pki.seed, testTd(good.quote.td), good.report).subarray(256, 512)) })(good) }),
  row('tee-tcb-svn-flipped', 'decodes', 'TEE_TCB_SVN differs from what was hashed', HASH, { after: inReport(flipReport('teeTcbInfo.teeTcbSvn')) }),
  row('mrseam-flipped', 'decodes', 'MRSEAM differs from what was hashed', HASH, { after: inReport(flipReport('teeTcbInfo.mrseam')) }),
  row('attributes-flipped', 'decodes', 'ATTRIBUTES differ from what was hashed', HASH, { after: inReport(flipReport('tdinfo.attributes')) }),
  row('mrtd-flipped', 'decodes', 'MRTD differs from what was hashed', HASH, { after: inReport(flipReport('tdinfo.mrtd')) }),
  row('rtmr-flipped', 'decodes', 'RTMR3 differs from what was hashed', HASH, { after: inReport(flipReport('tdinfo.rtmr[3]')) }),
  row('unknown-valid', fails('variant', 'TdReport.teeTcbInfo.valid', 256), 'VALID of TEE_TCB_INFO marks parts that have no name', 'a reader takes fields for filled that are not', { recipe: saying({ valid: 0x3fffn }) }),
  row('debug', 'decodes', 'the TD can be debugged; the report is right', 'none for what checks digests and MAC; whoever appraises the TD must refuse it', { standard: 'accepts', recipe: td({ tdattributes: 0x10000001n }) }),
  row('cut-before-cpusvn', fails('truncated', 'TdReport.reportmacstruct.cpusvn', 16), 'it ends before CPUSVN', CUT, { after: cut(16) }),
  row('cut-before-mac', fails('truncated', 'TdReport.reportmacstruct.mac', 224), 'it ends before the MAC', CUT, { after: cut(224) }),
  row('cut-before-tcb-info', fails('truncated', 'TdReport.teeTcbInfo.valid', 256), 'it ends before TEE_TCB_INFO', CUT, { after: cut(256) }),
  row('cut-before-gap', fails('truncated', 'TdReport.reserved', 495), 'it ends behind TEE_TCB_INFO', CUT, { after: cut(495) }),
  row('cut-before-tdinfo', fails('truncated', 'TdReport.tdinfo.attributes', 512), 'it ends before TDINFO', CUT, { after: cut(512) }),
  row('cut-before-last-byte', fails('truncated', 'TdReport.tdinfo.reserved', 960), 'it ends before its last byte', CUT, { after: cut(1023) }),
  row('one-byte-more', fails('trailing', 'TdReport', 1024), 'a byte follows it', 'a reader takes something longer for a report', { after: inReport((bytes) => Uint8Array.of(...bytes, 0)) }),
];
