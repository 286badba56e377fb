// The flow of GetQuote against a scripted VMM: what it writes, when it looks, whose the buffer is. Time is virtual: it jumps to
// the next timer whenever nothing else is left to do.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { framed, quoteRequest } from '../../src/device/framing.ts';
import {
  DEFAULT_BUFFER,
  DeviceError,
  GetQuote,
  LINUX_6_BUFFER,
  LINUX_7_BUFFER,
  type SharedBuffer,
  type Submitter,
} from '../../src/device/index.ts';
import { GetQuoteStatus, TdvmcallStatus } from '../../src/uapi/index.ts';
import { expectSame } from '../leaves.ts';

const HEADER = 24;
const REPORT = Uint8Array.from({ length: 1024 }, (_, i) => (i < 4 ? (i === 0 ? 0x81 : 0) : i % 251));
const ANSWER = Uint8Array.from({ length: 100 }, (_, i) => i + 1);
const { GET_QUOTE_SUCCESS, GET_QUOTE_IN_FLIGHT, GET_QUOTE_ERROR } = GetQuoteStatus;

/** A VMM that does nothing by itself: the test is the VMM. */
class Scripted implements Submitter {
  readonly name = 'scripted';
  readonly gpaw = 48;
  readonly calls: { gpa: bigint; size: bigint; image: Uint8Array }[] = [];
  readonly freed: bigint[] = [];
  allocated: SharedBuffer[] = [];
  r10 = TdvmcallStatus.TDVMCALL_STATUS_SUCCESS as bigint;
  rax = 0n;
  /** What the VMM does inside the call. */
  inside: (buffer: SharedBuffer) => void | Promise<void> = (buffer) => write(buffer, GET_QUOTE_IN_FLIGHT);
  gpa = 0x1000n;
  listeners = new Set<() => void>();
  notified: Submitter['notified'];

  constructor(notifies = false) {
    if (notifies)
      this.notified = (listener) => {
        this.listeners.add(listener);
        return () => this.listeners.delete(listener);
      };
  }
  allocate(size: number): SharedBuffer | undefined {
    // Whoever had the memory before has left something in it.
    const buffer = { bytes: new Uint8Array(size).fill(0xee), gpa: this.gpa };
    this.gpa += BigInt(size);
    this.allocated.push(buffer);
    return buffer;
  }
  free({ gpa }: SharedBuffer) {
    this.freed.push(gpa);
  }
  async getQuote({ r12, r13 }: { r12: bigint; r13: bigint }) {
    const buffer = this.buffer;
    this.calls.push({ gpa: r12, size: r13, image: buffer.bytes.slice() });
    if (this.rax === 0n && this.r10 === 0n) await this.inside(buffer);
    return { rax: this.rax, r10: this.r10 };
  }
  get buffer(): SharedBuffer {
    const buffer = this.allocated.at(-1);
    if (!buffer) throw new Error('no buffer was allocated');
    return buffer;
  }
  interrupt() {
    for (const listener of this.listeners) listener();
  }
}

function write({ bytes }: SharedBuffer, status: bigint, data = new Uint8Array(0), outLen = data.length) {
  bytes.set(data.subarray(0, bytes.length - HEADER), HEADER);
  const header = new DataView(bytes.buffer);
  header.setUint32(20, outLen, true);
  header.setBigUint64(8, status, true);
}
const answers = (data: Uint8Array) => (buffer: SharedBuffer) => write(buffer, GET_QUOTE_SUCCESS, new Uint8Array(data));

const failure = async (promise: Promise<unknown>): Promise<DeviceError> => {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof DeviceError)) throw new Error(`no DeviceError but ${String(error)}`);
  return error;
};
beforeEach(() => {
  vi.useFakeTimers();
  vi.setTimerTickMode('nextTimerAsync');
});
afterEach(() => {
  vi.useRealTimers();
});
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

describe('what the TD writes', () => {
  test('the whole buffer: version 1, status 0, in_len, out_len 0, the input, zeros', async () => {
    const vmm = new Scripted();
    vmm.inside = answers(ANSWER);
    await new GetQuote(vmm).exchange(REPORT);
    const image = vmm.calls[0]?.image ?? new Uint8Array();
    expect(image).toHaveLength(DEFAULT_BUFFER);
    expect(Buffer.from(image.subarray(0, HEADER)).toString('hex')).toBe(
      '0100000000000000' + '0000000000000000' + '00040000' + '00000000',
    );
    expect(image.subarray(HEADER, HEADER + 1024)).toEqual(REPORT);
    expect(image.subarray(HEADER + 1024).every((byte) => byte === 0)).toBe(true);
  });

  test('the same for the next request, whatever the VMM has left', async () => {
    const vmm = new Scripted();
    vmm.inside = answers(new Uint8Array(DEFAULT_BUFFER - HEADER).fill(0xcc));
    const device = new GetQuote(vmm);
    await device.exchange(REPORT);
    vmm.inside = answers(ANSWER);
    await device.exchange(REPORT);
    expect(vmm.calls[1]?.image).toEqual(vmm.calls[0]?.image);
    expect(vmm.allocated).toHaveLength(1);
  });

  test('R12 has the shared bit of the address width, R13 is the size', async () => {
    const vmm = new Scripted();
    vmm.inside = answers(ANSWER);
    await new GetQuote(vmm, { size: LINUX_6_BUFFER }).exchange(REPORT);
    expect(vmm.calls[0]).toMatchObject({ gpa: 0x1000n | (1n << 47n), size: 8192n });
  });

  test('a request that waits its turn sends the input as it was when handed in', async () => {
    const vmm = new Scripted();
    const device = new GetQuote(vmm);
    vmm.inside = answers(ANSWER);
    const input = REPORT.slice();
    const first = device.exchange(REPORT);
    const second = device.exchange(input);
    input.fill(0);
    await Promise.all([first, second]);
    expect(vmm.calls[1]?.image).toEqual(vmm.calls[0]?.image);
  });
});

describe('sizes', () => {
  test.each([LINUX_6_BUFFER, DEFAULT_BUFFER, LINUX_7_BUFFER, 4096, 20480])(
    'a buffer of %i bytes is used in full',
    async (size) => {
      const vmm = new Scripted();
      const most = new Uint8Array(size - HEADER).fill(7);
      vmm.inside = answers(most);
      expectSame(await new GetQuote(vmm, { size }).exchange(REPORT), most);
    },
  );

  test.each([
    [0, 'size of the buffer: R13 must be more than 0, is 0x0'],
    [5000, 'size of the buffer: R13 must be a multiple of 4096, is 0x1388'],
    [4096.5, 'size must be a whole number of bytes, is 4096.5'],
    [-4096, 'size must be a whole number of bytes, is -4096'],
  ])('%d is refused before anything is allocated', (size, message) => {
    expect(() => new GetQuote(new Scripted(), { size })).toThrow(new TypeError(message));
  });

  test.each([0, DEFAULT_BUFFER - HEADER + 1])('an input of %i bytes is refused, and no call made', async (length) => {
    const vmm = new Scripted();
    const says = `scripted GetQuote: the input must be 1 to 16360 bytes to fit the buffer, is ${length}`;
    await expect(new GetQuote(vmm).exchange(new Uint8Array(length))).rejects.toThrow(says);
    expect(vmm.calls).toHaveLength(0);
  });

  test('a misaligned address is refused without a call, with the status that a VMM would give', async () => {
    const vmm = new Scripted();
    vmm.gpa = 0x1234n;
    const error = await failure(new GetQuote(vmm).exchange(REPORT));
    expect(error.message).toBe(
      'scripted GetQuote: address of the buffer: R12 must be a multiple of 4096, is 0x800000001234',
    );
    expect(error).toMatchObject({ code: 'refused', status: TdvmcallStatus.TDVMCALL_STATUS_ALIGN_ERROR });
    expect(vmm.calls).toHaveLength(0);
  });

  test('without memory attestation is not available', async () => {
    const vmm = new Scripted();
    vmm.allocate = () => undefined;
    const error = await failure(new GetQuote(vmm).exchange(REPORT));
    expect(error.code).toBe('unavailable');
    expect(error.message).toBe(
      'attestation is not available: scripted GetQuote: failed to allocate the quote buffer of 16384 bytes',
    );
  });
});

describe('a submitter that breaks', () => {
  test('while allocating: attestation is not available, with what broke', async () => {
    const vmm = new Scripted();
    const cause = new Error('no pages');
    vmm.allocate = () => {
      throw cause;
    };
    expect(await failure(new GetQuote(vmm).exchange(REPORT))).toMatchObject({ code: 'unavailable', cause });
  });

  test('with memory of another size: refused, and the memory is given back', async () => {
    const vmm = new Scripted();
    vmm.allocate = () => ({ bytes: new Uint8Array(4096), gpa: 0x1000n });
    expect(await failure(new GetQuote(vmm).exchange(REPORT))).toMatchObject({ code: 'refused' });
    expect(vmm.freed).toEqual([0x1000n]);
  });

  test('in the call: failed; nobody knows whose the buffer is, so the next request gets another', async () => {
    const vmm = new Scripted();
    const device = new GetQuote(vmm);
    vmm.inside = () => {
      throw new Error('no exit');
    };
    expect(await failure(device.exchange(REPORT))).toMatchObject({
      code: 'failed',
      message: 'scripted GetQuote: the call could not be made: Error: no exit',
    });
    const getQuote = vmm.getQuote.bind(vmm);
    vmm.getQuote = () => {
      throw new Error('not even a promise');
    };
    expect((await failure(device.exchange(REPORT))).code).toBe('failed');
    vmm.getQuote = getQuote;
    vmm.inside = answers(ANSWER);
    expect(await device.exchange(REPORT)).toEqual(ANSWER);
    expect(vmm.allocated).toHaveLength(3);
    expect(vmm.freed).toEqual([]);
  });
});

describe('what the registers say', () => {
  const {
    TDVMCALL_STATUS_INVALID_OPERAND,
    TDVMCALL_STATUS_ALIGN_ERROR,
    TDVMCALL_STATUS_SUBFUNC_UNSUPPORTED,
    TDVMCALL_STATUS_GPA_INUSE,
  } = TdvmcallStatus;
  test.each([
    [TDVMCALL_STATUS_INVALID_OPERAND, 'refused', 'the VMM refuses an operand of GetQuote (OPERAND_INVALID)'],
    [TDVMCALL_STATUS_ALIGN_ERROR, 'refused', 'the VMM finds the buffer misaligned (ALIGN_ERROR)'],
    [TDVMCALL_STATUS_SUBFUNC_UNSUPPORTED, 'unsupported', 'the VMM does not know GetQuote (SUBFUNC_UNSUPPORTED)'],
    [TDVMCALL_STATUS_GPA_INUSE, 'busy', 'the VMM says that the buffer belongs to another request (GPA_INUSE)'],
    [0x42n, 'refused', 'the VMM refuses GetQuote: 0x42'],
  ])('R10 %s is %s', async (r10, code, says) => {
    const vmm = new Scripted();
    vmm.r10 = r10;
    const error = await failure(new GetQuote(vmm).exchange(REPORT));
    expect(error).toMatchObject({ code, status: r10, message: `scripted GetQuote: ${says}` });
  });

  test('RAX other than 0 is the refusal of the TDX module', async () => {
    const vmm = new Scripted();
    vmm.rax = 0xc000010000000000n;
    const error = await failure(new GetQuote(vmm).exchange(REPORT));
    expect(error).toMatchObject({ code: 'refused', status: vmm.rax });
  });

  test('RETRY is followed by another call, after milliseconds', async () => {
    const vmm = new Scripted();
    vmm.r10 = TdvmcallStatus.TDVMCALL_STATUS_RETRY;
    const quote = new GetQuote(vmm).exchange(REPORT);
    await pause(20);
    expect(vmm.calls.length).toBeGreaterThan(2);
    vmm.r10 = 0n;
    vmm.inside = answers(ANSWER);
    expect(await quote).toEqual(ANSWER);
  });

  test('RETRY for ever ends as busy at the deadline', async () => {
    const vmm = new Scripted();
    vmm.r10 = TdvmcallStatus.TDVMCALL_STATUS_RETRY;
    const error = await failure(new GetQuote(vmm).exchange(REPORT, { timeout: 30 }));
    expect(error.code).toBe('busy');
    expect(error.message).toBe(
      'scripted GetQuote: the VMM has not taken the request, it has too many of them within 30 ms',
    );
  });

  test('a buffer that the VMM calls in use is given up: the next request gets another', async () => {
    const vmm = new Scripted();
    const device = new GetQuote(vmm);
    vmm.r10 = TDVMCALL_STATUS_GPA_INUSE;
    await failure(device.exchange(REPORT));
    vmm.r10 = 0n;
    vmm.inside = answers(ANSWER);
    expect(await device.exchange(REPORT)).toEqual(ANSWER);
    expect(vmm.allocated).toHaveLength(2);
    expect(vmm.freed).toEqual([]);
  });
});

describe('what the buffer says', () => {
  test.each([
    [GET_QUOTE_ERROR, 0, 'failed', 'the VMM reports that making the quote has failed (GET_QUOTE_ERROR)'],
    [0x8000000000000001n, 0, 'service-unavailable', 'the VMM has no quoting service, or cannot reach it'],
    [0x77n, 5, 'failed', 'the VMM reports a status that nobody knows: 0x77'],
    [0n, 0, 'empty', 'the VMM reports success, but the answer is empty'],
    [
      0n,
      16361,
      'oversize',
      'the answer does not fit the buffer: TdxQuoteBuf.outLen @20: must be at most 16360, is 16361',
    ],
    [
      0n,
      0xffffffff,
      'oversize',
      'the answer does not fit the buffer: TdxQuoteBuf.outLen @20: must be at most 16360, is 4294967295',
    ],
  ])('status %s with out_len %i is %s, and the device usable again', async (status, outLen, code, says) => {
    const vmm = new Scripted();
    const device = new GetQuote(vmm);
    vmm.inside = (buffer) => write(buffer, status, new Uint8Array(0), outLen);
    expect(await failure(device.exchange(REPORT))).toMatchObject({ code, message: `scripted GetQuote: ${says}` });
    vmm.inside = answers(ANSWER);
    expect(await device.exchange(REPORT)).toEqual(ANSWER);
    expect(vmm.allocated).toHaveLength(1);
  });

  test('the answer is a copy: what the VMM writes afterwards does not reach it', async () => {
    const vmm = new Scripted();
    vmm.inside = answers(ANSWER);
    const answer = await new GetQuote(vmm).exchange(REPORT);
    vmm.buffer.bytes.fill(0);
    expect(answer).toEqual(ANSWER);
    expect(answer.buffer.byteLength).toBe(ANSWER.length);
  });

  test('the buffer is read twice: its status, then all of it into one copy; what the VMM changes in between counts', async () => {
    const vmm = new Scripted();
    const reads: string[] = [];
    const raw = new Uint8Array(DEFAULT_BUFFER);
    let isAnswered = false;
    vmm.allocate = () => {
      const buffer = {
        gpa: 0x1000n,
        get bytes() {
          if (isAnswered) reads.push('read');
          // Between the look at the status and the copy.
          if (reads.length === 2) write({ gpa: 0n, bytes: raw }, GET_QUOTE_SUCCESS, ANSWER, 0xffff);
          return raw;
        },
      };
      vmm.allocated.push(buffer);
      return buffer;
    };
    vmm.inside = () => {
      write({ gpa: 0n, bytes: raw }, GET_QUOTE_SUCCESS, ANSWER);
      isAnswered = true;
    };
    expect(await failure(new GetQuote(vmm).exchange(REPORT))).toMatchObject({ code: 'oversize' });
    expect(reads).toHaveLength(2);
  });
});

describe('the wait', () => {
  test('polls from milliseconds on: an answer after 10 ms is there within 30', async () => {
    const vmm = new Scripted();
    vmm.inside = (buffer) => {
      write(buffer, GET_QUOTE_IN_FLIGHT);
      setTimeout(() => answers(ANSWER)(buffer), 10);
    };
    const start = performance.now();
    await new GetQuote(vmm).exchange(REPORT);
    expect(performance.now() - start).toBeLessThanOrEqual(30);
  });

  test('ends at the interrupt, long before the next look', async () => {
    const vmm = new Scripted(true);
    const quote = new GetQuote(vmm).exchange(REPORT);
    await pause(5);
    answers(ANSWER)(vmm.buffer);
    const start = performance.now();
    vmm.interrupt();
    expect(await quote).toEqual(ANSWER);
    expect(performance.now() - start).toBeLessThanOrEqual(1);
    expect(vmm.listeners.size).toBe(0);
  });

  test('takes no interrupt for an answer while the status is in flight', async () => {
    const vmm = new Scripted(true);
    let isOver = false;
    const quote = new GetQuote(vmm).exchange(REPORT).finally(() => {
      isOver = true;
    });
    for (let i = 0; i < 5; i++) {
      await pause(1);
      vmm.interrupt();
    }
    expect(isOver).toBe(false);
    answers(ANSWER)(vmm.buffer);
    vmm.interrupt();
    expect(await quote).toEqual(ANSWER);
    vmm.interrupt();
  });

  test('outlives an interrupt that was lost', async () => {
    const vmm = new Scripted(true);
    const quote = new GetQuote(vmm).exchange(REPORT);
    await pause(5);
    answers(ANSWER)(vmm.buffer);
    expect(await quote).toEqual(ANSWER);
  });

  test('sees an interrupt that came inside the call', async () => {
    const vmm = new Scripted(true);
    vmm.inside = (buffer) => {
      answers(ANSWER)(buffer);
      vmm.interrupt();
    };
    expect(await new GetQuote(vmm).exchange(REPORT, { timeout: 100 })).toEqual(ANSWER);
  });

  test.each([
    ['a VMM that never answers', () => {}, 'no answer from the VMM'],
    ['a call that never comes back', () => new Promise<void>(() => {}), 'the call to the VMM has not come back'],
  ])('ends at the deadline with %s', async (_, then, says) => {
    const vmm = new Scripted();
    vmm.inside = (buffer) => {
      write(buffer, GET_QUOTE_IN_FLIGHT);
      return then();
    };
    const start = performance.now();
    const error = await failure(new GetQuote(vmm).exchange(REPORT, { timeout: 40 }));
    expect(performance.now() - start).toBe(40);
    expect(error).toMatchObject({ code: 'timeout', message: `scripted GetQuote: ${says} within 40 ms` });
  });

  test('ends at once when the signal fires, before and during', async () => {
    const vmm = new Scripted();
    const device = new GetQuote(vmm);
    const before = await failure(device.exchange(REPORT, { signal: AbortSignal.abort('no need') }));
    expect(before).toMatchObject({ code: 'aborted', cause: 'no need' });
    expect(vmm.calls).toHaveLength(0);
    const controller = new AbortController();
    const during = failure(device.exchange(REPORT, { signal: controller.signal }));
    await pause(5);
    controller.abort();
    expect((await during).code).toBe('aborted');
  });

  test.each([0, -1, Number.NaN, 2 ** 31, Number.POSITIVE_INFINITY])(
    'is never unbounded: a timeout of %d is refused',
    async (timeout) => {
      await expect(new GetQuote(new Scripted()).exchange(REPORT, { timeout })).rejects.toThrow(TypeError);
    },
  );

  test('leaves no timer behind', async () => {
    const vmm = new Scripted();
    vmm.inside = answers(ANSWER);
    await new GetQuote(vmm).exchange(REPORT);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('whose the buffer is', () => {
  test('after a timeout the VMM has it: the next request waits, is not submitted, and ends as busy', async () => {
    const vmm = new Scripted();
    const device = new GetQuote(vmm);
    expect((await failure(device.exchange(REPORT, { timeout: 20 }))).code).toBe('timeout');
    const left = vmm.buffer.bytes.slice();
    const error = await failure(device.exchange(ANSWER, { timeout: 20 }));
    expect(error.code).toBe('busy');
    expect(error.message).toBe(
      'scripted GetQuote: the VMM has not given back the buffer of an earlier request within 20 ms',
    );
    expect(vmm.calls).toHaveLength(1);
    expect(vmm.buffer.bytes).toEqual(left);
  });

  test('a late answer gives it back, and is not taken for the answer of the next request', async () => {
    const vmm = new Scripted();
    const device = new GetQuote(vmm);
    await failure(device.exchange(REPORT, { timeout: 20 }));
    const late = Uint8Array.of(9, 9, 9);
    const next = device.exchange(REPORT, { timeout: 500 });
    await pause(10);
    vmm.inside = answers(ANSWER);
    answers(late)(vmm.buffer);
    expect(await next).toEqual(ANSWER);
    expect(vmm.allocated).toHaveLength(1);
  });

  test('a call that comes back after the deadline decides: taken, the VMM has the buffer; refused, the TD', async () => {
    const vmm = new Scripted();
    const device = new GetQuote(vmm);
    let back = (): void => {};
    vmm.inside = (buffer) => {
      write(buffer, GET_QUOTE_IN_FLIGHT);
      return new Promise<void>((resolve) => {
        back = resolve;
      });
    };
    await failure(device.exchange(REPORT, { timeout: 20 }));
    expect((await failure(device.exchange(REPORT, { timeout: 20 }))).code).toBe('busy');
    back();
    await pause(1);
    expect((await failure(device.exchange(REPORT, { timeout: 20 }))).code).toBe('busy');
    expect(vmm.calls).toHaveLength(1);
    answers(ANSWER)(vmm.buffer);
    vmm.inside = answers(ANSWER);
    expect(await device.exchange(REPORT)).toEqual(ANSWER);
  });

  test('closed with the VMM at work, it is never freed; otherwise it is', async () => {
    const vmm = new Scripted();
    const device = new GetQuote(vmm);
    await failure(device.exchange(REPORT, { timeout: 10 }));
    device.close();
    expect(vmm.freed).toEqual([]);
    const other = new Scripted();
    other.inside = answers(ANSWER);
    const closing = new GetQuote(other);
    await closing.exchange(REPORT);
    closing.close();
    expect(other.freed).toEqual([0x1000n]);
    expect((await failure(closing.exchange(REPORT))).message).toBe(
      'attestation is not available: scripted GetQuote: the device was closed',
    );
  });

  test('closed during a request, it is freed once that is over', async () => {
    const vmm = new Scripted();
    const device = new GetQuote(vmm);
    const quote = device.exchange(REPORT);
    await pause(5);
    device.close();
    expect(vmm.freed).toEqual([]);
    answers(ANSWER)(vmm.buffer);
    expect(await quote).toEqual(ANSWER);
    expect(vmm.freed).toEqual([0x1000n]);
  });
});

describe('one at a time', () => {
  test('a second request waits for the first', async () => {
    const vmm = new Scripted();
    const device = new GetQuote(vmm);
    const first = device.exchange(REPORT);
    const second = device.exchange(ANSWER);
    await pause(10);
    expect(vmm.calls).toHaveLength(1);
    vmm.inside = answers(Uint8Array.of(2));
    answers(Uint8Array.of(1))(vmm.buffer);
    expect([await first, await second]).toEqual([Uint8Array.of(1), Uint8Array.of(2)]);
  });

  test('by choice it is refused as busy, also while the VMM still has the buffer', async () => {
    const vmm = new Scripted();
    const device = new GetQuote(vmm, { whenBusy: 'refuse' });
    const first = failure(device.exchange(REPORT, { timeout: 20 }));
    const busy = { code: 'busy', message: 'scripted GetQuote: an earlier request is still under way' };
    expect(await failure(device.exchange(REPORT))).toMatchObject(busy);
    expect((await first).code).toBe('timeout');
    expect(await failure(device.exchange(REPORT))).toMatchObject(busy);
    answers(ANSWER)(vmm.buffer);
    vmm.inside = answers(ANSWER);
    expect(await device.exchange(REPORT)).toEqual(ANSWER);
  });

  test('one that gives up its turn lets the others pass', async () => {
    const vmm = new Scripted();
    const device = new GetQuote(vmm);
    const first = device.exchange(REPORT);
    const second = failure(device.exchange(REPORT, { timeout: 10 }));
    const third = device.exchange(REPORT);
    expect(await second).toMatchObject({
      code: 'busy',
      message: 'scripted GetQuote: other requests were not over within 10 ms',
    });
    vmm.inside = answers(ANSWER);
    answers(ANSWER)(vmm.buffer);
    expect(await first).toEqual(ANSWER);
    expect(await third).toEqual(ANSWER);
    expect(vmm.calls).toHaveLength(2);
  });
});

describe('framing', () => {
  const message = quoteRequest(REPORT);
  const reply = Uint8Array.from([1, 0, 1, 0, 1, 0, 0, 0, 27, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 5, 6, 7]);
  const sent = async (framing: 'raw' | 'qgs' | 'sniffed', input: Uint8Array, answer: Uint8Array) => {
    const vmm = new Scripted();
    vmm.inside = answers(answer);
    const quote = await new GetQuote(vmm, { framing }).quote(input);
    const image = vmm.calls[0]?.image ?? new Uint8Array();
    const inLen = new DataView(image.buffer).getUint32(16, true);
    return { data: image.slice(HEADER, HEADER + inLen), quote };
  };

  test('a request for a TDREPORT of 1024 bytes is 1048 bytes behind 00 00 04 18', () => {
    expect(message).toHaveLength(1048);
    expect(Buffer.from(framed(message).subarray(0, 28)).toString('hex')).toBe(
      '00000418' + '0100' + '0100' + '00000000' + '18040000' + '00000000' + '00040000' + '00000000',
    );
  });

  test.each([
    ['raw', 'raw', REPORT, REPORT, ANSWER, ANSWER],
    ['raw', 'framed', framed(message), REPORT, ANSWER, ANSWER],
    ['qgs', 'raw', REPORT, framed(message), framed(reply), Uint8Array.of(5, 6, 7)],
    ['qgs', 'framed', framed(message), framed(message), framed(reply), Uint8Array.of(5, 6, 7)],
    ['sniffed', 'raw', REPORT, REPORT, ANSWER, ANSWER],
    ['sniffed', 'raw', REPORT, REPORT, framed(reply), Uint8Array.of(5, 6, 7)],
    ['sniffed', 'framed', framed(message), framed(message), framed(reply), Uint8Array.of(5, 6, 7)],
    ['sniffed', 'framed', framed(message), framed(message), ANSWER, ANSWER],
  ] as const)('%s: a %s input', async (framing, _, input, data, answer, quote) => {
    expect(await sent(framing, input, answer)).toEqual({ data: new Uint8Array(data), quote: new Uint8Array(quote) });
  });

  test('qgs refuses a bare answer', async () => {
    expect(await failure(sent('qgs', REPORT, ANSWER))).toMatchObject({ code: 'malformed' });
  });

  test('an input that is neither is refused', async () => {
    const error = await failure(sent('sniffed', REPORT.subarray(1), ANSWER));
    expect(error.message).toBe(
      'scripted GetQuote: the input must be a TDREPORT of 1024 bytes or a framed request, is 1023 bytes',
    );
  });

  test('an error that the QGS reports is named', async () => {
    const refused = reply.slice(0, 24);
    refused.set([24, 0, 0, 0, 1, 0x20, 1, 0], 8);
    refused.set([0, 0, 0, 0], 20);
    expect(await failure(sent('qgs', REPORT, framed(refused)))).toMatchObject({
      code: 'failed',
      status: 0x12001n,
      message: 'scripted GetQuote: the quote generation service reports QGS_MSG_ERROR_UNEXPECTED',
    });
  });

  test('a reply without a quote is empty, one of another type malformed', async () => {
    const empty = reply.slice(0, 24);
    empty.set([24, 0, 0, 0], 8);
    empty.set([0, 0, 0, 0], 20);
    expect((await failure(sent('qgs', REPORT, framed(empty)))).code).toBe('empty');
    const request = reply.slice();
    request[4] = 0;
    expect((await failure(sent('qgs', REPORT, framed(request)))).code).toBe('malformed');
  });
});
