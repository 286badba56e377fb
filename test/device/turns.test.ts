import { expect, test } from 'vitest';
import { turns } from '../../src/device/turns.ts';

const { signal: never } = new AbortController();

/** Who asks for a turn at once, and a list of those who got it. */
function queue() {
  const turn = turns();
  const served: string[] = [];
  const ask = (name: string, signal = never): Promise<() => void> =>
    turn(signal).then((done) => {
      served.push(name);
      return done;
    });
  return { ask, served };
}

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

test('a turn is given when the one before it has ended, in the order of asking', async () => {
  const { ask, served } = queue();
  const [first, second, third] = [ask('first'), ask('second'), ask('third')];
  const done = await first;
  await settled();
  expect(served).toEqual(['first']);
  done();
  (await second)();
  (await third)();
  expect(served).toEqual(['first', 'second', 'third']);
});

test('whoever gives up is skipped, and those behind still wait for those in front', async () => {
  const { ask, served } = queue();
  const stop = new AbortController();
  const done = await ask('first');
  const second = ask('second', stop.signal);
  const third = ask('third');
  const reason = new Error('enough');
  stop.abort(reason);
  await expect(second).rejects.toBe(reason);
  await settled();
  expect(served).toEqual(['first']);
  done();
  (await third)();
  expect(served).toEqual(['first', 'third']);
});
