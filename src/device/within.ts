import { DeviceError, type DeviceErrorCode, type Where } from './error.ts';
import { DEFAULT_TIMEOUT, type Waiting } from './transport.ts';

/** Timers take no more milliseconds than this: with more they fire at once. */
const LONGEST = 0x7fffffff;

/** What it means that time is up. */
export interface Late {
  /** What the error is called. */
  readonly code: DeviceErrorCode;
  /** What the error says. */
  readonly says: string;
}

/**
 * Runs the work until the deadline or the caller's signal, whichever is first; then throws `timeout` or `aborted` at once,
 * whatever the work is still waiting for. Its own signal then fires, with that same error as reason; what it gives or
 * throws afterwards is nobody's. `late` is asked at the deadline what it means.
 */
export function within<T>(
  where: Where,
  { timeout = DEFAULT_TIMEOUT, signal }: Waiting,
  work: (signal: AbortSignal) => Promise<T>,
  late: () => Late = () => ({ code: 'timeout', says: 'no answer' }),
): Promise<T> {
  if (!(timeout > 0 && timeout <= LONGEST))
    return Promise.reject(new TypeError(`timeout must be milliseconds from 1 to ${LONGEST}, is ${timeout}`));
  return new Promise((resolve, reject) => {
    const over = new AbortController();
    const end = ({ code, says }: Late, cause?: unknown): void => {
      const error = new DeviceError(code, { ...where, cause }, says);
      free();
      reject(error);
      over.abort(error);
    };
    const aborted = (): void => end({ code: 'aborted', says: 'given up, as the caller asked' }, signal?.reason);
    const timer = setTimeout(() => {
      const { code, says } = late();
      end({ code, says: `${says} within ${timeout} ms` });
    }, timeout);
    const free = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', aborted);
    };
    if (signal?.aborted) {
      aborted();
      return;
    }
    signal?.addEventListener('abort', aborted);
    work(over.signal).then(
      (value) => {
        free();
        resolve(value);
      },
      (error: Error) => {
        free();
        reject(error);
      },
    );
  });
}

/**
 * Waits, or less when what it hands to `early` is called; throws the reason of a signal that {@link within} has made, once
 * that fires.
 */
export function sleep(milliseconds: number, signal: AbortSignal, early?: (wake: () => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      if (signal.aborted) reject(signal.reason as DeviceError);
      else resolve();
    };
    const timer = setTimeout(end, milliseconds);
    if (signal.aborted) end();
    else signal.addEventListener('abort', end);
    early?.(end);
  });
}

/** Waits for what nobody can stop; throws the reason of a signal that {@link within} has made, once that fires. */
export function orGiveUp<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason as DeviceError);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
