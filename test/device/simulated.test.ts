// A whole simulated machine: every fault ends as documented, within its time, and the device works again afterwards.
import fc from 'fast-check';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import type * as codecModule from '../../src/codec.ts';
import {
  checkQuote,
  DeviceError,
  type DeviceErrorCode,
  FAULTS,
  type Fault,
  GetQuote,
  LINUX_7_BUFFER,
  qgsOf,
  SimulatedMachine,
  SimulatedVmm,
  simulated,
} from '../../src/device/index.ts';
import { checkDigests, Quote } from '../../src/index.ts';
import type * as viewModule from '../../src/view.ts';
import { view } from '../../src/view.ts';
import { isSignedBy, reportdataIn, reportdataOf } from './quote-signature.ts';

vi.setConfig({ testTimeout: 60_000 });

/** Every piece of memory that some verb was asked to read. */
const { parsed, watched } = vi.hoisted(() => {
  const buffers = new Set<ArrayBufferLike>();
  return {
    parsed: buffers,
    watched:
      (verb: (layout: never, bytes: Uint8Array, options: never) => unknown) =>
      (layout: never, bytes: Uint8Array, options: never) => {
        buffers.add(bytes.buffer);
        return verb(layout, bytes, options);
      },
  };
});
vi.mock('../../src/view.ts', async (original) => {
  const real = await original<typeof viewModule>();
  return { ...real, view: watched(real.view), viewPrefix: watched(real.viewPrefix) };
});
vi.mock('../../src/codec.ts', async (original) => {
  const real = await original<typeof codecModule>();
  return { ...real, decode: watched(real.decode), decodePrefix: watched(real.decodePrefix) };
});

const SEED = 'test';
const outcome = async (promise: Promise<Uint8Array>): Promise<Uint8Array | DeviceError> =>
  promise.catch((error: unknown) => {
    if (error instanceof DeviceError) return error;
    throw error;
  });

/** What a request comes to: the code of its error, or `quote`. */
const EXPECTED: Readonly<Record<Fault, DeviceErrorCode | 'quote'>> = {
  'in-flight-forever': 'timeout',
  late: 'timeout',
  'status-flip': 'quote',
  'out-len-past-buffer': 'oversize',
  'out-len-grows': 'oversize',
  'service-unavailable': 'service-unavailable',
  error: 'failed',
  'unknown-status': 'failed',
  retry: 'quote',
  'align-error': 'refused',
  'operand-invalid': 'refused',
  'gpa-in-use': 'busy',
  unsupported: 'unsupported',
  'spurious-interrupt': 'quote',
  empty: 'empty',
  'wrong-framing': 'malformed',
  'full-buffer': 'quote',
  garbage: 'malformed',
  replay: 'mismatch',
  'bit-flip': 'mismatch',
  scribble: 'quote',
};
const ALL = Object.keys(FAULTS) as Fault[];
/** After these the VMM keeps the buffer, so that no later request can be served. */
const KEEPS_BUFFER: readonly Fault[] = ['in-flight-forever'];

describe('a simulated TD', () => {
  test('the same seed gives the same TDREPORT and quote, another seed others', async () => {
    const [one, same, other] = await Promise.all(
      ['a', 'a', 'b'].map((seed) => simulated({ seed }).quote(reportdataOf(1))),
    );
    expect(one).toEqual(same);
    expect(one).not.toEqual(other);
  });

  test.each([
    ['tdx-v4-unpadded', 4],
    ['tdx-v5-body-3', 5],
    ['tdx-v5-body-3-service-td', 5],
    ['tdx-v5-body-4', 5],
  ])('of profile %s gets a quote of version %i', async (profile, version) => {
    const { machine, device } = simulated({ profile, seed: SEED });
    const report = await machine.report(reportdataOf(3));
    expect(await checkDigests(report)).toEqual({ teeTcbInfoHash: true, teeInfoHash: true });
    const quote = await device.quote(report);
    await checkQuote(quote, report, { transport: 'test' });
    expect(view(Quote, quote).header.version).toBe(version);
  });

  test('the enclave refuses a TDREPORT of another machine, and one that was changed', async () => {
    const machine = new SimulatedMachine({ seed: SEED });
    const report = await machine.report(reportdataOf(1));
    expect(await new SimulatedMachine({ seed: 'other' }).quote(report)).toBe('the MAC is not of this machine');
    const changed = report.slice();
    changed[600] = 1;
    expect(await machine.quote(changed)).toBe('a hash in the TDREPORT is not that of what it covers');
    const { device } = simulated({ seed: 'other' });
    await expect(device.quote(report)).rejects.toMatchObject({ code: 'failed' });
  });

  test('report data of another length than 64 is refused', async () => {
    const says = new TypeError('report data must be 64 bytes, is 63');
    await expect(simulated().quote(new Uint8Array(63))).rejects.toThrow(says);
  });

  test('the QGS answers a framed message, a bare TDREPORT, and nothing else', async () => {
    const machine = new SimulatedMachine({ seed: SEED });
    const qgs = qgsOf(machine);
    const report = await machine.report(reportdataOf(1));
    const quote = await machine.quote(report);
    expect(await qgs(report)).toEqual(quote);
    expect(await qgs(report.subarray(1))).toBeUndefined();
    expect(await qgs(Uint8Array.from([0, 0, 0, 16, 1, 0, 1, 0, 4, 0, 0, 0, 16, 0, 0, 0, 0, 0, 0, 0]))).toBeUndefined();
  });
});

describe.each(['sniffed', 'qgs', 'raw'] as const)('%s', (framing) => {
  describe.each([true, false])('with notification %s', (notifies) => {
    test.each(ALL)('%s ends as documented, in time; the next request is served', async (fault) => {
      const timeout = 60;
      // The request in front is the one that `replay` repeats.
      const sim = simulated({ seed: SEED, framing, notifies, faults: [undefined, fault], lateBy: 120 });
      await sim.quote(reportdataOf(1), { timeout: 1000 });
      const start = performance.now();
      const result = await outcome(
        sim.quote(reportdataOf(2), { timeout: EXPECTED[fault] === 'timeout' ? timeout : 1000 }),
      );
      expect(performance.now() - start).toBeLessThan(500);
      expect(result instanceof DeviceError ? result.code : 'quote').toBe(EXPECTED[fault]);
      if (!(result instanceof DeviceError)) expect(await isSignedBy(SEED, result)).toBe(true);
      const next = await outcome(
        sim.quote(reportdataOf(3), { timeout: KEEPS_BUFFER.includes(fault) ? timeout : 1000 }),
      );
      if (KEEPS_BUFFER.includes(fault)) {
        expect(next).toMatchObject({ code: 'busy' });
        return;
      }
      expect(next).toBeInstanceOf(Uint8Array);
      expect(reportdataIn(next as Uint8Array)).toEqual(reportdataOf(3));
    });
  });
});

test('128 KiB: an answer that fills the buffer comes whole, its padding too', async () => {
  const sim = simulated({ seed: SEED, size: LINUX_7_BUFFER, faults: ['full-buffer'] });
  const quote = await sim.quote(reportdataOf(1));
  expect(quote).toHaveLength(LINUX_7_BUFFER - 24);
  expect(await isSignedBy(SEED, quote)).toBe(true);
});

/** The VMM, with an eye on the TD: whether it keeps to what GHCI asks of it. */
class WatchingVmm extends SimulatedVmm {
  readonly broken: string[] = [];
  readonly #shared = new Set<ArrayBufferLike>();
  #most = 0;

  override allocate(size: number) {
    const buffer = super.allocate(size);
    this.#shared.add(buffer.bytes.buffer);
    return buffer;
  }
  override free(buffer: Parameters<SimulatedVmm['free']>[0]) {
    if (this.inFlight.has(buffer.gpa)) this.broken.push('a buffer of the VMM was freed');
    super.free(buffer);
  }
  override async getQuote(registers: Parameters<SimulatedVmm['getQuote']>[0]) {
    if (this.inFlight.size > 0) this.broken.push('a second request while one is in flight');
    const out = await super.getQuote(registers);
    this.#most = Math.max(this.#most, this.inFlight.size);
    return out;
  }
  /** Memory that the VMM shares and that some verb has read. */
  get parsedShared() {
    return [...this.#shared].filter((memory) => parsed.has(memory)).length;
  }
  get most() {
    return this.#most;
  }
}

describe('whatever goes wrong, in whatever order', () => {
  const machine = new SimulatedMachine({ seed: SEED });
  const qgs = qgsOf(machine);
  // The enclave's work is the same each time: no need to sign anew.
  const answers = new Map<string, ReturnType<typeof qgs>>();
  const remembered: typeof qgs = (request) => {
    const key = Buffer.from(request).toString('base64');
    const answer = answers.get(key) ?? qgs(request);
    answers.set(key, answer);
    return answer;
  };
  beforeAll(() => parsed.clear());

  const script = fc.array(fc.option(fc.constantFrom(...ALL), { nil: undefined }), { maxLength: 8 });
  const requests = fc.array(
    fc.record({
      timeout: fc.integer({ min: 5, max: 40 }),
      abortAfter: fc.option(fc.integer({ min: 0, max: 10 }), { nil: undefined }),
      after: fc.integer({ min: 0, max: 8 }),
    }),
    { minLength: 1, maxLength: 6 },
  );

  test("no hang, no parse of shared memory, no reuse of the VMM's buffer, one in flight, no quote that the enclave did not sign", async () => {
    await fc.assert(
      fc.asyncProperty(
        script,
        requests,
        fc.constantFrom('sniffed' as const, 'qgs' as const, 'raw' as const),
        fc.constantFrom('queue' as const, 'refuse' as const),
        fc.boolean(),
        async (faults, asked, framing, whenBusy, notifies) => {
          const vmm = new WatchingVmm(remembered, { faults, notifies, latency: 1, lateBy: 25 });
          const sim = new GetQuote(vmm, { framing, whenBusy });
          const results = await Promise.all(
            asked.map(async ({ timeout, abortAfter, after }, i) => {
              await new Promise((resolve) => setTimeout(resolve, after));
              const report = await machine.report(reportdataOf(i));
              const signal = abortAfter === undefined ? undefined : AbortSignal.timeout(abortAfter);
              const start = performance.now();
              const result = await outcome(
                (async () => {
                  const quote = await sim.quote(report, { timeout, signal });
                  await checkQuote(quote, report, { transport: 'simulated' });
                  return quote;
                })(),
              );
              return { result, i, late: performance.now() - start - timeout };
            }),
          );
          sim.close();
          for (const { result, i, late } of results) {
            expect(late).toBeLessThan(400);
            if (result instanceof DeviceError) continue;
            expect(reportdataIn(result)).toEqual(reportdataOf(i));
            expect(await isSignedBy(SEED, result)).toBe(true);
          }
          expect(vmm.broken).toEqual([]);
          expect(vmm.most).toBeLessThanOrEqual(1);
          expect(vmm.parsedShared).toBe(0);
        },
      ),
      { numRuns: 150 },
    );
  });
});

describe('none lost, none mixed up', () => {
  test('1,000 requests one after the other', async () => {
    const sim = simulated({ seed: SEED, notifies: true });
    for (let i = 0; i < 1000; i++) expect(reportdataIn(await sim.quote(reportdataOf(i)))).toEqual(reportdataOf(i));
  });

  test('100 requests at once', async () => {
    const sim = simulated({ seed: SEED, notifies: true, latency: 1 });
    const quotes = await Promise.all(Array.from({ length: 100 }, (_, i) => sim.quote(reportdataOf(i))));
    expect(quotes.map(reportdataIn)).toEqual(Array.from({ length: 100 }, (_, i) => reportdataOf(i)));
  });
});
