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
  /** An X.509 certificate with evidence in an extension. */
  | 'RaTlsCertificate'
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
  /** Where `bytes` starts in the input, once hex, base64, PEM and JSON around it are undone. */
  readonly offset: number;
  /** What the layout is about: the input without encodings and carriers. Shared with the input where that was bytes. */
  readonly bytes: Uint8Array;
  /** One sentence each, for people: what it is, how it is wrapped, what is odd about it. */
  readonly notes: readonly string[];
  /** Those of the notes that say what is odd: broken lengths, reserved bytes, DEBUG, hashes that do not fit. */
  readonly findings: readonly string[];
  /** The evidence that a message, a buffer, a report of Azure's or a certificate carries. */
  readonly inside: Identified | undefined;
}

/** A sentence, and whether it says that something is odd. */
export interface Note {
  readonly says: string;
  readonly isOdd: boolean;
}
export const plainly = (says: string): Note => ({ says, isOdd: false });
export const oddly = (says: string): Note => ({ says, isOdd: true });

/** What has been found so far. */
export interface Found extends Pick<Identified, 'kind' | 'layout' | 'offset' | 'bytes'> {
  readonly notes: readonly Note[];
  readonly inside?: Found | undefined;
}

export const found = (
  kind: Kind,
  bytes: Uint8Array,
  notes: readonly Note[] = [],
  layout?: Layout,
  inside?: Found,
): Found => ({ kind, layout, offset: 0, bytes, notes, inside });

/** The same finding with sentences in front. */
export const after = (first: readonly Note[], it: Found): Found => ({ ...it, notes: [...first, ...it.notes] });

/** The same finding, which begins so many bytes into what is around it. */
export const moved = (by: number, it: Found): Found => ({
  ...it,
  offset: it.offset + by,
  inside: it.inside && moved(by, it.inside),
});

const NAMES: Readonly<Partial<Record<Kind, string>>> = {
  Quote: 'a quote',
  TdReport: 'a TDREPORT',
  SgxReport: 'an SGX report',
  GetQuoteBuffer: 'a GetQuote buffer',
  QgsMessage: 'a QGS message',
  AzureHclReport: 'an Azure HCL report',
  OpenEnclaveEvidence: 'Open Enclave evidence',
  CborEvidence: 'CBOR evidence',
  RaTlsCertificate: 'an RA-TLS certificate',
};

/** What evidence is called in a sentence. */
export const nameOf = ({ kind }: Found): string => NAMES[kind] ?? kind;

/** Whether it is evidence, or carries some. */
export const isEvidence = ({ kind, layout }: Found): boolean =>
  NAMES[kind] !== undefined && (kind !== 'CborEvidence' || layout !== undefined);
