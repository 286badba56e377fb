// The package as a user gets it: packed from dist/, installed into an empty project, loaded by plain Node.
// Needs a build (`npm test` makes one first).
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));
const manifest: { name: string; version: string; exports: Record<string, unknown>; bin: Record<string, string> } =
  JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));

// The packages from npm that an entry point may load. All others load none.
const mayLoad: Record<string, string[]> = {
  '.': ['@noble/hashes', 'restructure'],
  './codec': ['restructure'],
  './device': ['@noble/curves', '@noble/hashes', 'restructure'],
  './device/node': ['koffi', 'restructure'],
  './foundry': ['@noble/curves', '@noble/hashes'],
};

const entries = Object.keys(manifest.exports).filter((entry) => !entry.includes('*'));
const specifier = (entry: string) => manifest.name + entry.slice(1);

let project: string;

beforeAll(async () => {
  if (!existsSync(join(root, 'dist/index.js'))) throw new Error('there is no dist/: npm run build');
  project = await mkdtemp(join(tmpdir(), 'tdx-codec-package-'));
  await writeFile(join(project, 'package.json'), '{ "name": "consumer", "private": true, "type": "module" }');
  await run('npm', ['pack', '--ignore-scripts', '--pack-destination', project], { cwd: root });
  const tarball = join(project, `${manifest.name}-${manifest.version}.tgz`);
  const quiet = ['--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts'];
  await run('npm', ['install', '--prefix', project, tarball, ...quiet], { cwd: project });
});

afterAll(async () => {
  if (project) await rm(project, { recursive: true, force: true });
});

/** The packages that loading an entry point reads from, other than this one. */
async function packagesBehind(entry: string): Promise<string[]> {
  const { metafile } = await build({
    stdin: { contents: `import * as all from '${specifier(entry)}'; console.log(all)`, resolveDir: project },
    absWorkingDir: project,
    bundle: true,
    format: 'esm',
    platform: 'node',
    metafile: true,
    write: false,
    logLevel: 'silent',
  });
  const names = Object.keys(metafile.inputs).flatMap((path) => {
    const name = /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1];
    return name === undefined || name === manifest.name ? [] : [name];
  });
  return [...new Set(names)].toSorted();
}

describe.each(entries)('package %s', (entry) => {
  test('plain Node loads it and finds exports', async () => {
    const program = `console.log(Object.keys(await import('${specifier(entry)}')).length)`;
    const { stdout, stderr } = await run(process.execPath, ['--input-type=module', '-e', program], { cwd: project });
    expect(stderr).toBe('');
    expect(Number(stdout)).toBeGreaterThan(0);
  });

  test(`its module graph reaches ${mayLoad[entry]?.join(', ') ?? 'no package from npm'}`, async () => {
    expect(await packagesBehind(entry)).toEqual(mayLoad[entry] ?? []);
  });
});

describe('package', () => {
  test.each([
    ['TypeScript 6', 'node_modules/typescript/bin/tsc6'],
    ['TypeScript 7', 'node_modules/@typescript/native/bin/tsc'],
  ])('%s accepts its types, with no Node types and no skipLibCheck', async (_, compiler) => {
    const lines = entries.map(
      (entry, i) => `import * as entry${i} from '${specifier(entry)}';\nexport { entry${i} };\n`,
    );
    await writeFile(join(project, 'consumer.ts'), lines.join(''));
    // Since TypeScript 6 no @types are taken in unasked.
    const options = '--noEmit --strict --module nodenext --target es2022 --lib es2022,webworker'.split(' ');
    const outcome = await run(process.execPath, [join(root, compiler), ...options, 'consumer.ts'], {
      cwd: project,
    }).catch((error: { stdout: string }) => error);
    expect(outcome.stdout).toBe('');
  });

  test('its files are the built modules, the schemas, the pages of the structures and the notices', async () => {
    const { stdout } = await run('npm', ['pack', '--ignore-scripts', '--dry-run', '--json'], { cwd: root });
    const [{ files }]: [{ files: { path: string }[] }] = JSON.parse(stdout);
    const others = files
      .map((file) => file.path)
      .filter((path) => !/^(dist\/.*\.(js|d\.ts)|schemas\/.*\.json|docs\/structs\/.*\.(md|svg))$/.test(path));
    expect(others.toSorted()).toEqual(['CHANGELOG.md', 'LICENSE', 'README.md', 'SECURITY.md', 'package.json']);
  });

  test.each(Object.entries(manifest.bin))('npm links its command %s', async (name) => {
    expect(existsSync(join(project, 'node_modules/.bin', name))).toBe(true);
  });
});
