// A VMM on another core, which really writes while the TD reads: nothing may come through that the enclave did not sign.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { afterAll, expect, test } from 'vitest';
import { checkQuote, DEFAULT_BUFFER, DeviceError, GetQuote, simulated } from '../../src/device/index.ts';
import { machine, SEED } from './machine.ts';
import { isSignedBy, reportdataOf } from './quote-signature.ts';

const report = await machine.report(reportdataOf(1));
const quote = await simulated({ seed: SEED }).device.quote(report);
const shared = new SharedArrayBuffer(DEFAULT_BUFFER);
const outLen = new Uint32Array(shared, 20, 1);

/** Writes the right answer and wrong ones over each other; each stands for some microseconds, so that every one of them is met. */
const scribbler = new Worker(
  `const { workerData: { shared, quote } } = require('node:worker_threads');
   const bytes = new Uint8Array(shared), status = new BigUint64Array(shared, 8, 1), outLen = new Uint32Array(shared, 20, 1);
   const garbage = new Uint8Array(quote.length).fill(0xa5);
   for (let i = 0; ; i++) {
     const kind = Math.floor(Math.random() * 8);
     if (kind < 5) bytes.set(quote, 24);
     if (kind === 5) bytes.set(garbage.subarray(0, 1 + Math.random() * garbage.length), 24);
     Atomics.store(outLen, 0, kind === 6 ? 0xffffffff : quote.length);
     Atomics.store(status, 0, kind === 7 ? 0xffffffffffffffffn : 0n);
     for (let n = Math.random() * 20000; n > 0; n--);
   }`,
  { eval: true, workerData: { shared, quote } },
);
const online = once(scribbler, 'online');
afterAll(() => scribbler.terminate());

/** What a request can come to: the enclave's quote, or a refusal. The first two must be met, however long that takes. */
const MET = ['quote', 'oversize'];
const OUTCOMES = [...MET, 'malformed', 'mismatch', 'empty'];

test('300 requests and more against a VMM that writes all the time: a quote that the enclave has signed, or a DeviceError', async () => {
  await online;
  const flow = new GetQuote({
    name: 'racing',
    gpaw: 48,
    allocate: () => ({ bytes: new Uint8Array(shared), gpa: 0x1000n }),
    free() {},
    async getQuote() {
      // Until the other core has written something.
      while (Atomics.load(outLen, 0) === 0) await new Promise((resolve) => setImmediate(resolve));
      return { rax: 0n, r10: 0n };
    },
  });
  const seen = new Set<string>();
  for (let i = 0; i < 300 || !MET.every((outcome) => seen.has(outcome)); i++) {
    const outcome = await (async () => {
      try {
        const answer = await flow.quote(report);
        await checkQuote(answer, report, { transport: 'racing' });
        expect(await isSignedBy(SEED, answer)).toBe(true);
        return 'quote';
      } catch (error) {
        if (error instanceof DeviceError) return error.code;
        throw error;
      }
    })();
    expect(OUTCOMES).toContain(outcome);
    seen.add(outcome);
  }
});
