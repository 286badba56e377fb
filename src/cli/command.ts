import { type ParseArgsConfig, parseArgs } from 'node:util';
import { meant } from './near.ts';

/** The command has done what was asked. */
export const OK = 0;
/** Usage or I/O. */
export const USAGE = 1;
/** The input does not fit its layout. */
export const MALFORMED = 2;
/** Two things that were compared differ. */
export const DIFFERS = 3;

/** Ends the command with a message on stderr. */
export class Failure extends Error {
  readonly exit: number;
  constructor(exit: number, message: string) {
    super(message);
    this.exit = exit;
  }
}

type Options = NonNullable<ParseArgsConfig['options']>;

/** What a user has typed behind the name of a subcommand. */
export interface Given {
  readonly flags: ReadonlySet<string>;
  readonly values: Readonly<Record<string, string>>;
  readonly names: readonly string[];
}

/** A subcommand. */
export interface Command {
  /** What --help prints. */
  readonly help: string;
  readonly options: Options;
  /** Gives the exit code. */
  run(given: Given): Promise<number>;
}

/** Reads what stands behind the name of a subcommand. */
export function parse(command: string, args: readonly string[], own: Options): Given {
  const options: Options = { ...own, help: { type: 'boolean', short: 'h' } };
  const { tokens } = parseArgs({ args: [...args], options, allowPositionals: true, strict: false, tokens: true });
  const wrong = (says: string): Failure => new Failure(USAGE, `${says} See tdx-codec ${command} --help.`);
  const flags = new Set<string>();
  const values: Record<string, string> = {};
  const names: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') names.push(token.value);
    if (token.kind !== 'option') continue;
    const { name, rawName, value } = token;
    const option = Object.hasOwn(options, name) ? options[name] : undefined;
    const hint = meant(name, Object.keys(options)).replace('mean ', 'mean --');
    if (!option) throw wrong(`${command} has no option ${rawName}${hint || '.'}`);
    if (option.type === 'boolean' && value !== undefined) throw wrong(`${rawName} takes no value.`);
    if (option.type === 'string' && (value === undefined || (!token.inlineValue && /^-./.test(value))))
      throw wrong(`${rawName} wants a value.`);
    if (value === undefined) flags.add(name);
    else if (Object.hasOwn(values, name)) throw wrong(`${rawName} is given twice.`);
    else values[name] = value;
  }
  return { flags, values, names };
}

/** The one FILE that a subcommand wants. */
export function oneName({ names }: Given): string {
  const [name, ...more] = names;
  if (name === undefined) throw new Failure(USAGE, 'which file? Give a name, or - for standard input.');
  if (more.length > 0) throw new Failure(USAGE, `one file at a time, please: ${more.join(' ')} is too much.`);
  return name;
}
