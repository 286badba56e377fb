import { getSystemErrorMap } from 'node:util';

/** An error of the system. */
export interface Errno {
  /** `ENOENT`. */
  readonly name: string;
  /** `no such file or directory`. */
  readonly says: string;
}

/** What the number of an error, as C has it, is called. */
export function errno(number: number): Errno {
  const [name, says] = getSystemErrorMap().get(-number) ?? [`errno ${number}`, 'an error without a name'];
  return { name, says };
}

/** What Node says the system said; undefined for errors of another kind. */
export function errnoOf(error: unknown): Errno | undefined {
  return error instanceof Error && 'errno' in error && typeof error.errno === 'number'
    ? errno(-error.errno)
    : undefined;
}
