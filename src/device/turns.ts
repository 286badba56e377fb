import { orGiveUp } from './within.ts';

/** Gives its turn to each who asks, in the order they came; the turn ends when what they got is called. */
export type Turns = (signal: AbortSignal) => Promise<() => void>;

/** Turns at what serves only one at a time. Whoever gives up waiting is skipped. */
export function turns(): Turns {
  let last: Promise<void> = Promise.resolve();
  return async (signal) => {
    const before = last;
    let over = (): void => {};
    last = new Promise((resolve) => {
      over = resolve;
    });
    try {
      await orGiveUp(before, signal);
    } catch (error) {
      void before.then(over);
      throw error;
    }
    return over;
  };
}
