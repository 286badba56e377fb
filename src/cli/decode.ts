import { identify, toJson, view } from '../index.ts';
import { type Command, type Given, MALFORMED, OK, oneName } from './command.ts';
import { layoutFor } from './identified.ts';
import { kindOf } from './layouts.ts';
import { eachLine } from './lines.ts';
import { print, readAll, titleOf } from './stream.ts';

/** The document that stands for an input: `{"kind": ..., "value": ...}`. */
function documentOf(input: Uint8Array | string, title: string, strict: boolean): object {
  const it = identify(input);
  const layout = layoutFor(it, title);
  return { kind: kindOf(layout), value: toJson(layout, view(layout, it.bytes, { strict })) };
}

export const decode: Command = {
  summary: 'bytes to JSON, for programs',
  options: { strict: { type: 'boolean' }, lines: { type: 'boolean' } },
  help: `tdx-codec decode [--strict] FILE|-
tdx-codec decode --lines [--strict] FILE|-

Prints the canonical JSON of a quote, a TDREPORT, a GetQuote buffer or a QGS message:
{"kind": ..., "value": ...}. FILE may be raw, hex, base64, base64url, or JSON with one of these in it;
- is standard input. Nothing is verified.

  --strict   refuse reserved bytes that are not zero, unknown bits and unknown tags
  --lines    one hex or base64 input a line; prints one document a line, in constant memory;
             a bad line is reported by its number, the others go on

Examples
  tdx-codec decode quote.bin
  tdx-codec decode quote.bin | jq -r .value.body.mrtd
  curl -s https://example.com/quote.hex | tdx-codec decode -
  tdx-codec decode --lines quotes.txt > quotes.ndjson
`,
  async run(given: Given) {
    const name = oneName(given);
    const strict = given.flags.has('strict');
    if (given.flags.has('lines'))
      return (await eachLine(name, (line, title) => JSON.stringify(documentOf(line, title, strict)))) ? MALFORMED : OK;
    await print(`${JSON.stringify(documentOf(await readAll(name), titleOf(name), strict), undefined, 2)}\n`);
    return OK;
  },
};
