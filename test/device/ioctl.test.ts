// The ioctl transport, by real open(2) and ioctl(2) calls, on a stand-in for the guest device that is preloaded.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { packed } from '../../src/device/framing.ts';
import { callsOf } from '../../src/device/node/generations.ts';
import { GuestDevice, ioctl } from '../../src/device/node/ioctl.ts';
import { toHex } from '../../src/engine/hex.ts';
import { ioctls } from '../../src/uapi/index.ts';
import { main } from '../cli/command.ts';
import { Answers, quoteOf, reportOf } from './answers.ts';
import { compiled, lacksGcc, removed, scratch } from './compiled.ts';
import type { Asked, Told } from './ioctl-child.ts';

const { errno } = constants;
const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = scratch();
const answers = new Answers(join(folder, 'answers'));
const orders = join(folder, 'orders');

const hasKoffi = ((): boolean => {
  try {
    createRequire(import.meta.url).resolve('koffi');
    return true;
  } catch {
    return false;
  }
})();
const isLinux = process.platform === 'linux' && process.arch === 'x64';
const lacks = lacksGcc ?? (isLinux ? undefined : 'this is not Linux on x86-64');
if (lacks !== undefined) console.warn(`SKIPPED: the guest device as a preloaded stand-in, since ${lacks}`);
else if (!hasKoffi) console.warn('SKIPPED: the ioctl transport, since the optional package koffi is not installed');
const canPreload = lacks === undefined;

const standIn = canPreload ? compiled('preload-tdx-guest', folder, ['-shared', '-fPIC', '-ldl', '-pthread']) : '';
const environment = {
  ...process.env,
  LD_PRELOAD: standIn,
  TDX_STAND_IN_ORDERS: orders,
  TDX_STAND_IN_ANSWERS: answers.folder,
};

let given = 0;
/** Gives the stand-in its orders; counts in them start over. */
const order = (...lines: readonly string[]): void => writeFileSync(orders, `${lines.join('\n')}\n# ${++given}\n`);

/** The program that asks, with what it has still to answer. */
class Child {
  readonly #process: ChildProcess;
  readonly #open = new Map<number, (told: Told) => void>();
  #asked = 0;

  constructor() {
    this.#process = spawn(process.execPath, ['scripts/ts.mjs', 'test/device/ioctl-child.ts'], {
      cwd: root,
      env: environment,
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    createInterface({ input: this.#process.stdout! }).on('line', (line) => {
      const told = JSON.parse(line) as Told;
      this.#open.get(told.id)?.(told);
      this.#open.delete(told.id);
    });
  }

  ask(asked: Omit<Asked, 'id' | 'hex'> & { bytes: Uint8Array }): Promise<Told> {
    const { bytes, ...rest } = asked;
    const id = ++this.#asked;
    return new Promise((resolve) => {
      this.#open.set(id, resolve);
      this.#process.stdin!.write(`${JSON.stringify({ id, hex: toHex(bytes), ...rest })}\n`);
    });
  }

  end(): Promise<void> {
    return new Promise((resolve) => {
      this.#process.on('close', () => resolve());
      // It ends when nothing more can come, and takes its bundle with it.
      this.#process.stdin!.end();
    });
  }
}

const child = canPreload && hasKoffi ? new Child() : undefined;
const ask: Child['ask'] = (asked) => child!.ask(asked);

afterAll(async () => {
  await child?.end();
  removed(folder);
});

describe('ioctl without a device', () => {
  test('a device that is not there is unavailable, and says which', async () => {
    const path = join(folder, 'tdx_guest');
    for (const failure of [
      ioctl({ device: path }).quote(new Uint8Array(64)),
      new GuestDevice({ device: path }).report(new Uint8Array(64)),
    ]) {
      await expect(failure).rejects.toMatchObject({ name: 'DeviceError', code: 'unavailable', errno: 'ENOENT', path });
      await expect(failure).rejects.toThrow(
        `attestation is not available: ioctl ${path}: no such file or directory (ENOENT)`,
      );
    }
  });

  test.runIf(hasKoffi)('a file that is no device does not know the command', async () => {
    const failure = new GuestDevice({ device: '/dev/null' }).report(new Uint8Array(64));
    await expect(failure).rejects.toMatchObject({ code: 'unsupported', errno: 'ENOTTY', path: '/dev/null' });
  });

  test('without koffi it is unavailable, and says what to install', async () => {
    vi.resetModules();
    vi.doMock('koffi', () => {
      throw new Error('not there');
    });
    const { GuestDevice } = await import('../../src/device/node/ioctl.ts');
    const failure = new GuestDevice({ device: '/dev/null' }).report(new Uint8Array(64));
    await expect(failure).rejects.toMatchObject({ name: 'DeviceError', code: 'unavailable', path: '/dev/null' });
    await expect(failure).rejects.toThrow('npm install koffi');
    vi.doUnmock('koffi');
  });

  test.each(['mainline', 'ohcl', 'dcui-tdx'] as const)('the driver of %s makes no quotes', async (generation) => {
    const failure = new GuestDevice({ generation }).quote(reportOf(new Uint8Array(64)));
    await expect(failure).rejects.toMatchObject({ code: 'unsupported' });
  });

  test('neither report data of 63 bytes nor a TDREPORT of 1023 is sent', async () => {
    const device = new GuestDevice({ device: '/dev/null' });
    await expect(device.report(new Uint8Array(63))).rejects.toThrow(TypeError);
    await expect(device.quote(new Uint8Array(1023))).rejects.toMatchObject({ code: 'refused' });
  });
});

describe('the numbers that are tried where no generation is named', () => {
  test('mean GET_QUOTE to whoever has used them', () => {
    const { quotes } = callsOf(undefined);
    const meanings = Object.values(ioctls).flatMap(({ commands }) =>
      Object.entries(commands).filter(([, number]) => quotes.includes(number)),
    );
    expect(meanings).toHaveLength(6);
    for (const [name] of meanings) expect(name).toMatch(/^(TDX_CMD_GET_QUOTE|IocTdxGetQuote)$/);
  });
});

const GENERATIONS = Object.keys(ioctls) as (keyof typeof ioctls)[];
const SILENT = new Set(['mainline', 'ohcl', 'dcui-tdx']);
const QUOTING = GENERATIONS.filter((generation) => !SILENT.has(generation));
/** Those whose struct for quotes any client can fill by the kernel's header. */
const PUBLISHED = QUOTING.filter((generation) => ioctls[generation].devices[0] === '/dev/tdx_guest');

describe.runIf(child)('ioctl', () => {
  test.each(GENERATIONS)('gets the TDREPORT of %s', async (generation) => {
    order(`generation ${generation}`);
    const { reportdata, report } = answers.freshReport();
    const told = await ask({ what: 'report', bytes: reportdata, options: { generation } });
    expect(told.error).toBeUndefined();
    expect(told.hex).toBe(toHex(report));
  });

  test.each(QUOTING)('gets the quote of %s', async (generation) => {
    order(`generation ${generation}`);
    const { reportdata, quote } = answers.freshReport();
    const told = await ask({ what: 'attest', bytes: reportdata, options: { generation } });
    expect(told.error).toBeUndefined();
    // The driver of 2021 gives all its memory: the rest is padding.
    expect(told.hex?.replace(/(00)*$/, '')).toBe(toHex(quote).replace(/(00)*$/, ''));
  });

  test.each(PUBLISHED)('finds out by itself what %s knows', async (generation) => {
    order(`generation ${generation}`);
    const { reportdata, quote } = answers.freshReport();
    expect((await ask({ what: 'attest', bytes: reportdata, options: {} })).hex).toBe(toHex(quote));
  });

  test.each(PUBLISHED)('sends messages of the QGS through %s when told to', async (generation) => {
    order(`generation ${generation}`);
    const { reportdata, quote } = answers.freshReport(70);
    const options = { generation, framing: 'qgs' } as const;
    expect((await ask({ what: 'attest', bytes: reportdata, options })).hex).toBe(toHex(quote));
  });

  test('a framed request is sent as it is', async () => {
    order('generation series-v3');
    const { report, quote } = answers.freshReport();
    const bytes = packed(report, 'qgs', { transport: 'test' });
    expect((await ask({ what: 'quote', bytes, options: { generation: 'series-v3' } })).hex).toBe(toHex(quote));
  });

  const generation = 'series-v2';
  const device = '/dev/tdx_guest';
  const wrong = (...lines: readonly string[]): readonly string[] => [`generation ${generation}`, ...lines];

  test.each([
    [
      'a device that is gone',
      wrong(`fail open ${errno.ENOENT} 1`),
      'unavailable',
      'ENOENT',
      'attestation is not available: ioctl /dev/tdx_guest: no such file',
    ],
    ['a device without permission', wrong(`fail open ${errno.EACCES} 1`), 'unavailable', 'EACCES', 'permission denied'],
    ['mainline', ['generation mainline'], 'unsupported', 'ENOTTY', 'the driver does not know this command'],
    ['another generation', ['generation intel-tdx'], 'unsupported', 'ENOTTY', 'the driver does not know this command'],
    [
      'no TDREPORT',
      wrong(`fail report ${errno.EIO} 1`),
      'failed',
      'EIO',
      'GET_REPORT: the TDX module or the VMM has refused',
    ],
    ['a refused operand', wrong(`fail report ${errno.EINVAL} 1`), 'refused', 'EINVAL', 'GET_REPORT'],
    [
      'a refused hypercall',
      wrong(`fail quote ${errno.EIO} 1`),
      'failed',
      'EIO',
      'GET_QUOTE: the TDX module or the VMM has refused',
    ],
    ['a refused buffer', wrong(`fail quote ${errno.EINVAL} 1`), 'refused', 'EINVAL', 'GET_QUOTE'],
    [
      'an earlier request',
      wrong(`fail quote ${errno.EBUSY} 1`),
      'busy',
      'EBUSY',
      'still at work on an earlier request',
    ],
    ['no memory', wrong(`fail quote ${errno.ENOMEM} 1`), 'failed', 'ENOMEM', 'not enough memory'],
    ['a bad address', wrong(`fail quote ${errno.EFAULT} 1`), 'failed', 'EFAULT', 'bad address'],
    ['signals without end', wrong(`fail quote ${errno.EINTR} 9`), 'failed', 'EINTR', 'a signal came while waiting'],
    ['no quoting service', wrong('status 8000000000000001'), 'service-unavailable', undefined, 'no quoting service'],
    ['a quoting service that fails', wrong('status 8000000000000000'), 'failed', undefined, 'GET_QUOTE_ERROR'],
    ['a status that nobody knows', wrong('status 8000000000000007'), 'failed', undefined, '0x8000000000000007'],
    ['a request still in flight', wrong('status ffffffffffffffff'), 'timeout', undefined, 'GET_QUOTE_IN_FLIGHT'],
    ['success and no bytes', wrong('out_len 0'), 'empty', undefined, 'the answer is empty'],
    ['out_len past the buffer', wrong('out_len 16361'), 'oversize', undefined, 'does not fit the buffer'],
    ['out_len past all memory', wrong('out_len 4294967295'), 'oversize', undefined, 'does not fit the buffer'],
    ['out_len within the quote', wrong('out_len 1000'), 'malformed', undefined, 'the answer is no quote'],
  ])('%s is told, and the next request is served', async (_, lines, code, name, says) => {
    const { reportdata, quote } = answers.freshReport();
    order(...lines);
    const { error } = await ask({ what: 'attest', bytes: reportdata, options: { generation } });
    expect(error).toMatchObject({ code, path: device });
    expect(error?.errno).toBe(name);
    expect(error?.message).toContain(says);
    order(`generation ${generation}`);
    expect((await ask({ what: 'attest', bytes: reportdata, options: { generation } })).hex).toBe(toHex(quote));
  });

  test.each(['report', 'quote'])(
    'a signal that breaks off the call for a %s is made good by another',
    async (place) => {
      const { reportdata, quote } = answers.freshReport();
      order(...wrong(`fail ${place} ${errno.EINTR} 2`));
      expect((await ask({ what: 'attest', bytes: reportdata, options: { generation } })).hex).toBe(toHex(quote));
    },
  );

  test('the quote of another TDREPORT is a mismatch', async () => {
    order(...wrong());
    const { reportdata } = answers.freshReport();
    answers.write(reportdata, 'quote', quoteOf(new Uint8Array(64)));
    const { error } = await ask({ what: 'attest', bytes: reportdata, options: { generation } });
    expect(error).toMatchObject({ code: 'mismatch', path: device });
  });

  test('a VMM that never answers ends at the deadline; others wait their turn until it does, the event loop goes on, then all are served', async () => {
    order(...wrong('inflight'));
    const { reportdata, report, quote } = answers.freshReport();
    const options = { generation } as const;
    const late = await ask({ what: 'quote', bytes: report, options, timeout: 300 });
    expect(late.error).toMatchObject({
      code: 'timeout',
      message: `ioctl ${device}: no answer from the driver within 300 ms`,
    });
    const waiting = await ask({ what: 'quote', bytes: report, options, timeout: 50 });
    expect(waiting.error).toMatchObject({ code: 'busy' });
    const reported = await ask({ what: 'report', bytes: reportdata, options });
    expect(reported.hex).toBe(toHex(report));
    const aborted = await ask({ what: 'quote', bytes: report, options, abortAfter: 20 });
    expect(aborted.error).toMatchObject({ code: 'aborted' });
    order(...wrong());
    expect((await ask({ what: 'quote', bytes: report, options })).hex).toBe(toHex(quote));
  });

  test('whatever goes wrong, a request ends with its own quote or a DeviceError, and the device serves again', async () => {
    const options = { generation } as const;
    const times = fc.integer({ min: 1, max: 7 });
    const error = fc.constantFrom(...Object.values(errno).filter((number) => number < 34));
    const line = fc.oneof(
      fc.tuple(fc.constantFrom('open', 'report', 'quote'), error, times).map((fail) => `fail ${fail.join(' ')}`),
      fc.constantFrom('0', '8000000000000000', '8000000000000001', 'ffffffffffffffff').map((hex) => `status ${hex}`),
      fc.oneof(fc.integer({ min: 0, max: 20_000 }), fc.constant(0xffffffff)).map((length) => `out_len ${length}`),
      fc.integer({ min: 0, max: 30 }).map((delay) => `delay ${delay}`),
      fc.constant('inflight'),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 3 }), fc.integer({ min: 1, max: 5 }), async (lines, requests) => {
        order(...wrong(...lines));
        const asked = Array.from({ length: requests }, () => answers.freshReport());
        const told = await Promise.all(
          asked.map(({ reportdata }) => ask({ what: 'attest', bytes: reportdata, options, timeout: 60 })),
        );
        for (const [i, { hex, error }] of told.entries()) {
          if (hex === undefined) expect(error?.code).not.toBe('none');
          else expect(hex.startsWith(toHex(asked[i]!.quote))).toBe(true);
        }
        order(...wrong());
        const { reportdata, quote } = answers.freshReport();
        expect((await ask({ what: 'attest', bytes: reportdata, options })).hex).toBe(toHex(quote));
      }),
      { numRuns: 40 },
    );
  });

  test('300 requests one after the other and 100 at once each get their own quote, and leave no file open', async () => {
    order(...wrong());
    const all = Array.from({ length: 100 }, () => answers.freshReport());
    const options = { generation } as const;
    const attested = async (i: number): Promise<void> => {
      const { reportdata, quote } = all[i % 100]!;
      expect((await ask({ what: 'attest', bytes: reportdata, options })).hex).toBe(toHex(quote));
    };
    const openFiles = async () => (await ask({ what: 'report', bytes: all[0]!.reportdata, options })).files;
    await attested(0);
    const before = await openFiles();
    for (let i = 1; i < 300; i++) await attested(i);
    expect(await openFiles()).toBe(before);
    await Promise.all(all.map((_, i) => attested(i)));
    expect(await openFiles()).toBe(before);
  });
});

describe.runIf(child)('tdx-codec quote', () => {
  const args = [
    'quote',
    '--report-data',
    '00',
    '--transport',
    'ioctl',
    '--generation',
    'series-v3',
    '--timeout',
    '500',
  ];
  const run = () => spawnSync(process.execPath, [main, ...args], { env: environment });

  test('gets a quote from the device', () => {
    order('generation series-v3');
    const reportdata = new Uint8Array(64);
    const quote = quoteOf(reportdata);
    answers.write(reportdata, 'report', reportOf(reportdata));
    answers.write(reportdata, 'quote', quote);
    const { status, stdout } = run();
    expect([status, toHex(new Uint8Array(stdout))]).toEqual([0, toHex(quote)]);
  });

  test('ends with exit 1, although the driver never does', () => {
    order('generation series-v3', 'inflight');
    answers.write(new Uint8Array(64), 'report', reportOf(new Uint8Array(64)));
    const { status, signal, stderr } = run();
    expect(stderr.toString()).toMatch(/^tdx-codec: ioctl \/dev\/tdx_guest: no answer.* within \d+ ms\n$/);
    expect([status, signal]).toEqual([1, null]);
  });
});

describe.runIf(canPreload)('a C client with the declarations of the kernel', () => {
  const client = canPreload ? compiled('client', folder) : '';
  const run = (...args: readonly string[]) => spawnSync(client, args, { env: environment, encoding: 'utf8' });

  test.each(['mainline', ...PUBLISHED] as const)('gets the bytes that are there, through %s', (generation) => {
    order(`generation ${generation}`);
    const { reportdata, report, quote } = answers.freshReport();
    const { status, stdout } = run(generation, '/dev/tdx_guest', toHex(reportdata));
    expect(status).toBe(0);
    expect(stdout.trim().split('\n')).toEqual([toHex(report), ...(generation === 'mainline' ? [] : [toHex(quote)])]);
  });

  test.runIf(child).each(PUBLISHED)('gets the bytes that our transport gets, through %s', async (generation) => {
    order(`generation ${generation}`);
    const { reportdata } = answers.freshReport();
    const [report, quote] = run(generation, '/dev/tdx_guest', toHex(reportdata)).stdout.trim().split('\n');
    const options = { generation } as const;
    expect((await ask({ what: 'report', bytes: reportdata, options })).hex).toBe(report);
    expect((await ask({ what: 'attest', bytes: reportdata, options })).hex).toBe(quote);
  });

  test('finds nothing where the generation has another node', () => {
    order('generation rfc-2021');
    const { status, stderr } = run('series-v2', '/dev/tdx_guest', '00'.repeat(64));
    expect([status, stderr]).toEqual([1, '/dev/tdx_guest: No such file or directory\n']);
  });
});
