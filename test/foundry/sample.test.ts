// The vectors called sample are what the forge gives today (npm run vectors writes them).
import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { positives } from '../golden.ts';
import { fixture } from './profile.ts';

const samples = positives.filter(([name]) => name.includes('/sample')).map(([name]) => name);

test('there are samples of quotes and of TDREPORTs', () => {
  expect(samples).toContain('quote-v4/sample-tdx');
  expect(samples).toContain('td-report/sample');
});

describe.each(samples)('%s', (name) => {
  test('its hash is the one of what its profile gives', async () => {
    const file = new URL(`../vectors/${name}.json`, import.meta.url);
    const { doc, struct, sha256 }: Record<string, string> = JSON.parse(await readFile(file, 'utf8'));
    const profile = /^Profile (\S+):/.exec(doc ?? '')?.[1] ?? '';
    const { quote, tdReport } = fixture(profile, 'tdx-codec sample');
    const bytes = Uint8Array.from((struct === 'TdReport' ? tdReport : quote) ?? []);
    expect(Buffer.from(await crypto.subtle.digest('SHA-256', bytes)).toString('hex')).toBe(sha256);
  });
});
