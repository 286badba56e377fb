import type { Address } from '../device/node.ts';
import { Failure, USAGE } from './command.ts';

/** HOST:PORT, [IPv6]:PORT, or a port of this machine alone. */
export function tcpAddress(text: string): Extract<Address, { port: number }> {
  const [, host, digits] = /^(?:\[?(.+?)\]?:)?([0-9]{1,5})$/.exec(text) ?? [];
  const port = Number(digits);
  if (digits === undefined || port > 65_535) throw new Failure(USAGE, `--tcp wants HOST:PORT, not ${text}.`);
  return { host: host ?? '127.0.0.1', port };
}
