import { createHash, createHmac, hkdfSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { extendRtmr } from '../../src/evidence/report/rtmr.ts';
import { forge } from '../../src/foundry/forge.ts';
import { PROFILES } from '../../src/foundry/profiles.ts';
import { extended, testTd } from '../../src/foundry/td.ts';
import { tdReport } from '../../src/foundry/td-report.ts';

const sha384 = (bytes: Uint8Array) => createHash('sha384').update(bytes).digest();
const td = PROFILES.filter(({ shape }) => shape.tee === 'tdx');

// Offsets from the specification's tables, not from our layouts.
describe.each(td.map((each) => [each.name, each] as const))(
  'TDREPORT of %s',
  (name, { report: { version, tcbInfo }, shape }) => {
    const { tdReport: made, quote } = forge({ seed: 'test', profile: name });
    const report = Buffer.from(made ?? []);
    const body = Buffer.from(quote.subarray(shape.version === 5 ? 54 : 48));

    test('it has 1024 bytes, type 0x81 and the version', () => {
      expect(report.length).toBe(1024);
      expect([...report.subarray(0, 4)]).toEqual([0x81, 0, version, 0]);
    });

    test('its digests cover 239 and 512 bytes', () => {
      expect(report.subarray(32, 80)).toEqual(sha384(report.subarray(256, 495)));
      expect(report.subarray(80, 128)).toEqual(sha384(report.subarray(512)));
    });

    test('its MAC is HMAC-SHA-256 over 224 bytes by a key from the seed', () => {
      const key = Buffer.from(hkdfSync('sha256', 'test', 'tdx-codec foundry 1', 'tdreport mac', 32));
      expect(report.subarray(224, 256)).toEqual(createHmac('sha256', key).update(report.subarray(0, 224)).digest());
    });

    test('the quote says what it says', () => {
      const pairs: [body: number, report: number, length: number][] = [
        [0, 264, 16],
        [16, 280, 104],
        [120, 512, 400],
        [520, 128, 64],
      ];
      if (body.length > 648 && shape.body !== 'TdReportBody10') pairs.push([584, 384, 16], [600, 912, 48]);
      if (shape.body === 'TdReportBody15Ex') pairs.push([648, 1016, 1], [649, 960, 32]);
      for (const [at, from, length] of pairs)
        expect(body.subarray(at, at + length)).toEqual(report.subarray(from, from + length));
    });

    test('what its version and layout do not have is zero', () => {
      const zero = (from: number, to: number) => expect(report.subarray(from, to)).toEqual(Buffer.alloc(to - from));
      zero(4, 16);
      zero(192, 224);
      zero(tcbInfo === '1.0' ? 384 : 400, 512);
      expect(report.readBigUInt64LE(256)).toBe(tcbInfo === '1.0' ? 0x1ffn : 0x301ffn);
      if (version === 0) zero(912, 1024);
      if (version === 1) zero(960, 1024);
      if (version === 3) {
        zero(992, 1016);
        expect(report.readUInt32LE(1020)).toBe(0x301);
      }
    });
  },
);

describe('fields', () => {
  test('a field of the TD reaches report and quote', () => {
    const mrtd = new Uint8Array(48).fill(0xab);
    const { quote, tdReport: report } = forge({ seed: 'test', profile: 'tdx-v4', td: { mrtd } });
    expect(quote.subarray(48 + 136, 48 + 184)).toEqual(mrtd);
    expect(report?.subarray(528, 576)).toEqual(mrtd);
  });

  test('a field of the wrong length is a LayoutError', () => {
    const mrtd = new Uint8Array(47);
    expect(() => forge({ seed: 'test', profile: 'tdx-v4', td: { mrtd } })).toThrow(
      'TdReportBody10.mrtd: must be 48 bytes, is 47',
    );
  });

  test('digests, MAC, type and VALID are settable', () => {
    const hash = new Uint8Array(48).fill(1);
    const mac = new Uint8Array(32).fill(2);
    const report = tdReport('test', testTd(), {
      version: 0,
      cpusvn: new Uint8Array(16),
      tcbInfo: '1.5',
      type: 0,
      subtype: 1,
      valid: 5n,
      teeTcbInfoHash: hash,
      teeInfoHash: hash,
      mac,
    });
    expect([report[0], report[1], report[256]]).toEqual([0, 1, 5]);
    expect(report.subarray(32, 80)).toEqual(hash);
    expect(report.subarray(80, 128)).toEqual(hash);
    expect(report.subarray(224, 256)).toEqual(mac);
  });

  test('a register is extended as extendRtmr does it', async () => {
    const [register, digest] = [sha384(Buffer.from('before')), sha384(Buffer.from('event'))];
    expect(extended(register, digest)).toEqual(await extendRtmr(register, digest));
  });
});
