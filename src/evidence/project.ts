import { Quote } from '../structs/index.ts';
import type { Json } from '../verbs/json.ts';
import { view } from '../verbs/view.ts';
import { dcapQvl } from './projections/dcap-qvl.ts';
import { goTdxGuest } from './projections/go-tdx-guest.ts';
import type { AnyQuote } from './projections/parts.ts';
import { trustAuthority } from './projections/trust-authority.ts';
import { trustee } from './projections/trustee.ts';

/** A spelling of quotes that some verifier already consumes. */
export type QuoteFormat = 'trust-authority' | 'trustee' | 'dcap-qvl' | 'go-tdx-guest';

const formats = {
  'trust-authority': trustAuthority,
  trustee,
  'dcap-qvl': dcapQvl,
  'go-tdx-guest': goTdxGuest,
} satisfies Record<QuoteFormat, (quote: AnyQuote) => Json>;

/** All of them. */
export const quoteFormats = Object.keys(formats) as readonly QuoteFormat[];

/**
 * A quote in the JSON that some verifier already consumes. It only spells the quote's own bytes another way: nothing is
 * verified, so this is unverified evidence, whatever the names suggest.
 *
 * @throws LayoutError when the bytes are no quote, or `variant` when the format cannot say what this quote holds.
 */
export const project = (format: QuoteFormat, quote: Uint8Array | AnyQuote): { [name: string]: Json } =>
  formats[format](quote instanceof Uint8Array ? view(Quote, quote) : quote);
