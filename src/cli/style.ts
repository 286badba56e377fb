import { styleText } from 'node:util';

const coloured = process.stdout.isTTY && process.stdout.hasColors();
type Format = Parameters<typeof styleText>[0];

/** Text in a colour where standard output is a terminal that wants it. */
export const paint = (format: Format, text: string): string =>
  coloured && text !== '' ? styleText(format, text, { validateStream: false }) : text;

/** The columns that output may take. */
export const columns = (): number => Math.min(Math.max(process.stdout.columns ?? 100, 80), 120);

/** Cuts text into lines of at most `width`, at spaces. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
