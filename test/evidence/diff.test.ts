import { describe, expect, test } from 'vitest';
import { forge } from '../../src/foundry/index.ts';
import {
  CertificationData,
  decode,
  diff,
  dump,
  edit,
  type Layout,
  LayoutError,
  Quote,
  QuoteV4,
  TdReport,
  view,
} from '../../src/index.ts';
import { array, at, bytes, sized, struct, u16, u32 } from '../../src/layout.ts';
import { absent, bytesOf } from '../corpus.ts';

const { quote, tdReport = new Uint8Array() } = forge({ seed: 'diff', profile: 'tdx-v4' });
const v5 = forge({ seed: 'diff', profile: 'tdx-v5-body-3' }).quote;

describe('diff', () => {
  test('of the same is empty, whatever form it has', () => {
    expect(diff(Quote, quote, quote.slice())).toEqual([]);
    expect(diff(QuoteV4, quote, view(QuoteV4, quote))).toEqual([]);
    expect(diff(QuoteV4, decode(QuoteV4, quote), view(QuoteV4, quote))).toEqual([]);
  });

  test('gives both sides in canonical JSON', () => {
    const other = quote.slice();
    edit(QuoteV4, other).header.qeVendorId.fill(1);
    edit(QuoteV4, other).header.reserved[1] = 1;
    expect(diff(QuoteV4, quote, other)).toEqual([
      { path: 'header.reserved', a: '00000000', b: '00010000' },
      { path: 'header.qeVendorId', a: '939a7233f79c4ca9940a0db3957f0607', b: '01'.repeat(16) },
    ]);
  });

  test('takes trailing bytes in, and the lengths', () => {
    const { quote: bare } = forge({ seed: 'diff', profile: 'tdx-v4-unpadded' });
    const padded = Uint8Array.from([...bare, 0, 0]);
    expect(diff(Quote, bare, padded)).toEqual([{ path: 'trailing', a: '', b: '0000' }]);
    const without = forge({ seed: 'diff', profile: 'tdx-v4-no-auth' }).quote;
    const paths = diff(Quote, quote, without).map(({ path }) => path);
    expect(paths).toContain('signatureDataLen');
    expect(paths).toContain('signatureData.qeCertificationData.size');
  });

  test('of quotes of two versions names the fields that only one has, without the other side', () => {
    const found = diff(Quote, quote, v5);
    expect(found.find(({ path }) => path === 'bodyDescriptor.quoteBodyType')).toEqual({
      path: 'bodyDescriptor.quoteBodyType',
      a: undefined,
      b: 3,
    });
    expect(diff(Quote, v5, quote).find(({ path }) => path === 'body.mrservicetd')).toMatchObject({ b: undefined });
  });

  test('counts items', () => {
    const List = struct(
      'List',
      { source: QuoteV4.source },
      { n: at(0, u16, 'n'), items: at(2, sized('n', array(u32)), 'items') },
    );
    expect(diff(List, Uint8Array.of(4, 0, 1, 0, 0, 0), Uint8Array.of(8, 0, 1, 0, 0, 0, 2, 0, 0, 0))).toEqual([
      { path: 'n', a: 4, b: 8 },
      { path: 'items[1]', a: undefined, b: 2 },
    ]);
    const Plain = struct('Plain', { source: QuoteV4.source, size: 4 }, { raw: at(0, bytes(4), 'raw') });
    expect(diff(Plain, new Uint8Array(4), Uint8Array.of(0, 0, 0, 1))).toEqual([
      { path: 'raw', a: '00000000', b: '00000001' },
    ]);
  });

  test('tells the layouts that are chosen by size', () => {
    const data = (size: number) => Uint8Array.from([1, 0, size, 0, 0, 0, ...new Uint8Array(size)]);
    expect(diff(CertificationData, data(34), data(36))).toEqual([
      { path: 'size', a: 34, b: 36 },
      { path: 'certificationData.pceid', a: undefined, b: 0 },
    ]);
  });

  test('throws what is wrong with either side', () => {
    expect(() => diff(QuoteV4, quote, quote.subarray(0, 600))).toThrow(LayoutError);
    expect(() => diff(QuoteV4, quote.subarray(0, 600), quote)).toThrow('QuoteV4.body.reportdata @568: needs 64 bytes');
  });
});

const real: [string, Layout, Uint8Array][] = absent
  ? []
  : [
      ['sgx-v3-maa-samples-1.bin', Quote, bytesOf('sgx-v3-maa-samples-1.bin')],
      ['tdreport-coco-guest-1.bin', TdReport, bytesOf('tdreport-coco-guest-1.bin')],
    ];
describe.each<[string, Layout, Uint8Array]>([
  ['a quote of version 4', Quote, quote],
  ['a quote of version 5', Quote, v5],
  ['a TDREPORT', TdReport, tdReport],
  ...real,
])('%s with one bit changed', (_, layout, good) => {
  test('differs in the field that dump says the bit belongs to, and in nothing else', () => {
    let seen = 0;
    for (const row of dump(layout, good)) {
      if (row.bytes.length === 0) continue;
      const other = good.slice();
      other[row.offset + row.bytes.length - 1]! ^= 1;
      let paths: string[];
      try {
        paths = diff(layout, good, other).map(({ path }) => path);
      } catch (error) {
        if (error instanceof LayoutError) continue;
        throw error;
      }
      // A tag takes other fields with it.
      if (row.path.endsWith('Type')) continue;
      seen++;
      expect(paths).toEqual([row.path.slice(row.path.indexOf('.') + 1)]);
    }
    expect(seen).toBeGreaterThan(20);
  });
});
