import { checkQuote } from './check-quote.ts';
import { DEFAULT_TIMEOUT, type Quoter, type ReportSource, type Transport } from './transport.ts';

/**
 * The transport that asks a source for a TDREPORT and a quoter for its quote, and holds the two against each other: see
 * {@link checkQuote}.
 */
export function attest(source: ReportSource, quoter: Quoter): Transport {
  const { name, provider } = quoter;
  return {
    name,
    provider,
    async quote(reportdata, { timeout = DEFAULT_TIMEOUT, signal } = {}) {
      const start = performance.now();
      const report = await source.report(reportdata, { timeout, signal });
      const left = Math.max(1, Math.ceil(timeout - (performance.now() - start)));
      const quote = await quoter.quote(report, { timeout: left, signal });
      await checkQuote(quote, report, { transport: name, path: provider });
      return quote;
    },
  };
}
