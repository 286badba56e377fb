import { type Identified, Quote } from '../index.ts';
import type { Layout } from '../layout/vocabulary.ts';
import { Failure, MALFORMED } from './command.ts';

/** How people read the kinds. */
const TITLES: Readonly<Record<Identified['kind'], string>> = {
  Quote: 'Quote',
  TdReport: 'TDREPORT',
  SgxReport: 'SGX report',
  GetQuoteBuffer: 'GetQuote buffer',
  QgsMessage: 'QGS message',
  AzureHclReport: 'Azure HCL report',
  OpenEnclaveEvidence: 'Open Enclave evidence',
  CborEvidence: 'CBOR evidence',
  Collateral: 'Collateral',
  Pem: 'PEM',
  Der: 'DER',
  Json: 'JSON',
  unknown: 'unknown',
};

/** `Quote (QuoteV4), 4936 bytes from byte 16 on` */
export function headline({ kind, layout, bytes, offset }: Identified): string {
  const as = layout && layout.name !== TITLES[kind] ? ` (${layout.name})` : '';
  return `${TITLES[kind]}${as}, ${bytes.length} bytes${offset > 0 ? ` from byte ${offset} on` : ''}`;
}

/** The layout to read an input with. Where nothing is known, a quote is what was meant, and its error says what is wrong. */
export function layoutFor(it: Identified, title: string): Layout {
  if (it.layout) return it.layout;
  if (it.kind === 'unknown') return Quote;
  throw new Failure(MALFORMED, [`${title}: ${headline(it)}: no layout reads it.`, ...it.notes].join('\n'));
}
