// A whole simulated machine: every fault ends as documented, within its time, and the device works again afterwards.
import fc from 'fast-check';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import {
  attest,
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
import type * as codecModule from '../../src/verbs/codec.ts';
import type * as viewModule from '../../src/verbs/view.ts';
import { view } from '../../src/view.ts';
import { reports, SEED, service } from './machine.ts';
import { isSignedBy, reportdataIn, reportdataOf } from './quote-signature.ts';

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
vi.mock('../../src/verbs/view.ts', async (original) => {
  const real = await original<typeof viewModule>();
  return { ...real, view: watched(real.view), viewPrefix: watched(real.viewPrefix) };
});
vi.mock('../../src/verbs/codec.ts', async (original) => {
  const real = await original<typeof codecModule>();
  return { ...real, decode: watched(real.decode), decodePrefix: watched(real.decodePrefix) };
});

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
    test.each(ALL)('%s ends as documented, at its deadline if need be; the next request is served', async (fault) => {
      // The request in front is the one that `replay` repeats.
      const vmm = new SimulatedVmm(service, { notifies, faults: [undefined, fault], lateBy: 60 });
      const td = attest(reports, new GetQuote(vmm, { framing }));
      await td.quote(reportdataOf(1));
      const timeout = EXPECTED[fault] === 'timeout' ? 25 : undefined;
      const result = await outcome(td.quote(reportdataOf(2), { timeout }));
      expect(result instanceof DeviceError ? result.code : 'quote').toBe(EXPECTED[fault]);
      if (!(result instanceof DeviceError)) expect(await isSignedBy(SEED, result)).toBe(true);
      const keeps = KEEPS_BUFFER.includes(fault);
      const next = await outcome(td.quote(reportdataOf(3), { timeout: keeps ? 25 : undefined }));
      if (keeps) {
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
  const scenario = fc.record({
    faults: fc.array(fc.option(fc.constantFrom(...ALL), { nil: undefined }), { maxLength: 8 }),
    asked: fc.array(
      fc.record({
        timeout: fc.integer({ min: 5, max: 40 }),
        abortAfter: fc.option(fc.integer({ min: 0, max: 10 }), { nil: undefined }),
        after: fc.integer({ min: 0, max: 8 }),
      }),
      { minLength: 1, maxLength: 6 },
    ),
    framing: fc.constantFrom('sniffed' as const, 'qgs' as const, 'raw' as const),
    whenBusy: fc.constantFrom('queue' as const, 'refuse' as const),
    notifies: fc.boolean(),
  });
  type Scenario = typeof scenario extends fc.Arbitrary<infer S> ? S : never;

  async function play({ faults, asked, framing, whenBusy, notifies }: Scenario): Promise<void> {
    const vmm = new WatchingVmm(service, { faults, notifies, latency: 1, lateBy: 25 });
    const device = new GetQuote(vmm, { framing, whenBusy });
    const results = await Promise.all(
      asked.map(async ({ timeout, abortAfter, after }, i) => {
        await new Promise((resolve) => setTimeout(resolve, after));
        const report = await reports.report(reportdataOf(i));
        const signal = abortAfter === undefined ? undefined : AbortSignal.timeout(abortAfter);
        return outcome(
          (async () => {
            const quote = await device.quote(report, { timeout, signal });
            await checkQuote(quote, report, { transport: 'simulated' });
            return quote;
          })(),
        );
      }),
    );
    device.close();
    for (const [i, result] of results.entries()) {
      if (result instanceof DeviceError) continue;
      expect(reportdataIn(result)).toEqual(reportdataOf(i));
      expect(await isSignedBy(SEED, result)).toBe(true);
    }
    expect(vmm.broken).toEqual([]);
    expect(vmm.most).toBeLessThanOrEqual(1);
    expect(vmm.parsedShared).toBe(0);
  }

  beforeAll(() => parsed.clear());

  test("no hang, no parse of shared memory, no reuse of the VMM's buffer, one in flight, no quote that the enclave did not sign", async () => {
    // Ten at once, each of its own machine: they mostly wait.
    const ten = fc.array(scenario, { minLength: 10, maxLength: 10 });
    await fc.assert(
      fc.asyncProperty(ten, async (scenarios) => void (await Promise.all(scenarios.map(play)))),
      { numRuns: 15 },
    );
    // Copies were read: the eye on the verbs is open.
    expect(parsed.size).toBeGreaterThan(100);
  });
});

describe('none lost, none mixed up', () => {
  const td = (latency: number) => attest(reports, new GetQuote(new SimulatedVmm(service, { notifies: true, latency })));

  test('1,000 requests one after the other', async () => {
    const device = td(0);
    for (let i = 0; i < 1000; i++)
      expect(reportdataIn(await device.quote(reportdataOf(i % 30)))).toEqual(reportdataOf(i % 30));
  });

  test('100 requests at once', async () => {
    const device = td(1);
    const quotes = await Promise.all(Array.from({ length: 100 }, (_, i) => device.quote(reportdataOf(i))));
    expect(quotes.map(reportdataIn)).toEqual(Array.from({ length: 100 }, (_, i) => reportdataOf(i)));
  });
});
