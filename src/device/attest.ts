import { checkQuote } from './check-quote.ts';
import type { Quoter, ReportSource, Transport } from './transport.ts';
import { within } from './within.ts';

/** The transport that asks a source for a TDREPORT and a quoter for its quote, and holds the two against each other. */
export function attest(source: ReportSource, quoter: Quoter): Transport {
  const { name, provider } = quoter;
  const where = { transport: name, path: provider };
  return {
    name,
    provider,
    quote: (reportdata, options = {}) =>
      within(where, options, async (signal) => {
        // Their own timeouts, of the same length, begin later and so never come first.
        const inner = { ...options, signal };
        const report = await source.report(reportdata, inner);
        const quote = await quoter.quote(report, inner);
        await checkQuote(quote, report, where);
        return quote;
      }),
  };
}
