import { LayoutError } from '../index.ts';
import { Failure, MALFORMED } from './command.ts';
import { linesOf, print, titleOf } from './stream.ts';

const EVERY = 200;

/** How far it has come, on a line of a terminal that is written over and over; nothing where stderr is no terminal. */
function meter(): { show(lines: number, bad: number): void; clear(): void } {
  let next = Date.now() + EVERY;
  let shown = false;
  return {
    show(lines, bad) {
      if (!process.stderr.isTTY || Date.now() < next) return;
      next = Date.now() + EVERY;
      shown = true;
      process.stderr.write(`\r\x1b[K${lines.toLocaleString('en')} lines, ${bad} bad`);
    },
    clear() {
      if (shown) process.stderr.write('\r\x1b[K');
    },
  };
}

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
    progress.show(number, bad);
  }
  progress.clear();
  return bad;
}
