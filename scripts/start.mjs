// npm start            builds, then gets a quote from a simulated TD and inspects it
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
const command = `${root}dist/cli/main.js`;
if (given.length > 0) {
  run(command, 'inspect', ...given);
} else {
  const reportdata = Buffer.from('npm start of tdx-codec, in a TD that is simulated').toString('hex');
  run(command, 'quote', '--report-data', reportdata, '--inspect');
}
