// restructure is the engine behind decode and encode. It reads short, wraps numbers and loses bytes; nobody may notice.
import * as r from 'restructure';
import { describe, expect, test } from 'vitest';
import { codec, decode, encode } from '../../src/codec.ts';
import { at, bytes, struct, u16, u32, u64 } from '../../src/layout.ts';
import { QeAuthenticationData, QuoteV4 } from '../../src/structs/index.ts';
import { golden } from '../golden.ts';
import { failureOf } from '../leaves.ts';
import * as loose from '../verbs.ts';
import { Point, Sample, sample, source } from './sample.ts';

/** What restructure really offers; the package ships no types. */
interface Engine {
  fromBuffer(bytes: Uint8Array): Record<string, unknown>;
  toBuffer(value: unknown): Uint8Array;
  size(value: unknown): number;
}
const theirs = (fields: Record<string, unknown>): Engine => new r.Struct(fields as never) as unknown as Engine;

describe('codec inside of a struct of restructure', () => {
  const Theirs = theirs({ before: r.uint16le, point: codec(Point), auth: codec(QeAuthenticationData), after: r.uint8 });
  const wire = Uint8Array.of(9, 0, 1, 0, 2, 0, 3, 0, 7, 8, 9, 0xee);

  test('reads from where the stream stands and leaves it behind the layout', () => {
    const { before, point, auth, after } = Theirs.fromBuffer(wire);
    expect({ before, point, auth, after }).toEqual({
      before: 9,
      point: { x: 1, y: 2 },
      auth: { size: 3, data: Uint8Array.of(7, 8, 9) },
      after: 0xee,
    });
  });

  test('writes, and its size is right', () => {
    const value = { before: 9, point: { x: 1, y: 2 }, auth: { data: Uint8Array.of(7, 8, 9) }, after: 0xee };
    expect(Theirs.size(value)).toBe(wire.length);
    expect(Uint8Array.from(Theirs.toBuffer(value))).toEqual(wire);
  });

  test('throws LayoutError where the bytes end, and for a value that does not fit', () => {
    expect(failureOf(() => Theirs.fromBuffer(wire.subarray(0, 5)))).toMatchObject({
      code: 'truncated',
      path: 'Point.y',
    });
    const value = { before: 9, point: { x: 70000, y: 2 }, auth: { data: new Uint8Array(0) }, after: 0 };
    expect(failureOf(() => Theirs.toBuffer(value))?.message).toBe('Point.x: must be 0..65535, is 70000');
  });

  test('of a quote takes the stream to its end', () => {
    const quote = golden('quote-v4/trailing-70');
    const read = theirs({ quote: codec(QuoteV4) }).fromBuffer(quote);
    expect(read['quote']).toEqual(decode(QuoteV4, quote));
  });

  test('inside of an array of restructure', () => {
    const list = new r.Array(codec(Point), 2);
    expect(list.decode(new r.DecodeStream(Uint8Array.of(1, 0, 2, 0, 3, 0, 4, 0)))).toEqual([
      { x: 1, y: 2 },
      { x: 3, y: 4 },
    ]);
  });

  test('fromBuffer and toBuffer are decode and encode', () => {
    const point = codec(Point);
    expect(point.fromBuffer(Uint8Array.of(1, 0, 2, 0))).toEqual({ x: 1, y: 2 });
    expect(point.toBuffer({ x: 1, y: 2 })).toEqual(Uint8Array.of(1, 0, 2, 0));
    expect(failureOf(() => point.fromBuffer(new Uint8Array(5)))?.code).toBe('trailing');
  });
});

describe('what restructure does silently', () => {
  const Four = struct('Four', { source, size: 4 }, { data: at(0, bytes(4), 'Data') });
  const Numbers = struct(
    'Numbers',
    { source, size: 14 },
    { a: at(0, u16, 'A'), b: at(2, u32, 'B'), c: at(6, u64, 'C') },
  );

  test('it reads a short Buffer(4): decode throws truncated', () => {
    expect(new r.Buffer(4).decode(new r.DecodeStream(Uint8Array.of(1, 2)))).toHaveLength(2);
    expect(failureOf(() => decode(Four, Uint8Array.of(1, 2)))?.message).toBe('Four.data @0: needs 4 bytes, 2 left');
  });

  test('it throws a bare RangeError for a number past the end: decode names field and offset', () => {
    expect(() => r.uint32le.decode(new r.DecodeStream(new Uint8Array(2)))).toThrow(RangeError);
    expect(failureOf(() => decode(Numbers, new Uint8Array(4)))?.message).toBe('Numbers.b @2: needs 4 bytes, 2 left');
  });

  test('it ignores trailing bytes: decode throws trailing', () => {
    expect(failureOf(() => decode(Four, new Uint8Array(5)))?.code).toBe('trailing');
  });

  test('it writes a value of any length into Buffer(4): encode throws length', () => {
    expect(failureOf(() => encode(Four, { data: new Uint8Array(3) }))?.message).toBe(
      'Four.data: must be 4 bytes, is 3',
    );
  });

  test('it wraps 70000 to 16 bits: encode throws range', () => {
    expect(failureOf(() => encode(Numbers, { a: 70000, b: 0, c: 0n }))?.code).toBe('range');
  });

  test('it writes 0 for a missing number: encode throws missing', () => {
    expect(failureOf(() => loose.encode(Numbers, { a: 1, c: 0n }))?.message).toBe('Numbers.b: is missing');
  });

  test('it aliases a Node Buffer: decode copies', () => {
    const input = Buffer.from([1, 2, 3, 4]);
    const { data } = decode(Four, input);
    input[0] = 9;
    expect(data).toEqual(Uint8Array.of(1, 2, 3, 4));
    expect(Object.getPrototypeOf(data)).toBe(Uint8Array.prototype);
  });

  test('a copy keeps only its own bytes alive', () => {
    const pool = new Uint8Array(10_000);
    expect(decode(Four, pool.subarray(100, 104)).data.buffer.byteLength).toBe(4);
  });

  test('it has no 64-bit type: decode and encode have', () => {
    const value = { a: 1, b: 2, c: 0xfedcba9876543210n };
    expect(decode(Numbers, encode(Numbers, value))).toEqual(value);
  });

  test('it drops reserved bytes and unknown bits: decode and encode keep them', () => {
    const bytes = sample();
    bytes.set([0xff, 0xff, 0xff, 0xff, 0x12, 0x34], 2);
    expect(encode(Sample, decode(Sample, bytes))).toEqual(bytes);
  });

  test('it hangs a parent on each struct: values are plain objects with their fields only', () => {
    const value = decode(Sample, sample());
    for (const it of [value, value.point, value.points[0]]) {
      expect(Object.getPrototypeOf(it)).toBe(Object.prototype);
      expect(Object.getOwnPropertyNames(it)).toEqual(Object.keys(it ?? {}));
    }
    expect(structuredClone(value)).toEqual(value);
  });

  test('values are mutable and are written as they are then', () => {
    const value = decode(Sample, sample());
    value.point.x = 1;
    value.tail = new Uint8Array(0);
    expect(decode(Sample, encode(Sample, value)).point.x).toBe(1);
  });
});
