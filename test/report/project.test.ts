import { describe, expect, test } from 'vitest';
import { decode, encode } from '../../src/codec.ts';
import { projectReport } from '../../src/evidence/report/project.ts';
import { TdReport } from '../../src/structs/td-report.ts';
import { TdReportBody10, TdReportBody15, TdReportBody15Ex } from '../../src/structs/td-report-body.ts';
import { view } from '../../src/view.ts';
import { azureReport, filled } from './azure-report.ts';

type Patch = readonly [offset: number, hex: string];

/** The genuine report with other bytes at some offsets. */
function report(...patches: readonly Patch[]): Uint8Array<ArrayBuffer> {
  const bytes = azureReport();
  for (const [offset, hex] of patches) bytes.set(filled(hex), offset);
  return bytes;
}

const version = (number: number): Patch => [2, `0${number}`];
const VALID_10: Patch = [256, 'ff0100'];
const NO_SVN2: Patch = [384, '00'.repeat(16)];
const OTHER_SVN2: Patch = [384, '020107'];
const SERVTD: Patch = [912, 'cc'.repeat(48)];
const RTMRS: Patch = [720, ['a0', 'a1', 'a2', 'a3'].map((byte) => byte.repeat(48)).join('')];
const TD_ID: Patch = [960, 'dd'.repeat(32)];
const VMID: Patch = [1016, '02'];
const valid = (hex: string): Patch => [1020, hex];

/** What becomes of a report: the same for its value as for its view. */
function projected(bytes: Uint8Array<ArrayBuffer>) {
  const projection = projectReport(decode(TdReport, bytes));
  expect(projectReport(view(TdReport, bytes))).toEqual(projection);
  return projection;
}

describe('projectReport', () => {
  test.each<[string, Patch[], object]>([
    ['0, TDX 1.0', [VALID_10, NO_SVN2], { version: 4 }],
    ['0, both SVNs the same', [], { version: 4 }],
    ['0, an updated module', [OTHER_SVN2], { version: 5, quoteBodyType: 3 }],
    ['1, TDX 1.0', [version(1), VALID_10, NO_SVN2, SERVTD], { version: 5, quoteBodyType: 3 }],
    ['1, both SVNs the same', [version(1), SERVTD], { version: 5, quoteBodyType: 3 }],
    ['3 with TD_ID', [version(3), TD_ID, valid('0001')], { version: 5, quoteBodyType: 4 }],
    ['3 with VMID', [version(3), VMID, valid('0002')], { version: 5, quoteBodyType: 4 }],
    ['3 with both, TDX 1.0', [version(3), VALID_10, NO_SVN2, valid('0103')], { version: 5, quoteBodyType: 4 }],
    ['3 with bits that do not matter', [version(3), valid('00fdffff')], { version: 5, quoteBodyType: 4 }],
  ])('makes a quote of version %s', (_, patches, expected) => {
    expect(projected(report(...patches))).toMatchObject(expected);
  });

  test.each<[string, Patch[], string]>([
    ['0 with SERVTD_HASH', [SERVTD], 'SERVTD_HASH is not zero in a report of version 0'],
    ['0 with reserved bytes', [[1023, '01']], 'reserved bytes of TDINFO are not zero'],
    ['1 with reserved bytes', [version(1), [960, '01']], 'reserved bytes of TDINFO are not zero'],
    [
      '3 with reserved bytes',
      [version(3), [1015, '01'], valid('0001')],
      'reserved bytes of the extended TDINFO are not zero',
    ],
    [
      '3 with the first critical bit',
      [version(3), valid('0201')],
      'VALID of TDINFO has critical bits that have no name',
    ],
    [
      '3 with the last critical bit',
      [version(3), valid('8001')],
      'VALID of TDINFO has critical bits that have no name',
    ],
    ['3 with neither TD_ID nor VMID', [version(3), valid('0100')], 'VALID of TDINFO has neither TD_ID nor VMID'],
  ])('makes no quote of version %s', (_, patches, why) => {
    expect(projected(report(...patches))).toEqual({ version: undefined, why });
  });

  test('makes no quote of a version or of a VALID that no report has', () => {
    const value = decode(TdReport, report());
    value.reportmacstruct.reporttype.version = 2;
    expect(projectReport(value)).toEqual({ version: undefined, why: 'no quote is made of version 2' });
    value.reportmacstruct.reporttype.version = 3;
    expect(projectReport(value)).toEqual({ version: undefined, why: 'no quote is made of version 3' });
    value.teeTcbInfo.valid = 0x101ffn;
    const why = 'VALID of TEE_TCB_INFO is 0x101ff, not 0x1ff or 0x301ff';
    expect(projectReport(value)).toEqual({ version: undefined, why });
  });

  test('copies each field of a version 4 body from its offset', () => {
    const bytes = report(RTMRS, [328, 'ee'.repeat(48)], [376, '01'], [512, '00000010'], [576, '11'.repeat(144)]);
    const { body } = projected(bytes) as { body: TdReportBody10 };
    const expected = new Uint8Array(584);
    expected.set(bytes.subarray(264, 328), 0); // TEE_TCB_SVN, MRSEAM; MRSIGNERSEAM and SEAMATTRIBUTES stay zero
    expected.set(bytes.subarray(512, 912), 120);
    expected.set(bytes.subarray(128, 192), 520);
    expect(encode(TdReportBody10, body)).toEqual(expected);
  });

  test('appends TEE_TCB_SVN2 and SERVTD_HASH in a body of type 3', () => {
    const bytes = report(version(1), OTHER_SVN2, SERVTD);
    const { body } = projected(bytes) as { body: TdReportBody15 };
    const encoded = encode(TdReportBody15, body);
    expect(encoded.subarray(584, 600)).toEqual(bytes.subarray(384, 400));
    expect(encoded.subarray(600)).toEqual(bytes.subarray(912, 960));
  });

  test('takes TEE_TCB_SVN for a TEE_TCB_SVN2 that is not valid', () => {
    const { body } = projected(report(version(1), VALID_10, NO_SVN2)) as { body: TdReportBody15 };
    expect(body.teeTcbSvn2).toEqual(filled('020106', 16));
    expect(body.teeTcbSvn).toEqual(body.teeTcbSvn2);
  });

  test('appends VMID and TD_ID in a body of type 4 where VALID says that they are there', () => {
    const both = projected(report(version(3), SERVTD, TD_ID, VMID, valid('0103'))) as { body: TdReportBody15Ex };
    const encoded = encode(TdReportBody15Ex, both.body);
    expect(encoded.subarray(600, 648)).toEqual(filled('cc'.repeat(48)));
    expect(encoded.subarray(648, 681)).toEqual(filled(`02${'dd'.repeat(32)}`));
    expect(encoded.subarray(681)).toEqual(new Uint8Array(204));
    const onlyVmid = projected(report(version(3), TD_ID, VMID, valid('0002'))) as { body: TdReportBody15Ex };
    expect(onlyVmid.body).toMatchObject({ vmid: 2, tdId: new Uint8Array(32) });
    const onlyTdId = projected(report(version(3), TD_ID, VMID, valid('0001'))) as { body: TdReportBody15Ex };
    expect(onlyTdId.body).toMatchObject({ vmid: 0, tdId: filled('dd'.repeat(32)) });
  });

  test('gives a body that shares no memory with the report', () => {
    const bytes = report(version(1), SERVTD);
    const projection = projectReport(view(TdReport, bytes));
    const before = structuredClone(projection);
    bytes.fill(0xff);
    expect(projection).toEqual(before);
  });
});
