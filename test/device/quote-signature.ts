import { attestationKeyOf } from '../../src/foundry/index.ts';
import { QuoteV4 } from '../../src/structs/index.ts';
import { span, view } from '../../src/view.ts';

const P256 = { name: 'ECDSA', namedCurve: 'P-256' };
const keys = new Map<string, Promise<CryptoKey>>();

function keyOf(seed: string): Promise<CryptoKey> {
  const known = keys.get(seed);
  if (known) return known;
  const point = Uint8Array.of(4, ...attestationKeyOf(seed, 'tdx').publicKey);
  const key = crypto.subtle.importKey('raw', point, P256, false, ['verify']);
  keys.set(seed, key);
  return key;
}

/** Whether the enclave of a seed has signed the quote: by the seed's key, not by whatever key the quote names. */
export async function isSignedBy(seed: string, bytes: Uint8Array): Promise<boolean> {
  const quote = view(QuoteV4, bytes);
  if (!('quoteSignature' in quote.signatureData)) return false;
  const signature = new Uint8Array(quote.signatureData.quoteSignature);
  const signed = new Uint8Array(span(quote, 'header', 'body'));
  return crypto.subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, await keyOf(seed), signature, signed);
}

/** 64 bytes that belong to one request. */
export function reportdataOf(request: number): Uint8Array<ArrayBuffer> {
  const reportdata = new Uint8Array(64).fill(0x5a);
  new DataView(reportdata.buffer).setUint32(0, request);
  return reportdata;
}

/** The report data that a quote carries. */
export function reportdataIn(bytes: Uint8Array): Uint8Array {
  const { body } = view(QuoteV4, bytes);
  return new Uint8Array(body.reportdata);
}
