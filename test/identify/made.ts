// Evidence put together by hand, byte by byte, at the offsets of the specifications.
import { createHash } from 'node:crypto';

export const INTEL = '939a7233f79c4ca9940a0db3957f0607';

/** Zeros with some bytes in them. */
export function made(size: number, parts: Readonly<Record<number, string>>): Buffer<ArrayBuffer> {
  const bytes = Buffer.alloc(size);
  for (const [at, hex] of Object.entries(parts)) bytes.write(hex, Number(at), 'hex');
  return bytes;
}

export const hashed = (name: string, ...parts: readonly Uint8Array[]): string =>
  createHash(name).update(Buffer.concat(parts)).digest('hex');

/** Bytes of the shortest TDX quote of version 4 whose certification data is empty. */
export const LEAST = 1226;

/** A quote of version 4 in which nothing is odd: the QE report binds its attestation key, and the signature is not zero. */
export const quote = (size = LEAST, parts: Readonly<Record<number, string>> = {}): Buffer<ArrayBuffer> =>
  made(Math.max(size, LEAST), {
    0: '0400020081000000',
    12: INTEL,
    632: '4e020000',
    636: 'ff',
    764: '0600c8010000',
    770: '00',
    1090: hashed('sha256', Buffer.alloc(64)),
    1154: '01',
    1218: '0000040000000000',
    ...parts,
  }).subarray(0, size);

/** A TDREPORT of version 0 whose digests fit. */
export function report(parts: Readonly<Record<number, string>> = {}): Buffer<ArrayBuffer> {
  const bytes = made(1024, { 0: '81000000', 256: 'ff01030000000000', ...parts });
  bytes.write(hashed('sha384', bytes.subarray(256, 495)), 32, 'hex');
  bytes.write(hashed('sha384', bytes.subarray(512)), 80, 'hex');
  return bytes;
}

/** What Azure's paravisor keeps: a report, and runtime data that its REPORTDATA binds. */
export function hcl(data: string, { hash = 'sha256', type = '01' } = {}): Buffer<ArrayBuffer> {
  const text = Buffer.from(data);
  const bytes = made(2600, { 32: report({ 128: hashed(hash, text) }).toString('hex'), 1228: `${type}000000` });
  bytes.write('HCLA');
  bytes.writeUInt32LE(2, 4);
  bytes.writeUInt32LE(1236 + text.length, 8);
  bytes.writeUInt32LE(2, 12);
  bytes.writeUInt32LE(20 + text.length, 1216);
  bytes.writeUInt32LE(1, 1220);
  bytes.writeUInt32LE(4, 1224);
  bytes.writeUInt32LE(text.length, 1232);
  text.copy(bytes, 1236);
  return bytes;
}

/* ---- DER ---- */

/** One element of DER. */
export function der(tag: number, ...content: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(content);
  const length = [];
  for (let left = body.length; left > 0; left = Math.floor(left / 256)) length.unshift(left % 256);
  const head = body.length < 0x80 ? [body.length] : [0x80 + length.length, ...length];
  return Buffer.concat([Buffer.from([tag, ...head]), body]);
}

/** A certificate with extensions, each an object identifier in hex and a value. */
export function certificate(...extensions: readonly (readonly [oid: string, value: Uint8Array])[]): Buffer {
  const empty = der(0x30);
  const list = extensions.map(([oid, value]) => der(0x30, der(0x06, Buffer.from(oid, 'hex')), der(0x04, value)));
  const signed = der(
    0x30,
    der(0xa0, der(0x02, Buffer.of(2))),
    der(0x02, Buffer.of(1)),
    empty,
    empty,
    empty,
    empty,
    der(0x30, empty, der(0x03, Buffer.of(0))),
    der(0xa3, der(0x30, ...list)),
  );
  return der(0x30, signed, empty, der(0x03, Buffer.alloc(128)));
}

/** The bytes as PEM. */
export const pem = (label: string, bytes: Uint8Array): string =>
  `-----BEGIN ${label}-----\n${Buffer.from(bytes)
    .toString('base64')
    .replace(/(.{64})/g, '$1\n')}\n-----END ${label}-----\n`;

/* ---- CBOR ---- */

/** A byte string of CBOR with a length of 4 bytes. */
export function byteString(bytes: Uint8Array): Buffer {
  const head = Buffer.alloc(5, 0x5a);
  head.writeUInt32BE(bytes.length, 1);
  return Buffer.concat([head, bytes]);
}
