const EVERY = 200;

/** How far a command has come, on a line of a terminal that is written over and over; nothing where stderr is no terminal. */
export function meter(): { show(text: string): void; clear(): void } {
  let next = Date.now() + EVERY;
  let shown = false;
  return {
    show(text) {
      if (!process.stderr.isTTY || Date.now() < next) return;
      next = Date.now() + EVERY;
      shown = true;
      process.stderr.write(`\r\x1b[K${text}`);
    },
    clear() {
      if (shown) process.stderr.write('\r\x1b[K');
    },
  };
}
