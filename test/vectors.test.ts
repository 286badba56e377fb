// Drives every vector of test/vectors through both readers, the writer and JSON.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { Layout } from '../src/layout.ts';
import { cutsOf } from './cuts.ts';
import { bytesOf, negatives, patched, positives } from './golden.ts';
import { layoutNamed, layouts } from './layouts.ts';
import { byteArrays, expectSame, type Failure, failureOf, plain } from './leaves.ts';
import { decode, encode, fromJson, toJson, view } from './verbs.ts';

/** View and decode agree; gives what they say. */
function bothFail(layout: Layout, bytes: Uint8Array, options?: { strict: true }): Failure | undefined {
  const viewed = failureOf(() => view(layout, bytes, options));
  expect(failureOf(() => decode(layout, bytes, options))).toEqual(viewed);
  return viewed;
}

/** The same bytes in other memory. */
const carriers: Record<string, (bytes: Uint8Array) => Uint8Array> = {
  'at byteOffset 3': (bytes) => {
    const larger = new Uint8Array(bytes.length + 8).fill(0xee);
    larger.set(bytes, 3);
    return larger.subarray(3, 3 + bytes.length);
  },
  'a Node Buffer': (bytes) => Buffer.from(bytes),
  'over a SharedArrayBuffer': (bytes) => {
    const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
    shared.set(bytes);
    return shared;
  },
};

/**
 * Whether a proper prefix may itself be such a structure: one that ends in whatever is left has as many readings as
 * there are bytes behind its fixed end.
 */
const mayEnd = (layout: Layout, size: number, value: unknown): number => {
  const ends = layout.kind === 'union' ? Object.values(layout.cases) : [layout];
  const takesRest = ends.some((struct) => Object.values(struct.fields).at(-1)?.type.kind === 'rest');
  const last = takesRest && typeof value === 'object' && value !== null ? Object.values(value).at(-1) : undefined;
  return last instanceof Uint8Array ? size - last.length : size;
};

describe.each(positives)('%s', (name, vector) => {
  const layout = layoutNamed(vector.struct);
  const bytes = bytesOf(name, vector);

  test('bytes have the hash that is written down', () => {
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(vector.sha256);
  });

  test('JSON of the view, of the value, and of the vector are one, keys in order', () => {
    const wanted = JSON.stringify(vector.value);
    expect(JSON.stringify(toJson(layout, view(layout, bytes)))).toBe(wanted);
    expect(JSON.stringify(toJson(layout, decode(layout, bytes)))).toBe(wanted);
  });

  test('view and decode read the same leaves, as plain Uint8Array', () => {
    expectSame(plain(view(layout, bytes)), plain(decode(layout, bytes)));
  });

  test('encode and fromJson give the bytes back', () => {
    expectSame(encode(layout, decode(layout, bytes)), bytes);
    expectSame(encode(layout, view(layout, bytes)), bytes);
    const value = fromJson(layout, JSON.parse(JSON.stringify(vector.value)));
    expectSame(value, decode(layout, bytes));
    expectSame(encode(layout, value), bytes);
  });

  test('reading leaves the bytes as they are', () => {
    const own = bytes.slice();
    plain(view(layout, own));
    const value = decode(layout, own);
    toJson(layout, value);
    encode(layout, value);
    expectSame(own, bytes);
  });

  test('a value owns its memory, a view shares it', () => {
    const own = bytes.slice();
    const value = decode(layout, own);
    const opened = view(layout, own);
    const shared = [...byteArrays(opened)];
    const kept = plain(value);
    own.forEach((byte, i) => {
      own[i] = byte ^ 0xff;
    });
    expect(plain(value)).toEqual(kept);
    for (const array of byteArrays(value)) expect(array.buffer).not.toBe(own.buffer);
    for (const array of shared) {
      expect(array.buffer).toBe(own.buffer);
      if (array.length > 0) expect(array[0]).toBe(own[array.byteOffset]);
    }
    [...byteArrays(value)].forEach((array, i) => {
      expectSame(
        array.map((byte) => byte ^ 0xff),
        Uint8Array.from(shared[i] ?? []),
      );
    });
  });

  const isCounting = name.endsWith('/counting');
  test(`every ${isCounting ? 'proper prefix' : 'cut at a field or a 97th byte'} fails with truncated or length, from view and decode alike`, () => {
    const end = mayEnd(layout, bytes.length, decode(layout, bytes));
    const sizes = isCounting && end < 4096 ? Array(end).keys() : cutsOf(layout, bytes, end);
    for (const size of sizes) {
      const cut = bytes.subarray(0, size);
      const failure = failureOf(() => view(layout, cut));
      const also = failureOf(() => decode(layout, cut));
      // An assertion for each of thousands of lengths would cost more than the reading.
      if (!/^(truncated|length)$/.test(failure?.code ?? '') || JSON.stringify(failure) !== JSON.stringify(also))
        expect.fail(`${size} bytes: view ${failure?.message ?? 'reads them'}, decode ${also?.message ?? 'reads them'}`);
    }
  });

  test.each(Object.entries(carriers))('bytes %s read the same', (_, carry) => {
    const carried = carry(bytes);
    const json = JSON.stringify(vector.value);
    expect(JSON.stringify(toJson(layout, view(layout, carried)))).toBe(json);
    expectSame(plain(view(layout, carried)), plain(view(layout, bytes)));
    const value = decode(layout, carried);
    expectSame(value, decode(layout, bytes));
    for (const array of byteArrays(value)) expect(array.buffer).not.toBe(carried.buffer);
    expect(bothFail(layout, carried.subarray(0, 0))).toEqual(bothFail(layout, bytes.subarray(0, 0)));
  });
});

describe.each(negatives)('%s', (name, negative) => {
  const layout = layoutNamed(negative.struct);
  const bytes = patched(name, negative);

  test(`view and decode throw: ${negative.error.message}`, () => {
    expect(bothFail(layout, bytes, negative.strict ? { strict: true } : undefined)).toEqual(negative.error);
    // A fault that only strict reading refuses is read as it is otherwise.
    if (negative.strict) expectSame(encode(layout, decode(layout, bytes)), bytes);
    expect(negative.effect).toMatch(/\.$/);
  });
});

describe('the set', () => {
  const cwd = fileURLToPath(new URL('..', import.meta.url));

  test('strict reading accepts each vector called clean or sample', () => {
    const accepted = positives.filter(([name]) => /\/(clean|sample)[^/]*$/.test(name));
    expect(accepted.length).toBeGreaterThan(0);
    for (const [name, vector] of accepted) {
      expect(bothFail(layoutNamed(vector.struct), bytesOf(name, vector), { strict: true }), name).toBeUndefined();
    }
  });

  test('each exported layout has vectors, of them one that no encoder made, and negative ones', () => {
    const lacking = [...layouts.keys()].filter(
      (struct) =>
        !positives.some(([name, vector]) => vector.struct === struct && name.endsWith('/counting')) ||
        !negatives.some(([, vector]) => vector.struct === struct),
    );
    expect(lacking).toEqual([]);
  });

  test('each code that reading can throw has a vector', () => {
    const codes = new Set(negatives.map(([, { error }]) => error.code));
    expect([...codes].toSorted()).toEqual(['constant', 'length', 'reserved', 'trailing', 'truncated', 'variant']);
  });

  const python = spawnSync('python3', ['--version']);
  const lacks = python.error || python.status !== 0 ? 'SKIPPED: read.py on the vectors, since there is no python3' : '';
  if (lacks) console.warn(lacks);

  test('a reader in Python, with offsets of its own, reads and refuses the same', ({ skip }) => {
    if (lacks) return skip(lacks);
    const { stdout, stderr, status } = spawnSync('python3', ['-B', 'test/vectors/read.py'], { cwd, encoding: 'utf8' });
    expect(stdout + stderr).toMatch(/^\d+ hashes, \d+ values and \d+ refusals are as written down\n$/);
    expect(status).toBe(0);
  });
});
