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
  readonly expected?: string | null;
  readonly quoteLength?: number | null;
  readonly trailingBytes?: number | null;
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

export interface Reading {
  readonly parse: Readonly<Record<string, unknown>>;
  readonly hex: Readonly<Record<string, string>>;
}
/** What another parser has read in a file. */
export function expectedOf({ expected }: Entry): Reading | undefined {
  if (!expected) return undefined;
  const json = JSON.parse(readFileSync(join(folder, 'files', expected), 'utf8'));
  const { parse, hex = {} } = json.referenceParser ?? json;
  return parse && { parse, hex };
}
