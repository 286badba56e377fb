import { toHex } from '../engine/hex.ts';
import { encode as bytesOf, fromJson, type Json } from '../index.ts';
import { type Command, Failure, type Given, MALFORMED, OK, oneName, USAGE } from './command.ts';
import { layouts } from './layouts.ts';
import { eachLine } from './lines.ts';
import { print, readAll, save, titleOf } from './stream.ts';

function parsed(text: string, title: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    throw new Failure(MALFORMED, `${title}: no JSON: ${(error as Error).message}`);
  }
}

/** The bytes of a document that decode has printed. */
function bytesFor(text: string, title: string): Uint8Array {
  const json = parsed(text, title);
  const { kind, value } = typeof json === 'object' && json !== null && !Array.isArray(json) ? json : {};
  if (typeof kind !== 'string' || value === undefined)
    throw new Failure(MALFORMED, `${title}: must be {"kind": ..., "value": ...}, as decode prints it.`);
  const layout = layouts.get(kind);
  if (!layout)
    throw new Failure(MALFORMED, `${title}: kind ${JSON.stringify(kind)} is no layout; see tdx-codec layout.`);
  return bytesOf(layout, fromJson(layout, value));
}

function textOf(bytes: Uint8Array, { flags }: Given): string | undefined {
  if (flags.has('hex')) return toHex(bytes);
  return flags.has('base64') ? Buffer.from(bytes).toString('base64') : undefined;
}

export const encode: Command = {
  options: {
    output: { type: 'string', short: 'o' },
    hex: { type: 'boolean' },
    base64: { type: 'boolean' },
    lines: { type: 'boolean' },
  },
  help: `tdx-codec encode [-o FILE] [--hex | --base64] FILE|-
tdx-codec encode --lines --hex|--base64 FILE|-

Makes bytes of the JSON that decode prints, exactly those that it came from. Lengths may be left out.

  -o FILE    write to FILE instead of standard output
  --hex      as hex text
  --base64   as base64 text
  --lines    one document a line; prints one text a line

Examples
  tdx-codec decode quote.bin > quote.json
  tdx-codec encode quote.json -o quote.bin
  tdx-codec encode --hex quote.json
  tdx-codec encode --lines --hex quotes.ndjson > quotes.txt
`,
  async run(given: Given) {
    const name = oneName(given);
    const { flags, values } = given;
    const isText = flags.has('hex') || flags.has('base64');
    if (flags.has('hex') && flags.has('base64')) throw new Failure(USAGE, '--hex or --base64, not both.');
    if (flags.has('lines')) {
      if (!isText) throw new Failure(USAGE, '--lines needs --hex or --base64.');
      if (values['output'] !== undefined) throw new Failure(USAGE, '--lines writes to standard output, not with -o.');
      return (await eachLine(name, (line, title) => textOf(bytesFor(line, title), given) ?? '')) ? MALFORMED : OK;
    }
    const to = values['output'];
    if (!isText && to === undefined && process.stdout.isTTY)
      throw new Failure(USAGE, 'these are raw bytes, which a terminal cannot show: --hex, --base64 or -o FILE.');
    const bytes = bytesFor(Buffer.from(await readAll(name)).toString(), titleOf(name));
    const text = textOf(bytes, given);
    const content = text === undefined ? bytes : `${text}\n`;
    if (to === undefined) await print(content);
    else save(to, content);
    return OK;
  },
};
