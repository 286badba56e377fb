import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { testPki } from '../../src/foundry/pki.ts';
import { quoteV4 } from '../../src/foundry/quote.ts';

test('the bundled sample is what its seed gives', async () => {
  const file = await readFile(new URL('../vectors/quote-v4/sample-tdx.bin', import.meta.url));
  expect(Buffer.from(quoteV4(testPki({ seed: 'tdx-codec sample' }))).equals(file)).toBe(true);
});
