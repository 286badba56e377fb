import { describe, expect, test } from 'vitest';
import { decode, encode, encodeInto } from '../../src/codec.ts';
import { QeAuthenticationData, QuoteV4 } from '../../src/structs/index.ts';
import { view } from '../../src/view.ts';
import { golden } from '../golden.ts';
import { failureOf } from '../leaves.ts';
import * as loose from '../verbs.ts';
import { Point, Sample, sample } from './sample.ts';

const quote = () => golden('quote-v4/counting');

describe('encode takes', () => {
  test('a value without its lengths, reserved and trailing bytes', () => {
    const { len: _, pad: __, tail: ___, ...value } = decode(Sample, sample());
    expect(encode(Sample, value)).toEqual(sample().slice(0, 46));
  });

  test('undefined for what may be left out', () => {
    const value = { ...decode(Sample, sample()), pad: undefined, tail: undefined };
    expect(loose.encode(Sample, { ...value, len: undefined })).toEqual(sample().slice(0, 46));
  });

  test('a whole value as bytes or as a view, and copies it', () => {
    const bytes = sample();
    expect(encode(Sample, bytes)).toEqual(bytes);
    expect(encode(Sample, bytes)).not.toBe(bytes);
    expect(encode(Sample, view(Sample, bytes))).toEqual(bytes);
  });

  test('a nested struct as bytes or as a view', () => {
    const bytes = sample();
    const value = decode(Sample, bytes);
    expect(encode(Sample, { ...value, point: bytes.subarray(36, 40) })).toEqual(bytes);
    expect(encode(Sample, { ...value, point: view(Sample, bytes).point })).toEqual(bytes);
    expect(encode(Sample, { ...value, data: view(Point, bytes.subarray(42, 46)) })).toEqual(bytes);
    expect(encode(Sample, { ...value, points: [view(Point, bytes.subarray(28, 32)), bytes.subarray(32, 36)] })).toEqual(
      bytes,
    );
  });

  test('a quote put together from images, whose tags it finds in them', () => {
    const bytes = quote();
    const parts = {
      header: bytes.subarray(0, 48),
      body: bytes.subarray(48, 632),
      signatureData: bytes.subarray(636, 1278),
    };
    expect(encode(QuoteV4, parts)).toEqual(bytes);
    const { header, body, signatureData } = view(QuoteV4, bytes);
    expect(encode(QuoteV4, { header, body, signatureData })).toEqual(bytes);
  });

  test('a Node Buffer and bytes over shared memory', () => {
    const value = decode(Sample, sample());
    const shared = new Uint8Array(new SharedArrayBuffer(8));
    expect(encode(Sample, { ...value, tail: Buffer.from([0xae]), point: shared.subarray(4) })).toEqual(
      encode(Sample, { ...value, point: new Uint8Array(4) }),
    );
  });
});

describe('encode refuses', () => {
  const value = () => ({ ...decode(Sample, sample()) }) as Record<string, unknown>;
  const point = { x: 1, y: 2 };
  test.each<[what: string, change: Record<string, unknown>, message: string]>([
    ['a missing number', { kind: undefined }, 'Sample.kind: is missing'],
    ['a missing nested field', { point: { x: 1 } }, 'Sample.point.y: is missing'],
    ['an unknown field', { colour: 1 }, 'Sample.colour: Sample has no such field'],
    ['an unknown nested field', { point: { ...point, z: 1 } }, 'Sample.point.z: Point has no such field'],
    ['a number that is too large', { point: { x: 65536, y: 0 } }, 'Sample.point.x: must be 0..65535, is 65536'],
    ['a negative number', { be: -1 }, 'Sample.be: must be 0..4294967295, is -1'],
    ['a fraction', { be: 1.5 }, 'Sample.be: must be 0..4294967295, is 1.5'],
    ['NaN', { be: Number.NaN }, 'Sample.be: must be 0..4294967295, is NaN'],
    ['infinity', { be: Number.POSITIVE_INFINITY }, 'Sample.be: must be 0..4294967295, is Infinity'],
    ['a bigint for four bytes', { be: 1n }, 'Sample.be: must be a number, is a bigint'],
    ['a number for eight bytes', { big: 1 }, 'Sample.big: must be a bigint, is a number'],
    [
      'a bigint that is too large',
      { big: 1n << 64n },
      'Sample.big: must be 0..18446744073709551615, is 18446744073709551616',
    ],
    ['a negative bigint', { big: -1n }, 'Sample.big: must be 0..18446744073709551615, is -1'],
    ['text for a number', { be: '1' }, 'Sample.be: must be a number, is a string'],
    ['null for a number', { be: null }, 'Sample.be: must be a number, is null'],
    ['hex text for bytes', { pad: '0000' }, 'Sample.pad: must be bytes, is a string'],
    ['an array for bytes', { pad: [0, 0] }, 'Sample.pad: must be bytes, is an array'],
    ['bytes of the wrong length', { pad: new Uint8Array(3) }, 'Sample.pad: must be 2 bytes, is 3'],
    ['items that are too few', { items: [] }, 'Sample.items: must be 4 items, is 0'],
    [
      'an item of the wrong length',
      { items: [2, 2, 1, 2].map((n) => new Uint8Array(n)) },
      'Sample.items[2]: must be 2 bytes, is 1',
    ],
    ['a hole among items', { points: [point, undefined] }, 'Sample.points[1]: must be a Point, is a undefined'],
    ['bytes for items', { items: new Uint8Array(8) }, 'Sample.items: must be an array, is bytes'],
    ['a number for a struct', { point: 5 }, 'Sample.point: must be a Point, is a number'],
    ['an array for a struct', { point: [1, 2] }, 'Sample.point: must be a Point, is an array'],
    ['an image that is cut', { point: new Uint8Array(3) }, 'Sample.point.y: needs 2 bytes, 1 left'],
    ['an image that is too long', { point: new Uint8Array(5) }, 'Sample.point: must end here, 1 byte more'],
    [
      'a view of another struct',
      { point: view(QeAuthenticationData, Uint8Array.of(0, 0)) },
      'Sample.point: must be a view of Point, is one of QeAuthenticationData',
    ],
    ['a length that is given and wrong', { len: 5 }, 'Sample.len: must be 4, is 5'],
    ['a constant that is given and wrong', { magic: 8 }, 'Sample.magic: must be 7, is 8'],
    ['a misplaced tag', { kind: 9, data: new Uint8Array(1), len: 1 }, 'Sample.kind: must be 1, 2, 3 or 4, is 9'],
    ['a value for an unknown tag that is no bytes', { kind: 8 }, 'Sample.data: must be bytes, is a object'],
    [
      'data that does not fit its length field',
      { kind: 2, data: new Uint8Array(65536), len: undefined },
      'Sample.len: must be 0..65535, is 65536',
    ],
  ])('%s', (_, change, message) => {
    const failure = failureOf(() => loose.encode(Sample, { ...value(), ...change }));
    expect(failure?.message).toBe(message);
    expect(failure?.offset).toBeUndefined();
  });

  test.each([
    [undefined, 'Sample: must be a Sample, is a undefined'],
    [null, 'Sample: must be a Sample, is null'],
    [[], 'Sample: must be a Sample, is an array'],
    ['ff', 'Sample: must be a Sample, is a string'],
    [{}, 'Sample.magic: is missing'],
  ])('%j in place of a value', (it, message) => {
    expect(failureOf(() => loose.encode(Sample, it))?.message).toBe(message);
  });

  test.each(['constructor', 'toString', '__proto__'])('an unknown field called %s', (name) => {
    const failure = failureOf(() => loose.encode(Point, JSON.parse(`{"x":1,"y":2,"${name}":1}`)));
    expect(failure?.message).toBe(`Point.${name}: Point has no such field`);
    expect(failureOf(() => loose.fromJson(Point, JSON.parse(`{"x":1,"y":2,"${name}":1}`)))?.code).toBe('type');
  });
});

describe('encode of unknown tags', () => {
  test('keeps their bytes', () => {
    const value = { ...decode(Sample, sample()), kind: 8, data: Uint8Array.of(1, 2, 3), len: 3 };
    expect(encode(Sample, value).slice(42)).toEqual(Uint8Array.of(1, 2, 3, 0xae));
  });
});

describe('encodeInto', () => {
  test('writes at the start of a buffer, gives the bytes written, and leaves the others', () => {
    const buffer = new Uint8Array(8).fill(0xee);
    expect(encodeInto(Point, { x: 1, y: 2 }, buffer.subarray(2))).toBe(4);
    expect(buffer).toEqual(Uint8Array.of(0xee, 0xee, 1, 0, 2, 0, 0xee, 0xee));
  });

  test('throws truncated where the buffer is too short, and writes nothing', () => {
    const buffer = new Uint8Array(3);
    const failure = failureOf(() => encodeInto(Point, { x: 1, y: 2 }, buffer));
    expect(failure).toMatchObject({ code: 'truncated', message: 'Point: needs 4 bytes, 3 left' });
    expect(buffer).toEqual(new Uint8Array(3));
  });

  test('checks the value before it writes', () => {
    const buffer = new Uint8Array(4);
    expect(failureOf(() => encodeInto(Point, { x: 1, y: 70000 }, buffer))?.code).toBe('range');
    expect(buffer).toEqual(new Uint8Array(4));
  });

  test('writes into a Node Buffer and shared memory; refuses anything else with TypeError', () => {
    const node = Buffer.alloc(4);
    const shared = new Uint8Array(new SharedArrayBuffer(4));
    for (const buffer of [node, shared]) {
      encodeInto(Point, { x: 1, y: 2 }, buffer);
      expect([...buffer]).toEqual([1, 0, 2, 0]);
    }
    expect(() => encodeInto(Point, { x: 1, y: 2 }, [] as never)).toThrow(TypeError);
  });
});

describe('fromJson refuses', () => {
  const json = () => loose.toJson(Sample, decode(Sample, sample())) as Record<string, unknown>;
  test.each<[what: string, change: Record<string, unknown>, message: string]>([
    ['an unknown key', { colour: 1 }, 'Sample.colour: is no field of this layout'],
    ['a number for eight bytes', { big: 5 }, 'Sample.big: must be 0x and 16 hex digits, is a number'],
    ['a decimal', { big: '5' }, 'Sample.big: must be 0x and 16 lower-case hex digits, is something else'],
    ['too few digits', { big: '0x05' }, 'Sample.big: must be 0x and 16 hex digits, is 2'],
    ['upper-case digits', { pad: 'AA00' }, 'Sample.pad: must be lower-case hex digits in pairs, is something else'],
    [
      'an 0x in front of bytes',
      { pad: '0x00' },
      'Sample.pad: must be lower-case hex digits in pairs, is something else',
    ],
    ['hex of another length', { pad: '00' }, 'Sample.pad: must be 4 hex digits, is 2'],
    ['half a byte', { tail: '0' }, 'Sample.tail: must be lower-case hex digits in pairs, is something else'],
    ['a number that is too large', { kind: 256 }, 'Sample.kind: must be 0..255, is 256'],
    ['a constant that is another', { magic: 8 }, 'Sample.magic: must be 7, is 8'],
    ['a length that is another', { len: 3 }, 'Sample.len: must be 4, is 3'],
    [
      'items that are too many',
      { items: ['0000', '0000', '0000', '0000', '0000'] },
      'Sample.items: must be 4 items, is 5',
    ],
    ['an array for an object', { point: [] }, 'Sample.point: must be an object, is an array'],
  ])('%s', (_, change, message) => {
    expect(failureOf(() => loose.fromJson(Sample, { ...json(), ...change }))?.message).toBe(message);
  });

  test('each field that is missing', () => {
    for (const name of Object.keys(json())) {
      const { [name]: _, ...others } = json();
      expect(failureOf(() => loose.fromJson(Sample, others))?.message).toBe(`Sample.${name}: is missing`);
    }
  });

  test('flags that contradict raw; raw alone is enough', () => {
    const flags = (it: unknown) => failureOf(() => loose.fromJson(Sample, { ...json(), flags: it }));
    expect(flags({ raw: '0x80000001', flags: ['A'] })).toMatchObject({ code: 'constant', path: 'Sample.flags.flags' });
    expect(flags({ raw: '0x80000001', flags: ['A', 'Q'] })).toMatchObject({
      path: expect.stringMatching(/^Sample.flags.flags/),
    });
    expect(flags({ raw: '0x80000001', flags: ['Z', 'A'] })).toBeUndefined();
    expect(flags({ raw: '0x80000001' })).toBeUndefined();
    expect(flags({ flags: ['A', 'Z'] })?.message).toBe('Sample.flags.raw: is missing');
    expect(flags('0x80000001')?.message).toBe('Sample.flags: must be an object, is a string');
  });

  test('a PEM chain with both forms, none, or text that is not ASCII', () => {
    const data = (it: unknown) =>
      failureOf(() => loose.fromJson(Sample, { ...json(), kind: 3, len: 1, data: it }))?.message;
    expect(data({ pem: 'a' })).toBeUndefined();
    expect(data({ hex: 'ff' })).toBeUndefined();
    expect(data({ pem: 'a', hex: '61' })).toBe('Sample.data: must have exactly one of pem and hex');
    expect(data({})).toBe('Sample.data: must have exactly one of pem and hex');
    expect(data({ pem: 'é' })).toBe('Sample.data.pem: must be ASCII, character 0 is not');
    expect(data('61')).toBe('Sample.data: must be an object, is a string');
  });
});
