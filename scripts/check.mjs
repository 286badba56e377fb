// npm test                      every check
// npm test -- lint types        these stages only, with what they need
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'tdx-codec-check-'));
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));
const counts = join(scratch, 'tests.json');
const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const tarball = join(scratch, `${name}-${version}.tgz`);

const isColoured = process.stdout.isTTY && !process.env.NO_COLOR;

const bin = (name, ...args) => [join(root, 'node_modules/.bin', name), ...args];
const tsc7 = (config) => [process.execPath, join(root, 'node_modules/@typescript/native/bin/tsc'), '-p', config];

// Two run at a time, in this order, each once what it needs has passed. A stage `onRequest` runs only when named.
const stages = [
  { name: 'build', run: [process.execPath, join(root, 'scripts/build.mjs')] },
  { name: 'types', run: tsc7('tsconfig.json') },
  {
    name: 'tests',
    needs: 'build',
    show: true,
    run: bin('vitest', 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${counts}`),
  },
  { name: 'types-core', run: tsc7('tsconfig.core.json') },
  { name: 'format', run: bin('biome', 'ci', '--error-on-warnings', `--colors=${isColoured ? 'force' : 'off'}`, '.') },
  { name: 'lint', run: bin('oxlint') },
  { name: 'drift', run: ['npm', 'run', '-s', 'check:drift'] },
  { name: 'docs', needs: 'build', run: bin('typedoc', '--emit', 'none') },
  { name: 'unused', run: bin('knip', '-t', 'tsconfig.build.json') },
  { name: 'size', needs: 'build', run: bin('size-limit') },
  { name: 'pack', needs: 'build', run: ['npm', 'pack', '--ignore-scripts', '--pack-destination', scratch] },
  { name: 'publint', needs: 'pack', run: bin('publint', 'run', tarball, '--strict') },
  { name: 'recipe', onRequest: true, run: [process.execPath, join(root, 'scripts/recipe.mjs')] },
];

const names = process.argv.slice(2);
const unknown = names.filter((name) => !stages.some((stage) => stage.name === name));
if (unknown.length > 0) {
  console.error(`no stage ${unknown.join(', ')}; there are: ${stages.map((stage) => stage.name).join(' ')}`);
  process.exit(1);
}
const wanted = new Set(
  names.length > 0 ? names : stages.filter((stage) => !stage.onRequest).map((stage) => stage.name),
);
for (const stage of stages.toReversed()) if (wanted.has(stage.name) && stage.needs) wanted.add(stage.needs);

const env = { ...process.env, ...(isColoured ? { FORCE_COLOR: '1' } : { NO_COLOR: '1' }) };

function start(stage) {
  const began = performance.now();
  const [command, ...args] = stage.run;
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
    const output = [];
    child.stdout.on('data', (chunk) => output.push(chunk));
    child.stderr.on('data', (chunk) => output.push(chunk));
    const end = (ok) => {
      console.log(`${ok ? 'ok    ' : 'FAILED'} ${stage.name} ${((performance.now() - began) / 1000).toFixed(1)} s`);
      if (!ok || stage.show)
        console.log(
          Buffer.concat(output)
            .toString()
            .trimEnd()
            .replace(/^/gm, ok ? '' : '  '),
        );
      resolve(ok);
    };
    child.on('error', (error) => {
      output.push(Buffer.from(String(error)));
      end(false);
    });
    child.on('close', (code) => end(code === 0));
  });
}

const began = performance.now();
const waiting = stages.filter((stage) => wanted.has(stage.name));
const passed = new Set();
const failed = [];
const running = new Set();
while (waiting.length > 0 || running.size > 0) {
  const lost = waiting.findIndex((stage) => failed.includes(stage.needs));
  const next = running.size < 2 ? waiting.findIndex((stage) => !stage.needs || passed.has(stage.needs)) : -1;
  if (lost >= 0) {
    const [stage] = waiting.splice(lost, 1);
    console.log(`FAILED ${stage.name}: it needs ${stage.needs}`);
    failed.push(stage.name);
  } else if (next >= 0) {
    const [stage] = waiting.splice(next, 1);
    const job = start(stage).then((ok) => {
      running.delete(job);
      if (ok) passed.add(stage.name);
      else failed.push(stage.name);
    });
    running.add(job);
  } else {
    await Promise.race(running);
  }
}

const seconds = ((performance.now() - began) / 1000).toFixed(1);
console.log(
  `\n${passed.size} of ${wanted.size} stages ok in ${seconds} s${failed.length > 0 ? `; FAILED: ${failed.join(', ')}` : ''}`,
);
if (existsSync(counts)) {
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests } = JSON.parse(readFileSync(counts, 'utf8'));
  console.log(`${numPassedTests} passed, ${numFailedTests} failed, ${numPendingTests + numTodoTests} skipped`);
}
process.exit(failed.length > 0 ? 1 : 0);
