/*
 * What the flow of GetQuote costs on top of a transport that answers at once: node scripts/ts.mjs bench/get-quote.ts
 * Each figure is the best of some rounds, in microseconds a request.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  checkQuote,
  DEFAULT_BUFFER,
  GetQuote,
  LINUX_7_BUFFER,
  type Submitter,
  simulated,
} from '../src/device/index.ts';
import { qgsAt, serveQgs } from '../src/device/node.ts';

const ROUNDS = 7;

async function best(requests: number, one: () => Promise<unknown>): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    for (let i = 0; i < requests; i++) await one();
    least = Math.min(least, ((performance.now() - start) * 1000) / requests);
  }
  return least;
}

const print = (what: string, microseconds: number) =>
  console.log(`${what.padEnd(64)}${microseconds.toFixed(1).padStart(9)}`);

const { machine, device } = simulated({ seed: 'bench', notifies: true });
const report = await machine.report(new Uint8Array(64));
const quote = await device.quote(report);

/** A VMM that answers inside the call. */
function instant(size: number): Submitter & { shared: Uint8Array } {
  const shared = new Uint8Array(size);
  const header = new DataView(shared.buffer);
  return {
    name: 'instant',
    gpaw: 48,
    shared,
    allocate: () => ({ bytes: shared, gpa: 0x1000n }),
    free() {},
    async getQuote() {
      shared.set(quote, 24);
      header.setUint32(20, quote.length, true);
      header.setBigUint64(8, 0n, true);
      return { rax: 0n, r10: 0n };
    },
  };
}

for (const size of [DEFAULT_BUFFER, LINUX_7_BUFFER]) {
  const vmm = instant(size);
  const registers = { rax: 0n, rcx: 0n, r10: 0n, r11: 0n, r12: 0n, r13: 0n, r14: 0n, r15: 0n };
  const bare = await best(3000, async () => {
    vmm.shared.set(report, 24);
    await vmm.getQuote(registers);
    return vmm.shared.slice(24, 24 + quote.length);
  });
  const flow = new GetQuote(vmm, { size });
  const ours = await best(3000, () => flow.quote(report));
  print(`shared buffer of ${size} bytes, bare`, bare);
  print(`shared buffer of ${size} bytes, the flow`, ours);
  print('  above the bare transport', ours - bare);
}

const folder = mkdtempSync(join(tmpdir(), 'tdx-codec-bench-'));
const path = join(folder, 'qgs.socket');
// Always the same reply: the enclave's own time is none of ours.
const framedReply = await (async () => {
  const { qgsOf } = await import('../src/device/index.ts');
  const { framed, quoteRequest } = await import('../src/device/framing.ts');
  const request = framed(quoteRequest(report));
  return { request, reply: (await qgsOf(machine)(request)) ?? new Uint8Array() };
})();
const server = await serveQgs(async () => framedReply.reply, { unix: path });
const bareSocket = await best(
  500,
  () =>
    new Promise<void>((resolve) => {
      const socket = connect(path);
      let received = 0;
      socket.on('data', (chunk) => {
        received += chunk.length;
        if (received === framedReply.reply.length) {
          socket.destroy();
          resolve();
        }
      });
      socket.write(framedReply.request);
    }),
);
const quoter = qgsAt({ unix: path });
const oursSocket = await best(500, () => quoter.quote(report));
print('Unix socket, bare', bareSocket);
print('Unix socket, the transport', oursSocket);
print('  above the bare transport', oursSocket - bareSocket);
await server.close();
rmSync(folder, { recursive: true });

print('checkQuote, with its one signature', await best(500, () => checkQuote(quote, report, { transport: 'bench' })));
