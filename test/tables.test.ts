// The formatter leaves tables alone (biome.json says where); this keeps them in columns.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const files = ['src/structs', 'src/uapi', 'src/foundry/defects', 'scripts/vectors'].flatMap((folder) =>
  readdirSync(join(root, folder))
    .filter((name) => name.endsWith('.ts'))
    .map((name) => `${folder}/${name}`),
);

/** What is out of place, with its line. */
function untidy(text: string): string[] {
  const found: string[] = [];
  // Where the types of the table begin that the last lines are of.
  let column: number | undefined;
  text.split('\n').forEach((line, i) => {
    const says = (what: string) => found.push(`${i + 1}: ${what}: ${line.trim()}`);
    if (/[\t\r]| $/.test(line)) says('a tab, or a space at the end');
    if (/^(?: {2})* [^ *]/.test(line)) says('not indented by twos');
    const row = /^ +\w+: +(?=(?:at|next)\()/.exec(line)?.[0].length;
    const isInside = /^ +(\/?\*|\/\/|\.\.\.)/.test(line);
    if (row !== undefined && column !== undefined && row !== column) says('out of its column');
    if (row !== undefined || !isInside) column = row;
  });
  return found;
}

test.each(files)('the tables of %s stand in columns', (file) => {
  expect(untidy(readFileSync(join(root, file), 'utf8'))).toEqual([]);
});

test('a row that is out of its column is found', () => {
  expect(untidy('  a: at(0, u8),\n  /** b */\n  bb: at(1, u8),\n')).toEqual(['3: out of its column: bb: at(1, u8),']);
});
