/*
 * The canonical JSON form. 0x means a number, no 0x means bytes in wire order.
 */

import type { Named } from '../layout/vocabulary.ts';

/** Anything that JSON can say. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** The JSON form of a layout. */
export type JsonOf<T> = T extends { kind: 'uint'; size: infer Size }
  ? Size extends 8
    ? string
    : number
  : T extends { kind: 'bits'; flags: infer Names }
    ? { raw: string; flags: (keyof Names & string)[] }
    : T extends { kind: 'rest'; text: infer Text }
      ? Text extends true
        ? { pem: string } | { hex: string }
        : string
      : T extends { kind: 'bytes' | 'reserved' }
        ? string
        : T extends { kind: 'struct'; fields: infer F }
          ? Named<F, { [K in keyof F]: F[K] extends { type: infer U } ? JsonOf<U> : never }>
          : T extends { kind: 'array'; of: infer Item }
            ? JsonOf<Item>[]
            : T extends { kind: 'sized'; of: infer U }
              ? JsonOf<U> | (U extends { kind: 'oneOf' } ? string : never)
              : T extends { kind: 'oneOf' | 'union'; cases: infer C }
                ? JsonOf<C[keyof C]>
                : T extends { kind: 'bySize'; of: readonly (infer U)[] }
                  ? JsonOf<U>
                  : never;
