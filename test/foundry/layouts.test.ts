// What the forge writes by the specification's offsets, our layouts read.
import { describe, expect, test } from 'vitest';
import { decode, encode } from '../../src/codec.ts';
import { PROFILES } from '../../src/foundry/profiles.ts';
import { testTd } from '../../src/foundry/td.ts';
import { Quote, TdReport } from '../../src/structs/index.ts';
import { view } from '../../src/view.ts';
import { fixture } from './profile.ts';

describe.each(PROFILES.map((profile) => [profile.name, profile] as const))('%s', (name, { td }) => {
  const { quote, tdReport } = fixture(name);

  test('strict reading accepts the quote', () => {
    expect(view(Quote, quote, { strict: true }).header.version).toBe(quote[0]);
  });

  test('decode, then encode gives the quote back', () => {
    expect(encode(Quote, decode(Quote, quote))).toEqual(quote);
  });

  if (tdReport) {
    test('the layout of TDREPORT reads the fields that were set', () => {
      const report = decode(TdReport, tdReport, { strict: true });
      const set = testTd(td);
      expect(report.tdinfo).toMatchObject({ mrtd: set.mrtd, rtmr: set.rtmr, xfam: set.xfam });
      expect(report.reportmacstruct.reportdata).toEqual(set.reportdata);
      expect(encode(TdReport, report)).toEqual(tdReport);
    });
  }
});
