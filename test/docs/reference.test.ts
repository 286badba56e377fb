import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const json = (name: string) =>
  JSON.parse(readFileSync(fileURLToPath(new URL(`../../${name}`, import.meta.url)), 'utf8'));

test('the reference covers every entry point', () => {
  const { exports }: { exports: Record<string, { default: string } | string> } = json('package.json');
  const { entryPoints }: { entryPoints: string[] } = json('typedoc.json');
  const modules = Object.values(exports)
    .map((entry) => (typeof entry === 'string' ? entry : entry.default))
    .filter((path) => path.endsWith('.js'))
    .map((path) => path.replace('./dist/', 'src/').replace(/js$/, 'ts'));
  expect(entryPoints.toSorted()).toEqual(modules.toSorted());
});
