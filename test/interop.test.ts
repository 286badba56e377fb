// scripts/interop.mjs where there is nothing but Node. What it runs elsewhere is its own test: npm run interop.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';

const cwd = fileURLToPath(new URL('..', import.meta.url));
const nothing = mkdtempSync(join(tmpdir(), 'tdx-codec-path-'));
afterAll(() => rmSync(nothing, { recursive: true }));
const interop = (...args: string[]) => {
  const run = spawnSync(process.execPath, ['scripts/interop.mjs', ...args], {
    cwd,
    env: { PATH: nothing },
    encoding: 'utf8',
  });
  return [run.status, run.stdout, run.stderr];
};

describe('npm run interop on a machine with Node alone', () => {
  const skipped = 'SKIPPED go: there is no go\nSKIPPED rust: there is no cargo\nSKIPPED python: there is no python3\n';
  const last = 'interop: agree none; failed none; skipped go, rust, python\n';

  test('says what it skips and why, and ends well', () => {
    expect(interop()).toEqual([0, skipped + last, '']);
  });

  test('fails with --all', () => {
    expect(interop('--all')).toEqual([1, skipped + last, '']);
  });

  test('runs the languages that are named', () => {
    expect(interop('rust')).toEqual([
      0,
      'SKIPPED rust: there is no cargo\ninterop: agree none; failed none; skipped rust\n',
      '',
    ]);
  });

  test('fails for a language that it does not know', () => {
    expect(interop('cobol')).toEqual([1, '', 'no language cobol; there are: go rust python\n']);
  });
});
