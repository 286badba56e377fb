import { type ParseArgsConfig, parseArgs } from 'node:util';

/** The command has done what was asked. */
export const OK = 0;
/** Usage or I/O. */
export const USAGE = 1;
/** The input does not fit its layout. */
export const MALFORMED = 2;

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
  /** One line, for the overview. */
  readonly summary: string;
  /** What --help prints. */
  readonly help: string;
  readonly options: Options;
  /** Gives the exit code. */
  run(given: Given): Promise<number>;
}

/** Reads what stands behind the name of a subcommand. */
export function parse(args: readonly string[], options: Options): Given {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { ...options, help: { type: 'boolean', short: 'h' } },
      allowPositionals: true,
    });
    const entries = Object.entries<string | boolean | (string | boolean)[] | undefined>(values);
    return {
      flags: new Set(entries.filter(([, value]) => value === true).map(([name]) => name)),
      values: Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string')),
      names: positionals,
    };
  } catch (error) {
    throw new Failure(USAGE, error instanceof Error ? error.message : String(error));
  }
}

/** The one FILE that a subcommand wants. */
export function oneName({ names }: Given): string {
  const [name, ...more] = names;
  if (name === undefined) throw new Failure(USAGE, 'which file? Give a name, or - for standard input.');
  if (more.length > 0) throw new Failure(USAGE, `one file at a time, please: ${more.join(' ')} is too much.`);
  return name;
}
