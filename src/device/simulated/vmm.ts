import { LayoutError } from '../../engine/error.ts';
import { brokenGetQuoteRules, sharedBit } from '../../evidence/tdvmcall-rules.ts';
import { TdvmcallStatus } from '../../uapi/tdvmcall.ts';
import type { GetQuoteIn } from '../../uapi/tdvmcall-registers.ts';
import { TDX_REPORT_LEN } from '../../uapi/tdx-guest.ts';
import {
  GET_QUOTE_ERROR,
  GET_QUOTE_IN_FLIGHT,
  GET_QUOTE_SERVICE_UNAVAILABLE,
  GET_QUOTE_SUCCESS,
  TdxQuoteHdr,
} from '../../uapi/tdx-quote.ts';
import { decode, encodeInto } from '../../verbs/codec.ts';
import { DeviceError } from '../error.ts';
import { framed, quoteOfReply, quoteRequest, unframed } from '../framing.ts';
import type { SharedBuffer, Submitter } from '../shared-buffer.ts';
import type { Fault } from './faults.ts';
import { type QgsService, quoteReply } from './qgs.ts';

/** How a simulated VMM behaves. */
export interface VmmOptions {
  /** What goes wrong, one entry for each request in turn; undefined for nothing. Later requests go well. */
  readonly faults?: Iterable<Fault | undefined> | undefined;
  /** Milliseconds from request to answer; 0 unless told. */
  readonly latency?: number | undefined;
  /** Milliseconds that the fault `late` adds; 100 unless told. */
  readonly lateBy?: number | undefined;
  /** Whether it announces answers by interrupt; without, the TD has to poll. */
  readonly notifies?: boolean | undefined;
}

const HEADER = 24;
const PAGE = 4096;
const PAST = 0x7fff_ffff;
/** Milliseconds in which the TD has to look twice. */
const FLIP_WAIT = 300;

const after = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Memory whose VMM can step in between two looks of the TD: what is planned runs one by one, each before the next look. */
class SharedMemory implements SharedBuffer {
  readonly gpa: bigint;
  /** The memory as the VMM sees it. */
  readonly raw: Uint8Array<ArrayBuffer>;
  planned: (() => void)[] = [];

  constructor(gpa: bigint, size: number) {
    this.gpa = gpa;
    this.raw = new Uint8Array(size);
  }

  get bytes(): Uint8Array {
    this.planned.shift()?.();
    return this.raw;
  }
}

const nothing = (): void => {};

/**
 * A VMM as QEMU is one: it takes requests of GetQuote, hands them to the QGS, and writes the answer into the buffer: data
 * first, then the header. It also plays the memory that the TD shares with it.
 */
export class SimulatedVmm implements Submitter {
  readonly name = 'simulated';
  readonly gpaw = 48;
  /** Requests that it works on: the addresses of their buffers. */
  readonly inFlight = new Set<bigint>();
  readonly #memory = new Map<bigint, SharedMemory>();
  readonly #listeners = new Set<() => void>();
  readonly #faults: Iterator<Fault | undefined>;
  readonly #qgs: QgsService;
  readonly #latency: number;
  readonly #lateBy: number;
  readonly #notifies: boolean;
  #nextPage = 0x8000_0000n;
  /** The last answer that went well. */
  #previous: Uint8Array<ArrayBuffer> | undefined;

  constructor(qgs: QgsService, { faults = [], latency = 0, lateBy = 100, notifies = false }: VmmOptions = {}) {
    this.#qgs = qgs;
    this.#faults = faults[Symbol.iterator]();
    this.#latency = latency;
    this.#lateBy = lateBy;
    this.#notifies = notifies;
    if (notifies) this.notified = this.#notified.bind(this);
  }

  notified?: (listener: () => void) => () => void;

  #notified(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  allocate(size: number): SharedBuffer {
    const buffer = new SharedMemory(this.#nextPage, size);
    this.#nextPage += BigInt(Math.ceil(size / PAGE) * PAGE);
    this.#memory.set(buffer.gpa, buffer);
    return buffer;
  }

  free({ gpa }: SharedBuffer): void {
    this.#memory.delete(gpa);
  }

  /** The interrupt that SetupEventNotifyInterrupt has registered. */
  interrupt(): void {
    for (const listener of this.#listeners) listener();
  }

  async getQuote(registers: Readonly<GetQuoteIn>): Promise<{ rax: bigint; r10: bigint }> {
    await Promise.resolve();
    return { rax: 0n, r10: this.#taken(registers) };
  }

  #taken(registers: Readonly<GetQuoteIn>): bigint {
    const { TDVMCALL_STATUS_SUCCESS: taken, TDVMCALL_STATUS_INVALID_OPERAND: invalid } = TdvmcallStatus;
    const [broken] = brokenGetQuoteRules(registers, this.gpaw) ?? [];
    if (broken) return broken.status ?? invalid;
    const buffer = this.#memory.get(registers.r12 & ~sharedBit(this.gpaw));
    if (buffer?.raw.length !== Number(registers.r13)) return invalid;
    if (this.inFlight.has(buffer.gpa)) return TdvmcallStatus.TDVMCALL_STATUS_GPA_INUSE;
    const next = this.#faults.next();
    const fault = next.done === true ? undefined : next.value;
    switch (fault) {
      case 'retry':
        return TdvmcallStatus.TDVMCALL_STATUS_RETRY;
      case 'align-error':
        return TdvmcallStatus.TDVMCALL_STATUS_ALIGN_ERROR;
      case 'operand-invalid':
        return invalid;
      case 'gpa-in-use':
        return TdvmcallStatus.TDVMCALL_STATUS_GPA_INUSE;
      case 'unsupported':
        return TdvmcallStatus.TDVMCALL_STATUS_SUBFUNC_UNSUPPORTED;
      default:
    }
    // A VMM must not trust the TD either: it copies the request before it reads it.
    const request = new Uint8Array(buffer.raw);
    const { version, inLen } = decode(TdxQuoteHdr, request.subarray(0, HEADER));
    if (version !== 1n || inLen > request.length - HEADER) return invalid;
    if (fault === 'service-unavailable') {
      this.#finish(buffer, inLen, GET_QUOTE_SERVICE_UNAVAILABLE);
      return taken;
    }
    this.#start(buffer, inLen);
    if (fault !== 'in-flight-forever') void this.#work(buffer, request.slice(HEADER, HEADER + inLen), fault);
    return taken;
  }

  #header({ raw }: SharedMemory, inLen: number, status: bigint, outLen: number): void {
    encodeInto(TdxQuoteHdr, { version: 1n, status, inLen, outLen }, raw);
  }

  #start(buffer: SharedMemory, inLen: number): void {
    this.inFlight.add(buffer.gpa);
    this.#header(buffer, inLen, GET_QUOTE_IN_FLIGHT, 0);
  }

  #finish(buffer: SharedMemory, inLen: number, status: bigint, outLen = 0): void {
    this.inFlight.delete(buffer.gpa);
    this.#header(buffer, inLen, status, outLen);
    if (this.#notifies) this.interrupt();
  }

  async #work(buffer: SharedMemory, input: Uint8Array, fault: Fault | undefined): Promise<void> {
    const { raw } = buffer;
    if (fault === 'spurious-interrupt') this.interrupt();
    const answer = await this.#answer(input);
    const wait = this.#latency + (fault === 'late' ? this.#lateBy : 0);
    if (wait > 0) await after(wait);
    const put = (data: Uint8Array, outLen = data.length): void => {
      raw.set(data.subarray(0, raw.length - HEADER), HEADER);
      this.#finish(buffer, input.length, GET_QUOTE_SUCCESS, outLen);
    };
    const fits = answer !== undefined && answer.length <= raw.length - HEADER;
    if (!fits || fault === 'error') return this.#finish(buffer, input.length, GET_QUOTE_ERROR);
    const previous = this.#previous;
    this.#previous = answer;
    switch (fault) {
      case 'status-flip':
        // Between the look at the status and the copy.
        buffer.planned = [nothing, () => this.#start(buffer, input.length)];
        this.#finish(buffer, input.length, GET_QUOTE_SUCCESS);
        for (let i = 0; i < FLIP_WAIT && buffer.planned.length > 0; i++) await after(1);
        buffer.planned = [];
        // A TD that has looked only once has its answer: that it was empty.
        return this.inFlight.has(buffer.gpa) ? put(answer) : undefined;
      case 'out-len-past-buffer':
        return put(answer, PAST);
      case 'out-len-grows':
        buffer.planned = [nothing, () => this.#header(buffer, input.length, GET_QUOTE_SUCCESS, PAST)];
        return put(answer);
      case 'unknown-status':
        return this.#finish(buffer, input.length, 0x1234n);
      case 'spurious-interrupt':
        await after(1);
        this.interrupt();
        await after(1);
        put(answer);
        return this.interrupt();
      case 'empty':
        return put(new Uint8Array(0));
      case 'wrong-framing':
        return put(misframed(answer));
      case 'full-buffer':
        return put(filled(answer, raw.length - HEADER));
      case 'garbage':
        return put(new Uint8Array(answer.length).fill(0xa5));
      case 'replay':
        return put(previous ?? new Uint8Array(0));
      case 'bit-flip':
        return put(flipped(answer));
      case 'scribble':
        put(answer);
        await after(0);
        raw.fill(0xff);
        return;
      default:
        return put(answer);
    }
  }

  /** What goes into data[]: the quote for a bare TDREPORT, as QEMU does it; else whatever the QGS says. */
  async #answer(input: Uint8Array): Promise<Uint8Array<ArrayBuffer> | undefined> {
    if (input.length !== TDX_REPORT_LEN) return this.#qgs(input);
    const message = unframed((await this.#qgs(framed(quoteRequest(input)))) ?? new Uint8Array(0));
    try {
      return message && quoteOfReply(message, { transport: 'qgs' });
    } catch (error) {
      if (error instanceof DeviceError || error instanceof LayoutError) return undefined;
      throw error;
    }
  }
}

/** A framed answer whose length is one more than there is; a bare quote behind such a length. */
function misframed(answer: Uint8Array): Uint8Array<ArrayBuffer> {
  const whole = framed(unframed(answer) ?? answer);
  whole[3] = ((whole[3] ?? 0) + 1) & 0xff;
  return whole;
}

/** The answer with so many zeros behind the quote that it has the length. */
function filled(answer: Uint8Array, length: number): Uint8Array<ArrayBuffer> {
  const message = unframed(answer);
  const quote = message ? quoteOfReply(message, { transport: 'qgs' }) : answer;
  const padded = new Uint8Array(length - (answer.length - quote.length));
  padded.set(quote);
  return message ? framed(quoteReply(padded)) : padded;
}

/** One bit of the body or of the signature over it. */
function flipped(answer: Uint8Array): Uint8Array<ArrayBuffer> {
  const changed = new Uint8Array(answer);
  const at = (unframed(answer) ? 28 : 0) + ((answer[640] ?? 0) % 2 === 0 ? 650 : 100);
  changed[at] = (changed[at] ?? 0) ^ 1;
  return changed;
}
