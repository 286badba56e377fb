import { existsSync } from 'node:fs';
import type { ReportSource, Transport } from '../device/index.ts';
import type { Address, Generation } from '../device/node.ts';
import { fromHex } from '../engine/hex.ts';
import { checkDigests, ioctls, TDX_REPORTDATA_LEN } from '../index.ts';
import { tcpAddress } from './address.ts';
import { type Command, Failure, type Given, OK, USAGE } from './command.ts';
import { show } from './inspect.ts';
import { print, save } from './stream.ts';
import { paint } from './style.ts';

type Values = Given['values'];

/** Which transport an option is for; the others refuse it. */
const FOR: Readonly<Record<string, readonly string[]>> = {
  seed: ['simulated', 'qgs'],
  'tsm-path': ['tsm'],
  unix: ['qgs'],
  tcp: ['qgs'],
  'report-source': ['qgs'],
  device: ['ioctl', 'qgs'],
  generation: ['ioctl', 'qgs'],
};
/** Milliseconds after a failure until the kernel is not waited for any more. */
const GRACE = 300;
const TRANSPORTS = ['simulated', 'tsm', 'qgs', 'ioctl'];

function reportdataOf(text: string | undefined): Uint8Array {
  if (text === undefined) throw new Failure(USAGE, 'what is to be attested? --report-data HEX, up to 64 bytes.');
  const given = fromHex(text.toLowerCase().replace(/^0x/, ''));
  if (!given || given.length > TDX_REPORTDATA_LEN)
    throw new Failure(USAGE, `--report-data wants up to ${TDX_REPORTDATA_LEN} bytes in hex, not ${text}.`);
  const reportdata = new Uint8Array(TDX_REPORTDATA_LEN);
  reportdata.set(given);
  return reportdata;
}

function timeoutOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^[1-9][0-9]{0,8}$/.test(text)) throw new Failure(USAGE, `--timeout wants milliseconds, not ${text}.`);
  return Number(text);
}

/** A transport, and what TDREPORTs it has sent, to be looked at. */
interface Route {
  readonly transport: Transport;
  readonly reports: Uint8Array[];
}

/** The source, with an eye on what it gives. */
function watched(source: ReportSource, reports: Uint8Array[]): ReportSource {
  return {
    name: source.name,
    async report(reportdata, options) {
      const report = await source.report(reportdata, options);
      reports.push(report);
      return report;
    },
  };
}

async function guestDevice({ device, generation }: Values) {
  const { GuestDevice } = await import('../device/node.ts');
  const names = Object.keys(ioctls);
  if (generation !== undefined && !names.includes(generation))
    throw new Failure(USAGE, `--generation: there is no ${generation}; there are ${names.join(', ')}.`);
  return new GuestDevice({ device, generation: generation as Generation | undefined });
}

async function qgsRoute(values: Values): Promise<Route> {
  const { attest, SimulatedMachine } = await import('../device/index.ts');
  const { QGS_SOCKET, qgsAt } = await import('../device/node.ts');
  const { unix, tcp, seed } = values;
  if (unix !== undefined && tcp !== undefined) throw new Failure(USAGE, '--unix or --tcp, not both.');
  const address: Address = tcp === undefined ? { unix: unix ?? QGS_SOCKET } : tcpAddress(tcp);
  const device = await guestDevice(values);
  const from = values['report-source'] ?? (existsSync(device.provider) ? 'ioctl' : 'simulated');
  if (from !== 'ioctl' && from !== 'simulated')
    throw new Failure(USAGE, `--report-source wants ioctl or simulated, not ${from}.`);
  const reports: Uint8Array[] = [];
  const source = watched(from === 'ioctl' ? device : new SimulatedMachine({ seed }), reports);
  return { transport: attest(source, qgsAt(address)), reports };
}

async function route(name: string, values: Values): Promise<Route> {
  const { attest, simulated } = await import('../device/index.ts');
  const reports: Uint8Array[] = [];
  switch (name) {
    case 'simulated': {
      const { machine, device } = simulated({ seed: values['seed'], notifies: true });
      return { transport: attest(watched(machine, reports), device), reports };
    }
    case 'ioctl': {
      const device = await guestDevice(values);
      return { transport: attest(watched(device, reports), device), reports };
    }
    case 'qgs':
      return qgsRoute(values);
    default: {
      const { tsm } = await import('../device/node.ts');
      return { transport: tsm({ path: values['tsm-path'] }), reports };
    }
  }
}

/** What has been done, for people. */
async function told({ transport, reports }: Route, quote: Uint8Array, milliseconds: number): Promise<string> {
  const lines: [string, string][] = [];
  for (const report of reports) {
    lines.push(['TDREPORT', `${report.length} bytes, over the report data`]);
    const { teeTcbInfoHash, teeInfoHash } = await checkDigests(report);
    lines.push(['', `its hashes ${teeTcbInfoHash && teeInfoHash ? 'are' : 'are NOT'} those of what they cover`]);
  }
  const took = `${milliseconds.toFixed(milliseconds < 10 ? 1 : 0)} ms`;
  lines.push(
    ['GetQuote', `over ${transport.name} (${transport.provider}): ${quote.length} bytes in ${took}`],
    ['quote', reports.length > 0 ? 'agrees with the TDREPORT in every field' : 'carries the report data'],
    ['', 'its signature is that of the key in it'],
    ['', 'whose key that is, and whether the TD is one to rely on, is for a verifier to say'],
  );
  return `${lines.map(([what, says]) => `${paint('bold', what.padEnd(10))}${says}`).join('\n')}\n\n`;
}

export const quote: Command = {
  options: {
    'report-data': { type: 'string' },
    transport: { type: 'string' },
    timeout: { type: 'string' },
    output: { type: 'string', short: 'o' },
    inspect: { type: 'boolean' },
    ...Object.fromEntries(Object.keys(FOR).map((name) => [name, { type: 'string' as const }])),
  },
  help: `tdx-codec quote --report-data HEX [--transport NAME] [--timeout MS] [-o FILE] [--inspect]

Asks for a quote that carries up to 64 bytes of report data, and holds the answer against what was asked for. Nothing is
verified beyond that: see docs/getquote.md.

  --report-data HEX   what is to be attested; zeros fill it up to 64 bytes
  --transport NAME    simulated   a make-believe TD, on any machine; the default. --seed S makes another machine
                      tsm         configfs-tsm of Linux 6.7 and later; --tsm-path DIR
                      qgs         the QGS at --unix PATH or --tcp HOST:PORT; the TDREPORT is from
                                  --report-source ioctl|simulated, by default the device if there is one
                      ioctl       the guest device of older and other kernels; --device PATH, --generation NAME
  --timeout MS        give up after so many milliseconds; 30000 unless told
  -o FILE             write the quote to FILE instead of standard output
  --inspect           show what was done, and what is in the quote

Where there is no such device, it says that attestation is not available, and why (exit 1).

Examples
  tdx-codec quote --report-data 00ff -o quote.bin
  tdx-codec quote --report-data 00ff --transport tsm -o quote.bin
  tdx-codec quote --report-data 00ff --transport qgs --unix /tmp/qgs.socket --inspect
`,
  async run({ flags, values, names }: Given) {
    if (names.length > 0) throw new Failure(USAGE, `quote takes options only: ${names.join(' ')} is too much.`);
    const reportdata = reportdataOf(values['report-data']);
    const timeout = timeoutOf(values['timeout']);
    const name = values['transport'] ?? 'simulated';
    if (!TRANSPORTS.includes(name))
      throw new Failure(USAGE, `--transport: there is no ${name}; there are ${TRANSPORTS.join(', ')}.`);
    const odd = Object.entries(FOR).find(([option, of]) => values[option] !== undefined && !of.includes(name));
    if (odd) throw new Failure(USAGE, `--${odd[0]} is for --transport ${odd[1].join(' or ')}, not ${name}.`);
    const to = values['output'];
    if (to === undefined && !flags.has('inspect') && process.stdout.isTTY)
      throw new Failure(USAGE, 'a quote is raw bytes, which a terminal cannot show: --inspect or -o FILE.');

    const { DeviceError } = await import('../device/index.ts');
    const way = await route(name, values);
    const start = performance.now();
    const bytes = await way.transport.quote(reportdata, { timeout }).catch((error: unknown) => {
      if (!(error instanceof DeviceError)) throw error;
      // The message is out by then. Without a call that the kernel does not end, Node has ended before.
      setTimeout(() => void import('../device/node/leave.ts').then(({ leave }) => leave(USAGE)), GRACE).unref();
      throw new Failure(USAGE, error.message);
    });
    const took = performance.now() - start;
    if (to !== undefined) save(to, bytes);
    if (!flags.has('inspect')) {
      if (to === undefined) await print(bytes);
      return OK;
    }
    await print(await told(way, bytes, took));
    return show(bytes, 'the quote', { strict: false, hex: true });
  },
};
