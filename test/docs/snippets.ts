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

/** The blocks of a Markdown file, relative to the project's root, that a test can run. */
export function snippetsOf(root: string, file: string): Snippet[] {
  const text = readFileSync(join(root, file), 'utf8');
  return [...text.matchAll(/^```(ts|js|sh)\n(.*?)^```$/gms)].map((match) => {
    const [, language = '', code = ''] = match;
    const line = text.slice(0, match.index).split('\n').length;
    const prints = [...code.matchAll(/^\s*console\.log\(.*\);(?: |\n\s*)?(?:\/\/ (.*))?$/gm)].map(
      ([, comment]) => comment ?? '',
    );
    return { place: `${file}:${line}`, language: language as Snippet['language'], code, prints };
  });
}
