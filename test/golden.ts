// The golden vectors of test/vectors, as their README describes them.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Failure } from './leaves.ts';

export interface Vector {
  readonly struct: string;
  readonly bytes?: string;
  readonly bin?: string;
  readonly sha256: string;
  readonly value: unknown;
}
export interface Negative {
  readonly struct: string;
  readonly from: string;
  readonly patch: readonly { at?: number; hex?: string; truncate?: number; append?: string }[];
  readonly strict?: boolean;
  readonly error: Failure;
  readonly effect: string;
}

const root = fileURLToPath(new URL('vectors/', import.meta.url));
const read = (file: string): Vector | Negative => JSON.parse(readFileSync(root + file, 'utf8'));
const isNegative = (it: Vector | Negative): it is Negative => 'error' in it;

const all: (readonly [name: string, Vector | Negative])[] = readdirSync(root, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .flatMap(({ name: folder }) =>
    readdirSync(root + folder)
      .filter((file) => file.endsWith('.json'))
      .map((file): [string, Vector | Negative] => [
        `${folder}/${file.slice(0, -'.json'.length)}`,
        read(`${folder}/${file}`),
      ]),
  );

/** By `struct/case`. */
export const positives = all.filter((each): each is readonly [string, Vector] => !isNegative(each[1]));
export const negatives = all.filter((each): each is readonly [string, Negative] => isNegative(each[1]));

export function bytesOf(name: string, { bytes, bin }: Vector): Uint8Array<ArrayBuffer> {
  const folder = name.slice(0, name.indexOf('/') + 1);
  return Uint8Array.from(bin === undefined ? Buffer.from(bytes ?? '', 'hex') : readFileSync(root + folder + bin));
}

/** The bytes of the positive vector of this name. */
export function golden(name: string): Uint8Array<ArrayBuffer> {
  const vector = positives.find(([each]) => each === name);
  if (!vector) throw new Error(`no positive vector ${name}`);
  return bytesOf(...vector);
}

/** The bytes of a negative vector: those it is made from, patched. */
export function patched(name: string, { from, patch }: Negative): Uint8Array<ArrayBuffer> {
  const origin = `${name.slice(0, name.indexOf('/') + 1)}${from.slice(0, -'.json'.length)}`;
  let bytes = golden(origin);
  for (const { at, hex = '', truncate, append = '' } of patch) {
    if (truncate !== undefined) bytes = bytes.slice(0, truncate);
    else if (at === undefined) bytes = Uint8Array.from([...bytes, ...Buffer.from(append, 'hex')]);
    else bytes.set(Buffer.from(hex, 'hex'), at);
  }
  return bytes;
}
