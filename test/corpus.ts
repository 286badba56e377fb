// Real evidence, kept outside of the project. TDX_CORPUS names its folder; else it is looked for beside the project.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface Entry {
  readonly file: string;
  readonly kind: string;
  readonly size: number;
  readonly version?: number | null;
  readonly tee?: string | null;
  readonly malformed?: boolean;
  /** Made for a test by somebody: self-consistent, but not out of hardware. */
  readonly synthetic?: boolean;
  readonly malformedKind?: readonly string[];
  readonly expect?: string;
  readonly quoteLength?: number | null;
  readonly trailingBytes?: number | null;
  readonly debug?: boolean | null;
  readonly fmspc?: string | null;
  readonly pckCa?: string | null;
  readonly pckNotAfter?: string | null;
}

const folder = process.env['TDX_CORPUS'] ?? fileURLToPath(new URL('../../shared/corpus', import.meta.url));
const manifest = join(folder, 'manifest.json');

/** Why there is nothing to test, or undefined. */
export const absent = existsSync(manifest)
  ? undefined
  : 'SKIPPED: no corpus of real evidence; set TDX_CORPUS to its folder';
if (absent) console.warn(absent);

/** Everything that the corpus lists; nothing without a corpus. */
export const entries: readonly Entry[] = absent ? [] : JSON.parse(readFileSync(manifest, 'utf8'));

/** A file's bytes, in memory of their own. */
export const bytesOf = (file: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(readFileSync(join(folder, 'files', file)));

/** What the corpus says about a file beside its entry: what another parser has read in it, or the fields of a message. */
export interface Expected {
  readonly parse?: Readonly<Record<string, unknown>>;
  readonly hex?: Readonly<Record<string, string>>;
  readonly fields?: Readonly<Record<string, unknown>>;
}
export function expectedOf(file: string): Expected | undefined {
  const path = join(folder, 'files', file.replace(/\.bin$/, '.expected.json'));
  if (!existsSync(path)) return undefined;
  const json = JSON.parse(readFileSync(path, 'utf8'));
  return json.referenceParser ?? json;
}

/** The entries of one kind, by their file names. */
export const entriesOf = (kind: string): [string, Entry][] =>
  entries.filter((entry) => entry.kind === kind).map((entry) => [entry.file, entry]);

export const isGenuine = ({ file, synthetic }: Entry): boolean => !/^(bad|syn)-/.test(file) && synthetic !== true;
