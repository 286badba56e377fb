import { styleText } from 'node:util';

/** NO_COLOR and FORCE_COLOR of the environment come first, then what the terminal can do. */
function wantsColour(): boolean {
  const { NO_COLOR, FORCE_COLOR } = process.env;
  if (NO_COLOR !== undefined && NO_COLOR !== '') return false;
  if (FORCE_COLOR !== undefined) return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false';
  return process.stdout.isTTY && process.stdout.hasColors();
}

const coloured = wantsColour();
type Format = Parameters<typeof styleText>[0];

/** Text in a colour where standard output wants it. */
export const paint = (format: Format, text: string): string =>
  coloured && text !== '' ? styleText(format, text, { validateStream: false }) : text;

/** The columns that output may take. */
export function columns(): number {
  const given = process.stdout.columns ?? Number(process.env['COLUMNS'] ?? Number.NaN);
  return Math.min(Math.max(Number.isInteger(given) && given > 0 ? given : 100, 60), 120);
}

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
