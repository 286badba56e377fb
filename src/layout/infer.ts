/* What the verbs make of a declaration, as types: they follow from the table, nothing is written twice. */

/** `known` where strict reading has refused unknown tags, `open` where their bytes may stand in a field. */
export type Reading = 'open' | 'known';

type Items<T, N> = N extends 4 ? [T, T, T, T] : T[];
type ReadonlyItems<T, N> = N extends 4 ? readonly [T, T, T, T] : readonly T[];
type NumberOf<Size> = Size extends 8 ? bigint : number;
type Opaque<Content, R extends Reading, B> = Content extends { kind: 'oneOf' }
  ? R extends 'known'
    ? never
    : B
  : never;

/** The fields of a struct; any fields where the struct is known only at run time, which also ends the recursion of the types. */
export type Named<F, Fields> = string extends keyof F ? Record<string, unknown> : Fields;

/** What `decode` makes of a layout: a plain object, mutable, safe to keep. */
export type Infer<T, R extends Reading = 'open'> = T extends { kind: 'uint' | 'bits'; size: infer Size }
  ? NumberOf<Size>
  : T extends { kind: 'bytes' | 'reserved' | 'rest' }
    ? Uint8Array<ArrayBuffer>
    : T extends { kind: 'struct'; fields: infer F }
      ? Named<F, { -readonly [K in keyof F]: F[K] extends { type: infer U } ? Infer<U, R> : never }>
      : T extends { kind: 'array'; of: infer Item; count: infer N }
        ? Items<Infer<Item, R>, N>
        : T extends { kind: 'sized'; of: infer U }
          ? Infer<U, R> | Opaque<U, R, Uint8Array<ArrayBuffer>>
          : T extends { kind: 'oneOf' | 'union'; cases: infer C }
            ? Infer<C[keyof C], R>
            : T extends { kind: 'bySize'; of: readonly (infer U)[] }
              ? Infer<U, R>
              : never;

declare const layoutOf: unique symbol;

/** A view carries its layout in its type, so that paths into it can be checked. */
export interface ViewOf<T, R extends Reading> {
  /** Never there at run time: it is where the compiler finds the layout of a view. */
  readonly [layoutOf]: [T, R];
}

/** What `view` makes of a layout: accessors over the caller's bytes. */
export type View<T, R extends Reading = 'open'> = T extends { kind: 'uint' | 'bits'; size: infer Size }
  ? NumberOf<Size>
  : T extends { kind: 'bytes' | 'reserved' | 'rest' }
    ? Uint8Array
    : T extends { kind: 'struct'; fields: infer F }
      ? Named<F, { readonly [K in keyof F]: F[K] extends { type: infer U } ? View<U, R> : never }> & ViewOf<T, R>
      : T extends { kind: 'array'; of: infer Item; count: infer N }
        ? ReadonlyItems<View<Item, R>, N>
        : T extends { kind: 'sized'; of: infer U }
          ? View<U, R> | Opaque<U, R, Uint8Array>
          : T extends { kind: 'oneOf' | 'union'; cases: infer C }
            ? View<C[keyof C], R>
            : T extends { kind: 'bySize'; of: readonly (infer U)[] }
              ? View<U, R>
              : never;

/** What `edit` makes of a layout: a view whose fields can be assigned, as far as that changes no size. */
export type Edit<T, R extends Reading = 'open'> = T extends { kind: 'struct'; fields: infer F }
  ? Named<F, { -readonly [K in keyof F]: F[K] extends { type: infer U } ? Edit<U, R> : never }> & ViewOf<T, R>
  : T extends { kind: 'sized'; of: infer U }
    ? Edit<U, R> | Opaque<U, R, Uint8Array>
    : T extends { kind: 'oneOf' | 'union'; cases: infer C }
      ? Edit<C[keyof C], R>
      : T extends { kind: 'bySize'; of: readonly (infer U)[] }
        ? Edit<U, R>
        : T extends { kind: 'array'; of: infer Item; count: infer N }
          ? ReadonlyItems<Edit<Item, R>, N>
          : View<T, R>;

/**
 * The names of the fields of F that may be left out: the lengths N, since they follow from the rest; reserved bytes, which
 * default to zero; the rest, which defaults to none.
 */
type Optional<F, N> = {
  [K in keyof F]: F[K] extends { type: infer U }
    ? U extends { kind: 'reserved' | 'rest' }
      ? K
      : K extends N
        ? K
        : never
    : never;
}[keyof F];
type LengthNames<F> = {
  [K in keyof F]: F[K] extends { type: { kind: 'sized'; by: infer B extends string } } ? B : never;
}[keyof F];
/** The paths in N that lead through the field K, from there on. */
type Through<K, N> = N extends `${K & string}.${infer More}` ? More : never;

/** The fields of a struct as `encode` takes them. `N` are the lengths that a structure around it computes. */
export type EncodableFields<T, N extends string = never> = T extends {
  kind: 'struct';
  fields: infer F;
  length: infer L;
}
  ? FieldsOf<F, N | LengthNames<F> | (L & string)>
  : never;
// A struct of unknown fields ends the recursion: the compiler looks at it while it infers what a call is about.
type FieldsOf<F, N> = string extends keyof F
  ? object
  : {
      readonly [K in Exclude<keyof F, Optional<F, N>>]: F[K] extends { type: infer U }
        ? Within<U, Through<K, N>>
        : never;
    } & {
      readonly [K in Optional<F, N>]?: F[K] extends { type: infer U } ? Within<U, Through<K, N>> | undefined : never;
    };
type Within<U, N extends string> = [N] extends [never]
  ? Encodable<U>
  : EncodableFields<U, N> | Uint8Array | ViewOf<U, Reading>;

/**
 * What `encode` takes for a layout: the value; without its lengths, reserved and trailing bytes if you like;
 * any nested structure also as a view or as its ready bytes.
 */
export type Encodable<T> = T extends { kind: 'struct' }
  ? EncodableFields<T> | Uint8Array | ViewOf<T, Reading>
  : T extends { kind: 'sized'; of: infer U }
    ? Encodable<U> | Opaque<U, 'open', Uint8Array>
    : T extends { kind: 'oneOf' | 'union'; cases: infer C }
      ? Encodable<C[keyof C]>
      : T extends { kind: 'bySize'; of: readonly (infer U)[] }
        ? Encodable<U>
        : T extends { kind: 'array'; of: infer Item; count: infer Count }
          ? ReadonlyItems<Encodable<Item>, Count>
          : T extends { kind: 'uint' | 'bits'; size: infer Size }
            ? NumberOf<Size>
            : Uint8Array;

type Inside<T> = T extends { kind: 'struct'; fields: infer F }
  ? string extends keyof F
    ? string
    : { [K in keyof F & string]: F[K] extends { type: infer U } ? K | `${K}${Below<U>}` : never }[keyof F & string]
  : never;
type Below<T> = T extends { kind: 'struct' }
  ? `.${Inside<T>}`
  : T extends { kind: 'array' }
    ? `[${number}]`
    : T extends { kind: 'sized'; of: infer U }
      ? Below<U>
      : T extends { kind: 'oneOf' | 'union'; cases: infer C }
        ? Below<C[keyof C]>
        : T extends { kind: 'bySize'; of: readonly (infer U)[] }
          ? Below<U>
          : never;

/** Every path into a layout, such as `body.mrtd` or `body.rtmr[2]`, through every variant that it has. */
export type PathOf<T> = T extends { kind: 'union'; cases: infer C } ? Inside<C[keyof C]> : Inside<T>;
