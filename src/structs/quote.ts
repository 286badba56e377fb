import { tdxDcap } from '../layout/specs.ts';
import { type Infer, u16, union } from '../layout/vocabulary.ts';
import { QuoteV3 } from './quote-v3.ts';
import { QuoteV4 } from './quote-v4.ts';
import { QuoteV5 } from './quote-v5.ts';

/**
 * A quote of any version: `header.version` says which.
 *
 * @see [Byte map of Quote](../../docs/structs/quote.md)
 */
export const Quote = union(
  'Quote',
  tdxDcap('Quote Format'),
  { name: 'version', offset: 0, of: u16 },
  {
    3: QuoteV3,
    4: QuoteV4,
    5: QuoteV5,
  },
);
/** The value {@link Quote} decodes to. */
export type Quote = Infer<typeof Quote>;
