// The corpus of evidence that lies beside the project, for the tests of the structs.
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export interface Entry {
  readonly file: string;
  readonly kind: string;
  readonly version: number | null;
  readonly expect?: string;
  readonly expected?: string;
  readonly malformedKind?: readonly string[];
  readonly synthetic?: boolean;
}

const folder = process.env['TDX_CORPUS'] ?? fileURLToPath(new URL('../../../shared/corpus', import.meta.url));
export const present = existsSync(`${folder}/manifest.json`);
if (!present) console.warn('SKIPPED: the structs on the corpus, since it is not there (TDX_CORPUS)');

const entries = present ? (JSON.parse(readFileSync(`${folder}/manifest.json`, 'utf8')) as Entry[]) : [];

/** The entries of one kind, by their file names. */
export const entriesOf = (kind: string): [string, Entry][] =>
  entries.filter((entry) => entry.kind === kind).map((entry) => [entry.file, entry]);

export const bytesOf = (file: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(readFileSync(`${folder}/files/${file}`));

/** What somebody else's parser reads in the file; undefined where it reads nothing. */
export function expectedOf(file: string): Record<string, unknown> | undefined {
  const path = `${folder}/files/${file.replace(/\.bin$/, '.expected.json')}`;
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>) : undefined;
}

export const isGenuine = ({ file, synthetic }: Entry): boolean =>
  !file.startsWith('bad-') && !file.startsWith('syn-') && synthetic !== true;
