// Asks the guest device for what it is told to, a line of JSON each on standard input; answers in lines, too. A process of
// its own, since a stand-in can be preloaded only into a process that starts.
import { createInterface } from 'node:readline';
import { DeviceError } from '../../src/device/error.ts';
import { GuestDevice, type IoctlOptions, ioctl } from '../../src/device/node/ioctl.ts';
import type { Waiting } from '../../src/device/transport.ts';
import { toHex } from '../../src/engine/hex.ts';
import { openFiles } from './open-files.ts';

/** What to ask. */
export interface Asked {
  readonly id: number;
  /** `report` and `quote` of a GuestDevice, or the whole way with `attest`. */
  readonly what: 'report' | 'quote' | 'attest';
  readonly hex: string;
  readonly options: IoctlOptions;
  readonly timeout?: number;
  /** Milliseconds after which the caller gives up. */
  readonly abortAfter?: number;
}

/** What came of it. */
export interface Told {
  readonly id: number;
  readonly hex?: string;
  readonly error?: {
    readonly code: string;
    readonly errno?: string | undefined;
    readonly path?: string | undefined;
    readonly status?: string | undefined;
    readonly message: string;
  };
  /** How many files are open afterwards. */
  readonly files: number;
}

/** One device for each set of options, as a program would have it. */
const devices = new Map<string, { device: GuestDevice; transport: ReturnType<typeof ioctl> }>();

function deviceOf(options: IoctlOptions): { device: GuestDevice; transport: ReturnType<typeof ioctl> } {
  const key = JSON.stringify(options);
  const found = devices.get(key) ?? { device: new GuestDevice(options), transport: ioctl(options) };
  devices.set(key, found);
  return found;
}

async function outcome({ what, hex, options, timeout, abortAfter }: Asked): Promise<Omit<Told, 'id' | 'files'>> {
  const { device, transport } = deviceOf(options);
  const waiting: Waiting = {
    timeout,
    signal: abortAfter === undefined ? undefined : AbortSignal.timeout(abortAfter),
  };
  const bytes = new Uint8Array(Buffer.from(hex, 'hex'));
  try {
    const answer =
      what === 'attest'
        ? transport.quote(bytes, waiting)
        : what === 'quote'
          ? device.quote(bytes, waiting)
          : device.report(bytes, waiting);
    return { hex: toHex(await answer) };
  } catch (error) {
    if (!(error instanceof DeviceError)) return { error: { code: 'none', message: String(error) } };
    const { code, errno, path, status, message } = error;
    return { error: { code, errno, path, status: status?.toString(16), message } };
  }
}

async function answer(asked: Asked): Promise<void> {
  const told: Told = { id: asked.id, ...(await outcome(asked)), files: openFiles() };
  process.stdout.write(`${JSON.stringify(told)}\n`);
}

createInterface({ input: process.stdin }).on('line', (line) => void answer(JSON.parse(line) as Asked));
