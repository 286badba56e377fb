import { identify, project, Quote, type QuoteFormat, quoteFormats, toJson, view } from '../index.ts';
import { type Command, Failure, type Given, MALFORMED, OK, oneName, USAGE } from './command.ts';
import { layoutFor } from './identified.ts';
import { kindOf } from './layouts.ts';
import { eachLine } from './lines.ts';
import { print, readAll, titleOf } from './stream.ts';

/** The document that stands for an input: `{"kind": ..., "value": ...}`, or a quote as `format` spells it. */
function documentOf(
  input: Uint8Array | string,
  title: string,
  strict: boolean,
  format: QuoteFormat | undefined,
): object {
  const it = identify(input);
  const layout = layoutFor(it, title);
  if (format) return project(format, view(Quote, it.bytes, { strict }));
  return { kind: kindOf(layout), value: toJson(layout, view(layout, it.bytes, { strict })) };
}

function formatIn({ values }: Given): QuoteFormat | undefined {
  const name = values['format'];
  const format = quoteFormats.find((each) => each === name);
  if (name !== undefined && !format)
    throw new Failure(USAGE, `--format: there is no ${name}; there are ${quoteFormats.join(', ')}`);
  return format;
}

export const decode: Command = {
  options: { strict: { type: 'boolean' }, lines: { type: 'boolean' }, format: { type: 'string' } },
  help: `tdx-codec decode [--strict] [--format NAME] FILE|-
tdx-codec decode --lines [--strict] [--format NAME] FILE|-

Prints the canonical JSON of a quote, a TDREPORT, a GetQuote buffer or a QGS message:
{"kind": ..., "value": ...}. FILE may be raw, hex, base64, base64url, or JSON with one of these in it;
- is standard input. Nothing is verified.

  --strict   refuse reserved bytes that are not zero, unknown bits and unknown tags
  --lines    one hex or base64 input a line; prints one document a line, in constant memory;
             a bad line is reported by its number, the others go on
  --format   a quote as a verifier spells it: trust-authority, trustee, dcap-qvl or go-tdx-guest

Examples
  tdx-codec decode quote.bin
  tdx-codec decode quote.bin | jq -r .value.body.mrtd
  curl -s https://example.com/quote.hex | tdx-codec decode -
  tdx-codec decode --lines quotes.txt > quotes.ndjson
`,
  async run(given: Given) {
    const name = oneName(given);
    const strict = given.flags.has('strict');
    const format = formatIn(given);
    if (given.flags.has('lines'))
      return (await eachLine(name, (line, title) => JSON.stringify(documentOf(line, title, strict, format))))
        ? MALFORMED
        : OK;
    await print(`${JSON.stringify(documentOf(await readAll(name), titleOf(name), strict, format), undefined, 2)}\n`);
    return OK;
  },
};
