import { DeviceError, type Where } from './error.ts';
import { DEFAULT_TIMEOUT, type Waiting } from './transport.ts';

/** Timers take no more milliseconds than this: with more they fire at once. */
const LONGEST = 0x7fffffff;

/**
 * Runs the work until the deadline or the caller's signal, whichever is first; then throws `timeout` or `aborted` at once,
 * whatever the work is still waiting for. Its own signal then fires, with that same error as reason; what it gives or
 * throws afterwards is nobody's.
 */
export function within<T>(
  where: Where,
  { timeout = DEFAULT_TIMEOUT, signal }: Waiting,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  if (!(timeout > 0 && timeout <= LONGEST))
    throw new TypeError(`timeout must be milliseconds from 1 to ${LONGEST}, is ${timeout}`);
  const over = new AbortController();
  let free = (): void => {};
  const ended = new Promise<never>((_, reject) => {
    const end = (code: 'timeout' | 'aborted', says: string, cause?: unknown): void => {
      const error = new DeviceError(code, { ...where, cause }, says);
      reject(error);
      over.abort(error);
    };
    const aborted = (): void => end('aborted', 'given up, as the caller asked', signal?.reason);
    const timer = setTimeout(() => end('timeout', `no answer within ${timeout} ms`), timeout);
    signal?.addEventListener('abort', aborted);
    free = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', aborted);
    };
    if (signal?.aborted) aborted();
  });
  return Promise.race([ended, over.signal.aborted ? ended : work(over.signal)]).finally(free);
}

/** Waits; throws the reason of a signal that {@link within} has made, once that fires. */
export function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal.reason as DeviceError);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, milliseconds);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}
