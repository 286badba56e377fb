// What the programs of interop/ work on, written to a folder: the packed vectors, all fixtures under Intel's common names, and our reading of
// every quote of the corpus, where there is one. Used by npm run interop.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { packAll, VERIFIERS } from '../../src/foundry/index.ts';
import { toJson } from '../../src/json.ts';
import { Quote } from '../../src/structs/index.ts';
import { LayoutError } from '../../src/view.ts';

const target = process.argv[2]!;
const corpus = process.env['TDX_CORPUS'] ?? '../shared/corpus';

rmSync(target, { recursive: true, force: true });
mkdirSync(join(target, 'vectors'), { recursive: true });
const save = (path: string, content: string | Uint8Array): void => {
  const file = join(target, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
};

const tgz = join(target, 'vectors.tgz');
execFileSync(process.execPath, ['scripts/vectors/pack.mjs', tgz]);
execFileSync('tar', ['-xzf', tgz, '--strip-components=1', '-C', join(target, 'vectors')]);

for (const files of packAll({ seed: 'tdx-codec interop', names: 'intel' }))
  for (const [path, bytes] of Object.entries(files)) save(`fixtures/${path}`, bytes);

/** Where a quote of the corpus is, and what we read in it. The bytes stay where they are. */
const quotes = (): object[] =>
  JSON.parse(readFileSync(join(corpus, 'manifest.json'), 'utf8'))
    .filter(({ kind, file }: { kind: string; file: string }) => kind === 'quote' && file.endsWith('.bin'))
    .map(({ file }: { file: string }) => {
      const path = resolve(corpus, 'files', file);
      try {
        return { name: file, path, value: toJson(Quote, Uint8Array.from(readFileSync(path))) };
      } catch (error) {
        if (error instanceof LayoutError) return { name: file, path, error: error.message };
        throw error;
      }
    });
save('verifiers.json', JSON.stringify(VERIFIERS));
save('corpus.json', JSON.stringify(existsSync(join(corpus, 'manifest.json')) ? quotes() : []));
