import { LayoutError } from '../engine/error.ts';
import { quoted } from '../engine/number.ts';
import { certificates } from './certificates.ts';
import { DerReader, Tag } from './der.ts';
import { derInPem } from './pem.ts';

/** A name in a certificate. */
export interface X509Name<B extends ArrayBufferLike = ArrayBufferLike> {
  /** The common name as it stands there, which may be any text; undefined where there is none. */
  readonly commonName: string | undefined;
  /** All of it as one line, `CN=Intel SGX Root CA, O=Intel Corporation`, escaped as in RFC 4514, control characters too. */
  readonly text: string;
  /** The DER of the name: two names are the same where these bytes are. */
  readonly der: Uint8Array<B>;
}

/** An extension of a certificate. */
export interface X509Extension<B extends ArrayBufferLike = ArrayBufferLike> {
  /** Its object identifier, in dotted numbers. */
  readonly oid: string;
  /** Whether who does not know it must refuse the certificate. */
  readonly critical: boolean;
  /** The DER of its value. */
  readonly value: Uint8Array<B>;
}

/**
 * What a certificate says. Nothing of it is verified: anybody can write a certificate that says it. All bytes are parts
 * of the DER, not copies, but for `signature`.
 */
export interface X509<B extends ArrayBufferLike = ArrayBufferLike> {
  /** The whole certificate. */
  readonly der: Uint8Array<B>;
  /** What the signature covers, ready to be verified: the tbsCertificate with its tag and length. */
  readonly tbs: Uint8Array<B>;
  /** Serial number, big-endian, without a zero in front. */
  readonly serial: Uint8Array<B>;
  /** Who signed it, by its own words. */
  readonly issuer: X509Name<B>;
  /** Whose key it is. */
  readonly subject: X509Name<B>;
  /** The first second of its validity. */
  readonly notBefore: Date;
  /** The last second of its validity. */
  readonly notAfter: Date;
  /** SubjectPublicKeyInfo, which `crypto.subtle.importKey('spki', ...)` takes. */
  readonly spki: Uint8Array<B>;
  /** The public key: a point on P-256, 65 bytes: 4, then x and y. */
  readonly publicKey: Uint8Array<B>;
  /** ECDSA signature over SHA-256 of `tbs`: r, then s, 32 bytes big-endian each, which `crypto.subtle.verify` takes. */
  readonly signature: Uint8Array<ArrayBuffer>;
  /** The same signature in DER. */
  readonly signatureDer: Uint8Array<B>;
  /** Addresses of the issuer's revocation list. */
  readonly crlDistributionPoints: readonly string[];
  /** All extensions, in their order. */
  readonly extensions: readonly X509Extension<B>[];
}

/** Object identifiers of RFC 5280 and RFC 5480 that the certificates of this PKI use. */
const Oid = {
  ecPublicKey: '1.2.840.10045.2.1',
  prime256v1: '1.2.840.10045.3.1.7',
  ecdsaWithSha256: '1.2.840.10045.4.3.2',
  commonName: '2.5.4.3',
  cRLDistributionPoints: '2.5.29.31',
} as const;

/** Short names of what names are made of (RFC 4514, section 3, and what openssl prints besides). */
const ATTRIBUTES: Readonly<Record<string, string>> = {
  '2.5.4.3': 'CN',
  '2.5.4.5': 'serialNumber',
  '2.5.4.6': 'C',
  '2.5.4.7': 'L',
  '2.5.4.8': 'ST',
  '2.5.4.9': 'street',
  '2.5.4.10': 'O',
  '2.5.4.11': 'OU',
  '0.9.2342.19200300.100.1.1': 'UID',
  '0.9.2342.19200300.100.1.25': 'DC',
  '1.2.840.113549.1.9.1': 'emailAddress',
};

/** Constructed, context-specific: [0], [3]. */
const explicit = (n: number): number => 0xa0 + n;
const URI = 0x86;
/** So much of an object identifier is quoted in a message: the known ones in whole. */
export const OID_TEXT = 32;
/** Bytes of a serial number (RFC 5280, 4.1.2.2). */
const MOST_SERIAL = 20;

const hexed = (char: string): string =>
  Array.from(new TextEncoder().encode(char), (byte) => `\\${byte.toString(16).padStart(2, '0')}`).join('');
/** A text from a certificate, fit for one line: escaped as RFC 4514 has it, and control characters too. */
export const escaped = (text: string): string =>
  text.replace(/[,+"\\<>;]|^[ #]| $/g, '\\$&').replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, hexed);

function nameIn<B extends ArrayBufferLike>(from: DerReader<B>, field: string): X509Name<B> {
  const name = from.sequence(field);
  const parts: string[] = [];
  let commonName: string | undefined;
  while (name.tag !== undefined) {
    const set = name.next(Tag.SET, `[${parts.length}]`);
    const values: string[] = [];
    do {
      const pair = set.sequence(`[${values.length}]`);
      const type = pair.oid('.type');
      const value = pair.text('.value');
      pair.end();
      if (type === Oid.commonName) commonName ??= value;
      values.push(`${ATTRIBUTES[type] ?? type}=${escaped(value)}`);
    } while (set.tag !== undefined);
    parts.push(values.join('+'));
  }
  return { commonName, text: parts.join(', '), der: name.whole };
}

function extensionsIn<B extends ArrayBufferLike>(tbs: DerReader<B>): X509Extension<B>[] {
  if (tbs.tag === undefined) return [];
  const outer = tbs.next(explicit(3), '.extensions');
  const list = outer.sequence('');
  outer.end();
  const all: X509Extension<B>[] = [];
  const seen = new Set<string>();
  while (list.tag !== undefined) {
    const extension = list.sequence(`[${all.length}]`);
    const oid = extension.oid('.extnID');
    if (seen.has(oid)) throw extension.fault('variant', `must not repeat the extension ${quoted(oid, OID_TEXT)}`);
    seen.add(oid);
    const critical = extension.tag === Tag.BOOLEAN;
    if (critical && !extension.boolean('.critical'))
      throw extension.fault('constant', 'critical must be true or left out, is false');
    all.push({ oid, critical, value: extension.octets('.extnValue') });
    extension.end();
  }
  return all;
}

/** A reader over the value of an extension, for those who know it; undefined where the certificate has none of the kind. */
export function extensionOf<B extends ArrayBufferLike>(
  { der, extensions }: Pick<X509<B>, 'der' | 'extensions'>,
  oid: string,
  path: string,
): DerReader<B> | undefined {
  const i = extensions.findIndex((each) => each.oid === oid);
  const value = extensions[i]?.value;
  if (!value) return undefined;
  const from = value.byteOffset - der.byteOffset;
  return DerReader.over(der, `${path}.tbsCertificate.extensions[${i}].extnValue`, from, from + value.length);
}

/** The addresses in an extension cRLDistributionPoints: full names that are URIs. */
function addressesIn(value: DerReader | undefined): string[] {
  const addresses: string[] = [];
  if (!value) return addresses;
  const points = value.sequence('');
  value.end();
  for (let i = 0; points.tag !== undefined; i++) {
    const point = points.sequence(`[${i}]`);
    if (point.tag !== explicit(0)) continue;
    const name = point.next(explicit(0), '.distributionPoint');
    if (name.tag !== explicit(0)) continue;
    const full = name.next(explicit(0), '.fullName');
    while (full.tag !== undefined) {
      if (full.tag === URI) addresses.push(full.ascii('.uniformResourceIdentifier', URI));
      else full.one('');
    }
  }
  return addresses;
}

function algorithmIn(from: DerReader, field: string, ...wanted: readonly [name: string, oid: string][]): void {
  const algorithm = from.sequence(field);
  for (const [i, [name, oid]] of wanted.entries()) {
    const is = algorithm.oid(i === 0 ? '.algorithm' : '.parameters');
    if (is !== oid) throw algorithm.fault('variant', `must be ${name} (${oid}), is ${quoted(is, OID_TEXT)}`);
  }
  algorithm.end();
}

/** The public key in a SubjectPublicKeyInfo. */
function pointIn<B extends ArrayBufferLike>(spki: DerReader<B>): Uint8Array<B> {
  algorithmIn(spki, '.algorithm', ['ecPublicKey', Oid.ecPublicKey], ['prime256v1', Oid.prime256v1]);
  const key = spki.bits('.subjectPublicKey');
  spki.end();
  const { content } = key;
  if (content.length !== 65) throw key.fault('length', `must be 65 bytes, is ${content.length}`);
  if (content[0] !== 4) throw key.fault('constant', `must begin with 4, an uncompressed point, is ${content[0]}`);
  return content;
}

/** r and s of a signature in 32 bytes each. */
function rawSignature(signature: DerReader): Uint8Array<ArrayBuffer> {
  const raw = new Uint8Array(64);
  const pair = signature.sequence('');
  for (const [i, name] of ['.r', '.s'].entries()) {
    const number = pair.positive(name);
    if (number.length > 32) throw pair.fault('range', `${name.slice(1)} must fit 32 bytes, has ${number.length}`);
    raw.set(number, 32 * (i + 1) - number.length);
  }
  pair.end();
  signature.end();
  return raw;
}

/** The DER of a certificate that is given in DER, or as one block of PEM. */
export function derOf<B extends ArrayBufferLike>(given: Uint8Array<B>, path: string): Uint8Array<B | ArrayBuffer> {
  // A Node Buffer would pass on its own kind.
  const own = new Uint8Array(given.buffer, given.byteOffset, given.length);
  const [first, ...more] = own[0] === Tag.SEQUENCE ? [] : certificates(own);
  if (!first) return own;
  if (more.length > 0) throw new LayoutError('trailing', path, undefined, `must be one, are ${more.length + 1}`);
  return derInPem(first.bytes, path);
}

/** What a certificate in DER says; `path` names it in errors. */
export function certificateIn<B extends ArrayBufferLike>(der: Uint8Array<B>, path: string): X509<B> {
  const outer = DerReader.over(der, path);
  const certificate = outer.sequence('');
  outer.end();
  const tbs = certificate.sequence('.tbsCertificate');
  algorithmIn(certificate, '.signatureAlgorithm', ['ecdsa-with-SHA256', Oid.ecdsaWithSha256]);
  const signatureValue = certificate.bits('.signatureValue');
  certificate.end();

  const version = tbs.next(explicit(0), '.version');
  const number = version.unsigned('', 255);
  version.end();
  if (number !== 2) throw version.fault('constant', `must be 2, which is version 3, is ${number}`);
  const serial = tbs.positive('.serialNumber');
  if (serial.length > MOST_SERIAL)
    throw tbs.fault('length', `serialNumber must be at most ${MOST_SERIAL} bytes, is ${serial.length}`);
  algorithmIn(tbs, '.signature', ['ecdsa-with-SHA256', Oid.ecdsaWithSha256]);
  const issuer = nameIn(tbs, '.issuer');
  const validity = tbs.sequence('.validity');
  const notBefore = validity.time('.notBefore');
  const notAfter = validity.time('.notAfter');
  validity.end();
  const subject = nameIn(tbs, '.subject');
  const spki = tbs.sequence('.subjectPublicKeyInfo');
  const publicKey = pointIn(spki);
  const extensions = extensionsIn(tbs);
  tbs.end();

  const crl = extensionOf({ der, extensions }, Oid.cRLDistributionPoints, path);
  return {
    der,
    tbs: tbs.whole,
    serial,
    issuer,
    subject,
    notBefore,
    notAfter,
    spki: spki.whole,
    publicKey,
    signature: rawSignature(signatureValue),
    signatureDer: signatureValue.content,
    crlDistributionPoints: addressesIn(crl),
    extensions,
  };
}

/**
 * What a certificate of the SGX provisioning PKI says: root, Platform or Processor CA, PCK or TCB signing. Takes DER, or
 * one block of PEM. It is read strictly (X.509 version 3, a key on P-256, ECDSA with SHA-256); nothing in it is verified.
 *
 * @throws LayoutError for anything else; `offset` counts from the start of the DER.
 */
export const x509 = <B extends ArrayBufferLike>(certificate: Uint8Array<B>): X509<B | ArrayBuffer> =>
  certificateIn(derOf(certificate, 'Certificate'), 'Certificate');
