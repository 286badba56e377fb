import { inspect } from 'node:util';
import v8 from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { decode, decodePrefix, encode } from '../../src/codec.ts';
import { LayoutError } from '../../src/engine/error.ts';
import { toJson } from '../../src/json.ts';
import { at, bytes as bytesOf, next, oneOf, rest, sized, struct, u8, u32be, type View } from '../../src/layout.ts';
import { Quote, QuoteHeader, QuoteV4, TdInfoEx, TdReport, TdReportBody10 } from '../../src/structs/index.ts';
import { dump } from '../../src/verbs/dump.ts';
import { edit, equals, lens, offsetOf, span, view, viewPrefix } from '../../src/view.ts';
import { golden } from '../golden.ts';
import { byteArrays, failureOf } from '../leaves.ts';
import { Point, Sample, sample, source } from './sample.ts';

const failsWith = (run: () => unknown): string => {
  try {
    run();
    return '';
  } catch (error) {
    return (error as Error).name;
  }
};
const quote = () => golden('quote-v4/counting');

describe('view', () => {
  test('reads numbers of every width, both orders, items and nested structs', () => {
    const opened = view(Sample, sample());
    expect(opened.flags).toBe(0x80000001);
    expect(opened.big).toBe(0x8f8e8d8c8b8a8988n);
    expect(opened.be).toBe(0x90919293);
    expect(opened.items[3]).toEqual(Uint8Array.of(0x9a, 0x9b));
    expect(opened.points.map(({ x, y }) => [x, y])).toEqual([
      [0x9d9c, 0x9f9e],
      [0xa1a0, 0xa3a2],
    ]);
    expect(opened.point.y).toBe(0xa7a6);
    expect(opened.tail).toEqual(Uint8Array.of(0xae));
  });

  test('holds a constant inside a struct of varying size, also where nothing follows it', () => {
    const inner = struct('Inner', { source }, { n: at(0, u8, 'N'), data: at(1, sized('n', rest), 'DATA') });
    const outer = struct('Outer', { source, where: { 'inner.n': 2 } }, { inner: at(0, inner, 'INNER') });
    expect(view(outer, Uint8Array.of(2, 7, 8)).inner.data).toEqual(Uint8Array.of(7, 8));
    expect(() => view(outer, Uint8Array.of(1, 7))).toThrow('Outer.inner.n @0: must be 2, is 1');
    expect(() => decode(outer, Uint8Array.of(1, 7))).toThrow('Outer.inner.n @0: must be 2, is 1');
  });

  test('reads structs of varying size wherever they stand: in front of others, last, and last in the last', () => {
    const source = Point.source;
    const pair = struct(
      'Pair',
      { source },
      {
        n: at(0, u8, 'N'),
        head: at(1, sized('n', rest), 'HEAD'),
        m: next(u8, 'M'),
        tail: next(sized('m', rest), 'TAIL'),
      },
    );
    const nest = struct(
      'Nest',
      { source },
      {
        a: at(0, u8, 'A'),
        first: at(1, sized('a', pair), 'FIRST'),
        b: next(u8, 'B'),
        last: next(sized('b', pair), 'LAST'),
      },
    );
    const deep = struct(
      'Deep',
      { source },
      {
        k: at(0, u8, 'K'),
        pair: at(1, sized('k', pair), 'PAIR'),
        l: next(u8, 'L'),
        nest: next(sized('l', nest), 'NEST'),
      },
    );
    const one = Uint8Array.of(1, 0x11, 2, 0x12, 0x13);
    const two = Uint8Array.of(3, 0x21, 0x22, 0x23, 0);
    const three = Uint8Array.of(0, 1, 0x31);
    const inner = [5, ...two, 3, ...three];
    const bytes = Uint8Array.of(5, ...one, inner.length, ...inner);
    const opened = view(deep, bytes);
    expect(toJson(deep, opened)).toEqual(toJson(deep, decode(deep, bytes)));
    expect(opened.pair.tail).toEqual(Uint8Array.of(0x12, 0x13));
    expect(opened.nest.first.head).toEqual(Uint8Array.of(0x21, 0x22, 0x23));
    expect(opened.nest.last.tail).toEqual(Uint8Array.of(0x31));
    expect(toJson(nest, opened.nest)).toEqual(toJson(nest, view(nest, Uint8Array.from(inner))));
    expect(offsetOf(opened.nest.last, 'tail')).toEqual({ offset: bytes.length - 1, length: 1 });
    expect(span(opened.nest, 'first', 'b')).toEqual(Uint8Array.of(...two, 3));
  });

  test('gives all of the fields of a layout with more names than there are places to store them', () => {
    const rows = Array.from({ length: 150 }, (_, i) => [`field${i}`, at(i, u8, 'F')] as const);
    const many = struct('Many', { source: Point.source, size: 150 }, Object.fromEntries(rows));
    const bytes = Uint8Array.from({ length: 150 }, (_, i) => i);
    const wanted = Object.fromEntries(rows.map(([name], i) => [name, i]));
    expect(toJson(many, view(many, bytes))).toEqual(wanted);
    expect(toJson(many, decode(many, bytes))).toEqual(wanted);
  });

  test('is read-only: an assignment throws TypeError', () => {
    const opened = view(Point, Uint8Array.of(1, 2, 3, 4));
    expect(() => Object.assign(opened, { x: 5 })).toThrow(TypeError);
  });

  test('copies nothing: each byte array lies in the memory it was given', () => {
    const bytes = quote();
    for (const part of byteArrays(view(QuoteV4, bytes))) expect(part.buffer).toBe(bytes.buffer);
  });

  test('of anything but a Uint8Array throws TypeError', () => {
    for (const wrong of [
      undefined,
      null,
      [1],
      new ArrayBuffer(4),
      new DataView(new ArrayBuffer(4)),
      new Uint16Array(2),
    ]) {
      expect(() => view(Point, wrong as never)).toThrow(new TypeError('bytes must be a Uint8Array'));
      expect(() => decode(Point, wrong as never)).toThrow(new TypeError('bytes must be a Uint8Array'));
    }
    for (const read of [view, decode, edit, viewPrefix, decodePrefix])
      expect(() => read(Point, 'AAAAAA==' as never)).toThrow(
        new TypeError('bytes must be a Uint8Array, not text: identify decodes text'),
      );
  });

  test('of bytes from another realm is one of bytes', () => {
    const foreign = runInNewContext('Uint8Array.of(1, 0, 2, 0)') as Uint8Array<ArrayBuffer>;
    expect(foreign).not.toBeInstanceOf(Uint8Array);
    expect(view(Point, foreign).y).toBe(2);
    expect(decode(Point, foreign)).toEqual({ x: 1, y: 2 });
    expect(encode(Point, foreign)).toEqual(Uint8Array.of(1, 0, 2, 0));
    expect(equals(view(Sample, sample()), 'tail', runInNewContext('Uint8Array.of(0xae)') as Uint8Array)).toBe(true);
    edit(Point, foreign).x = 5;
    expect(foreign[0]).toBe(5);
    expect(view(Sample, sample()).tail.constructor).toBe(Uint8Array);
  });

  test('has its fields to enumerate and nothing else', () => {
    const opened = view(QuoteV4, quote());
    expect(Reflect.ownKeys(opened)).toEqual([]);
    const names: string[] = [];
    for (const name in opened) names.push(name);
    expect(names).toEqual(Object.keys(QuoteV4.fields));
    for (const nested of [opened.header, opened.body]) expect(Reflect.ownKeys(nested)).toEqual([]);
  });

  test('of a union is one of its struct, and nothing is kept of other bytes', () => {
    const opened = view(Quote, quote());
    expect(Object.keys(decode(Quote, quote()))).toEqual(Object.keys(QuoteV4.fields));
    expect(encode(QuoteV4, opened as never)).toEqual(quote());
    expect(offsetOf(opened, 'signatureData')).toEqual(offsetOf(view(QuoteV4, quote()), 'signatureData'));
  });

  test.each([
    ['QuoteV4', QuoteV4, 'quote-v4/counting'],
    ['Quote', Quote, 'quote-v4/counting'],
    ['TdReport', TdReport, 'td-report/clean'],
  ] as const)('JSON.stringify of a view of %s is the canonical JSON, nested ones included', (_, layout, name) => {
    const opened = view(layout as typeof QuoteV4, golden(name));
    const json = toJson(layout as typeof QuoteV4, opened);
    expect(JSON.stringify(opened)).toBe(JSON.stringify(json));
    for (const [field, value] of Object.entries(json))
      expect(
        JSON.stringify(Reflect.get(opened, field) instanceof Uint8Array ? value : Reflect.get(opened, field)),
      ).toBe(JSON.stringify(value));
  });

  test('shows its fields in a console', () => {
    expect(inspect(view(Point, Uint8Array.of(1, 0, 2, 0)))).toMatch(/x: 1.*y: 2/);
  });

  test('of a buffer that was transferred away throws LayoutError, not undefined', () => {
    const bytes = sample();
    const opened = view(Sample, bytes);
    structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
    for (const read of [
      () => opened.magic,
      () => opened.flags,
      () => opened.big,
      () => opened.be,
      () => opened.pad,
      () => opened.items,
      () => opened.point.x,
      () => opened.len,
      () => opened.tail,
      () => toJson(Sample, opened),
    ]) {
      expect(read).toThrow(LayoutError);
    }
  });
});

describe('viewPrefix and decodePrefix', () => {
  test('give the bytes that follow, shared', () => {
    const bytes = Uint8Array.of(1, 0, 2, 0, 9, 8);
    const [opened, more] = viewPrefix(Point, bytes);
    expect([opened.x, opened.y]).toEqual([1, 2]);
    expect([...more]).toEqual([9, 8]);
    expect(more.buffer).toBe(bytes.buffer);
    const [value, also] = decodePrefix(Point, Buffer.from(bytes));
    expect(value).toEqual({ x: 1, y: 2 });
    expect([...also]).toEqual([9, 8]);
    expect(also.constructor).toBe(Uint8Array);
  });

  test('of too few bytes fail as view does', () => {
    const message = 'Point.y @2: needs 2 bytes, 1 left';
    expect(failureOf(() => viewPrefix(Point, Uint8Array.of(1, 0, 2)))?.message).toBe(message);
    expect(failureOf(() => decodePrefix(Point, Uint8Array.of(1, 0, 2)))?.message).toBe(message);
  });

  test('of a layout that takes the rest leave nothing', () => {
    expect(viewPrefix(QuoteV4, golden('quote-v4/trailing-70'))[1]).toHaveLength(0);
  });
});

describe('offsetOf, span and equals', () => {
  test('find a field below variable parts', () => {
    const opened = view(QuoteV4, quote());
    const inner = 'signatureData.qeCertificationData.certificationData.qeCertificationData' as const;
    expect(offsetOf(opened, 'body.mrtd')).toEqual({ offset: 184, length: 48 });
    expect(offsetOf(opened, 'body.rtmr[3]')).toEqual({ offset: 520, length: 48 });
    expect(offsetOf(opened, `${inner}.certificationData`)).toEqual({ offset: 1258, length: 20 });
    expect(offsetOf(opened, 'trailing')).toEqual({ offset: 1278, length: 0 });
  });

  test('span is the signed part of a quote', () => {
    const bytes = quote();
    const opened = view(QuoteV4, bytes);
    expect(span(opened, 'header', 'body')).toEqual(bytes.subarray(0, 632));
    expect(span(opened, 'body.mrtd')).toEqual(bytes.subarray(184, 232));
    expect(span(opened, 'header', 'body').buffer).toBe(bytes.buffer);
  });

  test('equals compares in place, with length', () => {
    const bytes = quote();
    const opened = view(QuoteV4, bytes);
    const mrtd = bytes.slice(184, 232);
    expect(equals(opened, 'body.mrtd', mrtd)).toBe(true);
    expect(equals(opened, 'body.mrtd', mrtd.subarray(1))).toBe(false);
    expect(equals(opened, 'body.mrtd', new Uint8Array(0))).toBe(false);
    mrtd[47]! ^= 1;
    expect(equals(opened, 'body.mrtd', mrtd)).toBe(false);
  });

  test('equals of anything but bytes throws TypeError', () => {
    const opened = view(QuoteV4, quote());
    for (const wrong of ['x'.repeat(48), Array(48).fill('0'), '00', null, undefined, 48, new Uint16Array(24)])
      expect(() => equals(opened, 'body.mrconfigid', wrong as never)).toThrow(TypeError);
  });

  test('a path that leads nowhere stays nowhere: the heap does not grow with wrong paths', () => {
    const opened = view(QuoteV4, quote());
    const attempt = (from: number, count: number): void => {
      for (let i = from; i < from + count; i++) {
        expect.soft(failsWith(() => offsetOf(opened, `body.rtmr[${i}]` as never))).toBe('TypeError');
        failsWith(() => offsetOf(opened, `nope${i}` as never));
      }
    };
    const { setFlagsFromString } = v8;
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    attempt(4, 2000);
    collect();
    const before = process.memoryUsage().heapUsed;
    for (let i = 0; i < 50_000; i++)
      failsWith(() => offsetOf(opened, `body.rtmr[${i + 10_000}].long-enough-to-be-seen-in-the-heap-${i}` as never));
    collect();
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(2 ** 21);
  });

  test('a nested view counts from the start of what was opened', () => {
    const { body } = view(QuoteV4, quote());
    if (!('mrtd' in body)) throw new Error('not of a TD');
    expect(offsetOf(body, 'mrtd')).toEqual({ offset: 184, length: 48 });
  });

  test('a field of another variant throws LayoutError variant', () => {
    const opened = view(QuoteV4, golden('quote-v4/counting-sgx'));
    expect(failureOf(() => offsetOf(opened, 'body.mrtd'))).toMatchObject({
      code: 'variant',
      path: 'QuoteV4.body.mrtd',
    });
  });

  test('a field that does not exist, an item past the end and a value that is no view throw TypeError', () => {
    const opened = view(QuoteV4, quote());
    expect(() => offsetOf(opened, 'body.nope' as 'body')).toThrow(new TypeError('QuoteV4 has no field body.nope'));
    expect(() => offsetOf(opened, 'body.rtmr[4]')).toThrow(new TypeError('QuoteV4 has no item body.rtmr[4]'));
    expect(() => offsetOf({} as typeof opened, 'body')).toThrow(new TypeError('not a view'));
  });
});

describe('lens', () => {
  test('of a field that several variants have at one place applies where one of them was chosen', () => {
    const mrtd = lens(TdReport, 'tdinfo.mrtd');
    const report = new Uint8Array(1024);
    report.set([0x81, 0, 1, 0]);
    const dataView = new DataView(report.buffer);
    expect(mrtd.applies(dataView, 0)).toBe(true);
    report[2] = 3;
    expect(mrtd.applies(dataView, 0)).toBe(true);
    report[2] = 2;
    expect(mrtd.applies(dataView, 0)).toBe(false);
    report[2] = 1;
    report[0] = 0;
    expect(mrtd.applies(dataView, 0)).toBe(false);
  });

  const bytes = quote();
  const shifted = new Uint8Array(bytes.length + 5);
  shifted.set(bytes, 5);
  const dataView = new DataView(shifted.buffer);

  test('reads where the layout puts the field, from any base', () => {
    expect(lens(QuoteV4, 'header.teeType').get(dataView, 5)).toBe(0x81);
    expect(lens(QuoteV4, 'body.tdattributes').getBig(dataView, 5)).toBe(0xafaeadacabaaa9a8n);
    const rtmr = lens(QuoteV4, 'body.rtmr[1]');
    expect([rtmr.offset, rtmr.length]).toEqual([424, 48]);
    expect(rtmr.bytes(dataView, 5)).toEqual(bytes.subarray(424, 472));
    expect(rtmr.equals(dataView, 5, bytes.subarray(424, 472))).toBe(true);
    expect(rtmr.equals(dataView, 5, bytes.subarray(425, 473))).toBe(false);
    expect(rtmr.equals(dataView, 5, bytes.subarray(424, 471))).toBe(false);
    expect(lens(Sample, 'be').get(new DataView(sample().buffer), 0)).toBe(0x90919293);
  });

  test('notices that the bytes it compares with have changed since', () => {
    const mrtd = lens(QuoteV4, 'body.mrtd');
    const wanted = bytes.slice(184, 232);
    expect(mrtd.equals(dataView, 5, wanted)).toBe(true);
    wanted[0]! ^= 1;
    expect(mrtd.equals(dataView, 5, wanted)).toBe(false);
  });

  test.each([
    ['20 bytes', lens(QuoteV4, 'header.userData'), 0],
    ['48 bytes', lens(QuoteV4, 'body.mrtd'), 0],
    ['64 bytes', lens(TdReportBody10, 'reportdata'), 48],
  ])('sees a difference in any of %s', (_, one, base) => {
    const copy = new DataView(bytes.slice().buffer);
    const wanted = one.bytes(copy, base).slice();
    expect(one.equals(copy, base, wanted)).toBe(true);
    for (let i = 0; i < one.length; i++) {
      wanted[i]! ^= 0x80;
      expect(one.equals(copy, base, wanted)).toBe(false);
      wanted[i]! ^= 0x80;
    }
  });

  test('applies to the variant that has the field, and to no other', () => {
    const mrtd = lens(QuoteV4, 'body.mrtd');
    expect(mrtd.applies(dataView, 5)).toBe(true);
    expect(mrtd.applies(new DataView(golden('quote-v4/counting-sgx').buffer), 0)).toBe(false);
    const version5 = quote();
    version5[0] = 5;
    expect(mrtd.applies(new DataView(version5.buffer), 0)).toBe(false);
    expect(mrtd.applies(new DataView(new ArrayBuffer(3)), 0)).toBe(false);
  });

  test('past the end throws LayoutError truncated', () => {
    const short = new DataView(new ArrayBuffer(200));
    const mrtd = lens(QuoteV4, 'body.mrtd');
    const equal = new Uint8Array(48);
    const other = new Uint8Array(48).fill(1);
    for (const read of [
      () => mrtd.bytes(short, 0),
      () => mrtd.equals(short, 0, equal),
      () => mrtd.equals(short, 0, other),
    ])
      expect(failureOf(read)?.message).toBe('QuoteV4.body.mrtd @184: needs 48 bytes, 16 left');
    expect(failureOf(() => lens(QuoteV4, 'body.xfam').getBig(short, 100))?.code).toBe('truncated');
    expect(failureOf(() => mrtd.bytes(dataView, -1000))?.code).toBe('truncated');
    expect(failureOf(() => mrtd.equals(dataView, -1000, other))?.code).toBe('truncated');
  });

  test('of a field without a fixed place, or of the wrong kind, throws TypeError', () => {
    expect(() => lens(QuoteV4, 'body.reportdata')).toThrow(
      new TypeError('QuoteV4.body.reportdata lies elsewhere in another variant: take the lens of the variant'),
    );
    expect(() => lens(QuoteV4, 'trailing')).toThrow(new TypeError('QuoteV4.trailing has no fixed place'));
    expect(() => lens(QuoteV4, 'signatureDataLen')).toThrow(TypeError);
    expect(() => lens(QuoteV4, 'body.reportdata')).toThrow(TypeError);
    expect(() => lens(QuoteV4, 'nope' as 'body')).toThrow(new TypeError('QuoteV4 has no field nope'));
    expect(() => lens(QuoteV4, 'body.mrtd').get(dataView, 5)).toThrow(TypeError);
    expect(() => lens(QuoteV4, 'header.version').getBig(dataView, 5)).toThrow(TypeError);
    expect(() => lens(TdInfoEx, 'reserved2').get(dataView, 5)).toThrow(
      new TypeError('TdInfoEx.reserved2 is no number of 1, 2 or 4 bytes'),
    );
    expect(() => lens(QuoteV4, 'body.rtmr[4]')).toThrow(new TypeError('QuoteV4 has no item body.rtmr[4]'));
    expect(lens(QuoteV4, 'body.rtmr[3]').offset).toBe(520);
  });

  test('of a choice in a region, where bytes of an unknown tag may be of any length, throws TypeError', () => {
    const One = struct(
      'One',
      { source },
      { t: at(0, u8, 'T'), n: at(1, u8, 'N'), d: at(2, sized('n', oneOf('t', { 1: bytesOf(4) })), 'D') },
    );
    expect(() => lens(One, 'd')).toThrow(new TypeError('One.d has no fixed place'));
  });

  test('applies by the numbers in front of every variable part, in their own byte order', () => {
    const Late = struct(
      'Late',
      { source, where: { magic: 0x01020304, end: 9 } },
      {
        magic: at(0, u32be, 'M'),
        f: at(4, u8, 'F'),
        n: at(5, u8, 'N'),
        d: at(6, sized('n', rest), 'D'),
        end: next(u8, 'E'),
      },
    );
    const late = Uint8Array.of(1, 2, 3, 4, 5, 1, 0, 9);
    const f = lens(Late, 'f');
    expect(f.applies(new DataView(late.buffer), 0)).toBe(true);
    late[0] = 4;
    expect(f.applies(new DataView(late.buffer), 0)).toBe(false);
  });

  test('over a buffer that went away throws LayoutError truncated', () => {
    const gone = new DataView(new ArrayBuffer(1000));
    structuredClone(gone.buffer, { transfer: [gone.buffer] });
    const mrtd = lens(QuoteV4, 'body.mrtd');
    for (const read of [
      () => mrtd.bytes(gone, 0),
      () => mrtd.equals(gone, 0, new Uint8Array(48)),
      () => lens(QuoteV4, 'header.version').get(gone, 0),
    ])
      expect(failureOf(read)?.code).toBe('truncated');
    expect(mrtd.applies(gone, 0)).toBe(false);
  });
});

describe('over a buffer that went away', () => {
  const detached = (bytes: Uint8Array<ArrayBuffer>) => {
    structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
    return bytes;
  };
  const wanted = 'QuoteHeader.version @0: needs 2 bytes, 0 left';

  test.each<[string, (bytes: Uint8Array) => unknown]>([
    ['view', (bytes) => view(QuoteHeader, bytes)],
    ['viewPrefix', (bytes) => viewPrefix(QuoteHeader, bytes)],
    ['decode', (bytes) => decode(QuoteHeader, bytes)],
    ['edit', (bytes) => edit(QuoteHeader, bytes)],
    ['encode', (bytes) => encode(QuoteHeader, bytes)],
  ])('%s throws LayoutError truncated, of a Buffer too', (_, read) => {
    expect(failureOf(() => read(detached(new Uint8Array(48))))?.code).toBe('truncated');
    const bytes = Buffer.from(new ArrayBuffer(48));
    detached(bytes);
    expect(failureOf(() => read(bytes))?.code).toBe('truncated');
  });

  test('dump gives the error', () => {
    expect(dump(QuoteHeader, detached(new Uint8Array(48))).map(({ error }) => error?.message)).toEqual([wanted]);
  });

  test.each<[string, (opened: View<typeof QuoteHeader>) => unknown]>([
    ['a getter', (opened) => opened.userData],
    ['offsetOf', (opened) => offsetOf(opened, 'userData')],
    ['span', (opened) => span(opened, 'version', 'userData')],
    ['equals', (opened) => equals(opened, 'userData', new Uint8Array(20))],
    ['encode', (opened) => encode(QuoteHeader, opened)],
    ['toJson', (opened) => toJson(QuoteHeader, opened)],
  ])('%s of a view throws LayoutError truncated', (_, use) => {
    const bytes = golden('quote-header/counting');
    const opened = view(QuoteHeader, bytes);
    detached(bytes);
    expect(failureOf(() => use(opened))?.code).toBe('truncated');
  });
});
