// What the reading core costs to ship and to start: view and all quote tables, bundled as an application would bundle them.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const project = fileURLToPath(new URL('..', import.meta.url));
const QUOTES = ['Quote', 'QuoteV3', 'QuoteV4', 'QuoteV5'];

async function bundle(contents) {
  const { build } = await import('esbuild');
  const { outputFiles, metafile } = await build({
    stdin: { contents, resolveDir: project, loader: 'js' },
    bundle: true,
    minify: true,
    format: 'iife',
    globalName: 'core',
    target: 'es2022',
    platform: 'neutral',
    write: false,
    metafile: true,
  });
  return {
    code: outputFiles[0].text,
    gzip: gzipSync(outputFiles[0].contents, { level: 9 }).length,
    packages: Object.keys(metafile.inputs).filter((input) => input.includes('node_modules')),
  };
}

/** Compiling and running the script, without reading it: the median of 15 fresh processes. */
function evaluation(code) {
  const dir = mkdtempSync(join(tmpdir(), 'core-'));
  const file = join(dir, 'core.js');
  writeFileSync(file, code);
  const program = `const code = require('fs').readFileSync(process.argv[1], 'utf8'), { Script } = require('vm');
    const from = performance.now(); new Script(code).runInThisContext(); process.stdout.write(String(performance.now() - from));`;
  const samples = Array.from({ length: 15 }, () =>
    Number(spawnSync(process.execPath, ['-e', program, file], { encoding: 'utf8' }).stdout),
  );
  rmSync(dir, { recursive: true });
  return samples.sort((a, b) => a - b)[7];
}

export async function core() {
  if (!existsSync(join(project, 'dist/view.js'))) return null;
  const structs = readFileSync(join(project, 'dist/structs/index.js'), 'utf8');
  const quotes = QUOTES.filter((name) => new RegExp(`\\b${name}\\b`).test(structs));
  const quote = await bundle(
    `export { view } from './dist/view.js'; export { ${quotes.join(', ')} } from './dist/structs/index.js';`,
  );
  const all = await bundle(`export * from './dist/view.js'; export * from './dist/structs/index.js';`);
  return {
    gzip: quote.gzip,
    ms: evaluation(quote.code),
    packages: all.packages,
    allGzip: all.gzip,
    allMs: evaluation(all.code),
  };
}
