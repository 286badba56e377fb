// What long runs of random declarations found.
import { describe, expect, test } from 'vitest';
import { dump } from '../../src/index.ts';
import {
  array,
  at,
  bySize,
  bytes,
  next,
  type Struct,
  sized,
  struct,
  type Type,
  u8,
  u16,
  u32,
  union,
} from '../../src/layout.ts';
import { failureOf } from '../leaves.ts';
import { view } from '../verbs.ts';
import { source } from './sample.ts';

describe('a region that is too short for what it must hold is an error of its length', () => {
  const A = struct('A', { source, size: 2 }, { a: at(0, u16, 'A') });
  const B = struct('B', { source, size: 4 }, { b: at(0, u32, 'B') });
  const Word = struct('Word', { source }, { n: at(0, u8, 'N'), word: at(1, sized('n', A), 'WORD') });
  const within = (of: Type) =>
    struct(
      'S',
      { source },
      {
        n: at(0, u8, 'N'),
        in: at(1, sized('n', struct('In', { source }, { m: at(0, u8, 'M'), of: at(1, of, 'OF') })), 'IN'),
      },
    );

  test.each<[what: string, layout: Struct, least: number]>([
    ['a struct by size', within(sized('m', bySize(A, B))), 3],
    ['items of varying size', within(array(Word, 2)), 7],
  ])('around %s', (_, layout, least) => {
    const bytes = new Uint8Array(least);
    bytes[0] = least - 1;
    expect(failureOf(() => view(layout, bytes))?.message).toBe(`S.n @0: must be at least ${least}, is ${least - 1}`);
  });
});

test('a dump stops at the first field that is not there, whatever lies behind its region', () => {
  const Case = struct('Case', { source, size: 2 }, { pad: at(0, u8, 'PAD'), tag: at(1, u8, 'TAG') });
  const Late = union('Late', source, { name: 'tag', offset: 1, of: u8 }, { 1: Case });
  const Two = union(
    'Two',
    source,
    { name: 't', offset: 0, of: u8 },
    {
      1: struct('Short', { source, size: 1 }, { t: at(0, u8, 'T') }),
      2: struct('Long', { source, size: 3 }, { t: at(0, u8, 'T'), late: at(1, Late, 'LATE') }),
    },
  );
  const S = struct('S', { source }, { n: at(0, u8, 'N'), two: at(1, sized('n', Two), 'TWO'), end: next(u8, 'END') });
  const rows = dump(S, Uint8Array.of(1, 2, 0));
  expect(rows.at(-1)?.error?.message).toBe('S.two.late.tag @3: needs 1 byte, 0 left');
  expect(rows.slice(0, -1).map(({ path }) => path)).toEqual(['S.n', 'S.two.t']);
});

test('a union is refused where one struct has anything else under the name that leads to the tag of another', () => {
  const Head = struct('Head', { source, size: 1 }, { length: at(0, u8, 'LENGTH') });
  const A = struct('A', { source, size: 2 }, { head: at(0, Head, 'HEAD'), x: at(1, u8, 'X') });
  const B = struct('B', { source, size: 2 }, { tag: at(0, u8, 'TAG'), head: at(1, array(bytes(1), 1), 'HEAD') });
  const U = union('U', source, { name: 'tag', offset: 0, of: u8 }, { 1: A, 2: B });
  expect(() => view(U, Uint8Array.of(2, 0))).toThrow(
    new TypeError('U: head.length is the tag of one struct and not of another'),
  );
});
