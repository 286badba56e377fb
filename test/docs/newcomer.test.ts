// What a new user does: an empty project, the packed package, and the examples of the README pasted into it, in plain
// JavaScript and in TypeScript under strict. Needs a build (`npm test` makes one first).
import { execFile } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { snippetsOf } from './snippets.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));
const compiler = join(root, 'node_modules/@typescript/native/bin/tsc');
const examples = snippetsOf(root, 'README.md').filter(({ language }) => language === 'ts');

let project: string;

beforeAll(async () => {
  if (!existsSync(join(root, 'dist/index.js'))) throw new Error('there is no dist/: npm run build');
  project = mkdtempSync(join(tmpdir(), 'tdx-codec-newcomer-'));
  writeFileSync(join(project, 'package.json'), '{ "name": "newcomer", "private": true, "type": "module" }');
  await run('npm', ['pack', '--ignore-scripts', '--pack-destination', project], { cwd: root });
  const tarball = readdirSync(project).filter((name) => name.endsWith('.tgz'));
  const quiet = ['--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts'];
  await run('npm', ['install', '--prefix', project, ...tarball.map((name) => join(project, name)), ...quiet], {
    cwd: project,
  });
  symlinkSync(join(root, 'node_modules/@types'), join(project, 'node_modules/@types'));
  copyFileSync(join(root, 'test/vectors/quote-v4/sample-tdx.bin'), join(project, 'quote.bin'));
});

afterAll(() => {
  if (project) rmSync(project, { recursive: true, force: true });
});

describe('a newcomer', () => {
  test.each(examples)('runs $place pasted as JavaScript', async ({ code, prints }) => {
    writeFileSync(join(project, 'pasted.mjs'), code);
    const { stdout, stderr } = await run(process.execPath, ['pasted.mjs'], { cwd: project });
    expect(stderr).toBe('');
    expect(stdout.split('\n').slice(0, -1)).toEqual(prints);
  });

  test('compiles them under strict, and what comes out runs', async () => {
    for (const [i, { code }] of examples.entries()) writeFileSync(join(project, `pasted-${i}.ts`), code);
    const options = '--strict --module nodenext --target es2022 --types node'.split(' ');
    const files = examples.map((_, i) => `pasted-${i}.ts`);
    const compiled = await run(process.execPath, [compiler, ...options, ...files], { cwd: project }).catch(
      (error: { stdout: string }) => error,
    );
    expect(compiled.stdout).toBe('');
    for (const [i, { prints }] of examples.entries()) {
      const { stdout } = await run(process.execPath, [`pasted-${i}.js`], { cwd: project });
      expect(stdout.split('\n').slice(0, -1)).toEqual(prints);
    }
  });
});
