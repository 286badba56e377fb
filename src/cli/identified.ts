import { count } from '../engine/number.ts';
import type { Identified } from '../index.ts';
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
  RaTlsCertificate: 'RA-TLS certificate',
  Collateral: 'Collateral',
  Pem: 'PEM',
  Der: 'DER',
  Json: 'JSON',
  unknown: 'not recognised',
};

/** `Quote (QuoteV4), 4936 bytes from byte 16 on` */
export function headline({ kind, layout, bytes, offset }: Identified): string {
  const as = layout && layout.name !== TITLES[kind] ? ` (${layout.name})` : '';
  return `${TITLES[kind]}${as}, ${count(bytes.length)}${offset > 0 ? ` from byte ${offset} on` : ''}`;
}

/** The layout to read an input with. */
export function layoutFor(it: Identified, title: string): Layout {
  if (it.layout) return it.layout;
  const what = `${title}: ${headline(it)}`;
  throw new Failure(
    MALFORMED,
    [it.kind === 'unknown' ? `${what}.` : `${what}: no layout reads it.`, ...it.notes].join('\n'),
  );
}
