import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { identify, Quote, view } from '../../src/index.ts';
import { folder, main, run } from './command.ts';

const services: (() => void)[] = [];
afterEach(() => {
  for (const stop of services.splice(0)) stop();
});

/** A QGS in a process of its own: where it listens, and how it ends. */
async function serve(...args: string[]): Promise<{ says: string; stop: () => Promise<number | null> }> {
  const child = spawn(process.execPath, [main, 'qgs-serve', ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  services.push(() => child.kill('SIGKILL'));
  const says = await new Promise<string>((resolve, reject) => {
    child.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString().trimEnd()));
    child.once('exit', () => reject(new Error('qgs-serve has ended')));
  });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  return {
    says,
    stop: () => {
      child.kill('SIGTERM');
      return ended;
    },
  };
}

const reportdataOf = (bytes: Uint8Array): string => {
  const { body } = view(Quote, bytes);
  return 'reportdata' in body ? Buffer.from(body.reportdata).toString('hex') : '';
};
const NONCE = '00112233';
const PADDED = NONCE.padEnd(128, '0');

describe('quote', () => {
  test('without a transport named asks a simulated TD; the quote on standard output carries the report data', () => {
    const { code, bytes, err } = run(['quote', '--report-data', NONCE]);
    expect([code, err]).toEqual([0, '']);
    expect(reportdataOf(bytes)).toBe(PADDED);
  });

  test('-o writes the same quote into a file; --seed makes another machine', () => {
    const file = join(folder, 'quote.bin');
    expect(run(['quote', '--report-data', `0x${NONCE}`, '-o', file])).toMatchObject({ code: 0, out: '', err: '' });
    const { bytes } = run(['quote', '--report-data', NONCE]);
    expect(readFileSync(file)).toEqual(bytes);
    expect(run(['quote', '--report-data', NONCE, '--seed', 'b']).bytes).not.toEqual(bytes);
  });

  test('--inspect tells what was done, then shows the quote', () => {
    const { code, out } = run(['quote', '--report-data', NONCE, '--inspect']);
    expect(code).toBe(0);
    expect(
      out
        .replace(/[\d.]+ ms/, 'T ms')
        .split('\n')
        .slice(0, 10),
    ).toEqual([
      'TDREPORT  1024 bytes, over the report data',
      '          its hashes are those of what they cover',
      'GetQuote  over simulated (GetQuote): 4592 bytes in T ms',
      'quote     agrees with the TDREPORT in every field',
      '          its signature is that of the key in it',
      '          whose key that is, and whether the TD is one to rely on, is for a verifier to say',
      '',
      'Quote (QuoteV4), 4592 bytes',
      '  attests     a TD, signed by ECDSA_P256',
      '  debug       off',
    ]);
  });

  test.each([
    ['tsm', ['--tsm-path', '/none/tsm'], 'tsm /none/tsm: mkdir: no such file or directory (ENOENT)'],
    ['qgs', ['--unix', '/none/qgs.socket'], 'qgs /none/qgs.socket: no connection: no such file or directory (ENOENT)'],
    ['qgs', ['--tcp', '127.0.0.1:1'], 'qgs 127.0.0.1:1: no connection: connection refused (ECONNREFUSED)'],
    ['ioctl', ['--device', '/none/tdx_guest'], 'ioctl /none/tdx_guest: no such file or directory (ENOENT)'],
  ])(
    '--transport %s %j that is not there: attestation is not available, transport, path, errno; exit 1',
    (name, options, says) => {
      const { code, out, err } = run(['quote', '--report-data', NONCE, '--transport', name, ...options]);
      expect([code, out]).toEqual([1, '']);
      expect(err).toBe(`tdx-codec: attestation is not available: ${says}\n`);
    },
  );

  test('a service that never answers ends within --timeout, exit 1', async () => {
    const path = join(folder, 'silent.socket');
    const child = spawn(process.execPath, [
      '-e',
      `require('node:net').createServer(() => {}).listen(${JSON.stringify(path)}, () => console.log('up'))`,
    ]);
    services.push(() => child.kill('SIGKILL'));
    await new Promise((resolve) => child.stdout.once('data', resolve));
    const { code, err } = run([
      'quote',
      '--report-data',
      NONCE,
      '--transport',
      'qgs',
      '--unix',
      path,
      '--timeout',
      '200',
    ]);
    expect([code, err]).toEqual([
      1,
      expect.stringMatching(/^tdx-codec: qgs .*silent\.socket: no answer within \d+ ms\n$/),
    ]);
  });

  test.each([
    [[], 'what is to be attested? --report-data HEX, up to 64 bytes.'],
    [['--report-data', 'xy'], '--report-data wants up to 64 bytes in hex, not xy.'],
    [['--report-data', '00'.repeat(65)], `--report-data wants up to 64 bytes in hex, not ${'00'.repeat(65)}.`],
    [['--report-data', '00', '--timeout', '0'], '--timeout wants milliseconds, not 0.'],
    [
      ['--report-data', '00', '--transport', 'fax'],
      '--transport: there is no fax; there are simulated, tsm, qgs, ioctl.',
    ],
    [['--report-data', '00', '--unix', 'x'], '--unix is for --transport qgs, not simulated.'],
    [['--report-data', '00', '--transport', 'qgs', '--unix', 'x', '--tcp', '1'], '--unix or --tcp, not both.'],
    [['--report-data', '00', '--transport', 'qgs', '--tcp', 'host'], '--tcp wants HOST:PORT, not host.'],
    [['--report-data', '00', 'file'], 'quote takes options only: file is too much.'],
  ])('%j is a usage error', (args, says) => {
    expect(run(['quote', ...args])).toMatchObject({ code: 1, out: '', err: `tdx-codec: ${says}\n` });
  });
});

describe('qgs-serve', () => {
  test('answers quote over a Unix socket; SIGTERM ends it, and the socket is gone', async () => {
    const path = join(folder, 'qgs.socket');
    const { says, stop } = await serve('--unix', path);
    expect(says).toBe(`listening on ${path}`);
    const { code, bytes, err } = run(['quote', '--report-data', NONCE, '--transport', 'qgs', '--unix', path]);
    expect([code, err]).toEqual([0, '']);
    expect(reportdataOf(bytes)).toBe(PADDED);
    expect(identify(bytes).kind).toBe('Quote');
    expect(await stop()).toBe(0);
    expect(existsSync(path)).toBe(false);
  });

  test('over TCP; of another --seed it refuses the TDREPORT, as hardware does', async () => {
    const { says } = await serve('--tcp', '0', '--seed', 'theirs');
    const [, address = ''] = /^listening on (127\.0\.0\.1:\d+)$/.exec(says) ?? [];
    const ask = (seed: string) =>
      run([
        'quote',
        '--report-data',
        NONCE,
        '--transport',
        'qgs',
        '--tcp',
        address,
        '--report-source',
        'simulated',
        '--seed',
        seed,
      ]);
    expect(ask('theirs').code).toBe(0);
    expect(ask('ours')).toMatchObject({
      code: 1,
      out: '',
      err: `tdx-codec: qgs ${address}: the quote generation service reports QGS_MSG_ERROR_UNEXPECTED\n`,
    });
  });

  test('cannot listen where another does', async () => {
    const server = createServer();
    const path = join(folder, 'taken.socket');
    await new Promise<void>((resolve) => server.listen(path, resolve));
    const { code, err } = run(['qgs-serve', '--unix', path]);
    server.close();
    expect(code).toBe(1);
    expect(err).toContain('EADDRINUSE');
  });

  test('wants to know where', () => {
    expect(run(['qgs-serve'])).toMatchObject({ code: 1, err: 'tdx-codec: where? --unix PATH or --tcp PORT.\n' });
  });
});
