// C programs of this folder, made for one test file.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const warnings = ['-std=gnu11', '-O1', '-Wall', '-Wextra', '-Werror'];

export const scratch = (): string => mkdtempSync(join(tmpdir(), 'tdx-codec-device-'));
export const removed = (folder: string): void => rmSync(folder, { recursive: true, force: true });

/** Why there is nothing to compile with; undefined where there is. */
export const lacksGcc: string | undefined =
  spawnSync('gcc', ['--version']).status === 0 ? undefined : 'there is no gcc';

/** Compiles NAME.c to a file in the folder. */
export function compiled(name: string, folder: string, options: readonly string[] = []): string {
  const made = join(folder, name);
  const headers = join(here, '../uapi');
  const { status, stderr } = spawnSync(
    'gcc',
    [...warnings, '-I', headers, '-o', made, join(here, `${name}.c`), ...options],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`gcc ${name}.c: ${stderr}`);
  return made;
}
