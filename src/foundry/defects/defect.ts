import type { LayoutErrorCode } from '../../engine/error.ts';
import type { PathOf } from '../../layout/infer.ts';
import { Quote } from '../../structs/quote.ts';
import { TdReport } from '../../structs/td-report.ts';
import { offsetOf } from '../../verbs/locate.ts';
import { view } from '../../verbs/view.ts';
import type { Fixture, Recipe } from '../forge.ts';
import { type Expect, expectOf, type Standard } from '../verifiers.ts';

/** How a parser fails: the code, path and offset of its LayoutError. */
export interface Fails {
  /** What is wrong, in one word. */
  readonly code: LayoutErrorCode;
  /** Where in the layout. */
  readonly path: string;
  /** From the start; or, where the seed decides how long a chain is, back from the end of the signature data. */
  readonly offset: number | { readonly beforeEnd: number };
}

/** One thing that is wrong in a fixture, and what has to come of it. */
export interface Defect {
  /** Unique name, as --defect takes it. */
  readonly name: string;
  /** The profile in which it is wrong. */
  readonly profile: string;
  /** What is changed, in one line. */
  readonly what: string;
  /** Where it is: what has to be read to find it. */
  readonly in: 'quote' | 'tdreport' | 'collateral';
  /** What a parser says by default: `decodes`, or how it fails. */
  readonly parser: 'decodes' | Fails;
  /** What a parser says that reads strictly, where that is something else. */
  readonly strict?: Fails;
  /**
   * What has to come of it with the fixture's root and collateral, at its time, and what each verifier was seen to say.
   * Of a TDREPORT: what checks kind, digests and MAC, as a quoting enclave does.
   */
  readonly expect: Expect;
  /** What happens to a user whose parser or verifier says something else. */
  readonly harm: string;
  /** The rule that decides, where verifiers differ. */
  readonly why?: string;
  /** Changes what is said; all of it is signed as ever. */
  readonly recipe?: (good: Recipe) => Recipe;
  /** Changes what was signed. */
  readonly after?: (made: Fixture, good: Recipe) => Partial<Fixture>;
}

export const fails = (code: LayoutErrorCode, path: string, offset: Fails['offset']): Fails => ({ code, path, offset });

type Bytes = Uint8Array<ArrayBuffer>;
/** Changes bytes in place of a copy, or gives others. */
type Change = (bytes: Bytes) => Bytes;

export const inQuote =
  (change: Change) =>
  ({ quote }: Fixture): Partial<Fixture> => ({ quote: change(quote.slice()) });
export const inReport =
  (change: Change) =>
  ({ tdReport }: Fixture): Partial<Fixture> => ({ tdReport: tdReport && change(tdReport.slice()) });

/** The field of a good quote. */
function fieldOf(bytes: Bytes, path: PathOf<typeof Quote>): Bytes {
  const { offset, length } = offsetOf(view(Quote, bytes), path);
  return bytes.subarray(offset, offset + length);
}

/** Turns over the lowest bit of the first byte of a field. */
export const flip = (path: PathOf<typeof Quote>, at = 0): Change =>
  replace(path, (field) => {
    field[at] = (field[at] ?? 0) ^ 1;
    return field;
  });

/** Puts other bytes into a field, as many as it has. */
export const replace =
  (path: PathOf<typeof Quote>, other: (field: Bytes) => Uint8Array): Change =>
  (bytes) => {
    const field = fieldOf(bytes, path);
    field.set(other(field.slice()));
    return bytes;
  };

/** Writes another number, little-endian, into a field. */
export const number = (path: PathOf<typeof Quote>, other: (was: number) => number): Change =>
  replace(path, (field) => {
    const was = field.reduceRight((sum, byte) => sum * 256 + byte, 0);
    const is = other(was);
    return Uint8Array.from(field, (_, i) => Math.floor(is / 256 ** i) % 256);
  });

/** Ends the quote before a field, or so many bytes behind its start. */
export const cut =
  (path: PathOf<typeof Quote>, behind = 0): Change =>
  (bytes) =>
    bytes.slice(0, offsetOf(view(Quote, bytes), path).offset + behind);

/** Turns over the lowest bit of a byte of a TDREPORT's field. */
export const flipReport =
  (path: PathOf<typeof TdReport>, at = 0): Change =>
  (bytes) => {
    const { offset } = offsetOf(view(TdReport, bytes), path);
    bytes[offset + at] = (bytes[offset + at] ?? 0) ^ 1;
    return bytes;
  };

/** What the documents say of a date that has passed. */
export const EXPIRY =
  "expiry ends a verification, but for Intel's verification enclave, which accepts and says so in a flag (read in its source, not run)";

/** What a row says besides; `standard` is what the documents ask of a verifier. */
export type Rest = Partial<Omit<Defect, 'expect'>> & { readonly standard?: Standard };

/** A row of the catalogue: in a quote of version 4 of a TD, and to be refused, unless it says otherwise. */
export function defect(
  name: string,
  parser: Defect['parser'],
  what: string,
  harm: string,
  { standard = 'refuses', ...rest }: Rest,
): Defect {
  const row = { name, profile: 'tdx-v4', what, in: 'quote', parser, harm, ...rest } as const;
  return { ...row, expect: row.in === 'tdreport' ? { standard } : expectOf(standard, row.profile, name) };
}

/** Other things that the quote says, signed as ever. */
export const saying =
  (fields: (good: Recipe) => Partial<Recipe['quote']>) =>
  (good: Recipe): Recipe => ({ ...good, quote: { ...good.quote, ...fields(good) } });

/** Other fields of the TD, signed as ever. */
export const td = (fields: Recipe['quote']['td']) => saying(({ quote }) => ({ td: { ...quote.td, ...fields } }));

/** Other fields of the quoting enclave, signed as ever. */
export const qe = (fields: Recipe['quote']['qe']) => saying(({ quote }) => ({ qe: { ...quote.qe, ...fields } }));
