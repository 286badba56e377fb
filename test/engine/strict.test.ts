import { describe, expect, test } from 'vitest';
import { decode, decodePrefix } from '../../src/codec.ts';
import { flagsOf } from '../../src/layout/flags.ts';
import { tdAttributes, xfam } from '../../src/structs/index.ts';
import { dump } from '../../src/verbs/dump.ts';
import { view, viewPrefix } from '../../src/view.ts';
import { failureOf } from '../leaves.ts';
import { Sample, sample } from './sample.ts';

const strict = { strict: true } as const;

describe('strict reading', () => {
  test('accepts what has no unknown bit, no reserved byte and no unknown tag', () => {
    expect(decode(Sample, sample(), strict)).toEqual(decode(Sample, sample()));
    expect(view(Sample, sample(), strict).kind).toBe(1);
  });

  test.each([
    ['a reserved byte', 7, 0xcc, 'Sample.pad @6: must be zero, byte 1 is 0xcc'],
    ['an unknown bit', 3, 0x40, 'Sample.flags @2: must have no unknown bit, has 0x00004000'],
    ['an unknown tag', 1, 8, 'Sample.kind @1: must be 1, 2, 3 or 4, is 8'],
  ])('refuses %s, which is kept otherwise', (_, at, value, message) => {
    const bytes = sample();
    bytes[at] = value;
    for (const read of [view, decode, viewPrefix, decodePrefix]) {
      expect(failureOf(() => read(Sample, bytes, strict))?.message).toBe(message);
      expect(failureOf(() => read(Sample, bytes))).toBeUndefined();
      expect(failureOf(() => read(Sample, bytes, { strict: false }))).toBeUndefined();
    }
    expect(dump(Sample, bytes, strict).at(-1)?.error?.message).toBe(message);
  });

  test('a misplaced tag is refused always', () => {
    const bytes = sample();
    bytes[1] = 9;
    const message = 'Sample.kind @1: must be 1, 2, 3 or 4, is 9';
    expect(failureOf(() => view(Sample, bytes))?.message).toBe(message);
    expect(failureOf(() => view(Sample, bytes, strict))?.message).toBe(message);
  });

  test('a length that contradicts the tag is refused always', () => {
    const bytes = sample();
    bytes[40] = 3;
    expect(failureOf(() => view(Sample, bytes))?.message).toBe('Sample.len @40: must be 4, is 3');
    bytes[1] = 4;
    expect(failureOf(() => view(Sample, bytes))?.message).toBe('Sample.data @42: must be a multiple of 2 bytes, is 3');
  });
});

describe('flagsOf', () => {
  test('names the bits that are set, lowest first, and passes over the others', () => {
    expect(flagsOf(tdAttributes, 0n)).toEqual([]);
    expect(flagsOf(tdAttributes, 0x8000000010000001n)).toEqual(['DEBUG', 'SEPT_VE_DISABLE', 'PERFMON']);
    expect(flagsOf(tdAttributes, 2n)).toEqual([]);
    expect(flagsOf(xfam, 0x600e7n)).toEqual('X87 SSE AVX OPMASK ZMM_HI256 HI16_ZMM XTILECFG XTILEDATA'.split(' '));
  });
  test('takes a number for 4 bytes', () => {
    expect(flagsOf(Sample.fields.flags.type, 0x80000000)).toEqual(['Z']);
  });
});

describe('dump', () => {
  test('has a row for each field and item, in order, with its name and meaning', () => {
    const rows = dump(Sample, sample());
    expect(rows.map(({ offset, path }) => `${offset} ${path.slice('Sample.'.length)}`)).toEqual([
      '0 magic',
      '1 kind',
      '2 flags',
      '6 pad',
      '8 big',
      '16 be',
      ...[0, 1, 2, 3].map((i) => `${20 + 2 * i} items[${i}]`),
      '28 points[0].x',
      '30 points[0].y',
      '32 points[1].x',
      '34 points[1].y',
      '36 point.x',
      '38 point.y',
      '40 len',
      '42 data.x',
      '44 data.y',
      '46 tail',
    ]);
    expect(rows[2]).toMatchObject({ spec: 'Flags', value: expect.stringMatching(/^0x80000001 A Z$/) });
    expect(rows.every(({ error }) => error === undefined)).toBe(true);
  });

  test('of bytes that fail has the fields in front, then the error', () => {
    const rows = dump(Sample, sample().subarray(0, 19));
    expect(rows.at(-1)?.error?.message).toBe('Sample.be @16: needs 4 bytes, 3 left');
    expect(rows.map(({ path }) => path)).toContain('Sample.big');
    expect(Buffer.concat(rows.map(({ bytes }) => bytes))).toHaveLength(19);
  });
});
