import * as asn1 from 'asn1js';
import { toHex } from '../engine/hex.ts';
import { own } from './seed.ts';

/* X.690 values by asn1js, under the names that X.509 tables use. */

type Value = asn1.BaseBlock;

const buffer = (bytes: Uint8Array): ArrayBuffer => own(bytes).buffer;

export const sequence = (...value: Value[]): Value => new asn1.Sequence({ value });
export const set = (...value: Value[]): Value => new asn1.Set({ value });
export const oid = (value: string): Value => new asn1.ObjectIdentifier({ value });
export const boolean = (value: boolean): Value => new asn1.Boolean({ value });
export const integer = (value: number): Value => asn1.Integer.fromBigInt(value);
export const enumerated = (value: number): Value => new asn1.Enumerated({ value });
export const octets = (bytes: Uint8Array): Value => new asn1.OctetString({ valueHex: buffer(bytes) });
export const utf8 = (value: string): Value => new asn1.Utf8String({ value });

/** A positive integer from its big-endian bytes. */
export function unsigned(bytes: Uint8Array): Value {
  return asn1.Integer.fromBigInt(BigInt(`0x${toHex(bytes)}`));
}
export const bitString = (bytes: Uint8Array, unusedBits = 0): Value =>
  new asn1.BitString({ valueHex: buffer(bytes), unusedBits });
/** A time in Unix seconds, in the form that RFC 5280 wants for its year. */
export function time(seconds: number): Value {
  const valueDate = new Date(seconds * 1000);
  return valueDate.getUTCFullYear() < 2050 ? new asn1.UTCTime({ valueDate }) : new asn1.GeneralizedTime({ valueDate });
}
/** [n] around values. */
export const tagged = (tagNumber: number, ...value: Value[]): Value =>
  new asn1.Constructed({ idBlock: { tagClass: 3, tagNumber }, value });
/** [n] in place of the tag of a string of bytes. */
export const implicit = (tagNumber: number, bytes: Uint8Array): Value =>
  new asn1.Primitive({ idBlock: { tagClass: 3, tagNumber }, valueHex: buffer(bytes) });

export const der = (value: Value): Uint8Array<ArrayBuffer> => new Uint8Array(value.toBER());

/** One block of PEM, ending with a newline. */
export function pem(label: string, bytes: Uint8Array): string {
  const base64 = btoa(String.fromCharCode(...bytes));
  return `-----BEGIN ${label}-----\n${base64.replace(/.{1,64}/g, '$&\n')}-----END ${label}-----\n`;
}
