import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';

/** The built command, as the package ships it: `npm run build` makes it. */
export const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
export const samplePath = fileURLToPath(new URL('../vectors/quote-v4/sample-tdx.bin', import.meta.url));
export const sample = readFileSync(samplePath);

/** A folder that is gone after the tests. */
export const folder = mkdtempSync(join(tmpdir(), 'tdx-codec-cli-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

export interface Outcome {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
  readonly bytes: Buffer;
}

/** Runs the command to its end, with colours neither asked for nor forbidden. */
export function run(args: readonly string[], input: string | Uint8Array = '', env: NodeJS.ProcessEnv = {}): Outcome {
  const { NO_COLOR: _, FORCE_COLOR: __, ...rest } = process.env;
  const { status, stdout, stderr, error } = spawnSync(process.execPath, [main, ...args], {
    input,
    env: { ...rest, ...env },
    maxBuffer: 1 << 28,
  });
  if (error) throw error;
  return { code: status, out: stdout.toString(), err: stderr.toString(), bytes: stdout };
}
