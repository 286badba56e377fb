import { diff as differing, type Identified, identify, type Json } from '../index.ts';
import { type Command, DIFFERS, Failure, type Given, MALFORMED, OK, USAGE } from './command.ts';
import { headline, layoutFor } from './identified.ts';
import { kindOf, layouts } from './layouts.ts';
import { print, readAll, titleOf } from './stream.ts';
import { columns, paint } from './style.ts';
import { rows } from './summary.ts';

const text = (json: Json | undefined): string =>
  json === undefined ? 'not there' : typeof json === 'string' ? json : JSON.stringify(json);

/** The value of one side, in lines that fit; the middle of long ones left out. */
function side(sign: string, json: Json | undefined): string[] {
  const all = text(json);
  const short = all.length > 512 ? `${all.slice(0, 64)}... ${all.length} characters` : all || 'nothing';
  return rows(short, columns() - 4).map((line, i) => `  ${i === 0 ? sign : ' '} ${line}`);
}

export const diff: Command = {
  options: { json: { type: 'boolean' } },
  help: `tdx-codec diff [--json] A B

Says in which fields two files differ, lengths and trailing bytes included. Both are read as for decode and have to be of
one kind. Exit 3 when anything differs, 0 when nothing does.

  --json   as data: [{"path": ..., "a": ..., "b": ...}]

Examples
  tdx-codec diff yesterday.bin today.bin
  tdx-codec diff --json quote.bin quote.hex
`,
  async run({ flags, names }: Given) {
    const [first, second, ...more] = names;
    if (first === undefined || second === undefined || more.length > 0)
      throw new Failure(USAGE, `two files to compare, please; ${names.length} given.`);
    const read = async (name: string): Promise<Identified> => identify(await readAll(name));
    const [a, b] = [await read(first), await read(second)];
    const [kindA, kindB] = [kindOf(layoutFor(a, titleOf(first))), kindOf(layoutFor(b, titleOf(second)))];
    if (kindA !== kindB) throw new Failure(MALFORMED, `one is a ${kindA}, the other a ${kindB}.`);
    const layout = layouts.get(kindA)!;
    const all = differing(layout, a.bytes as never, b.bytes as never);
    if (flags.has('json')) await print(`${JSON.stringify(all, undefined, 2)}\n`);
    else if (all.length === 0) await print(`No field differs: ${headline(a)}.\n`);
    else
      await print(
        `${all
          .flatMap((each) => [
            paint('bold', each.path),
            ...side(paint('red', '-'), each.a),
            ...side(paint('green', '+'), each.b),
          ])
          .join('\n')}\n`,
      );
    return all.length === 0 ? OK : DIFFERS;
  },
};
