import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { QuoteV4 } from '../../src/structs/index.ts';
import { view } from '../../src/view.ts';
import { fixture } from './profile.ts';

const file = await readFile(new URL('../vectors/quote-v4/sample-tdx.bin', import.meta.url));

test('the bundled sample is what profile tdx-v4 gives for its seed', () => {
  expect(file.equals(fixture('tdx-v4', 'tdx-codec sample').quote)).toBe(true);
});

test('strict reading accepts the bundled sample', () => {
  expect(view(QuoteV4, file, { strict: true }).trailing).toEqual(new Uint8Array(70));
});
