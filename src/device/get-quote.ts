import { brokenGetQuoteRules, type Gpaw, sharedBit } from '../evidence/tdvmcall-rules.ts';
import { TdvmcallLeaf, TdvmcallStatus } from '../uapi/tdvmcall.ts';
import type { GetQuoteIn } from '../uapi/tdvmcall-registers.ts';
import { GET_QUOTE_IN_FLIGHT, TdxQuoteHdr } from '../uapi/tdx-quote.ts';
import { DeviceError, type Where } from './error.ts';
import { type Framing, packed, unpacked } from './framing.ts';
import { answerIn, requestBuffer } from './quote-buffer.ts';
import { DEFAULT_BUFFER, type SharedBuffer, type Submitter } from './shared-buffer.ts';
import type { Quoter, Waiting } from './transport.ts';
import { turns } from './turns.ts';
import { type Late, orGiveUp, sleep, within } from './within.ts';

/** How to use the shared buffer. */
export interface GetQuoteOptions {
  /** Bytes of the buffer, a multiple of 4096; {@link DEFAULT_BUFFER} unless told. */
  readonly size?: number | undefined;
  /** How TDREPORT and quote are packed; `sniffed` unless told. */
  readonly framing?: Framing | undefined;
  /** What a request does while another is under way: wait for its turn, as by default, or fail with `busy`. */
  readonly whenBusy?: 'queue' | 'refuse' | undefined;
}

/** The two sides of a buffer, and a third: handed to the VMM in a call that has not come back. */
type Owner = 'td' | 'vmm' | 'call';

/** What a request waits for, one after the other, and what it means that it waited too long. */
const WAITS = {
  turn: { code: 'busy', says: 'other requests were not over' },
  buffer: { code: 'busy', says: 'the VMM has not given back the buffer of an earlier request' },
  call: { code: 'timeout', says: 'the call to the VMM has not come back' },
  retry: { code: 'busy', says: 'the VMM has not taken the request, it has too many of them' },
  answer: { code: 'timeout', says: 'no answer from the VMM' },
} satisfies Record<string, Late>;
type Wait = { for: Late };

const { offset: STATUS = 8 } = TdxQuoteHdr.fields.status;
/** Milliseconds between looks at the status: the first, and the most. Quotes take a few. */
const FIRST_LOOK = 1;
const LAST_LOOK = 64;
/** Milliseconds between looks where the VMM announces answers, in case it forgets to. */
const SAFETY_LOOK = 250;

const hex = (value: bigint): string => `0x${value.toString(16)}`;

function registersFor(size: number, gpa: bigint, gpaw: Gpaw): GetQuoteIn {
  const r11 = TdvmcallLeaf.TDVMCALL_GET_QUOTE;
  // GHCI says "shared buffer" and no more; VMMs refuse an address without the shared bit.
  return { rax: 0n, rcx: 0xfc00n, r10: 0n, r11, r12: gpa | sharedBit(gpaw), r13: BigInt(size), r14: 0n, r15: 0n };
}

/**
 * GetQuote through a buffer that TD and VMM share: one buffer, one request at a time, as GHCI has it. What the VMM says is
 * read from a private copy only. A request that ends early leaves the buffer to the VMM: it is used again once the VMM
 * has written a final status, and not before.
 */
export class GetQuote implements Quoter {
  readonly name: string;
  readonly provider: string;
  readonly #submitter: Submitter;
  readonly #size: number;
  readonly #framing: Framing;
  readonly #refuses: boolean;
  readonly #where: Where;
  #buffer: SharedBuffer | undefined;
  #owner: Owner = 'td';
  #isClosed = false;
  /** Requests that wait or run. */
  #requests = 0;
  readonly #turns = turns();

  constructor(submitter: Submitter, options: GetQuoteOptions = {}) {
    const { size = DEFAULT_BUFFER, framing = 'sniffed', whenBusy = 'queue' } = options;
    if (!Number.isSafeInteger(size) || size < 0)
      throw new TypeError(`size must be a whole number of bytes, is ${size}`);
    const [broken] = brokenGetQuoteRules(registersFor(size, 0n, submitter.gpaw), submitter.gpaw) ?? [];
    if (broken) throw new TypeError(`size of the buffer: ${broken.says}`);
    this.name = submitter.name;
    this.provider = 'GetQuote';
    this.#submitter = submitter;
    this.#size = size;
    this.#framing = framing;
    this.#refuses = whenBusy === 'refuse';
    this.#where = { transport: submitter.name, path: this.provider };
  }

  /** The quote of a TDREPORT, or of a framed request. Nothing in it has been checked: see {@link attest}. */
  async quote(tdreport: Uint8Array, options: Waiting = {}): Promise<Uint8Array<ArrayBuffer>> {
    const where = this.#where;
    const answer = await this.exchange(packed(tdreport, this.#framing, where), options);
    return unpacked(answer, this.#framing, where);
  }

  /** What the VMM answers to any bytes: `data[0..out_len)`, copied. */
  async exchange(input: Uint8Array, options: Waiting = {}): Promise<Uint8Array<ArrayBuffer>> {
    // The caller may use the input again while this one waits.
    const image = requestBuffer(input, this.#size, this.#where);
    const wait: Wait = { for: WAITS.turn };
    const work = async (signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>> => {
      const done = await this.#turn(signal);
      try {
        wait.for = WAITS.buffer;
        const buffer = await this.#ownBuffer(signal);
        return await this.#asked(buffer, image, signal, wait);
      } finally {
        done();
      }
    };
    return within(this.#where, options, work, () => wait.for);
  }

  /**
   * Ends the use of the device and frees the buffer. A buffer that the VMM still has is never freed: whoever got the memory
   * next would find the VMM writing into it.
   */
  close(): void {
    this.#isClosed = true;
    this.#free();
  }

  /** Frees the buffer after the last request, unless the VMM still has it. */
  #free(): void {
    if (!this.#isClosed || this.#requests > 0 || !this.#buffer || this.#isWithVmm()) return;
    this.#submitter.free(this.#buffer);
    this.#buffer = undefined;
  }

  #fails(code: DeviceError['code'], says: string, status?: bigint): DeviceError {
    return new DeviceError(code, { ...this.#where, status }, says);
  }

  /** Waits until all earlier requests are over; gives what ends this one. */
  async #turn(signal: AbortSignal): Promise<() => void> {
    if (this.#refuses && (this.#requests > 0 || this.#isWithVmm()))
      throw this.#fails('busy', 'an earlier request is still under way');
    this.#requests++;
    const leave = (): void => {
      this.#requests--;
      this.#free();
    };
    try {
      const over = await this.#turns(signal);
      return () => {
        leave();
        over();
      };
    } catch (error) {
      leave();
      throw error;
    }
  }

  /** The buffer, once it is the TD's. */
  async #ownBuffer(signal: AbortSignal): Promise<SharedBuffer> {
    if (this.#isClosed) throw this.#fails('unavailable', 'the device was closed');
    for (let pause = FIRST_LOOK; this.#isWithVmm(); pause = Math.min(2 * pause, LAST_LOOK)) await sleep(pause, signal);
    this.#buffer ??= await this.#allocate(signal);
    return this.#buffer;
  }

  async #allocate(signal: AbortSignal): Promise<SharedBuffer> {
    const size = this.#size;
    const none = `failed to allocate the quote buffer of ${size} bytes`;
    const allocated = (async () => this.#submitter.allocate(size))();
    const buffer = await orGiveUp(allocated, signal).catch((cause: unknown) => {
      // Nobody has seen it, so it can go back as soon as it comes.
      void allocated.then((late) => late && this.#submitter.free(late)).catch(() => {});
      if (cause instanceof DeviceError) throw cause;
      throw new DeviceError('unavailable', { ...this.#where, cause }, none);
    });
    if (!buffer) throw this.#fails('unavailable', none);
    if (buffer.bytes.length === size && buffer.bytes.byteOffset % 8 === 0) return buffer;
    this.#submitter.free(buffer);
    throw this.#fails('refused', `the buffer must be ${size} bytes, aligned; it is ${buffer.bytes.length}`);
  }

  /** Looks at nothing but the status, in one access: what else is in the buffer is not to be relied on yet. */
  #status(bytes: Uint8Array): bigint {
    return Atomics.load(new BigUint64Array(bytes.buffer, bytes.byteOffset + STATUS, 1), 0);
  }

  /** Whether the VMM may still write into the buffer that an earlier request has left to it. */
  #isWithVmm(): boolean {
    if (this.#owner === 'vmm' && this.#buffer) this.#copy(this.#buffer);
    return this.#owner !== 'td';
  }

  async #asked(
    buffer: SharedBuffer,
    image: Uint8Array,
    signal: AbortSignal,
    wait: Wait,
  ): Promise<Uint8Array<ArrayBuffer>> {
    // Listens before it asks: the answer may be announced before the call comes back.
    let ring = (): void => {};
    const silence = this.#submitter.notified?.(() => ring());
    try {
      await this.#submit(buffer, image, signal, wait);
      wait.for = WAITS.answer;
      const first = silence ? SAFETY_LOOK : FIRST_LOOK;
      for (let pause = first; ; pause = silence ? SAFETY_LOOK : Math.min(2 * pause, LAST_LOOK)) {
        const copy = this.#copy(buffer);
        if (copy) return answerIn(copy, this.#where);
        await sleep(pause, signal, (wake) => {
          ring = wake;
        });
      }
    } finally {
      silence?.();
    }
  }

  /** Hands the buffer to the VMM, again and again while that says RETRY. */
  async #submit(buffer: SharedBuffer, image: Uint8Array, signal: AbortSignal, wait: Wait): Promise<void> {
    const registers = registersFor(this.#size, buffer.gpa, this.#submitter.gpaw);
    const [broken] = brokenGetQuoteRules(registers, this.#submitter.gpaw) ?? [];
    if (broken) throw this.#fails('refused', `address of the buffer: ${broken.says}`, broken.status);
    for (let pause = FIRST_LOOK; ; pause = Math.min(2 * pause, LAST_LOOK)) {
      signal.throwIfAborted();
      buffer.bytes.set(image);
      wait.for = WAITS.call;
      const { rax, r10 } = await this.#call(registers, signal);
      if (rax !== 0n) throw this.#fails('refused', `the TDX module refuses the call: ${hex(rax)}`, rax);
      if (r10 === TdvmcallStatus.TDVMCALL_STATUS_SUCCESS) return;
      if (r10 !== TdvmcallStatus.TDVMCALL_STATUS_RETRY) throw this.#refused(r10);
      wait.for = WAITS.retry;
      await sleep(pause, signal);
    }
  }

  #call(registers: GetQuoteIn, signal: AbortSignal): ReturnType<Submitter['getQuote']> {
    this.#owner = 'call';
    // Settles whether or not the caller still waits, and says whose the buffer is.
    const call = (async () => this.#submitter.getQuote(registers))().then(
      (out) => {
        const isTaken = out.rax === 0n && out.r10 === TdvmcallStatus.TDVMCALL_STATUS_SUCCESS;
        if (out.r10 === TdvmcallStatus.TDVMCALL_STATUS_GPA_INUSE) this.#abandon();
        else this.#owner = isTaken ? 'vmm' : 'td';
        return out;
      },
      (cause: unknown) => {
        this.#abandon();
        if (cause instanceof DeviceError) throw cause;
        throw new DeviceError('failed', { ...this.#where, cause }, `the call could not be made: ${String(cause)}`);
      },
    );
    return orGiveUp(call, signal);
  }

  /** Gives up a buffer that nobody can say the owner of: it is not used again, and not freed. The next request gets another. */
  #abandon(): void {
    this.#buffer = undefined;
    this.#owner = 'td';
  }

  #refused(r10: bigint): DeviceError {
    switch (r10) {
      case TdvmcallStatus.TDVMCALL_STATUS_INVALID_OPERAND:
        return this.#fails('refused', 'the VMM refuses an operand of GetQuote (OPERAND_INVALID)', r10);
      case TdvmcallStatus.TDVMCALL_STATUS_ALIGN_ERROR:
        return this.#fails('refused', 'the VMM finds the buffer misaligned (ALIGN_ERROR)', r10);
      case TdvmcallStatus.TDVMCALL_STATUS_GPA_INUSE:
        return this.#fails('busy', 'the VMM says that the buffer belongs to another request (GPA_INUSE)', r10);
      case TdvmcallStatus.TDVMCALL_STATUS_SUBFUNC_UNSUPPORTED:
        return this.#fails('unsupported', 'the VMM does not know GetQuote (SUBFUNC_UNSUPPORTED)', r10);
      default:
        return this.#fails('refused', `the VMM refuses GetQuote: ${hex(r10)}`, r10);
    }
  }

  /** The one copy of the buffer, taken once its status is final, which makes the buffer the TD's; undefined before. */
  #copy(buffer: SharedBuffer): Uint8Array<ArrayBuffer> | undefined {
    if (this.#status(buffer.bytes) === GET_QUOTE_IN_FLIGHT) return undefined;
    const copy = new Uint8Array(buffer.bytes);
    // The VMM may have changed its mind in between: what the copy says counts.
    if (this.#status(copy) === GET_QUOTE_IN_FLIGHT) return undefined;
    this.#owner = 'td';
    return copy;
  }
}
