import { type NetConnectOpts, connect as open, type Socket } from 'node:net';
import { DeviceError } from '../error.ts';
import { type QgsOptions, qgs } from '../qgs.ts';
import type { Quoter } from '../transport.ts';
import { errnoOf } from './errno.ts';

/** Where the QGS of DCAP listens unless it was given a port. */
export const QGS_SOCKET = '/var/run/tdx-qgs/qgs.socket';
/** Its usual port, on vsock or TCP. */
export const QGS_PORT = 4050;

/** A socket in the file system, or a host and a port. */
export type Address = { readonly unix: string } | { readonly host: string; readonly port: number };

/** An address for people. */
export const addressText = (address: Address): string =>
  'unix' in address ? address.unix : `${address.host}:${address.port}`;

/** Several addresses of a host fail together. */
const firstOf = (error: unknown): unknown => (error instanceof AggregateError ? error.errors[0] : error);

function unavailable(path: string, error: unknown): DeviceError {
  const cause = firstOf(error);
  const said = errnoOf(cause);
  const circumstances = { transport: 'qgs', path, errno: said?.name, cause };
  // What Linux says when too many wait at a Unix socket.
  if (said?.name === 'EAGAIN') return new DeviceError('busy', circumstances, 'too many connections wait there');
  return new DeviceError('unavailable', circumstances, `no connection: ${said?.says ?? String(cause)}`);
}

function connected(address: Address, signal: AbortSignal): Promise<Socket> {
  const options: NetConnectOpts = 'unix' in address ? { path: address.unix } : address;
  return new Promise((resolve, reject) => {
    const fail = (error: unknown): void => reject(unavailable(addressText(address), error));
    let socket: Socket;
    try {
      socket = open(options);
    } catch (error) {
      // A path that is too long for a socket, a port that is none.
      fail(error);
      return;
    }
    const stop = (): void => {
      socket.destroy();
    };
    signal.addEventListener('abort', stop);
    socket.once('error', fail);
    socket.once('connect', () => {
      signal.removeEventListener('abort', stop);
      socket.off('error', fail);
      resolve(socket);
    });
    socket.once('close', () => signal.removeEventListener('abort', stop));
  });
}

/** Quotes by the quote generation service behind a Unix socket or a TCP port. */
export function qgsAt(address: Address, { framing }: Pick<QgsOptions, 'framing'> = {}): Quoter {
  return qgs({
    provider: addressText(address),
    connect: (signal) => connected(address, signal),
    errnoOf: (error) => errnoOf(error)?.name,
    framing,
  });
}
