// What the tests of vectors, of the corpus and of hostile bytes share: failures, and leaves of values and views.
import { isDeepStrictEqual } from 'node:util';
import { expect } from 'vitest';
import { LayoutError } from '../src/engine/error.ts';

export interface Failure {
  readonly code: string;
  readonly path: string;
  readonly offset: number | undefined;
  readonly message: string;
}

/** The LayoutError that `run` throws, or undefined; anything else that it throws goes on. */
export function failureOf(run: () => unknown): Failure | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    if (!(error instanceof LayoutError)) throw error;
    const { code, path, offset, message } = error;
    return { code, path, offset, message };
  }
}

const isPlain = (it: Uint8Array): boolean => Object.getPrototypeOf(it) === Uint8Array.prototype;

/** A view or a value as plain data, with the names of its fields in order. Throws for byte arrays that are a subclass. */
export function plain(it: unknown): unknown {
  if (it instanceof Uint8Array) {
    if (!isPlain(it)) throw new Error(`bytes are a ${it.constructor.name}`);
    return Buffer.from(it).toString('hex');
  }
  if (Array.isArray(it)) return it.map(plain);
  if (typeof it !== 'object' || it === null) return it;
  const data: Record<string, unknown> = {};
  for (const name in it) {
    // A view carries its state in properties that start with $.
    if (!name.startsWith('$')) data[name] = plain((it as Record<string, unknown>)[name]);
  }
  return data;
}

/** Every byte array in a value or a view. */
export function* byteArrays(it: unknown): Generator<Uint8Array> {
  if (it instanceof Uint8Array) yield it;
  else if (typeof it === 'object' && it !== null)
    for (const name in it) if (!name.startsWith('$')) yield* byteArrays((it as Record<string, unknown>)[name]);
}

/** toEqual for what is compared thousands of times: the slow comparison only runs to say what differs. */
export function expectSame(is: unknown, wanted: unknown): void {
  if (!isDeepStrictEqual(is, wanted)) expect(is).toStrictEqual(wanted);
}
