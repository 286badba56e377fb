// node scripts/ts.mjs FILE.ts [ARG...]: runs a TypeScript program, which Node 20 cannot do by itself.
// The program and what it imports of ours become one module, so it finds files from the working directory,
// not from import.meta.
import { mkdtempSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const [file, ...args] = process.argv.slice(2);
if (file === undefined) {
  console.error('usage: node scripts/ts.mjs FILE.ts [ARG...]');
  process.exit(1);
}

// Inside node_modules, so that packages resolve from there.
const folder = mkdtempSync(fileURLToPath(new URL('../node_modules/.ts-', import.meta.url)));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

const outfile = join(folder, 'program.mjs');
await build({
  entryPoints: [resolve(file)],
  outfile,
  bundle: true,
  packages: 'external',
  platform: 'node',
  format: 'esm',
  target: 'node20',
  sourcemap: 'inline',
  logLevel: 'warning',
});
process.setSourceMapsEnabled(true);
process.argv = [process.argv[0], resolve(file), ...args];
await import(pathToFileURL(outfile).href);
