import { describe, expect, test } from 'vitest';
import { decode } from '../../src/codec.ts';
import { difference } from '../../src/evidence/report/difference.ts';
import { checkDigests } from '../../src/evidence/report/digests.ts';
import { projectReport } from '../../src/evidence/report/project.ts';
import { Quote } from '../../src/structs/quote.ts';
import { QuoteV4 } from '../../src/structs/quote-v4.ts';
import { TdReport } from '../../src/structs/td-report.ts';
import { TdReportBody15Ex } from '../../src/structs/td-report-body.ts';
import { offsetOf, view } from '../../src/view.ts';
import { absent, bytesOf } from '../corpus.ts';
import { azureReport, filled } from './azure-report.ts';

describe('difference', () => {
  // A version 5 quote of type 4 that a report of version 3 projects to; only its body matters here.
  const report = azureReport();
  report[2] = 3;
  report.set(filled('dd'.repeat(32)), 960);
  report.set(filled('0200000001030000'), 1016);
  const projection = projectReport(view(TdReport, report));

  const quote = (change: Partial<TdReportBody15Ex> = {}) => {
    if (!('quoteBodyType' in projection) || projection.quoteBodyType !== 4) throw new TypeError('not type 4');
    const value: Extract<Quote, { bodyDescriptor: unknown }> = {
      header: {
        version: 5,
        attestationKeyType: 2,
        teeType: 0x81,
        reserved: new Uint8Array(4),
        qeVendorId: new Uint8Array(16),
        userData: new Uint8Array(20),
      },
      bodyDescriptor: { quoteBodyType: 4, size: 885 },
      body: { ...projection.body, ...change },
      signatureDataLen: 0,
      signatureData: new Uint8Array(0),
      trailing: new Uint8Array(0),
    };
    return value;
  };
  const value = decode(TdReport, report);

  test('finds no difference to the quote that a report projects to', () => {
    expect(difference(value, quote())).toBeUndefined();
  });

  const names = Object.keys(TdReportBody15Ex.fields).slice(0, 16) as (keyof TdReportBody15Ex)[];
  test.each(names)('names body.%s where it differs', (name) => {
    const { body } = quote();
    if (!('vmid' in body)) throw new TypeError('not type 4');
    const was = body[name];
    const other =
      typeof was === 'bigint'
        ? was + 1n
        : typeof was === 'number'
          ? was + 1
          : name === 'rtmr'
            ? body.rtmr.with(2, filled('01', 48))
            : filled('01', was.length);
    const path = name === 'rtmr' ? 'body.rtmr[2]' : `body.${name}`;
    expect(difference(value, quote({ [name]: other }))).toBe(path);
  });

  test('names the first of several, in the order of the quote', () => {
    expect(difference(value, quote({ tdId: new Uint8Array(32), mrtd: new Uint8Array(48) }))).toBe('body.mrtd');
  });

  test('passes over what a report does not hold', () => {
    expect(difference(value, quote({ devinfo: filled('01', 48), initCpusvn: filled('01', 16) }))).toBeUndefined();
  });

  test('names the header of a quote of an enclave, and a body of unknown type', () => {
    const sgx = quote();
    sgx.header.teeType = 0;
    expect(difference(value, sgx)).toBe('header.teeType');
    const unknown = { ...quote(), bodyDescriptor: { quoteBodyType: 9, size: 4 }, body: new Uint8Array(4) };
    expect(difference(value, unknown)).toBe('bodyDescriptor.quoteBodyType');
  });
});

describe.runIf(absent === undefined)('difference over the corpus', () => {
  test.each([
    ['tdreport-flashbots-attested-tls-1.bin', 'tdx-v4-flashbots-attested-tls-1.bin'],
    ['tdreport-intel-ita-1.bin', 'tdx-v4-intel-ita-1.bin'],
  ])('%s and %s are of one TD, and the quote is what the report projects to', async (reportFile, quoteFile) => {
    const [reportBytes, quoteBytes] = [bytesOf(reportFile), bytesOf(quoteFile)];
    expect(await checkDigests(reportBytes)).toEqual({ teeTcbInfoHash: true, teeInfoHash: true });
    expect(difference(view(TdReport, reportBytes), view(Quote, quoteBytes))).toBeUndefined();
    expect(difference(decode(TdReport, reportBytes), decode(Quote, quoteBytes))).toBeUndefined();
    expect(
      difference(view(TdReport, reportBytes, { strict: true }), view(Quote, quoteBytes, { strict: true })),
    ).toBeUndefined();
    const quote = decode(Quote, quoteBytes);
    expect(projectReport(view(TdReport, reportBytes))).toEqual({ version: 4, body: quote.body });

    const { offset } = offsetOf(view(QuoteV4, quoteBytes), 'body.rtmr[1]');
    quoteBytes[offset] = (quoteBytes[offset] ?? 0) ^ 1;
    expect(difference(view(TdReport, reportBytes), view(QuoteV4, quoteBytes))).toBe('body.rtmr[1]');
  });

  test('tells two TDs apart, and a TD from an enclave', () => {
    const report = view(TdReport, bytesOf('tdreport-flashbots-attested-tls-1.bin'));
    expect(difference(report, view(Quote, bytesOf('tdx-v4-intel-ita-1.bin')))).toBe('body.teeTcbSvn');
    expect(difference(report, view(Quote, bytesOf('sgx-v3-maa-samples-1.bin')))).toBe('header.version');
  });
});
