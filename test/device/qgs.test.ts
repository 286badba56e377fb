// Quotes by the QGS over sockets: a Unix socket, TCP, and streams that the test brings.
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Duplex } from 'node:stream';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { attest, DeviceError, qgs, SimulatedMachine } from '../../src/device/index.ts';
import { type Address, QGS_FAULTS, type QgsFault, type QgsServer, qgsAt, serveQgs } from '../../src/device/node.ts';
import { reports as machine, service } from './machine.ts';
import { openFiles } from './open-files.ts';
import { reportdataIn, reportdataOf } from './quote-signature.ts';

const folder = mkdtempSync(join(tmpdir(), 'tdx-codec-qgs-'));
const open: QgsServer[] = [];
let count = 0;

async function served(address: Address, ...[options]: [Parameters<typeof serveQgs>[2]?]): Promise<QgsServer> {
  const server = await serveQgs(service, address, options);
  open.push(server);
  return server;
}
const unix = (): Address => ({ unix: join(folder, `${count++}.socket`) });
const tcp = (): Address => ({ host: '127.0.0.1', port: 0 });

afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});
afterAll(() => rmSync(folder, { recursive: true }));

const failure = async (promise: Promise<unknown>): Promise<DeviceError> => {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof DeviceError)) throw new Error(`no DeviceError but ${String(error)}`);
  return error;
};

const EXPECTED: Readonly<Record<QgsFault, string>> = {
  fragmented: 'quote',
  slow: 'timeout',
  silent: 'timeout',
  close: 'closed',
  cut: 'closed',
  reset: 'closed',
  oversize: 'oversize',
  'wrong-length': 'malformed',
  'wrong-size': 'malformed',
  'wrong-type': 'malformed',
  empty: 'empty',
};

describe.each([
  ['a Unix socket', unix],
  ['TCP', tcp],
])('%s', (_, address) => {
  test.each(Object.keys(QGS_FAULTS) as QgsFault[])(
    '%s ends as documented, at its deadline if need be; the next request is served',
    async (fault) => {
      const server = await served(address(), { faults: [fault] });
      const transport = attest(machine, qgsAt(server.address));
      const timeout = EXPECTED[fault] === 'timeout' ? 100 : undefined;
      const result = await transport.quote(reportdataOf(1), { timeout }).then(
        () => 'quote',
        (error: DeviceError) => error.code,
      );
      expect(result).toBe(EXPECTED[fault]);
      expect(reportdataIn(await transport.quote(reportdataOf(2)))).toEqual(reportdataOf(2));
    },
  );

  test('a bare TDREPORT brings a bare quote', async () => {
    const server = await served(address());
    const quote = await attest(machine, qgsAt(server.address, { framing: 'raw' })).quote(reportdataOf(1));
    expect(reportdataIn(quote)).toEqual(reportdataOf(1));
  });

  test("a TDREPORT of another machine is refused: its MAC is not this one's", async () => {
    const server = await served(address());
    const other = new SimulatedMachine({ seed: 'another machine' });
    expect(await failure(attest(other, qgsAt(server.address)).quote(reportdataOf(1)))).toMatchObject({
      code: 'failed',
      status: 0x12001n,
    });
    const raw = attest(other, qgsAt(server.address, { framing: 'raw' }));
    expect(await failure(raw.quote(reportdataOf(1)))).toMatchObject({ code: 'closed' });
  });

  test('1,000 requests one after the other: none lost, none mixed up, no socket left open', async () => {
    const transport = attest(machine, qgsAt((await served(address())).address));
    const ask = async (i: number) =>
      expect(reportdataIn(await transport.quote(reportdataOf(i % 30)))).toEqual(reportdataOf(i % 30));
    await ask(0);
    const before = openFiles();
    for (let i = 1; i < 1000; i++) await ask(i);
    // The other end closes its socket after ours.
    await expect.poll(openFiles, { timeout: 60_000 }).toBeLessThan(before + 10);
  });

  test('100 requests at once: none lost, none mixed up', async () => {
    const transport = attest(machine, qgsAt((await served(address())).address));
    const quotes = await Promise.all(Array.from({ length: 100 }, (_, i) => transport.quote(reportdataOf(i))));
    expect(quotes.map(reportdataIn)).toEqual(Array.from({ length: 100 }, (_, i) => reportdataOf(i)));
  });

  test('a signal ends the request and the connection', async () => {
    const server = await served(address(), { faults: ['silent'] });
    const controller = new AbortController();
    const quote = failure(
      qgsAt(server.address).quote(await machine.report(reportdataOf(1)), { signal: controller.signal }),
    );
    setTimeout(() => controller.abort(), 20);
    expect((await quote).code).toBe('aborted');
  });
});

describe('a service that is not there', () => {
  test('no socket: attestation is not available, the path, ENOENT', async () => {
    const path = join(folder, 'none.socket');
    const error = await failure(attest(machine, qgsAt({ unix: path })).quote(reportdataOf(1)));
    expect(error).toMatchObject({ code: 'unavailable', transport: 'qgs', path, errno: 'ENOENT' });
    expect(error.message).toBe(
      `attestation is not available: qgs ${path}: no connection: no such file or directory (ENOENT)`,
    );
  });

  test('a path that no socket can have: attestation is not available', async () => {
    const error = await failure(
      qgsAt({ unix: join(folder, 'x'.repeat(200)) }).quote(await machine.report(reportdataOf(1))),
    );
    expect(error.code).toBe('unavailable');
  });

  test.each(['127.0.0.1', 'localhost'])(
    'nobody listens at %s: attestation is not available, the address, ECONNREFUSED',
    async (host) => {
      const server = await serveQgs(service, { host, port: 0 });
      await server.close();
      const error = await failure(qgsAt(server.address).quote(await machine.report(reportdataOf(1))));
      expect(error).toMatchObject({ code: 'unavailable', errno: 'ECONNREFUSED' });
      expect(error.path).toMatch(/^(127.0.0.1|localhost):\d+$/);
    },
  );

  test('a service cannot listen where another does', async () => {
    const { address } = await served(unix());
    expect(await failure(serveQgs(service, address))).toMatchObject({ code: 'unavailable', errno: 'EADDRINUSE' });
  });
});

/** A stream whose other end is a function. */
function piped(answer: (request: Uint8Array) => Promise<Uint8Array | undefined>, writes: Uint8Array[] = []): Duplex {
  return new Duplex({
    read() {},
    write(chunk: Uint8Array, _encoding, done) {
      writes.push(new Uint8Array(chunk));
      void answer(chunk).then((reply) => {
        if (reply) this.push(reply);
        this.push(null);
      });
      done();
    },
  });
}

describe("a stream of the user's", () => {
  test('brings a quote; the request goes out in one write', async () => {
    const writes: Uint8Array[] = [];
    const quoter = qgs({ provider: 'vsock 2:4050', connect: () => piped(service, writes) });
    expect(reportdataIn(await attest(machine, quoter).quote(reportdataOf(5)))).toEqual(reportdataOf(5));
    expect(writes.map((bytes) => bytes.length)).toEqual([1052]);
  });

  test('is destroyed afterwards, also when it fails', async () => {
    const streams: Duplex[] = [];
    const connect = (answer: Parameters<typeof piped>[0]) => () => {
      const stream = piped(answer);
      streams.push(stream);
      return stream;
    };
    const report = await machine.report(reportdataOf(1));
    await qgs({ provider: 'p', connect: connect(service) }).quote(report);
    await failure(qgs({ provider: 'p', connect: connect(() => Promise.resolve(undefined)) }).quote(report));
    await failure(qgs({ provider: 'p', connect: connect(() => new Promise(() => {})) }).quote(report, { timeout: 20 }));
    expect(streams.map((stream) => stream.destroyed)).toEqual([true, true, true]);
  });

  test('that comes after the deadline is destroyed', async () => {
    const stream = piped(service);
    let connected = (): void => {};
    const quoter = qgs({
      provider: 'late',
      connect: () =>
        new Promise<Duplex>((resolve) => {
          connected = () => resolve(stream);
        }),
    });
    expect((await failure(quoter.quote(await machine.report(reportdataOf(1)), { timeout: 10 }))).code).toBe('timeout');
    const closed = once(stream, 'close');
    connected();
    await closed;
    expect(stream.destroyed).toBe(true);
  });

  test('that breaks is closed, with what broke it', async () => {
    const stream = new Duplex({ read() {}, write: (_chunk, _encoding, done) => done(new Error('broken')) });
    const error = await failure(
      qgs({ provider: 'p', connect: () => stream }).quote(await machine.report(reportdataOf(1))),
    );
    expect(error).toMatchObject({ code: 'closed', cause: { message: 'broken' } });
  });
});

describe('the service', () => {
  test('takes a request byte by byte', async () => {
    const { address } = await served(unix());
    const slowly = qgs({
      provider: 'slow',
      connect: async () => {
        const { connect } = await import('node:net');
        const socket = connect('unix' in address ? address.unix : '');
        const write = socket.write.bind(socket);
        socket.write = (bytes: Uint8Array) => {
          for (const byte of bytes) write(Uint8Array.of(byte));
          return true;
        };
        return socket;
      },
    });
    expect(reportdataIn(await attest(machine, slowly).quote(reportdataOf(9)))).toEqual(reportdataOf(9));
  });

  test('closes on a message that is no request for a quote', async () => {
    const { address } = await served(unix());
    const request = Uint8Array.from([0, 0, 0, 16, 1, 0, 1, 0, 4, 0, 0, 0, 16, 0, 0, 0, 0, 0, 0, 0]);
    const error = await failure(qgsAt(address).quote(request));
    expect(error.message).toMatch(/the connection was closed without a reply$/);
  });
});

test('a peer that sends without end is cut off, message and bare', async () => {
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    const more = () => {
      while (!socket.destroyed && socket.write(new Uint8Array(65_536)));
      socket.once('drain', more);
    };
    more();
  });
  const path = join(folder, 'flood.socket');
  await new Promise<void>((resolve) => server.listen(path, resolve));
  const report = await machine.report(reportdataOf(1));
  expect((await failure(qgsAt({ unix: path }, { framing: 'raw' }).quote(report))).code).toBe('oversize');
  // Zeros announce a reply of no bytes.
  expect((await failure(qgsAt({ unix: path }).quote(report))).code).toBe('malformed');
  server.close();
});
