#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { LayoutError } from '../engine/error.ts';
import { type Command, Failure, MALFORMED, OK, parse, USAGE } from './command.ts';
import { commands } from './commands.ts';
import { meant } from './near.ts';
import { print } from './stream.ts';

const overview = `tdx-codec COMMAND ...

Reads and writes Intel TDX attestation bytes: quotes, TDREPORTs, the GetQuote ABI. It parses; it verifies nothing.

${Object.entries(commands)
  .map(([name, { summary }]) => `  ${name.padEnd(10)} ${summary}`)
  .join('\n')}

tdx-codec help COMMAND shows options and examples, tdx-codec --version the version.
Exit: 0 fine, 1 usage or I/O, 2 malformed input, 3 a comparison found a difference.
`;

function version(): string {
  const { version: is } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  return `${is}\n`;
}

function commandNamed(name: string): Promise<Command> {
  const entry = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (entry) return entry.load();
  const says =
    name === ''
      ? `which command?\n\n${overview}`
      : `no command ${name}${meant(name, Object.keys(commands)) || '.'} See tdx-codec --help.`;
  throw new Failure(USAGE, says);
}

async function run([name = '', ...args]: readonly string[]): Promise<number> {
  if (name === '--version' || name === '-v') {
    await print(version());
    return OK;
  }
  if (name === '--help' || name === '-h' || name === 'help') {
    await print(args[0] === undefined ? overview : (await commandNamed(args[0])).help);
    return OK;
  }
  const command = await commandNamed(name);
  const given = parse(name, args, command.options);
  if (!given.flags.has('help')) return command.run(given);
  await print(command.help);
  return OK;
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
