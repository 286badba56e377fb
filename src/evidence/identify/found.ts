import type { Layout } from '../../layout/vocabulary.ts';

/** What a blob or a text turns out to be. */
export type Kind =
  | 'Quote'
  | 'TdReport'
  | 'SgxReport'
  /** The buffer of the GetQuote hypercall: header, then request or answer. */
  | 'GetQuoteBuffer'
  /** A message between a VMM and the quote generation service, with or without its length in front. */
  | 'QgsMessage'
  | 'AzureHclReport'
  | 'OpenEnclaveEvidence'
  | 'CborEvidence'
  /** What a verifier fetches beside a quote: TCB info, QE identity, revocation lists. */
  | 'Collateral'
  | 'Pem'
  | 'Der'
  | 'Json'
  | 'unknown';

/** The answer of {@link identify}. */
export interface Identified {
  readonly kind: Kind;
  /** The layout to read `bytes` with; undefined where there is none. */
  readonly layout: Layout | undefined;
  /** Where `bytes` starts in the input, once hex, base64 and JSON around it are undone. */
  readonly offset: number;
  /** What the layout is about: the input without encodings and carriers. Shared with the input where that was bytes. */
  readonly bytes: Uint8Array;
  /** One sentence each, for people. */
  readonly notes: readonly string[];
}

export const found = (
  kind: Kind,
  bytes: Uint8Array,
  notes: readonly string[] = [],
  layout?: Layout,
  offset = 0,
): Identified => ({ kind, layout, offset, bytes, notes });

/** The same finding with sentences in front. */
export const after = (first: readonly string[], it: Identified): Identified => ({
  ...it,
  notes: [...first, ...it.notes],
});

/** `1 byte`, `2 bytes` */
export const count = (n: number, one = 'byte'): string => `${n} ${one}${n === 1 ? '' : 's'}`;

export const ascii = (text: string): Uint8Array => Uint8Array.from(text, (char) => char.charCodeAt(0));

/** Whether `wanted` stands at `at`. */
export const stands = (bytes: Uint8Array, at: number, wanted: Uint8Array): boolean =>
  at + wanted.length <= bytes.length && wanted.every((byte, i) => bytes[at + i] === byte);

/** Where `wanted` stands first, from `from` on, or -1. */
export function indexOf(bytes: Uint8Array, wanted: Uint8Array, from = 0): number {
  const first = wanted[0] ?? 0;
  for (let at = bytes.indexOf(first, from); at >= 0; at = bytes.indexOf(first, at + 1))
    if (stands(bytes, at, wanted)) return at;
  return -1;
}

/** Whether there are bytes from `from` to `to`, all of them zero. */
export const zero = (bytes: Uint8Array, from: number, to: number): boolean =>
  to <= bytes.length && bytes.subarray(from, to).every((byte) => byte === 0);
