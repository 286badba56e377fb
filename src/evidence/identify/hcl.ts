import { sha256, sha384, sha512 } from '@noble/hashes/sha2.js';
import { count, u32At } from '../../engine/number.ts';
import { at, bytes, next, reserved, rest, sized, struct, u32 } from '../../layout/vocabulary.ts';
import { view } from '../../verbs/view.ts';
import { ascii, filling, nonZero, stands, zero } from './bytes.ts';
import { broken, errorOf, strictFindings } from './fit.ts';
import { type Found, found, moved, type Note, oddly, plainly } from './found.ts';
import { tdReportOf } from './report.ts';

const source = {
  document: { title: 'kinvolk/azure-cvm-tooling', number: 'az-cvm-vtpm/src/hcl/mod.rs' },
  section: 'AttestationReport',
};

/**
 * What Azure's paravisor keeps in the vTPM (NV index 0x01400001): the hardware's report, and the data that it binds by a
 * hash.
 */
const HclReport = /* @__PURE__ */ struct(
  'HclReport',
  {
    source,
    agree: [
      { field: 'version', is: 2 },
      { field: 'status', is: 0 },
      { field: 'dataVersion', is: 1 },
    ],
  },
  {
    /** `HCLA` */
    signature: at(0, bytes(4), 'Signature'),
    version: at(4, u32, 'Version'),
    /** Bytes in use. */
    reportSize: at(8, u32, 'ReportSize'),
    requestType: at(12, u32, 'RequestType'),
    status: at(16, u32, 'Status'),
    reserved: at(20, reserved(12), 'Reserved'),
    /** A TDREPORT and 160 zero bytes, or a report of SEV-SNP. */
    hwReport: at(32, bytes(1184), 'HwReport'),
    /** Bytes from here to the end of the variable data. */
    dataSize: at(1216, u32, 'DataSize'),
    dataVersion: at(1220, u32, 'Version'),
    /** 2 SEV-SNP, 4 TDX. */
    reportType: at(1224, u32, 'ReportType'),
    /** 1 SHA-256, 2 SHA-384, 3 SHA-512. */
    reportDataHashType: at(1228, u32, 'ReportDataHashType'),
    variableDataSize: at(1232, u32, 'VariableDataSize'),
    /** JSON: keys of the vTPM, configuration of the VM, data of the user. */
    variableData: at(1236, sized('variableDataSize', rest), 'VariableData'),
    fill: next(rest, 'Fill'),
  },
);

const HCLA = /* @__PURE__ */ ascii('HCLA');
const HEADER = 32;
const REPORT = 1024;
const DATA = 1216;
const VARIABLE = 20;
const REPORTDATA = 128;
/** Real ones have 1200 bytes, and the whole report 2600. */
const MOST_DATA = 0x2000;

const HASHES = [
  undefined,
  { name: 'SHA-256', of: sha256 },
  { name: 'SHA-384', of: sha384 },
  { name: 'SHA-512', of: sha512 },
] as const;

/** Whether REPORTDATA of the report is the hash of the data. */
function bindingOf(report: Uint8Array, data: Uint8Array, type: number): Note {
  const hash = HASHES[type];
  if (!hash) return oddly(`HclReport.reportDataHashType at byte 1228 is ${type}, where 1, 2 and 3 are known.`);
  if (data.length > MOST_DATA)
    return oddly(`HclReport.variableData has ${count(data.length)}, too many to be hashed here; ${MOST_DATA} are.`);
  const digest = hash.of(data);
  const reportdata = report.subarray(REPORTDATA, REPORTDATA + 64);
  return stands(reportdata, 0, digest) && zero(reportdata, digest.length, 64)
    ? plainly(`REPORTDATA of the TDREPORT is the ${hash.name} of the ${count(data.length)} of HclReport.variableData.`)
    : oddly(`REPORTDATA of the TDREPORT is not the ${hash.name} of HclReport.variableData.`);
}

function dataFindings(all: Uint8Array, isTdx: boolean): Note[] {
  const error = errorOf(HclReport, all);
  if (error) return [broken(error)];
  const { reportSize, dataSize, reportDataHashType, variableData, fill, hwReport } = view(HclReport, all);
  const notes = strictFindings(HclReport, all);
  if (dataSize !== VARIABLE + variableData.length)
    notes.push(
      oddly(
        `HclReport.dataSize at byte 1216 is ${dataSize}, but 20 and the variable data are ${VARIABLE + variableData.length}.`,
      ),
    );
  if (reportSize !== DATA + dataSize)
    notes.push(
      oddly(`HclReport.reportSize at byte 8 is ${reportSize}, but header, report and data are ${DATA + dataSize}.`),
    );
  if (isTdx && nonZero(hwReport, REPORT, hwReport.length) > 0)
    notes.push(oddly(`HclReport.hwReport goes on behind the TDREPORT: ${filling(hwReport, REPORT).says}.`));
  if (nonZero(fill, 0, fill.length) > 0) notes.push(oddly(`HclReport.fill: ${filling(fill, 0).says}.`));
  if (isTdx) notes.push(bindingOf(hwReport, variableData, reportDataHashType));
  return notes;
}

/** The report that Azure's paravisor keeps in the vTPM: a header, the hardware's report, and data that it binds. */
export function azureHclOf(all: Uint8Array): Found | undefined {
  if (!stands(all, 0, HCLA)) return undefined;
  const inner = tdReportOf(all.subarray(HEADER, HEADER + REPORT));
  if (!inner) {
    const version = all.length >= 36 ? u32At(all, HEADER) : 0;
    const without = `It holds no TDREPORT: at byte 32 stands ${version}, so rather SEV-SNP.`;
    return found('AzureHclReport', all, [plainly(without), ...dataFindings(all, false)]);
  }
  const inside = moved(HEADER, inner);
  return {
    ...inside,
    kind: 'AzureHclReport',
    notes: [
      plainly(
        'An Azure HCL report: the TDREPORT stands at byte 32, the runtime data that its REPORTDATA hashes behind it.',
      ),
      ...dataFindings(all, true),
      ...inner.notes,
    ],
    inside,
  };
}
