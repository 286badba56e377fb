import { type Identified, identify as identified } from '../index.ts';
import { type Command, Failure, type Given, MALFORMED, OK, USAGE } from './command.ts';
import { headline } from './identified.ts';
import { print, readAll, titleOf } from './stream.ts';
import { columns, paint, wrap } from './style.ts';

/** What it is, in one line, then its notes, one a line in a pipe; what is odd about it in yellow. */
function described(it: Identified, title?: string): string {
  const odd = new Set(it.findings);
  const lines = it.notes.flatMap((note) =>
    (process.stdout.isTTY ? wrap(note, columns() - 2) : [note]).map(
      (line) => `  ${odd.has(note) ? paint('yellow', line) : line}`,
    ),
  );
  return [`${title === undefined ? '' : `${title}: `}${paint('bold', headline(it))}`, ...lines, ''].join('\n');
}

export const identify: Command = {
  options: {},
  help: `tdx-codec identify FILE...

Says what a file or a text is: a quote of any version, a TDREPORT, a GetQuote buffer, a QGS message, an Azure HCL report,
an SGX report, an RA-TLS certificate, Open Enclave or CBOR evidence, collateral; raw or as hex, base64, base64url or PEM, or
inside JSON. Notes follow, one a line: how it is wrapped, and what is odd about it: lengths that do not fit, bytes that
strict reading refuses, DEBUG, hashes that are not those of what they cover. No signature is looked at. - is standard
input. Exit 2 where nothing is recognised.

Examples
  tdx-codec identify blob.bin
  tdx-codec identify quotes/*
  pbpaste | tdx-codec identify -
`,
  async run({ names }: Given) {
    if (names.length === 0) throw new Failure(USAGE, 'which file? Give a name, or - for standard input.');
    let exit = OK;
    for (const name of names) {
      const it = identified(await readAll(name));
      await print(described(it, names.length > 1 ? titleOf(name) : undefined));
      if (it.kind === 'unknown') exit = MALFORMED;
    }
    return exit;
  },
};
