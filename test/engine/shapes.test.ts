// Bytes of a known shape are not walked: what is said of them has to be what a layout says that has seen nothing yet.
import { describe, expect, test } from 'vitest';
import type { LayoutError } from '../../src/error.ts';
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
