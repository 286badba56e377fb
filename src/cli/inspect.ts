import { certificates, type DumpRow, dump, identify } from '../index.ts';
import { type Command, type Given, MALFORMED, OK, oneName } from './command.ts';
import { hexdump } from './hexdump.ts';
import { headline, layoutFor } from './identified.ts';
import { print, readAll, titleOf } from './stream.ts';
import { columns, paint, wrap } from './style.ts';

const isZero = (bytes: Uint8Array): boolean => bytes.every((byte) => byte === 0);
const counted = (n: number, one: string): string => `${n} ${one}${n === 1 ? '' : 's'}`;

/** Bytes longer than this are not shown in the tree; the hexdump has them. */
const MOST = 64;
const PLAIN = /^[\n\r\t\x20-\x7e]+\0?$/;

/** What a field holds, in lines of at most `width`. */
function shown({ bytes, value }: DumpRow, width: number): string[] {
  if (value !== '') {
    const [raw = '', ...flags] = value.split(' ');
    const number = Number(raw);
    const also = !raw.startsWith('0x') && number > 9 ? paint('dim', ` = 0x${number.toString(16)}`) : '';
    return [
      `${raw}${also}`,
      ...(flags.length > 0 ? wrap(flags.join(' '), width).map((line) => paint('cyan', line)) : []),
    ];
  }
  if (bytes.length === 0) return [paint('dim', 'none')];
  const found = certificates(bytes);
  const [first] = found;
  if (first?.bytes.byteOffset === bytes.byteOffset) {
    const sizes = found.map((each) => each.bytes.length).join(', ');
    return [`${counted(found.length, 'certificate')}, ${first.format.toUpperCase()}, of ${sizes} bytes`];
  }
  if (bytes.length > 4 && isZero(bytes)) return [paint('dim', `${bytes.length} zero bytes`)];
  if (bytes.length > MOST) {
    const text = Buffer.from(bytes).toString('latin1');
    const start = PLAIN.test(text)
      ? JSON.stringify(text.slice(0, 40)).slice(1, -1)
      : Buffer.from(bytes.subarray(0, 16)).toString('hex');
    return [`${start}... ${paint('dim', `${bytes.length} bytes`)}`];
  }
  const each = Math.floor(width / 16) * 8;
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += each)
    lines.push(Buffer.from(bytes.subarray(at, at + each)).toString('hex'));
  return lines;
}

/** The names of a path behind the name of the layout. */
const namesOf = (path: string): string[] => path.split('.').slice(1);

/** The fields as a tree: a heading for each structure, and what its fields hold. */
function tree(rows: readonly DumpRow[]): string[] {
  const fields = rows.filter(({ error }) => !error);
  const indentOf = (names: readonly string[]): number => 2 * names.length;
  const left =
    Math.min(
      Math.max(
        0,
        ...fields.map(({ path }) => {
          const names = namesOf(path);
          return indentOf(names) + (names.at(-1)?.length ?? 0);
        }),
      ),
      36,
    ) + 2;
  const lines: string[] = [];
  let open: string[] = [];
  for (const row of fields) {
    const names = namesOf(row.path);
    const parents = names.slice(0, -1);
    const same = parents.findIndex((name, i) => name !== open[i]);
    if (same >= 0) {
      for (let i = same; i < parents.length; i++)
        lines.push(`${' '.repeat(2 * i + 2)}${paint('bold', parents[i] ?? '')}`);
    }
    open = parents;
    const name = `${' '.repeat(indentOf(names))}${names.at(-1) ?? row.path}`;
    const [first = '', ...more] = shown(row, columns() - left - 1);
    lines.push(`${name.padEnd(left)}${first}`, ...more.map((line) => ' '.repeat(left) + line));
  }
  return lines;
}

/** Prints what the input is and holds; gives the exit code. */
export async function show(input: Uint8Array, title: string, strict: boolean): Promise<number> {
  const it = identify(input);
  const width = columns();
  const notes = it.notes.flatMap((note) => wrap(note, width - 2)).map((line) => paint('yellow', `  ${line}`));
  await print(`${[paint('bold', headline(it)), ...notes].join('\n')}\n`);
  const hasFields = it.layout !== undefined || it.kind === 'unknown';
  if (!hasFields) return OK;
  const rows = dump(layoutFor(it, title), it.bytes, { strict: strict });
  const fields = tree(rows);
  await print(`\n${[...fields, ...(fields.length > 0 ? [''] : []), ...hexdump(rows)].join('\n')}\n`);
  const error = rows.at(-1)?.error;
  if (error) process.stderr.write(`${error.message}\n`);
  return error ? MALFORMED : OK;
}

export const inspect: Command = {
  summary: 'what is in a file, for people: a tree and an annotated hexdump',
  options: { strict: { type: 'boolean' } },
  help: `tdx-codec inspect [--strict] FILE|-

Shows what a file is, its fields as a tree, and every byte with the field that it belongs to. Of bytes that do not
fit, all that lies in front of the failing field, then the error (exit 2). Input as for decode. Nothing is verified.

  --strict   refuse reserved bytes that are not zero, unknown bits and unknown tags

Examples
  tdx-codec inspect quote.bin
  tdx-codec inspect quote.hex | less
  echo 0x0400... | tdx-codec inspect -
`,
  async run(given: Given) {
    const name = oneName(given);
    return show(await readAll(name), titleOf(name), given.flags.has('strict'));
  },
};
