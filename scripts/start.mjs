// npm start            builds, then inspects a bundled quote
// npm start -- FILE    builds, then inspects FILE ("-" reads standard input)
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

function run(...args) {
  const { status, error } = spawnSync(process.execPath, args, { stdio: 'inherit' });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

// npm moves to the package's folder; names on the command line are relative to where the user stands.
const from = process.env.INIT_CWD ?? process.cwd();
const given = process.argv.slice(2).map((arg) => (arg.startsWith('-') ? arg : resolve(from, arg)));

run(`${root}scripts/build.mjs`);
run(
  `${root}dist/cli/main.js`,
  'inspect',
  ...(given.length > 0 ? given : [`${root}test/vectors/quote-v4/sample-tdx.bin`]),
);
