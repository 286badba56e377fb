import { p256 } from '@noble/curves/nist.js';
import { hkdf } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';

/** Plain bytes of their own, as the rest of the library hands them out. */
export const own = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => new Uint8Array(bytes);

/**
 * Bytes that follow from the seed: HKDF-SHA-256 with the UTF-8 text of the seed as key material, `tdx-codec foundry 1` as
 * salt and the label as info. Test material: who knows the seed knows them.
 */
export function derive(seed: string, label: string, length: number): Uint8Array<ArrayBuffer> {
  return own(hkdf(sha256, utf8ToBytes(seed), utf8ToBytes('tdx-codec foundry 1'), utf8ToBytes(label), length));
}

/** An ECDSA P-256 key that follows from a seed. */
export interface TestKey {
  /** 32 bytes, big-endian. */
  readonly secretKey: Uint8Array<ArrayBuffer>;
  /** x, then y, 32 bytes big-endian each. */
  readonly publicKey: Uint8Array<ArrayBuffer>;
}

/** The key with a label: 48 derived bytes, reduced to the order of the curve (FIPS 186-5, A.2.1). */
export function deriveKey(seed: string, label: string): TestKey {
  const secretKey = own(p256.utils.randomSecretKey(derive(seed, `key ${label}`, 48)));
  return { secretKey, publicKey: own(p256.getPublicKey(secretKey, false).subarray(1)) };
}

/** ECDSA over SHA-256 with the nonce of RFC 6979: r, then s, 32 bytes big-endian each. */
export function sign(key: TestKey, message: Uint8Array): Uint8Array<ArrayBuffer> {
  return own(p256.sign(message, key.secretKey, { format: 'compact', lowS: false }));
}
