import type { Command } from './command.ts';

/** A subcommand before it is loaded: each loads only what it needs. */
interface Entry {
  /** One line, for the overview. */
  readonly summary: string;
  readonly load: () => Promise<Command>;
}

/** All subcommands, in the order of the overview. */
export const commands: Readonly<Record<string, Entry>> = {
  inspect: {
    summary: 'what a file is and holds, for people: a summary, a tree, an annotated hexdump',
    load: async () => (await import('./inspect.ts')).inspect,
  },
  identify: {
    summary: 'what a file is, in one line, and what is odd about it',
    load: async () => (await import('./identify.ts')).identify,
  },
  decode: { summary: 'bytes to JSON, for programs', load: async () => (await import('./decode.ts')).decode },
  encode: { summary: 'the JSON of decode back to bytes', load: async () => (await import('./encode.ts')).encode },
  diff: {
    summary: 'what differs between two files, field by field',
    load: async () => (await import('./diff.ts')).diff,
  },
  layout: {
    summary: 'where a structure, a field or a bit lies, and what it means',
    load: async () => (await import('./layout.ts')).layout,
  },
  quote: {
    summary: 'a quote over report data, from a device, a service or a simulation',
    load: async () => (await import('./quote.ts')).quote,
  },
  forge: { summary: 'test evidence from a seed', load: async () => (await import('./forge.ts')).forge },
  'qgs-serve': {
    summary: 'a make-believe quote generation service',
    load: async () => (await import('./qgs-serve.ts')).qgsServe,
  },
  completion: {
    summary: 'a completion script for bash, zsh or fish',
    load: async () => (await import('./completion.ts')).completion,
  },
};
