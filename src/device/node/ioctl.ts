import { type FileHandle, open } from 'node:fs/promises';
import { TDX_REPORT_LEN, TDX_REPORTDATA_LEN, TdxReportReq } from '../../uapi/tdx-guest.ts';
import { TdxReportReq2022 } from '../../uapi/tdx-guest-2022.ts';
import { TdxQuoteReq } from '../../uapi/tdx-quote.ts';
import { encode } from '../../verbs/codec.ts';
import { attest } from '../attest.ts';
import { DeviceError, type DeviceErrorCode, type Where } from '../error.ts';
import { type Framing, packed, unpacked } from '../framing.ts';
import { answerIn, requestBuffer } from '../quote-buffer.ts';
import { DEFAULT_BUFFER } from '../shared-buffer.ts';
import type { Quoter, ReportSource, Transport, Waiting } from '../transport.ts';
import { type Turns, turns } from '../turns.ts';
import { type Late, within } from '../within.ts';
import { type Errno, errno, errnoOf } from './errno.ts';
import { type Calls, callsOf, type Generation } from './generations.ts';

/** Which device, and how to speak to it. */
export interface IoctlOptions {
  /** The device node; that of the generation unless told, `/dev/tdx_guest` without one. */
  readonly device?: string | undefined;
  /**
   * Whose numbers and structs the driver knows. Without it, those of mainline for TDREPORTs, and for quotes the numbers that
   * drivers of `/dev/tdx_guest` have had, one after the other, until it is one that the driver knows.
   */
  readonly generation?: Generation | undefined;
  /** How TDREPORT and quote are packed; `sniffed` unless told, `qgs` for the two generations that libtdx_attest spoke to first. */
  readonly framing?: Framing | undefined;
}

/** How often a call that a signal has broken off is made. */
const ATTEMPTS = 5;
/** The most that the driver of 2021 may ask for. It takes 8192. */
const BARE_MAX = 0x100000;
/** Where out_len is in the buffer. */
const OUT_LEN = 20;

const MEANINGS: Readonly<Record<string, readonly [DeviceErrorCode, string]>> = {
  ENOTTY: ['unsupported', 'the driver does not know this command'],
  EINVAL: ['refused', 'the driver or the TDX module refuses an operand'],
  EBUSY: ['busy', 'the VMM is still at work on an earlier request'],
  EIO: ['failed', 'the TDX module or the VMM has refused the call'],
  EINTR: ['failed', 'a signal came while waiting'],
  ETIMEDOUT: ['timeout', 'the VMM has not answered in time'],
  EACCES: ['unavailable', 'permission denied'],
  EPERM: ['unavailable', 'operation not permitted'],
  ENODEV: ['unavailable', 'no such device'],
  ENXIO: ['unavailable', 'no such device or address'],
};

interface Native {
  /**
   * Calls ioctl(2) on a thread of its own; gives the errno, 0 for success. Nobody can stop it. The argument, and what the
   * pointers in it lead to, stays where it is until the call has come back.
   */
  ioctl(fd: number, number: number, argument: Uint8Array, pointedTo: readonly Uint8Array[]): Promise<number>;
  /** Where bytes lie, for structs that hold pointers. */
  addressOf(bytes: Uint8Array): bigint;
}

async function load(): Promise<Native> {
  const { default: koffi } = await import('koffi');
  // Not a library by name but what the process has: a preloaded stand-in is then found before libc.
  const { async: call } = koffi.load(null).func('ioctl', 'int', ['int', 'unsigned long', 'void *']);
  return {
    ioctl: (fd, number, argument, pointedTo) =>
      new Promise((resolve, reject) => {
        const inUse = new Set([argument, ...pointedTo]);
        call(fd, number, argument, (error: Error | null, result: number) => {
          inUse.clear();
          if (error) reject(error);
          else resolve(result < 0 ? koffi.errno() : 0);
        });
      }),
    addressOf: (bytes) => koffi.address(bytes),
  };
}

async function native(where: Where): Promise<Native> {
  try {
    return await load();
  } catch (cause) {
    const says = 'ioctl(2) needs the optional package koffi, which cannot be loaded: npm install koffi';
    throw new DeviceError('unavailable', { ...where, cause }, says);
  }
}

/** An open device. */
interface Opened {
  readonly native: Native;
  readonly file: FileHandle;
  readonly signal: AbortSignal;
}

/**
 * The guest device of a TD: gives TDREPORTs, and quotes where its driver makes them. Mainline's does not: there, see `tsm`.
 *
 * A call that the kernel has begun cannot be stopped. A request that ends early leaves the call to run; its memory is its
 * own, and is let go of only when the call has come back. Meanwhile other requests for quotes wait: the driver would
 * make them wait, too. Node's pool has a thread less, and a process that wants to exit waits.
 */
export class GuestDevice implements ReportSource, Quoter {
  readonly name = 'ioctl';
  readonly provider: string;
  readonly #calls: Calls;
  readonly #framing: Framing;
  readonly #where: Where;
  readonly #reports = turns();
  readonly #quotes = turns();

  constructor({ device, generation, framing }: IoctlOptions = {}) {
    this.#calls = callsOf(generation);
    this.provider = device ?? this.#calls.device;
    this.#framing = framing ?? (this.#calls.isFramed ? 'qgs' : 'sniffed');
    this.#where = { transport: this.name, path: this.provider };
  }

  /** The TDREPORT over 64 bytes of report data. */
  async report(reportdata: Uint8Array, options: Waiting = {}): Promise<Uint8Array<ArrayBuffer>> {
    if (reportdata.length !== TDX_REPORTDATA_LEN)
      throw new TypeError(`report data must be ${TDX_REPORTDATA_LEN} bytes, is ${reportdata.length}`);
    const asked = new Uint8Array(reportdata);
    return this.#inTurn(this.#reports, options, (device) => this.#report(device, asked));
  }

  /** The quote of a TDREPORT, or of a framed request. Nothing in it has been checked: see `attest`. */
  async quote(tdreport: Uint8Array, options: Waiting = {}): Promise<Uint8Array<ArrayBuffer>> {
    const { quotes, quoteStyle } = this.#calls;
    const input = packed(tdreport, this.#framing, this.#where);
    if (quotes.length === 0) {
      const says =
        'the driver of this generation has no command for quotes; in mainline they come through configfs-tsm';
      throw new DeviceError('unsupported', this.#where, says);
    }
    const answer = await this.#inTurn(this.#quotes, options, (device) =>
      quoteStyle === 'bare' ? this.#bareQuote(device, input) : this.#quote(device, input),
    );
    return unpacked(answer, this.#framing, this.#where);
  }

  /** Opens the device when the turn comes, and closes it when the work is over, even if nobody waits for that any more. */
  #inTurn(
    turn: Turns,
    options: Waiting,
    work: (device: Opened) => Promise<Uint8Array<ArrayBuffer>>,
  ): Promise<Uint8Array<ArrayBuffer>> {
    let late: Late = { code: 'busy', says: 'not its turn: the driver was not done with other requests' };
    const run = async (signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>> => {
      const done = await turn(signal);
      late = { code: 'timeout', says: 'no answer from the driver' };
      try {
        const file = await this.#open();
        try {
          return await work({ native: await native(this.#where), file, signal });
        } finally {
          await file.close();
        }
      } finally {
        done();
      }
    };
    return within(this.#where, options, run, () => late);
  }

  async #open(): Promise<FileHandle> {
    try {
      return await open(this.provider, 'r+');
    } catch (cause) {
      const error = errnoOf(cause);
      throw new DeviceError(
        'unavailable',
        { ...this.#where, errno: error?.name, cause },
        error?.says ?? `cannot be opened: ${String(cause)}`,
      );
    }
  }

  /** Makes a call, again where a signal has broken it off; gives what is wrong, if anything. */
  async #call(
    { native, file, signal }: Opened,
    number: number,
    argument: Uint8Array,
    ...pointedTo: readonly Uint8Array[]
  ): Promise<Errno | undefined> {
    for (let left = ATTEMPTS; ; left--) {
      signal.throwIfAborted();
      const outcome = await native.ioctl(file.fd, number, argument, pointedTo);
      if (outcome === 0) return undefined;
      const error = errno(outcome);
      if (error.name !== 'EINTR' || left === 1) return error;
    }
  }

  #failed({ name, says }: Errno, command: string): DeviceError {
    const [code, meaning] = MEANINGS[name] ?? ['failed', says];
    return new DeviceError(code, { ...this.#where, errno: name }, `${command}: ${meaning}`);
  }

  async #report(device: Opened, reportdata: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
    const { report: number, reportStyle } = this.#calls;
    const memory = new Uint8Array(TDX_REPORT_LEN);
    const pointers = (): Uint8Array<ArrayBuffer> =>
      encode(TdxReportReq2022, {
        reportdata: device.native.addressOf(reportdata),
        tdreport: device.native.addressOf(memory),
        rpdLen: TDX_REPORTDATA_LEN,
        tdrLen: TDX_REPORT_LEN,
        subtype: 0,
      });
    const inline = (): Uint8Array<ArrayBuffer> => encode(TdxReportReq, { reportdata, tdreport: memory });
    if (reportStyle === 'in place') memory.set(reportdata);
    const argument = reportStyle === 'in place' ? memory : reportStyle === 'inline' ? inline() : pointers();
    const error = await this.#call(device, number, argument, reportdata, memory);
    if (error) throw this.#failed(error, 'GET_REPORT');
    return reportStyle === 'inline' ? argument.slice(TDX_REPORTDATA_LEN) : memory;
  }

  async #quote(device: Opened, input: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
    const { quotes, outLen } = this.#calls;
    let error: Errno | undefined;
    for (const number of quotes) {
      // What a driver does not know it does not touch, but it is the driver that says so.
      const buffer = requestBuffer(input, DEFAULT_BUFFER, this.#where);
      new DataView(buffer.buffer).setUint32(OUT_LEN, outLen, true);
      const request = encode(TdxQuoteReq, { buf: device.native.addressOf(buffer), len: BigInt(buffer.length) });
      error = await this.#call(device, number, request, buffer);
      if (!error) return answerIn(buffer, this.#where);
      if (error.name !== 'ENOTTY') break;
    }
    throw this.#failed(error ?? errno(0), 'GET_QUOTE');
  }

  /** The driver of 2021: no header, and no length of the quote. */
  async #bareQuote(device: Opened, input: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
    const [number = 0] = this.#calls.quotes;
    const size = new Uint8Array(8);
    const unsized = await this.#call(device, this.#calls.quoteSize ?? 0, size);
    if (unsized) throw this.#failed(unsized, 'GET_QUOTE_SIZE');
    const length = new DataView(size.buffer).getBigUint64(0, true);
    if (length < input.length || length > BARE_MAX)
      throw new DeviceError('oversize', this.#where, `the driver wants memory of ${length} bytes for a quote`);
    const memory = new Uint8Array(Number(length));
    memory.set(input);
    const error = await this.#call(device, number, memory);
    if (error) throw this.#failed(error, 'GEN_QUOTE');
    if (memory.every((byte) => byte === 0)) throw new DeviceError('empty', this.#where, 'the answer is empty');
    return memory;
  }
}

/** Quotes through the guest device alone: TDREPORT and quote from the same driver. */
export function ioctl(options: IoctlOptions = {}): Transport {
  const device = new GuestDevice(options);
  return attest(device, device);
}
