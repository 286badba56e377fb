// npm run interop                 runs the programs of interop/ in the languages that are installed
// npm run interop -- go rust      these only
// npm run interop -- --all        one that cannot run counts as failed
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join(root, 'interop');
const cache = join(folder, '.cache');
const data = join(cache, 'data');
const venv = join(cache, 'python');

/** Whether a command runs and ends well. */
const runs = (command, ...args) => spawnSync(command, args, { stdio: 'ignore' }).status === 0;

/** Runs a command where its output can be seen; gives whether it ends well. */
function show(cwd, env, command, ...args) {
  const { status, error } = spawnSync(command, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (error) console.error(`${command}: ${error.message}`);
  return status === 0;
}

/** The virtual environment, made anew when requirements.txt is another one. */
function python(cwd) {
  const made = join(venv, 'requirements.txt');
  const wanted = readFileSync(join(cwd, 'requirements.txt'), 'utf8');
  const bin = join(venv, 'bin/python');
  if (!existsSync(made) || readFileSync(made, 'utf8') !== wanted) {
    const install = [
      '-m',
      'pip',
      'install',
      '--quiet',
      '--disable-pip-version-check',
      '--require-hashes',
      '-r',
      'requirements.txt',
    ];
    if (!show(cwd, {}, 'python3', '-m', 'venv', '--clear', venv) || !show(cwd, {}, bin, ...install)) return false;
    writeFileSync(made, wanted);
  }
  return show(cwd, {}, bin, 'main.py', data);
}

const programs = [
  {
    name: 'go',
    lacks: () => !runs('go', 'version') && 'there is no go',
    run: (cwd) =>
      show(cwd, { GOCACHE: join(cache, 'go'), GOFLAGS: '-mod=readonly', GOTOOLCHAIN: 'local' }, 'go', 'run', '.', data),
  },
  {
    name: 'rust',
    lacks: () => !runs('cargo', '--version') && 'there is no cargo',
    run: (cwd) =>
      show(cwd, { CARGO_TARGET_DIR: join(cache, 'rust') }, 'cargo', 'run', '--quiet', '--locked', '--', data),
  },
  {
    name: 'python',
    lacks: () =>
      (!runs('python3', '--version') && 'there is no python3') ||
      (!runs('python3', '-c', 'import ensurepip, venv') && 'python3 has no venv'),
    run: python,
  },
];

const args = process.argv.slice(2);
const isAll = args.includes('--all');
const names = args.filter((arg) => arg !== '--all');
const unknown = names.filter((name) => !programs.some((program) => program.name === name));
if (unknown.length > 0) {
  console.error(`no language ${unknown.join(', ')}; there are: ${programs.map(({ name }) => name).join(' ')}`);
  process.exit(1);
}

const wanted = programs.filter(({ name }) => names.length === 0 || names.includes(name));
const skipped = wanted.filter(({ name, lacks }) => {
  const reason = lacks();
  if (reason) console.log(`SKIPPED ${name}: ${reason}`);
  return reason;
});
const able = wanted.filter((program) => !skipped.includes(program));
if (able.length > 0) {
  mkdirSync(cache, { recursive: true });
  execFileSync(process.execPath, ['scripts/ts.mjs', 'scripts/interop/data.ts', data], { cwd: root, stdio: 'inherit' });
}
const failed = able.filter(({ name, run }) => {
  const began = performance.now();
  const ok = run(join(folder, name));
  console.log(`${ok ? 'ok    ' : 'FAILED'} ${name} ${((performance.now() - began) / 1000).toFixed(1)} s`);
  return !ok;
});
const count = (programs) => (programs.length > 0 ? programs.map(({ name }) => name).join(', ') : 'none');
console.log(
  `interop: agree ${count(able.filter((program) => !failed.includes(program)))}; failed ${count(failed)}; skipped ${count(skipped)}`,
);
process.exit(failed.length > 0 || (isAll && skipped.length > 0) ? 1 : 0);
