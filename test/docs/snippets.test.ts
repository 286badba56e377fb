// The examples of the guides run against the built package, under its own name, and print what their comments say.
import { execFile } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { snippetsOf } from './snippets.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));
const guides = readdirSync(join(root, 'docs')).filter((name) => name.endsWith('.md'));
const files = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', ...guides.map((name) => `docs/${name}`)];
const snippets = files.flatMap((file) => snippetsOf(root, file));
const programs = snippets.filter(({ language }) => language !== 'sh');
const commands = snippets
  .filter(({ language }) => language === 'sh')
  .flatMap(({ code, place }) => code.split('\n').map((line) => ({ place, line })))
  .filter(({ line }) => line.startsWith('npx tdx-codec '));

let project: string;

beforeAll(() => {
  if (!existsSync(join(root, 'dist/index.js'))) throw new Error('there is no dist/: npm run build');
  project = mkdtempSync(join(tmpdir(), 'tdx-codec-snippets-'));
  mkdirSync(join(project, 'node_modules'));
  symlinkSync(root, join(project, 'node_modules/tdx-codec'));
  // What the guides use beside this package.
  for (const scope of ['@types', '@phala'])
    symlinkSync(join(root, 'node_modules', scope), join(project, 'node_modules', scope));
  writeFileSync(join(project, 'package.json'), '{ "private": true, "type": "module" }');
  copyFileSync(join(root, 'test/vectors/quote-v4/sample-tdx.bin'), join(project, 'quote.bin'));
});

afterAll(() => {
  if (project) rmSync(project, { recursive: true, force: true });
});

const numbered = programs.map((snippet, i) => ({ ...snippet, file: `snippet-${i}` }));

test('there are examples to run', () => {
  expect(programs.length).toBeGreaterThan(3);
  expect(commands.length).toBeGreaterThan(0);
});

describe('examples', () => {
  test.each(numbered)('$place prints what its comments say', async ({ file, code, language, prints }) => {
    const { transform } = await import('esbuild');
    const { code: plain } = await transform(code, { loader: language === 'ts' ? 'ts' : 'js' });
    writeFileSync(join(project, `${file}.mjs`), plain);
    const { stdout, stderr } = await run(process.execPath, [`${file}.mjs`], { cwd: project });
    expect(stderr).toBe('');
    expect(stdout.split('\n').slice(0, -1)).toEqual(prints);
  });

  test('those in TypeScript pass under strict', async () => {
    const typed = numbered.filter(({ language }) => language === 'ts');
    for (const { file, code } of typed) writeFileSync(join(project, `${file}.mts`), code);
    const options = '--noEmit --strict --module nodenext --target es2022 --types node'.split(' ');
    const compiler = join(root, 'node_modules/@typescript/native/bin/tsc');
    const all = typed.map(({ file }) => `${file}.mts`);
    const outcome = await run(process.execPath, [compiler, ...options, ...all], { cwd: project }).catch(
      (error: { stdout: string }) => error,
    );
    expect(outcome.stdout).toBe('');
  });

  test.each(commands)('$place: $line succeeds', async ({ line }) => {
    const args = line.split(' ').slice(2);
    const { stderr } = await run(process.execPath, [join(root, 'dist/cli/main.js'), ...args], { cwd: project });
    expect(stderr).toBe('');
  });
});
