import { describe, expect, test } from 'vitest';
import { decode, encode } from '../../src/codec.ts';
import {
  array,
  at,
  bit,
  bits,
  bySize,
  bytes,
  next,
  oneOf,
  type Row,
  reserved,
  rest,
  type Struct,
  sized,
  sizeOf,
  struct,
  u8,
  u16,
  u32,
  u64,
  union,
} from '../../src/layout.ts';
import { dump } from '../../src/verbs/dump.ts';
import { view } from '../../src/view.ts';
import { failureOf } from '../leaves.ts';
import * as loose from '../verbs.ts';
import { Point, source } from './sample.ts';

describe('a table that contradicts itself throws TypeError when it is declared', () => {
  test.each<[what: string, declare: () => unknown, message: string]>([
    [
      'a gap',
      () => struct('S', { source, size: 4 }, { a: at(0, u8, 'A'), b: at(2, u16, 'B') }),
      'S.b: declared at 2, but the field before ends at 1',
    ],
    [
      'an overlap',
      () => struct('S', { source, size: 4 }, { a: at(0, u32, 'A'), b: at(3, u8, 'B') }),
      'S.b: declared at 3, but the field before ends at 4',
    ],
    [
      'a first field that is not at 0',
      () => struct('S', { source, size: 2 }, { a: at(1, u8, 'A') }),
      'S.a: declared at 1, but the field before ends at 0',
    ],
    [
      'a size that is too large',
      () => struct('S', { source, size: 3 }, { a: at(0, u16, 'A') }),
      'S.size: declared as 3, but the fields end at 2',
    ],
    [
      'no size where the fields have one',
      () => struct('S', { source }, { a: at(0, u16, 'A') }),
      'S.size: declared as undefined, but the fields end at 2',
    ],
    [
      'a size where the fields have none',
      () => struct('S', { source, size: 4 }, { a: at(0, rest, 'A') }),
      'S.size: declared as 4, but the fields end at undefined',
    ],
    [
      'an offset behind a variable part',
      () => struct('S', { source }, { a: at(0, rest, 'A'), b: at(4, u8, 'B') }),
      'S.b: declared at 4, but the field before ends at undefined',
    ],
    [
      'no offset where there is one',
      () => struct('S', { source, size: 1 }, { a: next(u8, 'A') }),
      'S.a: declared at undefined, but the field before ends at 0',
    ],
    [
      'a length that is not there',
      () => struct('S', { source }, { a: at(0, sized('len', rest), 'A') }),
      'S.a: refers to len, which is no earlier number',
    ],
    [
      'a length that comes later',
      () => struct('S', { source }, { a: at(0, sized('len', rest), 'A'), len: next(u8, 'Len') }),
      'S.a: refers to len, which is no earlier number',
    ],
    [
      'a tag that is bytes',
      () => struct('S', { source }, { tag: at(0, bytes(2), 'T'), a: at(2, oneOf('tag', { 1: rest }), 'A') }),
      'S.a: refers to tag, which is no earlier number',
    ],
    [
      'a tag in a struct that has no such field',
      () => struct('S', { source }, { p: at(0, Point, 'P'), a: at(4, oneOf('p.z', { 1: rest }), 'A') }),
      'S.a: refers to p.z, which is no earlier number',
    ],
    [
      'a constant that is no number',
      () => struct('S', { source, size: 2, where: { a: 1 } }, { a: at(0, bytes(2), 'A') }),
      'S.a: is to hold a certain value, but is no number',
    ],
    [
      'a constant that is not there',
      () => struct('S', { source, size: 2, where: { 'p.x': 1 } }, { a: at(0, u16, 'A') }),
      'S.p.x: is to hold a certain value, but is no number',
    ],
    [
      'a constant that its field cannot hold',
      () => struct('S', { source, size: 2, where: { a: 0x10000 } }, { a: at(0, u16, 'A') }),
      'S.a: is to be 65536, which does not fit',
    ],
    [
      'a constant of 8 bytes beyond 31 bits',
      () => struct('S', { source, size: 8, where: { a: 2 ** 32 + 1 } }, { a: at(0, u64, 'A') }),
      'S.a: is to be 4294967297, which does not fit',
    ],
    [
      'a number that strict reading wants and that its field cannot hold',
      () => struct('S', { source, size: 1, agree: [{ field: 'a', is: -1 }] }, { a: at(0, u8, 'A') }),
      'S.a: is to be -1, which does not fit',
    ],
    [
      'a number that goes with one that its field cannot hold',
      () =>
        struct(
          'S',
          { source, size: 2, agree: [{ field: 'a', by: 'b', is: { 256: 1 } }] },
          {
            a: at(0, u8, 'A'),
            b: at(1, u8, 'B'),
          },
        ),
      'S.b: is to be 256, which does not fit',
    ],
    [
      'a tag that its field cannot hold',
      () => struct('S', { source }, { tag: at(0, u8, 'T'), a: at(1, oneOf('tag', { 1: rest, 256: u8 }), 'A') }),
      'S.a: refers to tag 256, which does not fit',
    ],
    [
      'a misplaced tag that its field cannot hold',
      () => struct('S', { source }, { tag: at(0, u8, 'T'), a: at(1, oneOf('tag', { 1: rest }, [1.5]), 'A') }),
      'S.a: refers to tag 1.5, which does not fit',
    ],
    [
      'a union whose tag cannot hold one of its cases',
      () => union('U', source, { name: 'tag', offset: 0, of: u8 }, { 256: Point }),
      'U.tag: is to be 256, which does not fit',
    ],
    [
      'a field name that no accessor can have',
      () => struct('S', { source, size: 1 }, { $bytes: at(0, u8, 'A') }),
      'S.$bytes: is no name',
    ],
    [
      'a field name that reads as a path',
      () => struct('S', { source, size: 1 }, { 'a.b': at(0, u8, 'A') }),
      'S.a.b: is no name',
    ],
    [
      'a field of less than nothing',
      () => struct('S', { source, size: -1 }, { a: at(0, bytes(-1), 'A') }),
      'S.a: takes -1 bytes',
    ],
  ])('%s', (_, declare, message) => {
    expect(declare).toThrow(new TypeError(message));
  });
});

describe('sizes', () => {
  test.each([
    [u8, 1],
    [u64, 8],
    [bits(u64, {}), 8],
    [bytes(3), 3],
    [reserved(0), 0],
    [array(bytes(2), 4), 8],
    [array(bytes(2)), undefined],
    [rest, undefined],
    [sized('a', u8), undefined],
    [bySize(Point), undefined],
    [Point, 4],
    [oneOf('a', { 1: Point, 2: bytes(4) }), 4],
    [oneOf('a', { 1: Point, 2: bytes(5) }), undefined],
  ])('of case %# are known at declaration or not at all', (type, size) => {
    expect(sizeOf(type)).toBe(size);
  });
});

describe('odd layouts', () => {
  test('a struct without fields takes no bytes', () => {
    const Nothing = struct('Nothing', { source, size: 0 }, {});
    expect(decode(Nothing, new Uint8Array(0))).toEqual({});
    expect(encode(Nothing, {})).toEqual(new Uint8Array(0));
    expect(failureOf(() => decode(Nothing, new Uint8Array(1)))?.message).toBe('Nothing @0: must end here, 1 byte more');
  });

  test('a u64 length and a u64 tag are compared whole', () => {
    const Long = struct('Long', { source }, { len: at(0, u64, 'L'), data: at(8, sized('len', rest), 'D') });
    const bytes = new Uint8Array(10);
    bytes[0] = 2;
    expect(decode(Long, bytes)).toEqual({ len: 2n, data: new Uint8Array(2) });
    bytes[4] = 1;
    expect(failureOf(() => decode(Long, bytes))?.code).toBe('truncated');

    const Tagged = struct('Tagged', { source }, { tag: at(0, u64, 'T'), data: at(8, oneOf('tag', { 2: rest }), 'D') });
    const tagged = new Uint8Array(10);
    tagged[0] = 2;
    expect(decode(Tagged, tagged)).toEqual({ tag: 2n, data: new Uint8Array(2) });
    tagged[7] = 0x80;
    expect(failureOf(() => decode(Tagged, tagged))).toMatchObject({ code: 'variant', path: 'Tagged.tag', offset: 0 });
  });

  test('a tag between bits selects, too', () => {
    const Flagged = struct(
      'Flagged',
      { source },
      { tag: at(0, bits(u32, { A: bit(0, '1') }), 'T'), data: at(4, oneOf('tag', { 1: rest }), 'D') },
    );
    expect(decode(Flagged, Uint8Array.of(1, 0, 0, 0, 9))).toEqual({ tag: 1, data: Uint8Array.of(9) });
  });

  test('a union reads the tag inside of the variant, and says so when it is not there', () => {
    const A = struct('A', { source, size: 3 }, { pad: at(0, u8, 'P'), tag: at(1, u16, 'T') });
    const B = struct('B', { source }, { pad: at(0, u8, 'P'), tag: at(1, u16, 'T'), more: at(3, rest, 'M') });
    const Both = union('Both', source, { name: 'tag', offset: 1, of: u16 }, { 1: A, 2: B });
    expect(decode(Both, Uint8Array.of(0, 1, 0))).toEqual({ pad: 0, tag: 1 });
    expect(decode(Both, Uint8Array.of(0, 2, 0, 5))).toEqual({ pad: 0, tag: 2, more: Uint8Array.of(5) });
    expect(failureOf(() => decode(Both, Uint8Array.of(0, 3, 0)))?.message).toBe('Both.tag @1: must be 1 or 2, is 3');
    expect(failureOf(() => decode(Both, Uint8Array.of(0, 1)))?.message).toBe('Both.tag @1: needs 2 bytes, 1 left');
    expect(failureOf(() => decode(Both, Uint8Array.of()))?.message).toBe('Both.tag @1: needs 2 bytes, 0 left');
    expect(encode(Both, { pad: 9, tag: 2, more: Uint8Array.of(5) })).toEqual(Uint8Array.of(9, 2, 0, 5));
    // A tag that cannot even be shown as text.
    const failure = failureOf(() => encode(Both, { pad: 9, tag: Object.create(null) }));
    expect(failure).toMatchObject({ code: 'type', path: 'Both.tag' });
  });
});

describe('what no verb could read and write alike throws TypeError at first use', () => {
  const Open = struct('Open', { source }, { a: at(0, rest, 'A') });
  const Other = struct('Other', { source, size: 8 }, { x: at(0, u32, 'X'), y: at(4, u32, 'Y') });
  const bySizes = (...of: Struct[]) => struct('S', { source }, { a: at(0, bySize(...of), 'A') });

  test.each<[what: string, layout: Struct | ReturnType<typeof union>, message: string]>([
    ['an item of no bytes', struct('S', { source }, { a: at(0, array(bytes(0)), 'A') }), 'S.a: an item can be empty'],
    [
      'an item that can be of no bytes',
      struct('S', { source }, { a: at(0, array(struct('All', { source }, { r: at(0, rest, 'R') })), 'A') }),
      'S.a: an item can be empty',
    ],
    ['a variant by size without a size', bySizes(Point, Open), 'S.a: Open has no size to be chosen by'],
    ['two variants by size with the same fields', bySizes(Point, Other), 'S.a: two variants have the same fields'],
    [
      'a region in a choice',
      struct(
        'S',
        { source },
        { t: at(0, u8, 'T'), n: at(1, u8, 'N'), a: at(2, oneOf('t', { 1: sized('n', rest) } as never), 'A') },
      ),
      'S.a: a region in a choice wants a struct around it',
    ],
    [
      'a union of structs without a number where the tag is',
      union('U', source, { name: 'tag', offset: 0, of: u8 }, { 1: Point }),
      'U: has no number where its tag is',
    ],
  ])('%s', (_, layout, message) => {
    for (const read of [view, decode, dump])
      expect(() => read(layout, new Uint8Array(8))).toThrow(new TypeError(message));
    expect(() => loose.encode(layout, {})).toThrow(new TypeError(message));
  });
});

describe('no number of parts is too many', () => {
  const nested = (depth: number): Struct =>
    struct(
      'Nested',
      { source },
      {
        n: at(0, u8, 'N'),
        in: at(1, sized('n', depth === 1 ? rest : nested(depth - 1)), 'I'),
      },
    );
  const inARow = (count: number): Struct =>
    struct(
      'Row',
      { source },
      Object.fromEntries(
        Array.from({ length: count }, (_, i) => [
          [`n${i}`, (i === 0 ? at(0, u8, 'N') : next(u8, 'N')) as Row],
          [`d${i}`, (i === 0 ? at(1, sized('n0', rest), 'D') : next(sized(`n${i}`, rest), 'D')) as Row],
        ]).flat(),
      ),
    );
  const choices = (count: number): Struct =>
    struct(
      'Choices',
      { source, size: 1 + count },
      {
        tag: at(0, u8, 'T'),
        ...Object.fromEntries(
          Array.from({ length: count }, (_, i) => [`c${i}`, at(1 + i, oneOf('tag', { 1: u8, 2: bytes(1) }), 'C')]),
        ),
      },
    );
  const variants = (count: number): Struct =>
    struct(
      'Variants',
      { source },
      {
        tag: at(0, u8, 'T'),
        data: at(1, oneOf('tag', Object.fromEntries(Array.from({ length: count }, (_, i) => [i, bytes(i + 1)]))), 'D'),
      },
    );

  test('40 regions in one another, 100 parts of varying size, 40 choices in a row and 200 variants are read', () => {
    const deep = Uint8Array.from({ length: 41 }, (_, i) => 40 - i);
    expect(encode(nested(40), decode(nested(40), deep) as never)).toEqual(deep);
    const row = Uint8Array.from({ length: 300 }, (_, i) => (i % 3 === 0 ? 2 : i & 0xff));
    expect(decode(inARow(100), row)).toMatchObject({ n99: 2, d99: Uint8Array.of(298 & 0xff, 299 & 0xff) });
    expect(
      decode(
        choices(40),
        Uint8Array.from({ length: 41 }, (_, i) => (i === 0 ? 1 : i)),
      ),
    ).toMatchObject({ c39: 40 });
    expect(
      decode(
        variants(200),
        Uint8Array.from({ length: 201 }, () => 199),
      ),
    ).toMatchObject({
      data: new Uint8Array(200).fill(199),
    });
  });

  test('a struct behind 8 choices is read like any other', () => {
    const Inner = struct('Inner', { source }, { n: at(0, u8, 'N'), d: at(1, sized('n', rest), 'D'), m: next(u8, 'M') });
    const Full = struct(
      'Full',
      { source },
      { choices: at(0, choices(8), 'C'), n: at(9, u8, 'N'), inner: at(10, sized('n', Inner), 'I') },
    );
    const bytes = Uint8Array.of(2, 0, 0, 0, 0, 0, 0, 0, 0, 4, 2, 0xaa, 0xbb, 9);
    const { inner } = view(Full, bytes);
    expect([inner.n, inner.d, inner.m]).toEqual([2, Uint8Array.of(0xaa, 0xbb), 9]);
    expect(decode(Full, bytes).inner).toEqual({ n: 2, d: Uint8Array.of(0xaa, 0xbb), m: 9 });
  });

  test('16 regions in one another are read to the innermost', () => {
    const bytes = Uint8Array.from({ length: 17 }, (_, i) => 16 - i);
    expect(decode(nested(16), bytes)).toMatchObject({ n: 16, in: { n: 15 } });
    expect(encode(nested(16), decode(nested(16), bytes) as never)).toEqual(bytes);
    bytes[15] = 2;
    expect(failureOf(() => decode(nested(16), bytes))?.code).toBe('truncated');
  });
});
