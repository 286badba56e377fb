import { createServer, type ListenOptions, type Socket } from 'node:net';
import { setTimeout as after } from 'node:timers/promises';
import { TDX_REPORT_LEN } from '../../uapi/tdx-guest.ts';
import { DeviceError } from '../error.ts';
import type { QgsService } from '../simulated/qgs.ts';
import { errnoOf } from './errno.ts';
import { type Address, addressText } from './sockets.ts';

/** What a simulated QGS can do wrong with one connection. */
export const QGS_FAULTS = {
  fragmented: 'sends the reply in pieces of 97 bytes',
  slow: 'lets each of its pieces wait for `slowBy` milliseconds',
  silent: 'never replies',
  close: 'closes without a reply',
  cut: 'closes in the middle of the reply',
  reset: 'breaks the connection off',
  oversize: 'announces a reply of 4 GiB',
  'wrong-length': 'announces one byte less than it sends',
  'wrong-size': 'contradicts the length in front in the header of the reply',
  'wrong-type': 'replies with another type of message',
  empty: 'replies with success and no quote',
} as const;

/** One of {@link QGS_FAULTS}. */
export type QgsFault = keyof typeof QGS_FAULTS;

/** How a simulated QGS behaves. */
export interface ServerOptions {
  /** What goes wrong, one entry for each connection in turn; undefined for nothing. Later connections go well. */
  readonly faults?: Iterable<QgsFault | undefined> | undefined;
  /** Milliseconds between the pieces of the fault `slow`; 20 unless told. */
  readonly slowBy?: number | undefined;
}

/** A service that listens. */
export interface QgsServer {
  /** Where: with the port that the system chose for port 0. */
  readonly address: Address;
  /** Stops, and breaks off what is under way. */
  close(): Promise<void>;
}

/** Requests are not longer; the QGS of DCAP reads 4096 bytes. */
const MOST_REQUEST = 4096;
/** Milliseconds until the QGS of DCAP gives up on a peer. */
const PATIENCE = 30_000;
const PIECE = 97;

/** How long the whole request is, as soon as that can be told: behind a length that makes sense, else a bare TDREPORT. */
function lengthOf(received: Buffer): number | undefined {
  if (received.length < 4) return undefined;
  const length = received.readUInt32BE();
  return length < MOST_REQUEST ? 4 + length : TDX_REPORT_LEN;
}

/** The reply with its fault in it; undefined where none is sent. */
function spoilt(reply: Buffer, fault: QgsFault | undefined): Buffer | undefined {
  const bad = Buffer.from(reply);
  switch (fault) {
    case 'silent':
    case 'close':
    case 'reset':
      return undefined;
    case 'cut':
      return bad.subarray(0, bad.length >> 1);
    case 'oversize':
      bad.writeUInt32BE(0xffff_ffff);
      return bad;
    case 'wrong-length':
      bad.writeUInt32BE(bad.length - 5);
      return bad;
    case 'wrong-size':
      bad.writeUInt32LE(bad.length, 12);
      return bad;
    case 'wrong-type':
      bad.writeUInt32LE(3, 8);
      return bad;
    case 'empty':
      bad.writeUInt32BE(24);
      bad.writeUInt32LE(24, 12);
      bad.writeUInt32LE(0, 24);
      return bad.subarray(0, 28);
    default:
      return bad;
  }
}

async function send(socket: Socket, reply: Buffer, fault: QgsFault | undefined, slowBy: number): Promise<void> {
  const spoiltReply = spoilt(reply, fault);
  if (fault === 'silent') return;
  if (fault === 'reset') {
    // A Unix socket knows no reset.
    if (socket.remotePort === undefined) socket.destroy();
    else socket.resetAndDestroy();
    return;
  }
  if (spoiltReply && (fault === 'fragmented' || fault === 'slow')) {
    for (let at = 0; at < spoiltReply.length && !socket.destroyed; at += PIECE) {
      socket.write(spoiltReply.subarray(at, at + PIECE));
      await after(fault === 'slow' ? slowBy : 0);
    }
  } else if (spoiltReply) {
    socket.write(spoiltReply);
  }
  socket.end();
}

/** Lets a service, such as that of a simulated machine, answer on a socket: one request a connection, as the QGS has it. */
export function serveQgs(service: QgsService, at: Address, options: ServerOptions = {}): Promise<QgsServer> {
  const { faults = [], slowBy = 20 } = options;
  const script = faults[Symbol.iterator]();
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    const next = script.next();
    const fault = next.done === true ? undefined : next.value;
    let received = Buffer.alloc(0);
    let isAsked = false;
    sockets.add(socket);
    // A peer that goes away is its own business.
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
    socket.setTimeout(PATIENCE, () => socket.destroy());
    socket.on('data', (chunk: Buffer) => {
      if (isAsked) return;
      received = Buffer.concat([received, chunk]);
      const length = lengthOf(received);
      if (length === undefined || received.length < length) return;
      isAsked = true;
      service(received.subarray(0, length))
        .then(async (reply) => {
          if (reply) await send(socket, Buffer.from(reply), fault, slowBy);
          else socket.end();
        })
        .catch(() => socket.destroy());
    });
  });
  const listen: ListenOptions = 'unix' in at ? { path: at.unix } : { host: at.host, port: at.port };
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => {
      const circumstances = { transport: 'qgs', path: addressText(at), errno: errnoOf(cause)?.name, cause };
      reject(new DeviceError('unavailable', circumstances, 'the service cannot listen there'));
    });
    server.listen(listen, () => {
      const bound = server.address();
      resolve({
        address: typeof bound === 'object' && bound && !('unix' in at) ? { host: at.host, port: bound.port } : at,
        close: () =>
          new Promise((done) => {
            server.close(() => done());
            for (const socket of sockets) socket.destroy();
          }),
      });
    });
  });
}
