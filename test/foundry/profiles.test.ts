// What the forge writes by the specification's offsets, our layouts read, WebCrypto verifies, and somebody else's verifier
// accepts.
import { webcrypto, X509Certificate } from 'node:crypto';
import { QuoteVerifier } from '@phala/dcap-qvl';
import { describe, expect, test } from 'vitest';
import { decode, encode } from '../../src/codec.ts';
import { type Collateral, forge, PROFILES, testPki } from '../../src/foundry/index.ts';
import { testTd } from '../../src/foundry/td.ts';
import { Quote, TdReport } from '../../src/structs/index.ts';
import { view } from '../../src/view.ts';

const ecdsa = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

const verifies = (key: webcrypto.CryptoKey, signature: Uint8Array, message: Uint8Array): Promise<boolean> =>
  webcrypto.subtle.verify(ecdsa, key, Uint8Array.from(signature), Uint8Array.from(message));

const sha256 = async (...parts: Uint8Array[]): Promise<Buffer> =>
  Buffer.from(await webcrypto.subtle.digest('SHA-256', Buffer.concat(parts)));

describe.each(PROFILES.map((profile) => [profile.name, profile] as const))('%s', (_, profile) => {
  const { shape, ca, td, certification } = profile;
  const { quote, tdReport, root, collateral, now } = forge({ seed: 'test', profile });

  test('strict reading accepts the quote', () => {
    expect(view(Quote, quote, { strict: true }).header.version).toBe(quote[0]);
  });

  test('decode, then encode gives the quote back', () => {
    expect(encode(Quote, decode(Quote, quote))).toEqual(quote);
  });

  if (tdReport) {
    test('the layout of TDREPORT reads the fields that were set', () => {
      const report = decode(TdReport, tdReport, { strict: true });
      const set = testTd(td);
      expect(report.tdinfo).toMatchObject({ mrtd: set.mrtd, rtmr: set.rtmr, xfam: set.xfam });
      expect(report.reportmacstruct.reportdata).toEqual(set.reportdata);
      expect(encode(TdReport, report)).toEqual(tdReport);
    });
  }

  const verify = (beside: Collateral = collateral) =>
    QuoteVerifier.newWithRootCa(Buffer.from(root)).verify(Buffer.from(quote), beside, now).status;

  const says = profile.expect['@phala/dcap-qvl'] ?? 'does not read';

  test(`@phala/dcap-qvl ${says} it`, () => {
    if (says === 'accepts') expect(verify()).toBe('UpToDate');
    else expect(() => verify()).toThrow();
  });

  if (certification !== 5) {
    test('@phala/dcap-qvl refuses it without the chain that the quote does not carry', () => {
      const { pck_certificate_chain: _, ...without } = collateral;
      expect(() => verify(without)).toThrow();
    });
  }

  // Read by offsets, so that neither our layouts nor the forge judge themselves.
  const bytes = Buffer.from(quote);
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
