import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { extendRtmr, replayRtmr } from '../../src/evidence/report/rtmr.ts';

const digest = (text: string) => new Uint8Array(createHash('sha384').update(text).digest());
const joined = (...parts: readonly Uint8Array[]) =>
  new Uint8Array(createHash('sha384').update(Buffer.concat(parts)).digest());

describe('extendRtmr', () => {
  test('is SHA-384 of the register and the digest', async () => {
    expect(await extendRtmr(digest('old'), digest('event'))).toEqual(joined(digest('old'), digest('event')));
  });

  test('takes shared memory and leaves its arguments alone', async () => {
    const rtmr = new Uint8Array(new SharedArrayBuffer(48));
    expect(await extendRtmr(rtmr, digest('event'))).toEqual(joined(new Uint8Array(48), digest('event')));
    expect(new Uint8Array(rtmr)).toEqual(new Uint8Array(48));
  });

  test('throws LayoutError unless register and digest are 48 bytes', async () => {
    await expect(extendRtmr(new Uint8Array(32), digest('event'))).rejects.toMatchObject({
      code: 'length',
      message: 'rtmr: must be 48 bytes, is 32',
    });
    await expect(extendRtmr(digest('old'), new Uint8Array(49))).rejects.toMatchObject({
      code: 'length',
      message: 'digest: must be 48 bytes, is 49',
    });
  });
});

describe('replayRtmr', () => {
  test('of no events is zero', async () => expect(await replayRtmr([])).toEqual(new Uint8Array(48)));

  test('extends by each digest in order', async () => {
    const [a, b] = [digest('a'), digest('b')];
    expect(await replayRtmr([a, b])).toEqual(joined(joined(new Uint8Array(48), a), b));
    expect(await replayRtmr([b, a])).not.toEqual(await replayRtmr([a, b]));
  });
});
