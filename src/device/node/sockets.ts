import { type NetConnectOpts, connect as open } from 'node:net';
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

function failed(path: string, error: unknown): DeviceError {
  const cause = firstOf(error);
  const said = errnoOf(cause);
  const circumstances = { transport: 'qgs', path, errno: said?.name, cause };
  const says = said?.says ?? String(cause);
  const isConnected = cause instanceof Error && 'syscall' in cause && ['read', 'write'].includes(String(cause.syscall));
  if (isConnected) return new DeviceError('closed', circumstances, `the connection broke off: ${says}`);
  // What Linux says when too many wait at a Unix socket.
  if (said?.name === 'EAGAIN') return new DeviceError('busy', circumstances, 'too many connections wait there');
  return new DeviceError('unavailable', circumstances, `no connection: ${says}`);
}

/** Quotes by the quote generation service behind a Unix socket or a TCP port. */
export function qgsAt(address: Address, { framing }: Pick<QgsOptions, 'framing'> = {}): Quoter {
  const provider = addressText(address);
  const options: NetConnectOpts = 'unix' in address ? { path: address.unix } : address;
  return qgs({ provider, connect: () => open(options), failed: (error) => failed(provider, error), framing });
}
