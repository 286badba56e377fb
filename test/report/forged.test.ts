// Reports and quotes whose fields the forge has placed by offset, without these functions.
import { describe, expect, test } from 'vitest';
import { difference } from '../../src/evidence/report/difference.ts';
import { checkDigests } from '../../src/evidence/report/digests.ts';
import { projectReport } from '../../src/evidence/report/project.ts';
import { forge } from '../../src/foundry/forge.ts';
import { PROFILES } from '../../src/foundry/profiles.ts';
import { Quote } from '../../src/structs/quote.ts';
import { TdReport } from '../../src/structs/td-report.ts';
import { view } from '../../src/view.ts';

// No report projects to body type 2 of version 5, though quotes of it can be forged.
const MADE = {
  SgxReportBody: {},
  TdReportBody10: { version: 4 },
  TdReportBody15: { version: 5, quoteBodyType: 3 },
  TdReportBody15Ex: { version: 5, quoteBodyType: 4 },
};
const tds = PROFILES.filter(({ shape }) => shape.tee === 'tdx');

describe.each(tds.map((profile) => [profile.name, profile] as const))('%s', (_, profile) => {
  const { tdReport: report = new Uint8Array(0), quote } = forge({ seed: 'report', profile });

  test('has a report with both hashes right, and a quote that agrees with it', async () => {
    expect(await checkDigests(report)).toEqual({ teeTcbInfoHash: true, teeInfoHash: true });
    expect(difference(view(TdReport, report), view(Quote, quote))).toBeUndefined();
  });

  test('has the quote that its report projects to', () => {
    const projection = projectReport(view(TdReport, report));
    expect(projection).toMatchObject(MADE[profile.shape.body]);
  });
});
