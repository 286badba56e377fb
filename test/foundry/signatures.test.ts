import { webcrypto, X509Certificate } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { certificates } from '../../src/certificates.ts';
import { testPki } from '../../src/foundry/pki.ts';
import { quoteV4 } from '../../src/foundry/quote.ts';
import { QuoteV4 } from '../../src/structs/index.ts';
import { span, view } from '../../src/view.ts';

const ecdsa = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

function verifies(key: webcrypto.CryptoKey, signature: Uint8Array, message: Uint8Array): Promise<boolean> {
  return webcrypto.subtle.verify(ecdsa, key, Uint8Array.from(signature), Uint8Array.from(message));
}

describe('quote of version 4 of a TD', () => {
  const pki = testPki({ seed: 'signatures' });
  const bytes = quoteV4(pki);
  const quote = view(QuoteV4, bytes, { strict: true });
  const { signatureData } = quote;
  const outer = signatureData.qeCertificationData.certificationData;

  test('WebCrypto verifies the quote signature with the attestation key', async () => {
    const raw = Uint8Array.of(4, ...signatureData.ecdsaAttestationKey);
    const key = await webcrypto.subtle.importKey('raw', raw, ecdsa, false, ['verify']);
    expect(await verifies(key, signatureData.quoteSignature, span(quote, 'header', 'body'))).toBe(true);
    expect(await verifies(key, signatureData.quoteSignature, bytes.subarray(0, 631))).toBe(false);
  });

  test('the PCK leaf of the chain verifies the signature of the QE report', async () => {
    const chain = outer.qeCertificationData.certificationData;
    expect(chain).toBeInstanceOf(Uint8Array);
    const [leaf] = certificates(chain as Uint8Array);
    const { publicKey } = new X509Certificate(leaf?.bytes ?? '');
    const key = await webcrypto.subtle.importKey('jwk', publicKey.export({ format: 'jwk' }), ecdsa, false, ['verify']);
    expect(await verifies(key, outer.qeReportSignature, span(outer, 'qeReport'))).toBe(true);
  });

  test('it ends with 70 zero bytes', () => {
    expect(quote.trailing).toEqual(new Uint8Array(70));
  });
});
