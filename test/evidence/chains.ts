// Every certificate that the corpus holds in PEM, in quotes and beside them, found as text: not by code under test.
import { bytesOf, entries } from '../corpus.ts';

const BLOCK = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;

/** The blocks of PEM in a file, as they stand there. */
export const blocksIn = (file: string): string[] =>
  [...Buffer.from(bytesOf(file)).toString('latin1').matchAll(BLOCK)].map(([block]) => block);

/** All of them, each once, but those that were broken on purpose. */
export const blocks: readonly string[] = [
  ...new Set(
    entries
      .filter(({ file, kind }) => !file.startsWith('bad-derived-') && kind !== 'expected' && !file.endsWith('.json'))
      .flatMap(({ file }) => blocksIn(file)),
  ),
];
