import { once } from 'node:events';
import type { Address } from '../device/node.ts';
import { tcpAddress } from './address.ts';
import { type Command, Failure, type Given, OK, USAGE } from './command.ts';
import { print } from './stream.ts';

export const qgsServe: Command = {
  options: { unix: { type: 'string' }, tcp: { type: 'string' }, seed: { type: 'string' } },
  help: `tdx-codec qgs-serve --unix PATH | --tcp [HOST:]PORT [--seed S]

Answers requests for quotes as the QGS of DCAP does, for the simulated machine of a seed. It refuses the TDREPORTs of all
other machines, and so of real ones. Its quotes are test material. Without HOST only this machine can reach it.
Ends at SIGINT or SIGTERM.

  --unix PATH         listen on a Unix socket
  --tcp [HOST:]PORT   listen on a TCP port; 0 lets the system choose one
  --seed S            which machine

Examples
  tdx-codec qgs-serve --unix /tmp/qgs.socket
  tdx-codec quote --report-data 00ff --transport qgs --unix /tmp/qgs.socket -o quote.bin
`,
  async run({ values, names }: Given) {
    const { unix, tcp, seed } = values;
    if (names.length > 0) throw new Failure(USAGE, `qgs-serve takes options only: ${names.join(' ')} is too much.`);
    if ((unix === undefined) === (tcp === undefined)) throw new Failure(USAGE, 'where? --unix PATH or --tcp PORT.');
    const address: Address = unix === undefined ? tcpAddress(tcp ?? '') : { unix };
    const { DeviceError, qgsOf, SimulatedMachine } = await import('../device/index.ts');
    const { addressText, serveQgs } = await import('../device/node.ts');
    const ended = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
    const server = await serveQgs(qgsOf(new SimulatedMachine({ seed })), address).catch((error: unknown) => {
      throw error instanceof DeviceError ? new Failure(USAGE, error.message) : error;
    });
    await print(`listening on ${addressText(server.address)}\n`);
    await ended;
    await server.close();
    return OK;
  },
};
