// node scripts/ts.mjs scripts/sample.ts: writes the bundled quote, a quote of version 4 of a TD that never was, and the
// digests that every machine has to come to. The same bytes on every run.
import { mkdirSync, writeFileSync } from 'node:fs';
import { testPki } from '../src/foundry/pki.ts';
import { quote } from '../src/foundry/quote.ts';
import { digestsOf } from '../test/foundry/digests.ts';

mkdirSync('test/vectors/quote-v4', { recursive: true });
writeFileSync(
  'test/vectors/quote-v4/sample-tdx.bin',
  quote(testPki({ seed: 'tdx-codec sample' }), {
    shape: { version: 4, tee: 'tdx', body: 'TdReportBody10' },
    trailing: new Uint8Array(70),
  }),
);
writeFileSync('test/foundry/digests.json', `${JSON.stringify(digestsOf('digests'), undefined, 2)}\n`);
