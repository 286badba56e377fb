import { dump, type Identified, identify, meaning, toJson, view } from '../index.ts';
import { type Command, Failure, type Given, MALFORMED, OK, USAGE } from './command.ts';
import { hexdump } from './hexdump.ts';
import { headline, layoutFor } from './identified.ts';
import { kindOf } from './layouts.ts';
import { print, readAll, titleOf } from './stream.ts';
import { columns, paint, wrap } from './style.ts';
import { summaryLines } from './summary.ts';
import { tree } from './tree.ts';

/** How much is shown. */
export interface Showing {
  readonly strict: boolean;
  readonly hex: boolean;
}

/** What fields mean, by path; nothing for bytes that do not fit their layout. */
function meaningsOf({ layout, bytes }: Identified): Readonly<Record<string, string>> {
  try {
    return layout ? meaning(layout, bytes as never).fields : {};
  } catch {
    return {};
  }
}

/** Prints what the input is and holds; gives the exit code. */
export async function show(input: Uint8Array, title: string, { strict, hex }: Showing): Promise<number> {
  const it = identify(input);
  const width = columns();
  const odd = new Set(it.findings);
  const notes = it.notes.flatMap((note) =>
    wrap(note, width - 2).map((line) => (odd.has(note) ? paint('yellow', `  ${line}`) : `  ${line}`)),
  );
  await print(`${[paint('bold', headline(it)), ...notes, ...summaryLines(it, width)].join('\n')}\n`);
  const hasFields = it.layout !== undefined || it.kind === 'unknown';
  if (!hasFields) return OK;
  const rows = dump(layoutFor(it, title), it.bytes, { strict });
  const fields = tree(rows, meaningsOf(it), width);
  const dumped = hex ? [...(fields.length > 0 ? [''] : []), ...hexdump(rows, width)] : [];
  if (fields.length + dumped.length > 0) await print(`\n${[...fields, ...dumped].join('\n')}\n`);
  const error = rows.at(-1)?.error;
  if (error) process.stderr.write(`${error.message}\n`);
  return error ? MALFORMED : OK;
}

/** What the input is, means and holds, as data. */
function documentOf(input: Uint8Array, title: string, strict: boolean): object {
  const it = identify(input);
  const layout = layoutFor(it, title);
  const opened = view(layout, it.bytes, { strict }) as never;
  const { summary, notes } = meaning(layout, opened);
  const said = [...it.notes, ...notes.filter((note) => !it.notes.includes(note))];
  return {
    kind: kindOf(layout),
    layout: layout.name,
    size: it.bytes.length,
    summary,
    notes: said,
    value: toJson(layout, opened),
  };
}

export const inspect: Command = {
  options: { strict: { type: 'boolean' }, 'no-hex': { type: 'boolean' }, json: { type: 'boolean' } },
  help: `tdx-codec inspect [--strict] [--no-hex | --json] FILE...

Shows what a file is: a summary of what is most asked, its fields as a tree with what they mean, and every byte with the
field that it belongs to. Of bytes that do not fit, all that lies in front of the failing field, then the error (exit 2).
Input as for decode; - is standard input. Nothing is verified.

  --strict   refuse reserved bytes that are not zero, unknown bits and unknown tags
  --no-hex   summary and tree alone
  --json     the same as data: kind, layout, size, summary, notes, value

Examples
  tdx-codec inspect quote.bin
  tdx-codec inspect --no-hex quote.hex | less
  tdx-codec inspect --json quote.bin | jq .summary.fmspc
`,
  async run({ flags, names }: Given) {
    if (names.length === 0) throw new Failure(USAGE, 'which file? Give a name, or - for standard input.');
    const strict = flags.has('strict');
    let exit = OK;
    for (const [i, name] of names.entries()) {
      const input = await readAll(name);
      if (flags.has('json')) {
        await print(`${JSON.stringify(documentOf(input, titleOf(name), strict), undefined, 2)}\n`);
        continue;
      }
      if (names.length > 1) await print(`${i > 0 ? '\n' : ''}${paint('dim', `${titleOf(name)}:`)}\n`);
      exit = Math.max(exit, await show(input, titleOf(name), { strict, hex: !flags.has('no-hex') }));
    }
    return exit;
  },
};
