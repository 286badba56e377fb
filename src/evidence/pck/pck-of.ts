import { LayoutError } from '../../engine/error.ts';
import type { Infer, Reading, View } from '../../layout/vocabulary.ts';
import type { CertificationData } from '../../structs/certification-data.ts';
import type { Quote } from '../../structs/quote.ts';
import { certificates } from '../certificates.ts';
import { derInPem } from '../pem.ts';
import { certificateIn, type X509 } from '../x509.ts';
import { type PckExtension, sgxExtensionIn } from './extension.ts';
import { SGX_EXTENSION } from './oids.ts';

/** A quote of any version, as a value or as a view. */
export type ReadableQuote = View<typeof Quote, Reading> | Infer<typeof Quote>;
/** Certification data, as a value or as a view. */
export type ReadableCertification = View<typeof CertificationData, Reading> | Infer<typeof CertificationData>;

/** The PCK certificate of a quote and what stands in it. */
export interface Pck {
  /** The PCK certificate: whose key signed the QE report, and until when. */
  readonly certificate: X509<ArrayBuffer>;
  /** Its SGX extension: FMSPC, TCB, PPID and the like. */
  readonly extension: PckExtension<ArrayBuffer>;
  /** Which CA certifies the platform, by the issuer's name: the word that revocation lists are asked for by. */
  readonly ca?: 'platform' | 'processor';
  /** All certificates of the chain in the order in which they stand there, the PCK certificate among them. */
  readonly chain: readonly X509<ArrayBuffer>[];
}

const fault = (quote: ReadableQuote, field: string, says: string): LayoutError =>
  new LayoutError('variant', `QuoteV${quote.header.version}.${field}`, undefined, says);

const DATA = 'signatureData.qeCertificationData';
/** Where the certification data stands: version 4 and 5 wrap it in certification data of type 6. */
const pathOf = ({ header }: ReadableQuote): string =>
  header.version === 3 ? DATA : `${DATA}.certificationData.qeCertificationData`;

/**
 * What a quote says about the key that signed the QE report, in the same place for every version: the type, and data by
 * type. 1 to 3 name a PCK certificate by `ppid` in the clear or `encPpid`, `cpusvn`, `pcesvn` and `pceid`; 4 is a
 * certificate and 5 a chain, for which see {@link pckOf}. A PPID names one machine.
 *
 * @throws LayoutError `variant` for an attestation key type other than 2, or outer certification data other than 6.
 */
export function certificationOf(quote: ReadableQuote): ReadableCertification {
  const { header, signatureData } = quote;
  if (signatureData instanceof Uint8Array)
    throw fault(quote, 'header.attestationKeyType', `must be 2, is ${header.attestationKeyType}`);
  if ('isvEnclaveReportSignature' in signatureData) return signatureData.qeCertificationData;
  const { certificationDataType, certificationData } = signatureData.qeCertificationData;
  if (certificationData instanceof Uint8Array)
    throw fault(quote, `${DATA}.certificationDataType`, `must be 6, is ${certificationDataType}`);
  return certificationData.qeCertificationData;
}

function caOf({ issuer: { commonName = '' } }: X509): Pck['ca'] {
  const isPlatform = commonName.includes('Platform');
  return isPlatform === commonName.includes('Processor') ? undefined : isPlatform ? 'platform' : 'processor';
}

/** The PCK certificate in certification data of type 4 or 5, whose path is `path`. */
export function pckIn(data: Uint8Array, path: string): Pck {
  const chain: X509<ArrayBuffer>[] = [];
  const found: Pck[] = [];
  for (const [i, { format, bytes }] of certificates(data).entries()) {
    const at = `${path}.certificates[${i}]`;
    const certificate = certificateIn(format === 'pem' ? derInPem(bytes, at) : new Uint8Array(bytes), at);
    chain.push(certificate);
    const extension = sgxExtensionIn(certificate, at);
    if (!extension) continue;
    const ca = caOf(certificate);
    found.push({ certificate, extension, ...(ca ? { ca } : {}), chain });
  }
  const [pck, ...more] = found;
  if (!pck) {
    const holds = chain.length === 0 ? 'holds no certificate' : `holds ${chain.length} certificates, none`;
    throw new LayoutError('missing', path, undefined, `${holds} with the SGX extension (${SGX_EXTENSION})`);
  }
  if (more.length > 0)
    throw new LayoutError('variant', path, undefined, `must hold one PCK certificate, holds ${found.length}`);
  return pck;
}

/**
 * The PCK certificate in a quote with certification data of type 5 or 4, found by its SGX extension, not by its place:
 * chains come leaf first, root first and shuffled. All certificates are read, none is verified: a name or a date in them
 * proves nothing until the chain leads to a root that you know.
 *
 * The bytes do not share memory with the quote. PPID and platform instance name one machine.
 *
 * Errors name the certificate, `QuoteV4.signatureData...certificationData.certificates[0].tbsCertificate...`, and their
 * `offset` counts from the start of its DER; in the text of a PEM block, from the start of the block.
 *
 * @example
 * const { extension, ca } = pckOf(view(Quote, bytes)); // extension.fmspc: what TCB info is asked for by
 * @throws LayoutError `variant` for certification data of another type and for two PCK certificates, `missing` where there
 *   is none, or what is wrong with a certificate.
 */
export function pckOf(quote: ReadableQuote): Pck {
  const { certificationDataType, certificationData } = certificationOf(quote);
  const where = pathOf(quote);
  if (!(certificationData instanceof Uint8Array) || (certificationDataType !== 5 && certificationDataType !== 4))
    throw fault(
      quote,
      `${where}.certificationDataType`,
      `must be 4 or 5 to hold a PCK certificate, is ${certificationDataType}`,
    );
  return pckIn(certificationData, `QuoteV${quote.header.version}.${where}.certificationData`);
}
