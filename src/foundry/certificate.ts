import { sha1 } from '@noble/hashes/legacy.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import {
  bitString,
  boolean,
  enumerated,
  implicit,
  integer,
  octets,
  oid,
  sequence,
  set,
  tagged,
  time,
  unsigned,
  utf8,
} from './der.ts';
import { sign, type TestKey } from './seed.ts';

/* Certificates and revocation lists of RFC 5280, as the provisioning service of SGX shapes them. */

type Element = ReturnType<typeof oid>;

/** Place names of a subject, as Intel's certificates have them behind the organisation. */
export interface Place {
  /** Locality (L). */
  readonly locality: string;
  /** State or province (ST). */
  readonly state: string;
  /** Country (C), two letters. */
  readonly country: string;
}

/** Whom a certificate is about. The organisation of all of them says "test keys, not Intel". */
export interface Subject {
  /** Common name. */
  readonly name: string;
  /** Place names; none unless given. */
  readonly place?: Place | undefined;
}

/** A certificate with the key that it certifies. */
export interface Certified extends Subject {
  /** The key that the certificate is for. */
  readonly key: TestKey;
  /** DER. */
  readonly certificate: Uint8Array<ArrayBuffer>;
  /** Serial number, in hex. */
  readonly serial: Uint8Array<ArrayBuffer>;
  /** What the issuer has said. */
  readonly fields: CertificateFields;
}

/** What an issuer says in a certificate. */
export interface CertificateFields extends Subject {
  /** Unix seconds. */
  readonly notBefore: number;
  /** Unix seconds. */
  readonly notAfter: number;
  /** The key that the certificate is for. */
  readonly key: TestKey;
  /** Big-endian, the first bit clear. */
  readonly serial: Uint8Array<ArrayBuffer>;
  /** How many authorities may follow below this one; undefined for what is no authority. */
  readonly pathLength?: number | undefined;
  /** Of the SGX extension of a PCK certificate. */
  readonly sgxExtension?: Uint8Array | undefined;
  /** Where its issuer would publish the revocation list. */
  readonly crlUrl: string;
}

const ORGANIZATION = 'tdx-codec test keys, not Intel';
const ecdsaWithSha256 = (): Element => sequence(oid('1.2.840.10045.4.3.2'));

/** The name of a subject: CN, O, and L, ST and C where it has a place. */
function nameOf({ name, place }: Subject): Element {
  const attributes = [
    ['2.5.4.3', name],
    ['2.5.4.10', ORGANIZATION],
    ...(place
      ? [
          ['2.5.4.7', place.locality],
          ['2.5.4.8', place.state],
          ['2.5.4.6', place.country],
        ]
      : []),
  ] as const;
  return sequence(...attributes.map(([id = '', value = '']) => set(sequence(oid(id), utf8(value)))));
}

const point = (key: TestKey): Uint8Array => Uint8Array.of(4, ...key.publicKey);
const keyId = (key: TestKey): Uint8Array => sha1(point(key));

const publicKeyInfo = (key: TestKey): Element =>
  sequence(sequence(oid('1.2.840.10045.2.1'), oid('1.2.840.10045.3.1.7')), bitString(point(key)));

const extension = (id: string, value: Uint8Array, critical = false): Element =>
  sequence(oid(id), ...(critical ? [boolean(true)] : []), octets(value));

const authorityKeyId = (key: TestKey): Element => extension('2.5.29.35', sequence(implicit(0, keyId(key))));

/** A DER signature from r and s. */
export const derSignature = (signature: Uint8Array): Uint8Array =>
  sequence(unsigned(signature.subarray(0, 32)), unsigned(signature.subarray(32)));

function signed(content: Element, key: TestKey): Uint8Array<ArrayBuffer> {
  return sequence(content, ecdsaWithSha256(), bitString(derSignature(sign(key, content))));
}

/** A version 3 certificate, signed by the issuer's key. */
export function certify(issuer: Subject & { readonly key: TestKey }, fields: CertificateFields): Certified {
  const isAuthority = fields.pathLength !== undefined;
  const content = sequence(
    tagged(0, integer(2)),
    unsigned(fields.serial),
    ecdsaWithSha256(),
    nameOf(issuer),
    sequence(time(fields.notBefore), time(fields.notAfter)),
    nameOf(fields),
    publicKeyInfo(fields.key),
    tagged(
      3,
      sequence(
        authorityKeyId(issuer.key),
        extension('2.5.29.31', sequence(sequence(tagged(0, tagged(0, implicit(6, utf8ToBytes(fields.crlUrl))))))),
        extension('2.5.29.14', octets(keyId(fields.key))),
        // keyCertSign and cRLSign, or digitalSignature and nonRepudiation
        extension(
          '2.5.29.15',
          isAuthority ? bitString(Uint8Array.of(0x06), 1) : bitString(Uint8Array.of(0xc0), 6),
          true,
        ),
        extension(
          '2.5.29.19',
          fields.pathLength === undefined ? sequence() : sequence(boolean(true), integer(fields.pathLength)),
          true,
        ),
        ...(fields.sgxExtension ? [extension('1.2.840.113741.1.13.1', fields.sgxExtension)] : []),
      ),
    ),
  );
  const { name, place, key, serial } = fields;
  return { name, place, key, serial, fields, certificate: signed(content, issuer.key) };
}

/** What an authority says in a revocation list. */
export interface RevocationFields {
  /** When the list was made, in Unix seconds. */
  readonly thisUpdate: number;
  /** When the next list is due, in Unix seconds. */
  readonly nextUpdate: number;
  /** Number of the list. */
  readonly number: number;
  /** Serial numbers. */
  readonly revoked: readonly Uint8Array[];
}

/** A version 2 revocation list in DER, signed by its issuer. */
export function revocationList(
  issuer: Subject & { readonly key: TestKey },
  fields: RevocationFields,
): Uint8Array<ArrayBuffer> {
  const reason = sequence(extension('2.5.29.21', enumerated(1)));
  const revoked = fields.revoked.map((serial) => sequence(unsigned(serial), time(fields.thisUpdate), reason));
  const content = sequence(
    integer(1),
    ecdsaWithSha256(),
    nameOf(issuer),
    time(fields.thisUpdate),
    time(fields.nextUpdate),
    ...(revoked.length > 0 ? [sequence(...revoked)] : []),
    tagged(0, sequence(extension('2.5.29.20', integer(fields.number)), authorityKeyId(issuer.key))),
  );
  return signed(content, issuer.key);
}
