// The tsm transport on a stand-in for configfs that FUSE mounts; on a plain folder, what that can play.
import { constants as fs, mkdirSync, openSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { constants } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import fc from 'fast-check';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { DeviceError } from '../../src/device/error.ts';
import { tsm } from '../../src/device/node/tsm.ts';
import { Answers } from './answers.ts';
import { removed, scratch } from './compiled.ts';
import { openFiles } from './open-files.ts';
import { mountTsm } from './tsm-mount.ts';

const { errno } = constants;
const folder = scratch();
const answers = new Answers(join(folder, 'answers'));
const mounted = await mountTsm(folder, answers.folder);
if (typeof mounted === 'string') console.warn(`SKIPPED: configfs-tsm on FUSE, since ${mounted}`);
const fuse = typeof mounted === 'string' ? undefined : mounted;

afterAll(async () => {
  await fuse?.unmount();
  removed(folder);
});

const OTHER = new Uint8Array(64).fill(0xbb);

describe('tsm on a plain folder', () => {
  const plain = join(folder, 'plain');
  mkdirSync(plain);
  writeFileSync(join(folder, 'file'), '');

  test.each([
    ['is missing', join(folder, 'nothing'), 'ENOENT'],
    ['is a file', join(folder, 'file'), 'ENOTDIR'],
  ])('a path that %s is unavailable, and says which', async (_, path, name) => {
    const quote = tsm({ path }).quote(new Uint8Array(64));
    await expect(quote).rejects.toMatchObject({ name: 'DeviceError', code: 'unavailable', errno: name, path });
    await expect(quote).rejects.toThrow(/^attestation is not available: tsm .*: mkdir: .* \(E\w+\)$/);
  });

  test('a folder whose entries have no attributes is unavailable, and stays empty', async () => {
    const quote = tsm({ path: plain }).quote(new Uint8Array(64));
    await expect(quote).rejects.toThrow(/^attestation is not available: tsm .*: read of provider: .* \(ENOENT\)$/);
    expect(readdirSync(plain)).toEqual([]);
  });

  test('report data of 63 bytes is a TypeError', async () => {
    await expect(tsm({ path: plain }).quote(new Uint8Array(63))).rejects.toThrow(TypeError);
  });
});

describe.runIf(fuse)('the stand-in for configfs-tsm', () => {
  const path = fuse?.path ?? '';
  const order = (line: string): void => fuse?.order(line);
  const entry = join(path, 'by-hand');
  const at = (name: string): string => join(entry, name);
  const failing = (run: () => unknown): string | undefined => {
    try {
      run();
    } catch (error) {
      return (error as NodeJS.ErrnoException).code;
    }
    return undefined;
  };
  const write = async (bytes: Uint8Array): Promise<void> => {
    const file = await open(at('inblob'), fs.O_WRONLY);
    try {
      await file.write(bytes);
    } finally {
      await file.close();
    }
  };

  test('counts writes, serves the same bytes until the next, and gives binary attributes no size', async () => {
    order('clear');
    mkdirSync(entry);
    const { reportdata, quote } = answers.fresh();
    expect(readFileSync(at('provider'), 'latin1')).toBe('tdx_guest\n');
    expect(readFileSync(at('generation'), 'latin1')).toBe('0\n');
    await expect(readFile(at('outblob'))).rejects.toMatchObject({ code: 'EINVAL' });
    await write(reportdata);
    expect(readFileSync(at('generation'), 'latin1')).toBe('1\n');
    expect(statSync(at('outblob')).size).toBe(0);
    expect(new Uint8Array(await readFile(at('outblob')))).toEqual(quote);
    order(`fail outblob ${errno.EIO} 1`);
    expect(new Uint8Array(await readFile(at('outblob')))).toEqual(quote);
    await write(reportdata);
    await expect(readFile(at('outblob'))).rejects.toMatchObject({ code: 'EIO' });
  });

  test('takes 64 bytes and no other number, and no descriptor for both ways', async () => {
    await expect(write(new Uint8Array(65))).rejects.toMatchObject({ code: 'EFBIG' });
    await write(new Uint8Array(63));
    await expect(readFile(at('outblob'))).rejects.toMatchObject({ code: 'EINVAL' });
    expect(failing(() => openSync(at('inblob'), fs.O_RDWR))).toBe('ETXTBSY');
    expect(failing(() => openSync(at('inblob'), fs.O_RDONLY))).toBe('EACCES');
  });
});

describe.runIf(fuse)('tsm', () => {
  const path = fuse?.path ?? '';
  const order = (line: string): void => fuse?.order(line);
  const transport = tsm({ path });
  const entries = (): string[] => readdirSync(path).filter((name) => name.startsWith('tdx-codec-'));
  /** Entries go once the kernel lets go of them. */
  const expectNoEntries = (): Promise<void> => expect.poll(entries, { interval: 5, timeout: 60_000 }).toEqual([]);

  beforeEach(() => order('clear'));

  test('gives the quote of the report data, its padding included', async () => {
    const { reportdata, quote } = answers.fresh(70);
    expect(await transport.quote(reportdata)).toEqual(quote);
    await expectNoEntries();
  });

  test('reads a quote of many chunks to its end', async () => {
    const { reportdata, quote } = answers.fresh(200_000);
    expect(Buffer.compare(await transport.quote(reportdata), quote)).toBe(0);
  });

  test.each([
    ['no driver', 'provider -', 'unavailable', 'ENXIO', 'mkdir: no driver provides reports'],
    ['the driver of SEV', 'provider sev_guest', 'unavailable', undefined, 'the provider is sev_guest, not tdx_guest'],
    ['mkdir without permission', `fail mkdir ${errno.EACCES} 1`, 'unavailable', 'EACCES', 'mkdir: permission denied'],
    ['a driver that goes away', `fail inblob ${errno.ENXIO} 1`, 'unavailable', 'ENXIO', 'the driver that provided'],
    ['too large an inblob', `fail inblob ${errno.EFBIG} 1`, 'oversize', 'EFBIG', 'more than 64 bytes'],
    ['refused report data', `fail outblob ${errno.EINVAL} 1`, 'refused', 'EINVAL', 'does not hold 64 bytes'],
    ['an earlier request', `fail outblob ${errno.EBUSY} 1`, 'busy', 'EBUSY', 'still at work on an earlier request'],
    ['a refused hypercall', `fail outblob ${errno.EIO} 1`, 'failed', 'EIO', 'the VMM refused the request'],
    ['an answer in the 30th second', `fail outblob ${errno.ETIMEDOUT} 1`, 'timeout', 'ETIMEDOUT', 'in the 30th second'],
    ['out_len past the buffer', `fail outblob ${errno.EFBIG} 1`, 'oversize', 'EFBIG', 'claims more bytes than'],
    ['no memory', `fail outblob ${errno.ENOMEM} 1`, 'failed', 'ENOMEM', 'out of memory'],
    ['signals without end', `fail outblob ${errno.EINTR} 9`, 'failed', 'EINTR', 'a signal came while waiting'],
    ['a kernel before 7.1 whose VMM fails', 'empty 1', 'empty', undefined, 'outblob is empty'],
    ['another writer without end', 'race before 9', 'raced', undefined, 'another writer used the entry'],
    ['inblob refused without end', 'lose 9', 'raced', undefined, 'the driver refused what was written to inblob'],
  ])('%s is told, leaves no entry, and the next request is served', async (_, line, code, name, says) => {
    answers.write(OTHER, 'quote', new Uint8Array(100));
    const { reportdata, quote } = answers.fresh();
    order(line);
    const failure = transport.quote(reportdata);
    await expect(failure).rejects.toMatchObject({ name: 'DeviceError', code, errno: name, transport: 'tsm', path });
    await expect(failure).rejects.toThrow(says);
    await expectNoEntries();
    order('clear');
    expect(await transport.quote(reportdata)).toEqual(quote);
  });

  test('an answer that is no quote is malformed', async () => {
    const { reportdata } = answers.fresh();
    answers.write(reportdata, 'quote', new Uint8Array(100).fill(4));
    await expect(transport.quote(reportdata)).rejects.toMatchObject({ code: 'malformed' });
  });

  test('the quote of other report data is a mismatch', async () => {
    const { reportdata } = answers.fresh();
    answers.write(reportdata, 'quote', answers.fresh().quote);
    await expect(transport.quote(reportdata)).rejects.toMatchObject({ code: 'mismatch' });
  });

  test.each([
    ['before the quote is made', 'race before 2', 0],
    ['between length and bytes, cutting them', 'race within 2', 500],
    ['between length and bytes, leaving a gap', 'race within 2', 0],
    ['after the bytes', 'race after 2', 0],
  ])('another writer %s is noticed, and the report asked for again', async (_, line, zeros) => {
    const { quote: other } = answers.fresh(zeros);
    answers.write(OTHER, 'quote', other);
    const { reportdata, quote } = answers.fresh(200);
    order(line);
    expect(await transport.quote(reportdata)).toEqual(quote);
  });

  test.each([
    ['a write that is lost', 'lose 2'],
    ['a signal', `fail outblob ${errno.EINTR} 2`],
  ])('%s is made good by another attempt', async (_, line) => {
    const { reportdata, quote } = answers.fresh();
    order(line);
    expect(await transport.quote(reportdata)).toEqual(quote);
  });

  test('a deadline ends the wait; the entry goes once the kernel answers, and then the next request is served', async () => {
    const { reportdata, quote } = answers.fresh();
    order('delay 30000');
    await expect(transport.quote(reportdata, { timeout: 200 })).rejects.toMatchObject({ code: 'timeout' });
    expect(entries()).toHaveLength(1);
    const next = transport.quote(reportdata, { timeout: 300 });
    await expect(next).rejects.toThrow('not its turn: the kernel was not done with other requests within 300 ms');
    order('clear');
    await expectNoEntries();
    expect(await transport.quote(reportdata)).toEqual(quote);
  });

  test('a signal ends the wait with its reason as cause, and the entry goes', async () => {
    const { reportdata } = answers.fresh();
    order('delay 30000');
    const stop = new AbortController();
    const quote = transport.quote(reportdata, { signal: stop.signal });
    await pause(20);
    const reason = new Error('enough');
    stop.abort(reason);
    await expect(quote).rejects.toMatchObject({ code: 'aborted', cause: reason });
    order('clear');
    await expectNoEntries();
  });

  test('a signal that has fired already makes no entry', async () => {
    const { reportdata } = answers.fresh();
    const quote = transport.quote(reportdata, { signal: AbortSignal.abort() });
    await expect(quote).rejects.toMatchObject({ code: 'aborted' });
    expect(entries()).toEqual([]);
  });

  test('a VMM that never answers makes later requests fail as busy, until it does', async () => {
    const { reportdata, quote } = answers.fresh();
    order('inflight 1');
    await expect(transport.quote(reportdata)).rejects.toMatchObject({ code: 'failed', errno: 'EIO' });
    await expect(transport.quote(reportdata)).rejects.toMatchObject({ code: 'busy', errno: 'EBUSY' });
    order('clear');
    expect(await transport.quote(reportdata)).toEqual(quote);
  });

  test('the report data is that of the call, whatever becomes of the array', async () => {
    const { reportdata, quote } = answers.fresh();
    const mine = Buffer.from(reportdata);
    const answer = transport.quote(mine);
    mine.fill(0);
    expect(await answer).toEqual(quote);
  });

  test('whatever goes wrong, a request ends with its own quote or a DeviceError, and leaves nothing', async () => {
    answers.write(OTHER, 'quote', answers.fresh(400).quote);
    const times = fc.integer({ min: 1, max: 7 });
    const place = fc.constantFrom('mkdir', 'provider', 'generation', 'inblob', 'outblob');
    const error = fc.constantFrom(...Object.values(errno).filter((number) => number < 34));
    const line = fc.oneof(
      fc.tuple(place, error, times).map(([where, number, n]) => `fail ${where} ${number} ${n}`),
      fc.tuple(fc.constantFrom('before', 'within', 'after'), times).map(([when, n]) => `race ${when} ${n}`),
      fc.tuple(fc.constantFrom('empty', 'lose', 'inflight'), times).map(([what, n]) => `${what} ${n}`),
      fc.integer({ min: 0, max: 30 }).map((delay) => `delay ${delay}`),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 4 }), fc.integer({ min: 1, max: 5 }), async (lines, requests) => {
        order('clear');
        for (const each of lines) order(each);
        const asked = Array.from({ length: requests }, () => answers.fresh(100));
        const outcomes = await Promise.allSettled(
          asked.map(({ reportdata }) => transport.quote(reportdata, { timeout: 60 })),
        );
        for (const [i, outcome] of outcomes.entries()) {
          if (outcome.status === 'fulfilled') expect(outcome.value).toEqual(asked[i]?.quote);
          else expect(outcome.reason).toBeInstanceOf(DeviceError);
        }
        order('clear');
        await expectNoEntries();
        const { reportdata, quote } = answers.fresh();
        expect(await transport.quote(reportdata)).toEqual(quote);
      }),
      { numRuns: 40 },
    );
  });

  test('300 requests one after the other and 100 at once each get their own quote, and leave no file open', async () => {
    const all = Array.from({ length: 100 }, () => answers.fresh());
    const before = openFiles();
    for (let i = 0; i < 300; i++) {
      const { reportdata, quote } = all[i % 100]!;
      expect(Buffer.compare(await transport.quote(reportdata), quote)).toBe(0);
    }
    expect(openFiles()).toBe(before);
    const quotes = await Promise.all(all.map(({ reportdata }) => transport.quote(reportdata)));
    expect(quotes.map((quote, i) => Buffer.compare(quote, all[i]!.quote))).toEqual(Array(100).fill(0));
    expect(openFiles()).toBe(before);
    await expectNoEntries();
  });
});
