import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, mkdir, open, readFile, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  TSM_PROVIDER_TDX,
  TSM_REPORT_INBLOB_MAX,
  TSM_REPORT_OUTBLOB_MAX,
  TSM_REPORT_PATH,
  tsmErrnos,
} from '../../uapi/configfs-tsm.ts';
import { checkQuote } from '../check-quote.ts';
import { DeviceError, type DeviceErrorCode, type Where } from '../error.ts';
import type { Transport, Waiting } from '../transport.ts';
import { turns } from '../turns.ts';
import { type Late, within } from '../within.ts';
import { errnoOf } from './errno.ts';

/** Where reports come from. */
export interface TsmOptions {
  /** The directory in which entries are made; `/sys/kernel/config/tsm/report` unless told. */
  readonly path?: string | undefined;
}

/** How often a report is asked for while others write to the entry, or signals come. */
const ATTEMPTS = 5;
const CHUNK = 0x10000;
const GENERATIONS = 1n << 64n;

/** The operations that {@link tsmErrnos} tells apart. */
type Operation = 'mkdir' | 'read of provider' | 'read of generation' | 'write of inblob' | 'read of outblob';

const CODES: Readonly<Record<string, DeviceErrorCode>> = {
  ENXIO: 'unavailable',
  ENOENT: 'unavailable',
  ENOTDIR: 'unavailable',
  EACCES: 'unavailable',
  EPERM: 'unavailable',
  EBUSY: 'busy',
  EFBIG: 'oversize',
  EINVAL: 'refused',
  ETIMEDOUT: 'timeout',
};

/** The error of an operation, with what its errno means in that place. */
function failed(operation: Operation, where: Where, cause: unknown): DeviceError {
  if (cause instanceof DeviceError) return cause;
  const error = errnoOf(cause);
  if (error === undefined) return new DeviceError('failed', { ...where, cause }, `${operation}: ${String(cause)}`);
  const places = operation === 'mkdir' ? [operation] : [operation, 'any attribute'];
  const causes = tsmErrnos.filter((each) => each.code === error.name && places.includes(each.where));
  const says = causes.map((each) => each.cause).join('; or ') || error.says;
  const code = operation === 'mkdir' ? 'unavailable' : (CODES[error.name] ?? 'failed');
  return new DeviceError(code, { ...where, errno: error.name, cause }, `${operation}: ${says}`);
}

/** Reads to the end: the size of a binary attribute says nothing. */
async function readToEnd(file: FileHandle, signal: AbortSignal, where: Where): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    signal.throwIfAborted();
    const chunk = new Uint8Array(CHUNK);
    const { bytesRead } = await file.read(chunk, 0, CHUNK, null);
    if (bytesRead === 0) break;
    length += bytesRead;
    if (length > TSM_REPORT_OUTBLOB_MAX)
      throw new DeviceError('oversize', where, `outblob is longer than ${TSM_REPORT_OUTBLOB_MAX} bytes`);
    chunks.push(chunk.subarray(0, bytesRead));
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

/** The attributes of one report entry. */
class Entry {
  readonly #path: string;
  readonly #where: Where;

  constructor(path: string, where: Where) {
    this.#path = path;
    this.#where = where;
  }

  async #text(name: 'provider' | 'generation'): Promise<string> {
    try {
      return (await readFile(join(this.#path, name), 'latin1')).trimEnd();
    } catch (cause) {
      throw failed(`read of ${name}`, this.#where, cause);
    }
  }

  async checkProvider(): Promise<void> {
    const provider = await this.#text('provider');
    if (!provider.startsWith(TSM_PROVIDER_TDX))
      throw new DeviceError('unavailable', this.#where, `the provider is ${provider}, not ${TSM_PROVIDER_TDX}`);
  }

  async generation(): Promise<bigint> {
    const text = await this.#text('generation');
    if (!/^\d+$/.test(text)) throw new DeviceError('malformed', this.#where, 'generation is not a number');
    return BigInt(text);
  }

  /** Once this is over, the driver has the report data or has refused it: only the generation tells. */
  async writeInblob(reportdata: Uint8Array): Promise<void> {
    try {
      // Not for reading too, and not made where there is none.
      const file = await open(join(this.#path, 'inblob'), constants.O_WRONLY);
      try {
        await file.write(reportdata);
      } finally {
        await file.close();
      }
    } catch (cause) {
      throw failed('write of inblob', this.#where, cause);
    }
  }

  async readOutblob(signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
    try {
      const file = await open(join(this.#path, 'outblob'), constants.O_RDONLY);
      try {
        return await readToEnd(file, signal, this.#where);
      } finally {
        await file.close();
      }
    } catch (cause) {
      throw failed('read of outblob', this.#where, cause);
    }
  }
}

/**
 * Quotes from a configfs-tsm report directory, as Linux has it since 6.7. Each request has an entry of its own, which is
 * removed in the end, whatever the end is.
 *
 * The kernel makes one quote at a time, and nobody can stop it while it does: a request that ends early leaves its read to
 * the kernel, which gives up after 30 seconds, and only then is the entry removed. The next request waits for that. One
 * thread of Node's pool waits, however many requests there are; a process that wants to exit waits too.
 */
export function tsm({ path = TSM_REPORT_PATH }: TsmOptions = {}): Transport {
  const where: Where = { transport: 'tsm', path };
  const turn = turns();

  /** The quote of one write to inblob; an error that is worth another attempt is given, not thrown. */
  async function attempt(
    entry: Entry,
    reportdata: Uint8Array,
    read: () => Promise<Uint8Array<ArrayBuffer>>,
  ): Promise<Uint8Array<ArrayBuffer> | DeviceError> {
    const before = await entry.generation();
    await entry.writeInblob(reportdata);
    const outcome = await read().catch((error: unknown) => {
      if (error instanceof DeviceError) return error;
      throw error;
    });
    const wanted = (before + 1n) % GENERATIONS;
    const after = await entry.generation();
    if (after !== wanted) {
      const what = after === before ? 'the driver refused what was written to inblob' : 'another writer used the entry';
      return new DeviceError('raced', where, `generation is ${after}, must be ${wanted}: ${what}`);
    }
    if (outcome instanceof DeviceError && outcome.errno !== 'EINTR') throw outcome;
    return outcome;
  }

  function quote(reportdata: Uint8Array, options: Waiting): Promise<Uint8Array<ArrayBuffer>> {
    let late: Late = { code: 'timeout', says: 'no answer' };
    const work = async (signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>> => {
      const directory = join(path, `tdx-codec-${randomUUID()}`);
      await mkdir(directory).catch((cause: unknown) => {
        throw failed('mkdir', where, cause);
      });
      const entry = new Entry(directory, where);
      const read = async (): Promise<Uint8Array<ArrayBuffer>> => {
        late = { code: 'busy', says: 'not its turn: the kernel was not done with other requests' };
        const done = await turn(signal);
        late = { code: 'timeout', says: 'no answer from the VMM' };
        try {
          return await entry.readOutblob(signal);
        } finally {
          done();
        }
      };
      try {
        await entry.checkProvider();
        for (let left = ATTEMPTS; ; left--) {
          const quote = await attempt(entry, reportdata, read);
          if (quote instanceof DeviceError && left > 1) continue;
          if (quote instanceof DeviceError) throw quote;
          if (quote.length > 0) return quote;
          throw new DeviceError('empty', where, 'outblob is empty: the VMM has failed, or has not answered in time');
        }
      } finally {
        // What was asked for matters more than an entry that stays.
        await rmdir(directory).catch(() => {});
      }
    };
    return within(where, options, work, () => late);
  }

  return {
    name: 'tsm',
    provider: path,
    async quote(reportdata, options = {}) {
      if (reportdata.length !== TSM_REPORT_INBLOB_MAX)
        throw new TypeError(`report data must be ${TSM_REPORT_INBLOB_MAX} bytes, is ${reportdata.length}`);
      // The caller's bytes may change while we wait.
      const asked = new Uint8Array(reportdata);
      const answer = await quote(asked, options);
      await checkQuote(answer, asked, where);
      return answer;
    },
  };
}
