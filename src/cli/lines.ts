import { LayoutError } from '../index.ts';
import { Failure, MALFORMED } from './command.ts';
import { meter } from './meter.ts';
import { linesOf, print, titleOf } from './stream.ts';

/** Prints what `make` makes of each line that is not empty. Gives the number of lines that failed. */
export async function eachLine(name: string, make: (line: string, title: string) => string): Promise<number> {
  const progress = meter();
  let number = 0;
  let bad = 0;
  for await (const line of linesOf(name)) {
    number++;
    if (line.trim() === '') continue;
    const title = `${titleOf(name)}, line ${number}`;
    let made: string | undefined;
    try {
      made = make(line, title);
    } catch (error) {
      bad++;
      progress.clear();
      if (error instanceof LayoutError) process.stderr.write(`${title}: ${error.message}\n`);
      else if (error instanceof Failure && error.exit === MALFORMED) process.stderr.write(`${error.message}\n`);
      else throw error;
    }
    if (made !== undefined) await print(`${made}\n`);
    progress.show(`${number.toLocaleString('en')} lines, ${bad} bad`);
  }
  progress.clear();
  return bad;
}
