// The vectors as other projects take them.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';

const cwd = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'tdx-codec-pack-'));
afterAll(() => rmSync(folder, { recursive: true }));
beforeAll(() => {
  execFileSync(process.execPath, ['scripts/vectors/pack.mjs', join(folder, 'pack.tgz')], { cwd });
  execFileSync('tar', ['-xzf', join(folder, 'pack.tgz'), '--strip-components=1', '-C', folder]);
});
const text = (path: string) => readFileSync(join(folder, path), 'utf8');
const files = (): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => /^[^/]+\/[^/]+\.(json|bin)$/.test(path));

vi.setConfig({ testTimeout: 30_000 });

describe('the pack of vectors', () => {
  test('it has the same bytes every time', () => {
    execFileSync(process.execPath, ['scripts/vectors/pack.mjs', join(folder, 'again.tgz')], { cwd });
    expect(Buffer.compare(readFileSync(join(folder, 'pack.tgz')), readFileSync(join(folder, 'again.tgz')))).toBe(0);
    rmSync(join(folder, 'again.tgz'));
  });

  test('it has every file of the folder, and no other name outside of one folder', () => {
    const listed = execFileSync('tar', ['-tf', join(folder, 'pack.tgz')], { encoding: 'utf8' })
      .trimEnd()
      .split('\n');
    expect(listed.every((path) => /^tdx-codec-vectors-[^/]+\//.test(path))).toBe(true);
    const there = readdirSync(join(cwd, 'test/vectors'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.parentPath.endsWith('__pycache__'))
      .map((entry) => relative(join(cwd, 'test/vectors'), join(entry.parentPath, entry.name)));
    const packed = new Set(listed.map((path) => path.slice(path.indexOf('/') + 1)));
    expect(there.filter((path) => !packed.has(path))).toEqual([]);
  });

  test('it has what another project needs beside the vectors', () => {
    const beside = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile());
    expect(beside.map(({ name }) => name).toSorted()).toEqual(
      [
        'Cargo.toml',
        'LICENSE',
        'README.md',
        'go.mod',
        'manifest.json',
        'pack.tgz',
        'read.py',
        'vector.schema.json',
        'vectors.go',
      ].toSorted(),
    );
    expect(text('LICENSE')).toMatch(/^CC0-1\.0\n/);
    expect(text('Cargo.toml')).toContain('license = "CC0-1.0"');
  });

  test('manifest and crate have the version of the package', () => {
    const { version } = JSON.parse(readFileSync(join(cwd, 'package.json'), 'utf8'));
    expect(JSON.parse(text('manifest.json'))).toMatchObject({ format: 1, version, license: 'CC0-1.0' });
    expect(text('Cargo.toml')).toContain(`version = "${version}"`);
  });

  test('every vector is of the schema', () => {
    const validate = new Ajv2020({ strict: true, strictRequired: false, allErrors: true }).compile(
      JSON.parse(text('vector.schema.json')),
    );
    const vectors = files().filter((path) => path.endsWith('.json'));
    const wrong = vectors.filter((path) => !validate(JSON.parse(text(path))));
    expect(wrong).toEqual([]);
    expect(vectors.length).toBe(JSON.parse(text('manifest.json')).vectors.length);
  });

  test.each([
    ['a key more', { extra: 1 }],
    ['no value', { value: undefined }],
    ['bytes and a file', { bin: 'x.bin' }],
    ['hex in capitals', { bytes: 'AB' }],
  ])('the schema refuses %s', (_, change) => {
    const validate = new Ajv2020({ strict: true, strictRequired: false }).compile(
      JSON.parse(text('vector.schema.json')),
    );
    const good = JSON.parse(text('quote-header/counting.json'));
    expect([validate(good), validate({ ...good, ...change })]).toEqual([true, false]);
  });

  test('the crate has every file, sorted as it looks for them', () => {
    const listed = [...text('src/lib.rs').matchAll(/\("([^"]+)", include_bytes!/g)].map(([, path = '']) => path);
    expect(listed).toEqual(files().toSorted());
  });
});
