// npm run gen                  writes every generated file
// npm run gen -- docs          this part only
// npm run gen -- --check       writes nothing; fails when a committed file differs
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { docs } from './gen/docs.ts';
import type { Part } from './gen/part.ts';
import { schemas } from './gen/schemas.ts';
import { vectors } from './gen/vectors.ts';
import { verifiers } from './gen/verifiers.ts';

const PARTS: readonly Part[] = [docs, schemas, vectors, verifiers];

const { values, positionals } = parseArgs({ options: { check: { type: 'boolean' } }, allowPositionals: true });
const unknown = positionals.filter((name) => !PARTS.some((part) => part.name === name));
if (unknown.length > 0) {
  console.error(`no part ${unknown.join(', ')}; there are: ${PARTS.map((part) => part.name).join(' ')}`);
  process.exit(1);
}

function present(part: Part): string[] {
  return part.owns
    .filter((path) => existsSync(path))
    .flatMap((path) =>
      statSync(path).isDirectory()
        ? readdirSync(path, { recursive: true }).map((name) => join(path, String(name)))
        : path,
    )
    .filter((path) => statSync(path).isFile());
}

let differing = 0;
for (const part of PARTS.filter(({ name }) => positionals.length === 0 || positionals.includes(name))) {
  const files = await part.files();
  const differ = (path: string, what: string, mend: () => void): void => {
    differing++;
    console.log(`${path}: ${what}`);
    if (!values.check) mend();
  };
  for (const [path, content] of files) {
    const was = existsSync(path) ? readFileSync(path) : undefined;
    if (was?.equals(Buffer.from(content as string))) continue;
    differ(path, was === undefined ? 'new' : 'differs', () => {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content);
    });
  }
  for (const path of present(part)) if (!files.has(path)) differ(path, 'stale', () => rmSync(path));
}
if (values.check && differing > 0) {
  console.error(`${differing} generated files are not what the sources say: run npm run gen and commit`);
  process.exit(1);
}
