import { DeviceError, type Where } from './error.ts';
import { packed, quoteOfReply } from './framing.ts';
import { LINUX_7_BUFFER } from './shared-buffer.ts';
import type { Quoter } from './transport.ts';
import { orGiveUp, within } from './within.ts';

/** A connection to a quote generation service: Node's sockets and duplex streams are such, of vsock too. */
export interface Connection {
  /** Sends bytes. */
  write(bytes: Uint8Array): unknown;
  /** Listens for what arrives, for the end, and for errors. */
  on(event: 'data', listener: (chunk: Uint8Array) => void): unknown;
  on(event: 'end' | 'close', listener: () => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
  /** Ends it, whatever is under way. */
  destroy(): unknown;
}

/** Where a QGS is, and how to talk to it. */
export interface QgsOptions {
  /** Name of the service for errors: its socket, its address. */
  readonly provider: string;
  /** Opens a connection; one for each request, as the QGS wants it. */
  readonly connect: (signal: AbortSignal) => Connection | Promise<Connection>;
  /** What it means that the connection has failed with an error; `closed` unless told. */
  readonly failed?: (error: unknown) => DeviceError;
  /** `qgs`: messages, the default. `raw`: bare TDREPORT and quote, which services since DCAP 1.21 take too. */
  readonly framing?: 'qgs' | 'raw' | undefined;
}

/** No reply is longer: the most that a quote's way through a VMM allows for. */
const MOST = LINUX_7_BUFFER;
const PREFIX = 4;

const bytesOf = (n: number): string => `${n} ${n === 1 ? 'byte' : 'bytes'}`;

/** What has come in so far. */
class Received {
  #chunks: Uint8Array[] = [];
  length = 0;

  add(chunk: Uint8Array): void {
    this.#chunks.push(chunk);
    this.length += chunk.length;
  }

  joined(): Uint8Array {
    const [only, ...more] = this.#chunks;
    if (only && more.length === 0) return only;
    const whole = new Uint8Array(this.length);
    let at = 0;
    for (const chunk of this.#chunks) {
      whole.set(chunk, at);
      at += chunk.length;
    }
    this.#chunks = [whole];
    return whole;
  }
}

/** The bytes of a reply, or what is wrong with it; undefined while more have to come. At the end there are no more. */
type Reader = (received: Received, isEnd: boolean) => Uint8Array | DeviceError | undefined;

/** Reads a framed message, and gives it without its length. */
function message(where: Where): Reader {
  let needed = PREFIX;
  let isAnnounced = false;
  return (received, isEnd) => {
    if (!isAnnounced && received.length >= PREFIX) {
      const { buffer, byteOffset } = received.joined();
      const length = new DataView(buffer, byteOffset).getUint32(0);
      if (length > MOST)
        return new DeviceError('oversize', where, `the reply announces ${bytesOf(length)}, more than ${MOST}`);
      needed += length;
      isAnnounced = true;
    }
    const surplus = received.length - needed;
    if (isAnnounced && surplus === 0) return received.joined().subarray(PREFIX);
    if (isAnnounced && surplus > 0)
      return new DeviceError('malformed', where, `the reply has ${bytesOf(surplus)} more than it announces`);
    if (!isEnd) return undefined;
    const of = isAnnounced ? ` of ${needed}` : '';
    return new DeviceError(
      'closed',
      where,
      `the connection was closed after ${bytesOf(received.length)}${of} of the reply`,
    );
  };
}

/** Reads all there is until the service closes. */
const bare =
  (where: Where): Reader =>
  (received, isEnd) => {
    if (received.length > MOST) return new DeviceError('oversize', where, `the reply is longer than ${bytesOf(MOST)}`);
    return isEnd ? received.joined() : undefined;
  };

/** What the reader makes of all that comes in. */
function read(connection: Connection, reader: Reader, where: Where): Promise<Uint8Array> {
  const received = new Received();
  return new Promise((resolve, reject) => {
    const look = (isEnd: boolean): void => {
      const isSilent = isEnd && received.length === 0;
      const reply = isSilent
        ? new DeviceError('closed', where, 'the connection was closed without a reply')
        : reader(received, isEnd);
      if (reply instanceof DeviceError) reject(reply);
      else if (reply) resolve(reply);
    };
    connection.on('error', reject);
    connection.on('data', (chunk) => {
      received.add(chunk);
      look(false);
    });
    connection.on('end', () => look(true));
    connection.on('close', () => look(true));
  });
}

/** A connection; one that comes too late is ended. */
async function connectedBy(connect: QgsOptions['connect'], signal: AbortSignal): Promise<Connection> {
  const connecting = connect(signal);
  if (!(connecting instanceof Promise)) return connecting;
  return orGiveUp(connecting, signal).catch((error: unknown) => {
    void connecting.then((late) => late.destroy()).catch(() => {});
    throw error;
  });
}

/** Quotes by the quote generation service of DCAP. Any number of requests may be under way, each on its own connection. */
export function qgs({ provider, connect, failed, framing = 'qgs' }: QgsOptions): Quoter {
  const name = 'qgs';
  const where = { transport: name, path: provider };
  return {
    name,
    provider,
    quote: (tdreport, options = {}) =>
      within(where, options, async (signal) => {
        const request = packed(tdreport, framing, where);
        let connection: Connection | undefined;
        const stop = (): void => {
          connection?.destroy();
        };
        signal.addEventListener('abort', stop);
        try {
          connection = await connectedBy(connect, signal);
          const reply = read(connection, framing === 'raw' ? bare(where) : message(where), where);
          // In one piece: the service misreads a request that comes in two.
          connection.write(request);
          return framing === 'raw' ? new Uint8Array(await reply) : quoteOfReply(await reply, where);
        } catch (cause) {
          if (cause instanceof DeviceError) throw cause;
          throw failed?.(cause) ?? new DeviceError('closed', { ...where, cause }, 'the connection broke off');
        } finally {
          signal.removeEventListener('abort', stop);
          stop();
        }
      }),
  };
}
