import { once } from 'node:events';
import { createReadStream, readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { buffer } from 'node:stream/consumers';
import { getSystemErrorMap } from 'node:util';
import { Failure, USAGE } from './command.ts';

/** How messages call an input. */
export const titleOf = (name: string): string => (name === '-' ? 'standard input' : name);

/** The error of a system call in words, with the file that it was about. */
function ioFailure(name: string, error: unknown): Failure {
  const { errno, code, message } = error as NodeJS.ErrnoException;
  const words = errno === undefined ? undefined : getSystemErrorMap().get(errno)?.[1];
  return new Failure(USAGE, `${titleOf(name)}: ${words ? `${words} (${code})` : message}`);
}

/** All bytes of a file, or of standard input. */
export async function readAll(name: string): Promise<Uint8Array> {
  try {
    return name === '-' ? await buffer(process.stdin) : readFileSync(name);
  } catch (error) {
    throw ioFailure(name, error);
  }
}

/** The lines of a file, or of standard input, as they come. */
export async function* linesOf(name: string): AsyncGenerator<string> {
  const stream = name === '-' ? process.stdin : createReadStream(name);
  stream.setEncoding('utf8');
  // Pieces of a line that is still to end; joined once, so that a very long line costs its length only.
  let pieces: string[] = [];
  try {
    for await (const chunk of stream as AsyncIterable<string>) {
      const [first = '', ...more] = chunk.split('\n');
      pieces.push(first);
      for (const line of more) {
        yield pieces.join('');
        pieces = [line];
      }
    }
  } catch (error) {
    throw ioFailure(name, error);
  }
  if (pieces.some((piece) => piece !== '')) yield pieces.join('');
}

/** Writes to standard output, no faster than it is read. */
export async function print(content: string | Uint8Array): Promise<void> {
  if (!process.stdout.write(content)) await once(process.stdout, 'drain');
}

/** Where a file really is, and its mode; undefined for anything but a file, and for what is not there yet. */
function fileAt(name: string): { path: string; mode: number } | undefined {
  const stats = statSync(name, { throwIfNoEntry: false });
  return stats?.isFile() ? { path: realpathSync(name), mode: stats.mode } : undefined;
}

/** Writes a file in whole or not at all: beside it first, then under its name. A device or a pipe is written as it is. */
export function save(name: string, content: string | Uint8Array): void {
  try {
    const file = fileAt(name);
    if (!file && statSync(name, { throwIfNoEntry: false })) {
      writeFileSync(name, content);
      return;
    }
    const path = file?.path ?? name;
    const beside = `${path}.${process.pid}.part`;
    try {
      writeFileSync(beside, content, { mode: file?.mode ?? 0o666, flag: 'wx' });
      renameSync(beside, path);
    } catch (error) {
      rmSync(beside, { force: true });
      throw error;
    }
  } catch (error) {
    throw ioFailure(name, error);
  }
}
