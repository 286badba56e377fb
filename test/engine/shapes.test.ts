// Bytes of a known shape are not walked: what is said of them has to be what a layout says that has seen nothing yet.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { describe, expect, test } from 'vitest';
import type { LayoutError } from '../../src/engine/error.ts';
import { QuoteV3, QuoteV4, QuoteV5 } from '../../src/structs/index.ts';
import { offsetOf, view } from '../../src/view.ts';
import { golden } from '../golden.ts';

type Quote = typeof QuoteV3 | typeof QuoteV4 | typeof QuoteV5;

/** Where the parts of a quote lie, or why it has none. */
function outcome(layout: Quote, bytes: Uint8Array, strict: boolean): string {
  try {
    const quote = view(layout as typeof QuoteV4, bytes, { strict });
    return ['body', 'signatureData', 'trailing'].map((path) => JSON.stringify(offsetOf(quote, path as 'body'))).join();
  } catch (error) {
    return (error as LayoutError).message;
  }
}

describe.each([
  ['QuoteV3', QuoteV3, 'quote-v3/clean'],
  ['QuoteV4', QuoteV4, 'quote-v4/clean'],
  ['QuoteV5', QuoteV5, 'quote-v5/clean'],
] as const)('%s', (_, layout, name) => {
  const bytes = golden(name);
  const fresh = (): Quote => ({ ...layout, memo: {} });

  test.each([false, true])('a changed byte is seen behind a known shape, strict: %s', (strict) => {
    for (let at = 0; at < bytes.length; at++) {
      for (const value of [0, 1, bytes[at]! ^ 1, bytes[at]! ^ 0x80]) {
        const changed = bytes.slice();
        changed[at] = value;
        expect(outcome(layout, bytes, strict)).not.toMatch(/@/);
        const seen = outcome(layout, changed, strict);
        if (seen !== outcome(fresh(), changed, strict)) expect.fail(`byte ${at} as ${value}: ${seen}`);
      }
    }
  });

  test('one byte more or less is seen', () => {
    for (const size of [bytes.length - 1, bytes.length + 1, bytes.length + 16]) {
      const other = new Uint8Array(size);
      other.set(bytes.subarray(0, size));
      for (const each of [bytes, other]) expect(outcome(layout, each, false)).toBe(outcome(fresh(), each, false));
    }
  });
});

describe('memory that somebody else writes meanwhile', () => {
  // One byte is behind the quote, or belongs to its certification data: three lengths differ, in their lowest bit.
  const short = Uint8Array.from([...golden('quote-v4/clean'), 0]);
  const inner = 1220 + 32 + 2;
  const lengths = [632, 766, inner];
  const long = short.slice();
  for (const at of lengths) long[at]! ^= 1;
  const writer = `
    const { workerData: { memory, lengths } } = require('node:worker_threads');
    const bytes = new Uint8Array(memory);
    for (;;) for (const at of lengths) bytes[at] ^= 1;`;

  test('teaches no layout a shape with the cuts of another', async () => {
    expect(outcome(QuoteV4, short, false)).toContain(`"offset":${short.length - 1},"length":1`);
    expect(outcome(QuoteV4, long, false)).toContain(`"offset":${short.length},"length":0`);
    const shared = new Uint8Array(new SharedArrayBuffer(short.length));
    shared.set(short);
    const worker = new Worker(writer, { eval: true, workerData: { memory: shared.buffer, lengths } });
    await once(worker, 'online');
    let opened = 0;
    for (let i = 0; i < 4000; i++) {
      const layout = { ...QuoteV4, memo: {} };
      opened += outcome(layout, shared, false).includes('@') ? 0 : 1;
      for (const still of [short, long])
        if (outcome(layout, still, false) !== outcome(QuoteV4, still, false)) expect.fail(`round ${i}`);
    }
    await worker.terminate();
    expect(opened).toBeGreaterThan(0);
  });
});
