// npm test -- recipe: adds a struct to a copy of the project, as CONTRIBUTING.md says, with the lines that stand there.
import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const copy = mkdtempSync(join(tmpdir(), 'tdx-codec-recipe-'));
process.on('exit', () => rmSync(copy, { recursive: true }));
const tracked = spawnSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' })
  .stdout.split('\0')
  .filter(Boolean);
for (const file of tracked) if (existsSync(join(root, file))) cpSync(join(root, file), join(copy, file));
symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));

const recipe = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8');
const blocks = [...recipe.matchAll(/^ {3}```ts (\S+)\n(.*?)^ {3}```$/gms)];
for (const [, file, indented] of blocks) {
  const path = join(copy, file);
  const lines = indented.replace(/^ {3}/gm, '');
  // A row goes to the end of the list, all else to the end of the file.
  if (lines.startsWith(' '))
    writeFileSync(path, readFileSync(path, 'utf8').replace(/^\];\n(?![\s\S]*^\];$)/m, `${lines}];\n`));
  else appendFileSync(path, lines);
}
const changelog = join(copy, 'CHANGELOG.md');
writeFileSync(changelog, readFileSync(changelog, 'utf8').replace('### Added\n\n', '$&- `MigrationKey`.\n'));

function run(...command) {
  const { status } = spawnSync(command[0], command.slice(1), { cwd: copy, stdio: 'inherit' });
  if (status !== 0) process.exit(1);
}
run('git', 'init', '-q');
run('npm', 'run', '-s', 'gen');
run('npm', 'run', '-s', 'format');
run('npm', 'test', '--', 'types', 'format', 'drift', 'tests');
