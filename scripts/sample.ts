// npm run sample: writes the bundled quote, a quote of version 4 of a TD that never was. The same bytes on every run.
import { mkdirSync, writeFileSync } from 'node:fs';
import { testPki } from '../src/foundry/pki.ts';
import { quote } from '../src/foundry/quote.ts';

mkdirSync('test/vectors/quote-v4', { recursive: true });
writeFileSync(
  'test/vectors/quote-v4/sample-tdx.bin',
  quote(testPki({ seed: 'tdx-codec sample' }), {
    shape: { version: 4, tee: 'tdx', body: 'TdReportBody10' },
    trailing: new Uint8Array(70),
  }),
);
