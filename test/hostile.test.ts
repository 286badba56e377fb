// Bytes that nobody meant: any input gives a value or a LayoutError, and all readers say the same.
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Layout } from '../src/layout.ts';
import { dump } from '../src/verbs/dump.ts';
import { bytesOf, positives } from './golden.ts';
import { layoutNamed, layouts } from './layouts.ts';
import { byteArrays, expectSame, failureOf, plain } from './leaves.ts';
import { decode, encode, fromJson, toJson, view } from './verbs.ts';

/** Everything that must hold for any bytes at all. */
function agree(layout: Layout, bytes: Uint8Array<ArrayBuffer>, strict: boolean): void {
  const before = bytes.slice();
  const options = { strict };
  const failure = failureOf(() => view(layout, bytes, options));
  expectSame(
    failureOf(() => decode(layout, bytes, options)),
    failure,
  );
  const rows = dump(layout, bytes, options);
  if (failure) {
    const { code, path, offset, message } = rows.at(-1)?.error ?? {};
    expectSame({ code, path, offset, message }, failure);
    // Only a tag that is looked for further on may be missing behind the end.
    if (failure.code !== 'truncated') expect(failure.offset).toBeLessThanOrEqual(bytes.length);
    expect(failure.message.length).toBeLessThan(400);
  } else {
    const opened = view(layout, bytes, options);
    const value = decode(layout, bytes, options);
    expectSame(plain(opened), plain(value));
    for (const part of byteArrays(opened)) {
      expect(part.buffer).toBe(bytes.buffer);
      expect(part.byteOffset + part.length).toBeLessThanOrEqual(bytes.length);
    }
    expectSame(encode(layout, value), bytes);
    const json = JSON.stringify(toJson(layout, opened));
    expect(JSON.stringify(toJson(layout, value))).toBe(json);
    expectSame(fromJson(layout, JSON.parse(json)), value);
    // The rows of a dump leave no byte out and show none twice.
    expect(Buffer.concat(rows.map((row) => row.bytes)).equals(bytes)).toBe(true);
  }
  expectSame(bytes, before);
}

const settle = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => Uint8Array.from(bytes);

const INTERESTING = [0, 1, 2, 3, 4, 5, 6, 7, 31, 32, 0x7f, 0x80, 0x81, 0xff];
/** Edits that keep most of the bytes: the ones that get far. */
const edits = fc.array(
  fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    what: fc.oneof(
      fc.record({ set: fc.constantFrom(...INTERESTING) }),
      fc.record({ word: fc.constantFrom(0, 1, 0xff, 0x7fffffff, 0x80000000, 0xffffffff) }),
      fc.record({ set: fc.nat(255) }),
      fc.record({ remove: fc.nat(40) }),
      fc.record({ insert: fc.uint8Array({ maxLength: 12 }) }),
    ),
  }),
  { maxLength: 6 },
);
type Edits = typeof edits extends fc.Arbitrary<infer E> ? E : never;

function edited(origin: Uint8Array, all: Edits): Uint8Array<ArrayBuffer> {
  let bytes = [...origin];
  for (const { at, what } of all) {
    const i = Math.floor(at * bytes.length);
    if ('set' in what) bytes[i] = what.set;
    else if ('word' in what) for (let n = 0; n < 4; n++) bytes[i + n] = Math.floor(what.word / 256 ** n) % 256;
    else if ('remove' in what) bytes.splice(i, what.remove);
    else bytes = [...bytes.slice(0, i), ...what.insert, ...bytes.slice(i)];
  }
  return Uint8Array.from(bytes);
}

describe('random bytes', () => {
  test.each([...layouts])('%s reads them or throws a LayoutError', (_, layout) => {
    const size = layout.size ?? 700;
    // Large structs are mostly one array of bytes, and comparing it is what takes long.
    const share = size > 4096 ? 10 : 1;
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: size + 16, size: 'max' }), fc.boolean(), (bytes, strict) => {
        agree(layout, settle(bytes), strict);
      }),
      { numRuns: 60 / share },
    );
    if (layout.size === undefined) return;
    fc.assert(
      fc.property(fc.uint8Array({ minLength: size, maxLength: size, size: 'max' }), (bytes) => {
        agree(layout, settle(bytes), false);
      }),
      { numRuns: 20 / share },
    );
  });
});

describe('vectors with random edits', () => {
  const structs = [...new Set(positives.map(([, { struct }]) => struct))];
  test.each(structs)('%s reads them or throws a LayoutError', (struct) => {
    const origins = positives.filter(([, vector]) => vector.struct === struct).map((each) => bytesOf(...each));
    const runs = struct.startsWith('Quote') ? 400 : (origins[0]?.length ?? 0) > 4096 ? 15 : 150;
    let reads = 0;
    fc.assert(
      fc.property(fc.constantFrom(...origins), edits, fc.boolean(), (origin, all, strict) => {
        const bytes = edited(origin, all);
        if (!failureOf(() => view(layoutNamed(struct), bytes))) reads++;
        agree(layoutNamed(struct), bytes, strict);
      }),
      { numRuns: runs },
    );
    // Edits that never let anything through would prove nothing.
    expect(reads).toBeGreaterThan(runs / 50);
  });

  test.each(structs)('%s: a number set to any value anywhere is read or refused, and nothing hangs', (struct) => {
    const layout = layoutNamed(struct);
    const [first] = positives.filter(([, vector]) => vector.struct === struct).map((each) => bytesOf(...each));
    if (!first) return;
    for (const word of [0, 1, 0xff, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff]) {
      for (let at = 0; at + 4 <= Math.min(first.length, 1400); at++) {
        const bytes = first.slice();
        new DataView(bytes.buffer).setUint32(at, word, true);
        failureOf(() => view(layout, bytes));
      }
    }
  });
});

describe('values that nobody meant', () => {
  const kinds = fc.anything({ withBigInt: true, withTypedArray: true, withNullPrototype: true });

  test.each([...layouts])('%s: encode, toJson and fromJson throw nothing but LayoutError', (_, layout) => {
    fc.assert(
      fc.property(kinds, (it) => {
        failureOf(() => encode(layout, it));
        failureOf(() => toJson(layout, it));
        failureOf(() => fromJson(layout, it));
      }),
      { numRuns: 100 },
    );
  });

  test.each(positives.filter(([name]) => name.endsWith('/counting')))(
    '%s: with one leaf replaced, encode and fromJson write or throw a LayoutError',
    (...vector) => {
      const layout = layoutNamed(vector[1].struct);
      const value = decode(layout, bytesOf(...vector));
      const json = toJson(layout, value);
      fc.assert(
        fc.property(fc.nat(60), kinds, (leaf, it) => {
          failureOf(() => encode(layout, replaced(value, leaf, it)));
          failureOf(() => fromJson(layout, replaced(json, leaf, it)));
        }),
        { numRuns: 100 },
      );
    },
  );
});

/** A copy in which the n-th node is something else. */
function replaced(value: unknown, n: number, by: unknown): unknown {
  let left = n;
  const copy = (it: unknown): unknown => {
    if (left-- === 0) return by;
    if (it instanceof Uint8Array || typeof it !== 'object' || it === null) return it;
    if (Array.isArray(it)) return it.map(copy);
    return Object.fromEntries(Object.entries(it).map(([name, each]) => [name, copy(each)]));
  };
  return copy(value);
}
