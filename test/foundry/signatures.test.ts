import { webcrypto, X509Certificate } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { testPki } from '../../src/foundry/pki.ts';
import { PROFILES } from '../../src/foundry/profiles.ts';
import { fixture } from './profile.ts';

const ecdsa = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

const verifies = (key: webcrypto.CryptoKey, signature: Uint8Array, message: Uint8Array): Promise<boolean> =>
  webcrypto.subtle.verify(ecdsa, key, Uint8Array.from(signature), Uint8Array.from(message));

const sha256 = async (...parts: Uint8Array[]): Promise<Buffer> =>
  Buffer.from(await webcrypto.subtle.digest('SHA-256', Buffer.concat(parts)));

// Read by offsets, so that neither our layouts nor the forge judge themselves.
describe.each(PROFILES.map((profile) => [profile.name, profile] as const))('%s', (name, { shape, ca }) => {
  const bytes = Buffer.from(fixture(name).quote);
  const bodySize = { SgxReportBody: 384, TdReportBody10: 584, TdReportBody15: 648, TdReportBody15Ex: 885 }[shape.body];
  const end = 48 + (shape.version === 5 ? 6 : 0) + bodySize;
  const data = bytes.subarray(end + 4, end + 4 + bytes.readUInt32LE(end));
  const attestationKey = data.subarray(64, 128);
  const certified = data.subarray(shape.version === 3 ? 128 : 134);
  const report = certified.subarray(0, 384);
  const authenticationData = certified.subarray(450, 450 + certified.readUInt16LE(448));

  test('WebCrypto verifies the quote signature with the attestation key', async () => {
    const key = await webcrypto.subtle.importKey('raw', Buffer.concat([Buffer.of(4), attestationKey]), ecdsa, false, [
      'verify',
    ]);
    expect(await verifies(key, data.subarray(0, 64), bytes.subarray(0, end))).toBe(true);
    expect(await verifies(key, data.subarray(0, 64), bytes.subarray(0, end + 4))).toBe(false);
  });

  test('WebCrypto verifies the signature of the QE report with the PCK key', async () => {
    const { publicKey } = new X509Certificate(testPki({ seed: 'test', platform: ca }).pck.certificate);
    const key = await webcrypto.subtle.importKey('jwk', publicKey.export({ format: 'jwk' }), ecdsa, false, ['verify']);
    expect(await verifies(key, certified.subarray(384, 448), report)).toBe(true);
  });

  test('the QE report binds the attestation key and the authentication data', async () => {
    expect(report.subarray(320, 352)).toEqual(await sha256(attestationKey, authenticationData));
    expect(report.subarray(352)).toEqual(Buffer.alloc(32));
  });
});
