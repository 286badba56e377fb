#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { LayoutError } from '../index.ts';
import { type Command, Failure, MALFORMED, OK, parse, USAGE } from './command.ts';
import { decode } from './decode.ts';
import { encode } from './encode.ts';
import { forge } from './forge.ts';
import { identify } from './identify.ts';
import { inspect } from './inspect.ts';
import { layout } from './layout.ts';
import { qgsServe } from './qgs-serve.ts';
import { quote } from './quote.ts';
import { print } from './stream.ts';

const commands: Readonly<Record<string, Command>> = {
  inspect,
  decode,
  encode,
  identify,
  layout,
  forge,
  quote,
  'qgs-serve': qgsServe,
};

const overview = `tdx-codec COMMAND ...

Reads and writes Intel TDX attestation bytes: quotes, TDREPORTs, the GetQuote ABI. It parses; it verifies nothing.

${Object.entries(commands)
  .map(([name, { summary }]) => `  ${name.padEnd(10)} ${summary}`)
  .join('\n')}

tdx-codec COMMAND --help shows options and examples; tdx-codec --version the version.
Exit: 0 fine, 1 usage or I/O, 2 malformed input.
`;

function version(): string {
  const { version: is } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  return `${is}\n`;
}

async function run([name = '', ...args]: readonly string[]): Promise<number> {
  if (name === '--version' || name === '--help' || name === '-h' || name === 'help') {
    await print(name === '--version' ? version() : overview);
    return OK;
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command)
    throw new Failure(
      USAGE,
      name === '' ? `which command?\n\n${overview}` : `no command ${name}; see tdx-codec --help.`,
    );
  const given = parse(args, command.options);
  if (given.flags.has('help')) {
    await print(command.help);
    return OK;
  }
  return command.run(given);
}

// Whoever reads our output may stop early, as head does.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') process.stderr.write(`tdx-codec: standard output: ${error.message}\n`);
  process.exit(error.code === 'EPIPE' ? OK : USAGE);
});

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  if (error instanceof LayoutError) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = MALFORMED;
  } else if (error instanceof Failure) {
    process.stderr.write(`tdx-codec: ${error.message.trimEnd()}\n`);
    process.exitCode = error.exit;
  } else throw error;
}
