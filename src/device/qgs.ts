import { DeviceError, type Where } from './error.ts';
import { packed, quoteOfReply } from './framing.ts';
import { LINUX_7_BUFFER } from './shared-buffer.ts';
import type { Quoter } from './transport.ts';
import { orGiveUp, within } from './within.ts';

/**
 * A connection to a quote generation service. Node's sockets and duplex streams are such, and so is whatever else can write
 * and be iterated over.
 */
export interface Connection extends AsyncIterable<Uint8Array> {
  write(bytes: Uint8Array): unknown;
  /** Ends it, whatever is under way. */
  destroy(): unknown;
}

/** Where a QGS is, and how to talk to it. */
export interface QgsOptions {
  /** Name of the service for errors: its socket, its address. */
  readonly provider: string;
  /** Opens a connection; one for each request, as the QGS wants it. */
  readonly connect: (signal: AbortSignal) => Connection | Promise<Connection>;
  /** What the system said when reading or writing failed, where it can be told. */
  readonly errnoOf?: (error: unknown) => string | undefined;
  /** `qgs`: messages, the default. `raw`: bare TDREPORT and quote, which services since DCAP 1.21 take too. */
  readonly framing?: 'qgs' | 'raw' | undefined;
}

/** No reply is longer: the most that a quote's way through a VMM allows for. */
const MOST = LINUX_7_BUFFER;
const PREFIX = 4;

/** Bytes as they come in. */
class Received {
  readonly #chunks: Uint8Array[] = [];
  length = 0;

  add(chunk: Uint8Array): void {
    this.#chunks.push(chunk);
    this.length += chunk.length;
  }

  joined(): Uint8Array<ArrayBuffer> {
    const whole = new Uint8Array(this.length);
    let at = 0;
    for (const chunk of this.#chunks) {
      whole.set(chunk, at);
      at += chunk.length;
    }
    return whole;
  }
}

const bytesOf = (n: number): string => `${n} ${n === 1 ? 'byte' : 'bytes'}`;

/** A framed message, without its length. */
async function readMessage(connection: Connection, where: Where): Promise<Uint8Array> {
  const received = new Received();
  let needed: number | undefined;
  for await (const chunk of connection) {
    received.add(chunk);
    if (needed === undefined && received.length >= PREFIX) {
      const length = new DataView(received.joined().buffer).getUint32(0);
      if (length > MOST)
        throw new DeviceError('oversize', where, `the reply announces ${bytesOf(length)}, more than ${MOST}`);
      needed = PREFIX + length;
    }
    if (needed !== undefined && received.length >= needed) break;
  }
  if (received.length === 0) throw new DeviceError('closed', where, 'the connection was closed without a reply');
  if (needed === undefined || received.length < needed) {
    const of = needed === undefined ? '' : ` of ${needed}`;
    throw new DeviceError(
      'closed',
      where,
      `the connection was closed after ${bytesOf(received.length)}${of} of the reply`,
    );
  }
  if (received.length > needed)
    throw new DeviceError(
      'malformed',
      where,
      `the reply has ${bytesOf(received.length - needed)} more than it announces`,
    );
  return received.joined().subarray(PREFIX);
}

/** All there is until the service closes. */
async function readRest(connection: Connection, where: Where): Promise<Uint8Array<ArrayBuffer>> {
  const received = new Received();
  for await (const chunk of connection) {
    received.add(chunk);
    if (received.length > MOST) throw new DeviceError('oversize', where, `the reply is longer than ${bytesOf(MOST)}`);
  }
  if (received.length === 0) throw new DeviceError('closed', where, 'the connection was closed without a reply');
  return received.joined();
}

/** Quotes by the quote generation service of DCAP. Any number of requests may be under way, each on its own connection. */
export function qgs({ provider, connect, errnoOf, framing = 'qgs' }: QgsOptions): Quoter {
  const name = 'qgs';
  const where = { transport: name, path: provider };
  return {
    name,
    provider,
    quote: (tdreport, options = {}) =>
      within(where, options, async (signal) => {
        const request = packed(tdreport, framing, where);
        const connecting = Promise.resolve(connect(signal));
        const connection = await orGiveUp(connecting, signal).catch((error: unknown) => {
          void connecting.then((late) => late.destroy()).catch(() => {});
          throw error;
        });
        const stop = (): void => {
          connection.destroy();
        };
        signal.addEventListener('abort', stop);
        try {
          // In one piece: the service misreads a request that comes in two.
          connection.write(request);
          if (framing === 'raw') return await readRest(connection, where);
          return quoteOfReply(await readMessage(connection, where), where);
        } catch (cause) {
          if (cause instanceof DeviceError) throw cause;
          throw new DeviceError('closed', { ...where, cause, errno: errnoOf?.(cause) }, 'the connection broke off');
        } finally {
          signal.removeEventListener('abort', stop);
          stop();
        }
      }),
  };
}
