import { checkBytes } from '../../engine/check.ts';
import { sha384 } from './sha384.ts';

const LENGTH = 48;

/**
 * What a run-time measurement register holds once it is extended by a digest: SHA-384 of the register and the digest.
 *
 * @throws LayoutError unless both are 48 bytes.
 */
export async function extendRtmr(rtmr: Uint8Array, digest: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  checkBytes(rtmr, LENGTH, 'rtmr');
  checkBytes(digest, LENGTH, 'digest');
  const both = new Uint8Array(2 * LENGTH);
  both.set(rtmr);
  both.set(digest, LENGTH);
  return sha384(both);
}

/**
 * What a register holds after all these digests in order, such as those of an event log, from the zero that it begins
 * with.
 *
 * @throws LayoutError unless each is 48 bytes.
 */
export async function replayRtmr(digests: Iterable<Uint8Array>): Promise<Uint8Array<ArrayBuffer>> {
  let rtmr = new Uint8Array(LENGTH);
  for (const digest of digests) rtmr = await extendRtmr(rtmr, digest);
  return rtmr;
}
