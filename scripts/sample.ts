// npm run vectors: writes the vectors called sample, which the foundry makes, and the digests that every machine has to
// come to. The same bytes on every run. Bytes are written at the specification's offsets; their values are read by the library.
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { forge, PROFILES } from '../src/foundry/index.ts';
import { QuoteV3, QuoteV4, QuoteV5, TdReport } from '../src/structs/index.ts';
import { toJson } from '../src/verbs/to-json.ts';
import { digestsOf } from '../test/foundry/digests.ts';

const seed = 'tdx-codec sample';
const root = 'test/vectors';
const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** Profiles that differ in what a parser sees, and the name of their vector. */
const QUOTES: Readonly<Record<string, string>> = {
  'tdx-v4': 'sample-tdx',
  'tdx-v4-trailing-text': 'sample-tdx-trailing-text',
  'tdx-v4-no-nul': 'sample-tdx-no-nul',
  'tdx-v4-no-auth': 'sample-tdx-no-auth',
  'tdx-v4-ppid-3072': 'sample-tdx-ppid-3072',
  'tdx-v4-leaf': 'sample-tdx-leaf',
  'tdx-v5-body-2': 'sample-tdx-body-2',
  'tdx-v5-body-3': 'sample-tdx-body-3',
  'tdx-v5-body-4': 'sample-tdx-body-4',
  'sgx-v3': 'sample-sgx',
  'sgx-v4': 'sample-sgx',
  'sgx-v5-body-1': 'sample-sgx',
};
/** Profiles whose TDREPORTs differ in version or layout. */
const REPORTS: Readonly<Record<string, string>> = {
  'tdx-v4': 'sample',
  'tdx-v4-tdx-1.0': 'sample-tdx-1.0',
  'tdx-v5-body-3-service-td': 'sample-service-td',
  'tdx-v5-body-4': 'sample-extended',
};

function save(folder: string, name: string, struct: string, doc: string, bytes: Uint8Array, value: unknown): void {
  mkdirSync(`${root}/${folder}`, { recursive: true });
  const isLong = bytes.length > 1024;
  if (isLong) writeFileSync(`${root}/${folder}/${name}.bin`, bytes);
  const content = isLong ? { bin: `${name}.bin` } : { bytes: Buffer.from(bytes).toString('hex') };
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const source = 'forged by this project with a throw-away key';
  writeFileSync(`${root}/${folder}/${name}.json`, json({ struct, doc, source, ...content, sha256, value }));
}

const layouts = { 3: QuoteV3, 4: QuoteV4, 5: QuoteV5 };
for (const profile of PROFILES) {
  const { version } = profile.shape;
  const { quote, tdReport } = forge({ seed, profile });
  const doc = `Profile ${profile.name}: ${profile.what}.`;
  const asQuote = QUOTES[profile.name];
  if (asQuote) save(`quote-v${version}`, asQuote, `QuoteV${version}`, doc, quote, toJson(layouts[version], quote));
  const asReport = REPORTS[profile.name];
  if (asReport && tdReport) save('td-report', asReport, 'TdReport', doc, tdReport, toJson(TdReport, tdReport));
}
writeFileSync('test/foundry/digests.json', json(digestsOf('digests')));
