import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { decode } from '../../src/codec.ts';
import { LayoutError } from '../../src/engine/error.ts';
import { checkDigests } from '../../src/evidence/report/digests.ts';
import { TdReport } from '../../src/structs/td-report.ts';
import { view } from '../../src/view.ts';
import { absent, bytesOf, entries } from '../corpus.ts';
import { azureReport, azureReportByName } from './azure-report.ts';

const BOTH = { teeTcbInfoHash: true, teeInfoHash: true };
const sha384 = (bytes: Uint8Array) => new Uint8Array(createHash('sha384').update(bytes).digest());

describe('checkDigests', () => {
  test('finds both hashes right in a TDREPORT written field by field', async () => {
    expect(azureReportByName()).toEqual(azureReport());
    expect(await checkDigests(azureReport())).toEqual(BOTH);
    expect(await checkDigests(view(TdReport, azureReport()))).toEqual(BOTH);
    expect(await checkDigests(decode(TdReport, azureReport()))).toEqual(BOTH);
  });

  test('finds out about a value in which a field was changed', async () => {
    const report = decode(TdReport, azureReport());
    report.tdinfo.xfam = 3n;
    expect(await checkDigests(report)).toEqual({ ...BOTH, teeInfoHash: false });
  });

  test('hashes 239 bytes of TEE_TCB_INFO, not the 17 behind them', async () => {
    const report = azureReport();
    report.fill(0xff, 495, 512);
    expect(await checkDigests(report)).toEqual(BOTH);
    report.set(sha384(report.subarray(256, 512)), 32);
    expect(await checkDigests(report)).toEqual({ ...BOTH, teeTcbInfoHash: false });
  });

  test.each([
    [255, BOTH],
    [256, { ...BOTH, teeTcbInfoHash: false }],
    [494, { ...BOTH, teeTcbInfoHash: false }],
    [495, BOTH],
    [511, BOTH],
    [512, { ...BOTH, teeInfoHash: false }],
    [1023, { ...BOTH, teeInfoHash: false }],
  ])('of a report whose byte %d is changed', async (at, digests) => {
    const report = azureReport();
    report[at] = 0x5a;
    expect(await checkDigests(report)).toEqual(digests);
  });

  test('takes shared memory, and a view far into its buffer', async () => {
    const shared = new Uint8Array(new SharedArrayBuffer(1024));
    shared.set(azureReport());
    expect(await checkDigests(shared)).toEqual(BOTH);
    const wide = new Uint8Array(1030);
    wide.set(azureReport(), 3);
    expect(await checkDigests(view(TdReport, wide.subarray(3, 1027)))).toEqual(BOTH);
  });

  test('does not see what is written while it works', async () => {
    const report = azureReport();
    const answer = checkDigests(report);
    report.fill(0);
    expect(await answer).toEqual(BOTH);
  });

  test.each([0, 1023, 1025])('throws LayoutError for %d bytes', async (length) => {
    await expect(checkDigests(new Uint8Array(length))).rejects.toThrow(LayoutError);
  });
});

describe.runIf(absent === undefined)('checkDigests over the corpus', () => {
  const genuine = entries.filter(({ kind, malformed }) => kind === 'tdreport' && !malformed).map(({ file }) => file);

  test('has genuine reports to look at', () => expect(genuine.length).toBeGreaterThan(5));

  test.each(genuine)('finds both hashes right in %s', async (file) => {
    expect(await checkDigests(bytesOf(file))).toEqual(BOTH);
    expect(await checkDigests(view(TdReport, bytesOf(file)))).toEqual(BOTH);
  });

  test.each([
    ['bad-derived-tdreport-tcbinfo-flip.bin', { ...BOTH, teeTcbInfoHash: false }],
    ['bad-derived-tdreport-tdinfo-flip.bin', { ...BOTH, teeInfoHash: false }],
    ['bad-tdreport-go-tdx-guest-1.bin', { teeTcbInfoHash: false, teeInfoHash: false }],
  ])('finds out about %s', async (file, digests) => {
    expect(await checkDigests(bytesOf(file))).toEqual(digests);
  });
});
