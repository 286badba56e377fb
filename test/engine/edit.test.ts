import { describe, expect, test } from 'vitest';
import { decode } from '../../src/codec.ts';
import { at, oneOf, sized, struct, u8, u16 } from '../../src/layout.ts';
import { QuoteV4 } from '../../src/structs/index.ts';
import { edit, view } from '../../src/view.ts';
import { golden } from '../golden.ts';
import { failureOf } from '../leaves.ts';
import { Point, Sample, sample, source } from './sample.ts';

const assign = (it: object, name: string, value: unknown) => failureOf(() => Object.assign(it, { [name]: value }));

/** A buffer that can shrink, as ES2024 has it. */
const resizable = (size: number): ArrayBuffer & { resize(size: number): void } =>
  Reflect.construct(ArrayBuffer, [size, { maxByteLength: size }]);

describe('edit', () => {
  test('writes through to the bytes, in both orders and all widths', () => {
    const bytes = sample();
    const it = edit(Sample, bytes);
    it.flags = 2;
    it.big = 0x0102030405060708n;
    it.be = 0x0a0b0c0d;
    it.pad = Uint8Array.of(1, 2);
    it.items = [Uint8Array.of(1, 1), Uint8Array.of(2, 2), Uint8Array.of(3, 3), Uint8Array.of(4, 4)];
    it.point.x = 0xbeef;
    it.points[1]!.y = 0xcafe;
    it.tail = Uint8Array.of(0x55);
    expect([...bytes.subarray(2, 28)]).toEqual([
      2, 0, 0, 0, 1, 2, 8, 7, 6, 5, 4, 3, 2, 1, 10, 11, 12, 13, 1, 1, 2, 2, 3, 3, 4, 4,
    ]);
    const value = decode(Sample, bytes);
    expect([value.point.x, value.points[1]?.y, value.tail[0]]).toEqual([0xbeef, 0xcafe, 0x55]);
    expect(view(Sample, bytes).be).toBe(it.be);
  });

  test('takes items of the array that it writes', () => {
    const bytes = sample();
    const it = edit(Sample, bytes);
    const before = decode(Sample, bytes).items;
    it.items = [it.items[3], it.items[0], it.items[1], it.items[2]];
    expect(decode(Sample, bytes).items).toEqual([before[3], before[0], before[1], before[2]]);
  });

  test('after the buffer has shrunk throws LayoutError truncated, and writes nothing', () => {
    const buffer = resizable(47);
    const bytes = new Uint8Array(buffer);
    bytes.set(sample());
    const it = edit(Sample, bytes);
    buffer.resize(10);
    const left = bytes.slice();
    for (const [name, value] of Object.entries({
      big: 1n,
      be: 1,
      items: Array(4).fill(new Uint8Array(2)),
      tail: new Uint8Array(1),
    }))
      expect(assign(it, name, value)).toMatchObject({ code: 'truncated' });
    expect(bytes).toEqual(left);
  });

  test('writes bytes of an unknown variant, and says of a struct that it is assigned field by field', () => {
    const Choice = struct(
      'Choice',
      { source },
      {
        tag: at(0, u8, 'TAG'),
        n: at(1, u8, 'N'),
        data: at(2, sized('n', oneOf('tag', { 1: Point, 2: u16 })), 'DATA'),
      },
    );
    const unknown = Uint8Array.of(9, 2, 5, 6);
    Object.assign(edit(Choice, unknown), { data: Uint8Array.of(7, 8) });
    expect(unknown).toEqual(Uint8Array.of(9, 2, 7, 8));
    expect(assign(edit(Choice, unknown), 'data', Uint8Array.of(1))?.message).toBe('Choice.data: must be 2 bytes, is 1');
    const number = Uint8Array.of(2, 2, 0, 0);
    Object.assign(edit(Choice, number), { data: 0x1234 });
    expect(number).toEqual(Uint8Array.of(2, 2, 0x34, 0x12));
    const point = edit(Choice, Uint8Array.of(1, 4, 0, 0, 0, 0));
    expect(() => Object.assign(point, { data: new Uint8Array(4) })).toThrow(
      new TypeError('Choice.data is not assigned as a whole, but field by field'),
    );
  });

  test('leaves every other byte as it was', () => {
    const bytes = sample();
    const it = edit(Sample, bytes);
    it.big = 0n;
    const wanted = sample();
    wanted.fill(0, 8, 16);
    expect(bytes).toEqual(wanted);
  });

  test.each([
    ['big', 1, 'type', 'Sample.big: must be a bigint, is a number'],
    ['be', 2 ** 32, 'range', 'Sample.be: must be 0..4294967295, is 4294967296'],
    ['pad', new Uint8Array(1), 'length', 'Sample.pad: must be 2 bytes, is 1'],
    ['tail', new Uint8Array(2), 'length', 'Sample.tail: must be 1 bytes, is 2'],
    ['items', [], 'length', 'Sample.items: must be 4 items, is 0'],
    ['items', 'x', 'type', 'Sample.items: must be an array, is a string'],
    ['items', [2, 2, 2, 1].map((n) => new Uint8Array(n)), 'length', 'Sample.items[3]: must be 2 bytes, is 1'],
  ])('%s set to case %# throws and writes nothing', (name, value, code, message) => {
    const bytes = sample();
    expect(assign(edit(Sample, bytes), name, value)).toMatchObject({ code, message });
    expect(bytes).toEqual(sample());
  });

  test.each([
    ['magic', 8, 7],
    ['kind', 2, 1],
    ['len', 3, 4],
  ])('%s decides the layout: it keeps its value', (name, value, is) => {
    const bytes = sample();
    const it = edit(Sample, bytes);
    expect(assign(it, name, value)).toMatchObject({
      code: 'constant',
      path: `Sample.${name}`,
      message: expect.stringMatching(new RegExp(`decides the layout and must stay ${is}, is given ${value}$`)),
    });
    expect(assign(it, name, is)).toBeUndefined();
    expect(bytes).toEqual(sample());
  });

  test('of a quote refuses each tag and length, also those of nested structs', () => {
    const bytes = golden('quote-v4/counting');
    const before = bytes.slice();
    const it = edit(QuoteV4, bytes);
    for (const name of ['version', 'attestationKeyType', 'teeType'])
      expect(assign(it.header, name, 0)).toMatchObject({ code: 'constant', path: `QuoteV4.header.${name}` });
    expect(assign(it, 'signatureDataLen', 0)?.code).toBe('constant');
    const { signatureData } = it;
    if (signatureData instanceof Uint8Array) throw new Error('unknown key type');
    const outer = signatureData.qeCertificationData;
    for (const name of ['certificationDataType', 'size'])
      expect(assign(outer, name, 0)).toMatchObject({
        code: 'constant',
        path: `QuoteV4.signatureData.qeCertificationData.${name}`,
      });
    expect(bytes).toEqual(before);
  });

  test('a struct cannot be assigned, only its fields', () => {
    expect(() => Object.assign(edit(Sample, sample()), { point: { x: 1, y: 2 } })).toThrow(TypeError);
  });

  test('of bytes that do not fit throws as view does; of no bytes, TypeError', () => {
    const cut = sample().subarray(0, 41);
    expect(failureOf(() => edit(Sample, cut))).toEqual(failureOf(() => view(Sample, cut)));
    expect(() => edit(Sample, [] as never)).toThrow(new TypeError('bytes must be a Uint8Array'));
  });
});
