// The code blocks of README.md and of the guides, and what their comments say they print.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Snippet {
  /** The file and the line at which the block begins. */
  readonly place: string;
  readonly language: 'ts' | 'js' | 'sh';
  readonly code: string;
  /** For each console.log, in order: the comment behind it, or on the next line. */
  readonly prints: readonly string[];
}

/**
 * The blocks of a Markdown file, relative to the project's root, that a test can run. One that is marked `continued` goes
 * on where the block before it ended.
 */
export function snippetsOf(root: string, file: string): Snippet[] {
  const text = readFileSync(join(root, file), 'utf8');
  const snippets: Snippet[] = [];
  for (const match of text.matchAll(/^```(ts|js|sh)( continued)?\n(.*?)^```$/gms)) {
    const [, language = '', continued, own = ''] = match;
    const before = continued ? snippets.pop() : undefined;
    const code = (before?.code ?? '') + own;
    const line = text.slice(0, match.index).split('\n').length;
    const prints = [...code.matchAll(/^\s*console\.log\(.*\);(?: |\n\s*)?(?:\/\/ (.*))?$/gm)].map(
      ([, comment]) => comment ?? '',
    );
    snippets.push({
      place: before?.place ?? `${file}:${line}`,
      language: language as Snippet['language'],
      code,
      prints,
    });
  }
  return snippets;
}
