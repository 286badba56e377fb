// The naive reader judges every verb, so it is judged here: tables and bytes by hand, and what they mean by hand.
import { describe, expect, test } from 'vitest';
import {
  type ArrayOf,
  array,
  bit,
  bits,
  bySize,
  bytes,
  type FixedType,
  oneOf,
  pemChain,
  reserved,
  rest,
  type Struct,
  sized,
  some,
  surplus,
  type Type,
  u8,
  u16,
  u32be,
  u64,
  union,
} from '../../src/layout.ts';
import { declaredPaths, jsonIn, naive, valueIn } from './naive.ts';
import { source } from './sample.ts';

type Rules = Partial<Pick<Struct, 'where' | 'length' | 'agree'>>;

/** A table without its offsets, which the naive reader does not look at. */
const table = (name: string, types: Readonly<Record<string, Type>>, rules: Rules = {}): Struct => ({
  kind: 'struct',
  name,
  source,
  fields: Object.fromEntries(Object.entries(types).map(([field, type]) => [field, { offset: 0, type, spec: field }])),
  size: undefined,
  where: {},
  length: undefined,
  agree: [],
  memo: {},
  ...rules,
});
const list = (of: FixedType, count?: number | string): ArrayOf => ({ kind: 'array', of, count });

/** The value of bytes, or what is wrong with them. */
function read(layout: Struct, ...all: number[]): unknown {
  const from = Uint8Array.from(all);
  const reading = naive(layout, from);
  if (reading.fault) return `${reading.fault.code} ${reading.fault.path} @${reading.fault.offset}`;
  return valueIn(reading.root, from);
}
const strictly = (layout: Struct, ...all: number[]): unknown => {
  const reading = naive(layout, Uint8Array.from(all));
  return reading.fault ?? reading.strict.map(({ code, path, offset }) => `${code} ${path} @${offset}`);
};
const b = (...all: number[]) => Uint8Array.from(all);

describe('fields of fixed size', () => {
  const S = table('S', { a: u8, b: u16, c: u32be, d: u64, e: bytes(2) }, { where: { a: 7 } });
  const good = [7, 1, 2, 0, 0, 0, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0xaa, 0xbb];

  test('are numbers of either order, bigints of 8 bytes, and bytes', () => {
    expect(read(S, ...good)).toEqual({ a: 7, b: 0x0201, c: 9, d: 0x0102030405060708n, e: b(0xaa, 0xbb) });
  });

  test('must be there in whole before a constant among them is looked at', () => {
    expect(read(S, 6, ...good.slice(1, 16))).toBe('truncated S.e @15');
    expect(read(S, 6, ...good.slice(1))).toBe('constant S.a @0');
    expect(read(S, 6, ...good.slice(1), 0)).toBe('constant S.a @0');
    expect(read(S, ...good, 0)).toBe('trailing S @17');
    expect(read(S)).toBe('truncated S.a @0');
  });

  test('are fields of nested structs, and items that are there in whole or not at all', () => {
    const P = table('P', { x: u8, y: u16 });
    const Q = table('Q', { p: P, all: array(P, 2), n: array(u16, 1) });
    expect(read(Q, 1, 2, 0, 3, 4, 0, 5, 6, 0, 7, 0)).toEqual({
      p: { x: 1, y: 2 },
      all: [
        { x: 3, y: 4 },
        { x: 5, y: 6 },
      ],
      n: [7],
    });
    expect(read(Q, 1, 2)).toBe('truncated Q.p.y @1');
    expect(read(Q, 1, 2, 0, 3, 4, 0, 5, 6)).toBe('truncated Q.all[1] @6');
    expect(read(Q, 1, 2, 0, 3, 4, 0, 5, 6, 0, 7)).toBe('truncated Q.n[0] @9');
  });
});

describe('regions', () => {
  test('end where their length says', () => {
    const S = table('S', { n: u8, d: sized('n', rest), e: u8 });
    expect(read(S, 2, 8, 9, 1)).toEqual({ n: 2, d: b(8, 9), e: 1 });
    expect(read(S, 0, 1)).toEqual({ n: 0, d: b(), e: 1 });
    expect(read(S, 3, 8, 9)).toBe('truncated S.d @1');
    expect(read(S, 2, 8, 9)).toBe('truncated S.e @3');
  });

  test('of fixed content have its length; of other content, no less than it needs', () => {
    expect(read(table('S', { n: u8, d: sized('n', u16) }), 3, 1, 2, 3)).toBe('length S.n @0');
    expect(read(table('S', { n: u8, d: sized('n', some) }), 0)).toBe('length S.n @0');
    const Inner = table('Inner', { m: u8, d: sized('m', u16), e: u8 });
    const S = table('S', { n: u8, in: sized('n', Inner) });
    expect(read(S, 3, 2, 1, 0)).toBe('length S.n @0');
    expect(read(S, 4, 1, 1, 0, 9)).toBe('length S.in.m @1');
    expect(read(S, 4, 2, 1, 0, 9)).toEqual({ n: 4, in: { m: 2, d: 1, e: 9 } });
    expect(read(S, 5, 2, 1, 0, 9, 9)).toBe('trailing S.in @5');
    const Either = table('Either', { m: u8, d: sized('m', bySize(table('A', { a: u16 }), table('B', { b: u64 }))) });
    expect(read(table('T', { n: u8, in: sized('n', Either) }), 2, 1, 0)).toBe('length T.n @0');
  });

  test('hold what is in them to their end, not to that of the bytes', () => {
    const S = table('S', { n: u8, in: sized('n', table('Inner', { m: u8, d: sized('m', rest), e: u8 })), z: bytes(3) });
    expect(read(S, 3, 2, 1, 2, 3, 4, 5)).toBe('truncated S.in.e @4');
    expect(read(S, 3, 3, 1, 2, 3, 4, 5)).toBe('truncated S.in.d @2');
  });

  test('of 8 bytes of length are compared whole', () => {
    const S = table('S', { n: u64, d: sized('n', rest) });
    expect(read(S, 1, 0, 0, 0, 1, 0, 0, 0, 5)).toBe('truncated S.d @8');
    expect(read(S, 1, 0, 0, 0, 0, 0, 0, 0, 5)).toEqual({ n: 1n, d: b(5) });
  });

  test('take the struct that is as long, or a surplus of all or nothing', () => {
    const S = table('S', { d: bySize(table('A', { a: u8 }), table('B', { b: u8, c: u16 })) });
    expect(read(S, 1)).toEqual({ d: { a: 1 } });
    expect(read(S, 1, 2, 0)).toEqual({ d: { b: 1, c: 2 } });
    expect(read(S, 1, 2)).toBe('length S.d @0');
    const T = table('T', { a: u8, s: surplus(2) });
    expect(read(T, 1)).toEqual({ a: 1, s: b() });
    expect(read(T, 1, 0, 0)).toEqual({ a: 1, s: b(0, 0) });
    expect(read(T, 1, 0)).toBe('length T.s @1');
  });

  test('are what a struct makes of itself from its own length on', () => {
    const S = table('S', { a: u8, n: u8, d: rest }, { length: 'n' });
    const T = table('T', { s: S, z: u8 });
    expect(read(T, 7, 3, 5, 9)).toEqual({ s: { a: 7, n: 3, d: b(5) }, z: 9 });
    expect(read(T, 7, 1, 5, 9)).toBe('length T.s.n @1');
    expect(read(T, 7, 5, 5, 9)).toBe('truncated T.s @0');
    expect(read(T, 7, 4, 5, 9)).toBe('truncated T.z @4');
    const F = table('F', { n: u8, x: u16 }, { length: 'n' });
    expect(read(F, 2, 0, 0)).toBe('truncated F.x @1');
    expect(read(F, 4, 0, 0, 0)).toBe('trailing F @3');
  });
});

describe('choices', () => {
  test('refuse an unknown tag in the open, and keep its bytes in a region unless it is misplaced', () => {
    const S = table('S', { t: u8, d: oneOf('t', { 1: u8, 2: u16 }), e: u8 });
    expect(read(S, 2, 3, 0, 4)).toEqual({ t: 2, d: 3, e: 4 });
    expect(read(S, 3, 3, 4)).toBe('variant S.t @0');
    expect(read(S, 2, 3)).toBe('truncated S.d @1');
    const T = table('T', { t: u8, n: u8, d: sized('n', oneOf('t', { 1: u16 }, [9])) });
    expect(read(T, 1, 2, 3, 0)).toEqual({ t: 1, n: 2, d: 3 });
    expect(read(T, 1, 1, 3)).toBe('length T.n @1');
    expect(read(T, 2, 1, 3)).toEqual({ t: 2, n: 1, d: b(3) });
    expect(read(T, 2, 0)).toEqual({ t: 2, n: 0, d: b() });
    expect(read(T, 2, 2, 3)).toBe('truncated T.d @2');
    expect(read(T, 9, 7, 3)).toBe('variant T.t @0');
    expect(strictly(T, 2, 1, 3)).toEqual(['variant T.t @0']);
  });

  test('may lie in one another, and refer to numbers inside of earlier structs', () => {
    const H = table('H', { t: u8, u: u8 });
    const S = table('S', { h: H, d: oneOf('h.t', { 1: oneOf('h.u', { 5: u8 }), 2: rest }) });
    expect(read(S, 1, 5, 7)).toEqual({ h: { t: 1, u: 5 }, d: 7 });
    expect(read(S, 1, 6, 7)).toBe('variant S.h.u @1');
    expect(read(S, 2, 6, 7)).toEqual({ h: { t: 2, u: 6 }, d: b(7) });
    expect(declaredPaths(S)).toEqual(['h', 'h.t', 'h.u', 'd']);
  });

  test('of unions look for the tag inside, before all else', () => {
    const A = table('A', { p: u16, tag: u8 });
    const B = table('B', { kind: reserved(2), t: u8, r: rest });
    const U = union('U', source, { name: 'tag', offset: 2, of: u8 }, { 1: A, 2: B });
    const S = table('S', { a: u8, u: U });
    expect(read(S, 9, 1, 0, 1)).toEqual({ a: 9, u: { p: 1, tag: 1 } });
    expect(read(S, 9, 1, 0, 2, 5)).toEqual({ a: 9, u: { kind: b(1, 0), t: 2, r: b(5) } });
    expect(read(S, 9, 1, 0, 3)).toBe('variant S.u.tag @3');
    expect(read(S, 9, 1)).toBe('truncated S.u.tag @3');
    expect(read(S, 9, 1, 0, 1, 5)).toBe('trailing S @4');
  });
});

describe('lists', () => {
  const Event = table('Event', { size: u8, data: sized('size', rest) });

  test('have as many items as an earlier number says, each read on its own', () => {
    const S = table('S', { n: u8, events: list(Event, 'n'), tail: u8 });
    expect(read(S, 2, 1, 7, 2, 8, 9, 5)).toEqual({
      n: 2,
      events: [
        { size: 1, data: b(7) },
        { size: 2, data: b(8, 9) },
      ],
      tail: 5,
    });
    expect(read(S, 0, 5)).toEqual({ n: 0, events: [], tail: 5 });
    expect(read(S, 2, 1, 7, 3, 8, 9)).toBe('truncated S.events[1].data @4');
    expect(read(S, 3, 1, 7, 2, 8, 9)).toBe('truncated S.events[2].size @6');
    expect(read(S, 255, 0, 0)).toBe('truncated S.events[2].size @3');
    expect(read(S, 1, 1, 7, 2, 8)).toBe('trailing S @4');
  });

  test('without a count go on to the end of the region, and end there', () => {
    const S = table('S', { n: u8, events: sized('n', list(Event)), tail: u8 });
    expect(read(S, 3, 0, 1, 7, 9)).toEqual({
      n: 3,
      events: [
        { size: 0, data: b() },
        { size: 1, data: b(7) },
      ],
      tail: 9,
    });
    expect(read(S, 0, 9)).toEqual({ n: 0, events: [], tail: 9 });
    expect(read(S, 3, 0, 2, 7, 9)).toBe('truncated S.events[1].data @3');
    expect(read(table('T', { words: array(u16) }), 1, 0, 2)).toBe('length T.words @0');
  });

  test('of plain items name the first that is not there in whole', () => {
    const S = table('S', { n: u16, words: list(u16, 'n'), tail: u8 });
    expect(read(S, 2, 0, 1, 0, 2, 0, 9)).toEqual({ n: 2, words: [1, 2], tail: 9 });
    expect(read(S, 2, 0, 1, 0, 2)).toBe('truncated S.words[1] @4');
    expect(read(S, 255, 255, 1, 0)).toBe('truncated S.words[1] @4');
  });

  test('of structs with choices and constants find what is wrong inside', () => {
    const Item = table('Item', {
      tag: u8,
      v: oneOf('tag', { 1: u8, 2: table('Two', { m: u8, w: u8 }, { where: { m: 5 } }) }),
    });
    const S = table('S', { a: u8, items: list(Item, 2) });
    expect(read(S, 0, 1, 7, 2, 5, 6)).toEqual({
      a: 0,
      items: [
        { tag: 1, v: 7 },
        { tag: 2, v: { m: 5, w: 6 } },
      ],
    });
    expect(read(S, 0, 1, 7, 3, 5, 6)).toBe('variant S.items[1].tag @3');
    expect(read(S, 0, 1, 7, 2, 4, 6)).toBe('constant S.items[1].v.m @4');
    const Outer = table('Outer', { k: u8, inner: list(Item, 'k') });
    expect(read(table('T', { n: u8, all: list(Outer, 'n') }), 2, 0, 1, 9, 9)).toBe('variant T.all[1].inner[0].tag @3');
  });

  test('of structs have a row for each field, whether they are read on their own or not', () => {
    const rows = (layout: Struct, ...all: number[]) =>
      naive(layout, Uint8Array.from(all)).rows.map(({ path, from, to }) => `${path} ${from}-${to}`);
    expect(rows(table('S', { n: u8, events: list(Event, 'n') }), 1, 1, 7)).toEqual([
      'S.n 0-1',
      'S.events[0].size 1-2',
      'S.events[0].data 2-3',
    ]);
    expect(rows(table('S', { p: array(table('P', { x: u8, y: u8 }), 2) }), 1, 2, 3, 4)).toEqual([
      'S.p[0].x 0-1',
      'S.p[0].y 1-2',
      'S.p[1].x 2-3',
      'S.p[1].y 3-4',
    ]);
    expect(rows(table('S', { n: u8, events: list(Event, 'n') }), 2, 1, 7, 9, 0)).toEqual([
      'S.n 0-1',
      'S.events[0].size 1-2',
      'S.events[0].data 2-3',
      'S.events[1].size 3-4',
    ]);
  });
});

describe('strict reading', () => {
  const Flags = bits(u64, { HIGH: bit(63, '1'), LOW: bit(0, '1') });

  test('finds reserved bytes, unknown bits and agreements in the order of the bytes', () => {
    const Inner = table('Inner', { x: u8, y: u8 }, { agree: [{ field: 'y', by: 'x', is: { 1: 2 } }] });
    const S = table('S', { in: Inner, r: reserved(2), f: Flags, s: surplus(1) }, { agree: [{ field: 'in.y', is: 2 }] });
    expect(strictly(S, 1, 2, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0x80, 0)).toEqual([]);
    expect(strictly(S, 1, 3, 0, 4, 3, 0, 0, 0, 0, 0, 0, 0, 9)).toEqual([
      'constant S.in.y @1',
      'constant S.in.y @1',
      'reserved S.r @2',
      'reserved S.f @4',
      'reserved S.s @12',
    ]);
    expect(strictly(S, 7, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)).toEqual([]);
  });

  test('looks into items', () => {
    const P = table('P', { x: u8, r: reserved(1) });
    expect(strictly(table('S', { p: array(P, 2) }), 1, 0, 1, 1)).toEqual(['reserved S.p[1].r @3']);
  });
});

test('JSON has numbers of 8 bytes and named bits with 0x, bytes without, and a PEM chain as text where it is', () => {
  const json = (layout: Struct, ...all: number[]) => {
    const reading = naive(layout, Uint8Array.from(all));
    return reading.fault ?? jsonIn(reading.root, Uint8Array.from(all));
  };
  const S = table('S', { a: u64, f: bits(u64, { HIGH: bit(63, '1'), LOW: bit(0, '1') }), r: reserved(1), p: pemChain });
  expect(json(S, 1, 2, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0x80, 0xab, 0x68, 0x69)).toEqual({
    a: '0x0000000000000201',
    f: { raw: '0x8000000000000001', flags: ['LOW', 'HIGH'] },
    r: 'ab',
    p: { pem: 'hi' },
  });
  expect(json(table('T', { p: pemChain }), 0x68, 0xff)).toEqual({ p: { hex: '68ff' } });
  expect(json(table('T', { p: pemChain }))).toEqual({ p: { pem: '' } });
});

test('a prefix leaves what follows', () => {
  const reading = naive(table('S', { n: u8, d: sized('n', rest) }), b(1, 2, 3, 4), true);
  expect(reading.fault ?? reading.root.to).toBe(2);
});
