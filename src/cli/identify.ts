import { identify as identified } from '../index.ts';
import { type Command, type Given, MALFORMED, OK, oneName } from './command.ts';
import { headline } from './identified.ts';
import { print, readAll } from './stream.ts';
import { paint } from './style.ts';

export const identify: Command = {
  summary: 'what a file is, in one line, and what is odd about it',
  options: {},
  help: `tdx-codec identify FILE|-

Says what a file or a text is: a quote of any version, a TDREPORT, a GetQuote buffer, a QGS message, an Azure HCL report,
an SGX report, CBOR evidence, collateral; raw or as hex, base64, base64url or inside JSON. Notes follow,
one a line. Exit 2 where nothing is recognised.

Examples
  tdx-codec identify blob.bin
  pbpaste | tdx-codec identify -
`,
  async run(given: Given) {
    const it = identified(await readAll(oneName(given)));
    const notes = it.notes.map((note) => `  ${note}\n`).join('');
    await print(`${paint('bold', headline(it))}\n${notes}`);
    return it.kind === 'unknown' ? MALFORMED : OK;
  },
};
