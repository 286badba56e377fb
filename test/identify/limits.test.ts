// Inputs that are made to take long, to nest deep, to fill memory or to say much.
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { describe, expect, it, vi } from 'vitest';
import { identify } from '../../src/evidence/identify.ts';
import { byteString, certificate, der, hcl, quote, report } from './made.ts';

vi.setConfig({ testTimeout: 60_000 });

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (char) => char.charCodeAt(0));
const filled = (size: number, byte: number, edits: Readonly<Record<number, number>> = {}): Uint8Array => {
  const bytes = new Uint8Array(size).fill(byte);
  for (const [at, value] of Object.entries(edits)) bytes[Number(at)] = value;
  return bytes;
};
const long = (text: string, size: number): string => text.repeat(Math.ceil(size / text.length)).slice(0, size);

/** The text wrapped again and again, up to a size. */
function wrapped(size: number, wrap: (text: string) => string): string {
  let text = 'ab'.repeat(32);
  for (let next = wrap(text); next.length <= size && next.length > text.length; next = wrap(text)) text = next;
  return text;
}

/** A quote whose chain is `what`, over and over. */
function chained(size: number, what: string): Uint8Array {
  const data = ascii(long(what, size));
  const front = quote();
  front.writeUInt32LE(590 + size, 632);
  front.writeUInt32LE(456 + size, 766);
  front.writeUInt16LE(5, 1220);
  front.writeUInt32LE(size, 1222);
  return Buffer.concat([front, data]);
}

function manyQgsIds(size: number): Uint8Array {
  const ids = size - (size % 16);
  const head = Buffer.from('0100010000000000000000000000000000040000', 'hex');
  const bytes = Buffer.concat([head, Buffer.alloc(4), report(), Buffer.alloc(ids)]);
  bytes.writeUInt32LE(bytes.length, 8);
  bytes.writeUInt32LE(ids, 20);
  return bytes;
}

const NOWHERE = { 0: 1, 1: 0, 2: 0, 3: 0, 4: 0, 5: 0, 6: 0, 7: 0 };

/** Inputs of about so many bytes. */
const worst: Readonly<Record<string, (size: number) => Uint8Array | string>> = {
  'NULs and a letter': (n) => `${'\0'.repeat(n)}x`,
  'NUL bytes and a letter': (n) => filled(n, 0, { [n - 1]: 0x41 }),
  'a letter between white space': (n) => `a${long(' \n', n)}*`,
  'padding and a letter': (n) => `AAAA${'='.repeat(n)}A`,
  'padding before the last letter': (n) => `${'A'.repeat(n)}=A`,
  'base64 with a wrong end': (n) => `${long('Ab9+', n)}*`,
  'base64 of noise': (n) =>
    Buffer.from(Uint32Array.from({ length: n / 5 }, (_, i) => Math.imul(i, 2654435761)).buffer).toString('base64'),
  base64url: (n) => `${long('Ab9a', n)}-`,
  'hex of an odd digit': (n) => `${long('4f', n)}4`,
  '0x again and again': (n) => long('0x4,', n),
  '0x without digits': (n) => long('0x', n),
  'hex in hex in hex': (n) => wrapped(n, (text) => Buffer.from(text).toString('hex')),
  'base64 in base64 in base64': (n) => wrapped(n, (text) => Buffer.from(text).toString('base64')),
  'labels of PEM': (n) => long('-----BEGIN A-----', n),
  'different labels of PEM': (n) =>
    Array.from({ length: n / 24 }, (_, i) => `-----BEGIN A${String(i).padStart(7, '0')}-----`).join(''),
  'starts of labels': (n) => long('-----BEGIN ', n),
  dashes: (n) => '-'.repeat(n),
  'dashes in bytes': (n) => filled(n, 0x2d, NOWHERE),
  'ends of labels in bytes': (n) => Buffer.concat([filled(8, 0, NOWHERE), ascii(long('BEGIN ', n))]),
  'vendor ids': (n) => Buffer.concat([Buffer.alloc(5), Buffer.alloc(n, '939a7233f79c4ca9940a0db3957f0607', 'hex')]),
  'lists of JSON': (n) => `[${'[],'.repeat(n / 3)}0]`,
  'objects of JSON': (n) => `[${'{},'.repeat(n / 3)}0]`,
  'numbers of JSON': (n) => `[${'1,'.repeat(n / 2)}1]`,
  'fractions of JSON': (n) => `[${'1.5,'.repeat(n / 4)}1]`,
  'keys of JSON': (n) => `{${Array.from({ length: n / 12 }, (_, i) => `"k${i.toString(36)}":0`).join()}}`,
  'JSON that nests without end': (n) => '['.repeat(n),
  'JSON that nests to the limit': (n) => `[${`${'['.repeat(250)}${']'.repeat(250)},`.repeat(n / 501)}0]`,
  'quotes of JSON': (n) => `["${'\\"'.repeat(n / 2)}"]`,
  'backslashes of JSON': (n) => `["${'\\\\'.repeat(n / 2)}"]`,
  'a text of JSON without end': (n) => `["${'\\"'.repeat(n / 2)}`,
  'longer and longer texts of JSON': (n) =>
    JSON.stringify(Array.from({ length: Math.sqrt(2 * n) }, (_, i) => 'z'.repeat(i))),
  'lists of bytes in JSON': (n) => `[${`[${'1,'.repeat(20)}1],`.repeat(n / 45)}0]`,
  'JSON in JSON in JSON': (n) => wrapped(n, (text) => JSON.stringify([text, 'x'.repeat(n / 16)])),
  'numbers in JSON in base64 in base64': (n) =>
    Buffer.from(Buffer.from(`[${'1,'.repeat(n / 4)}1]`).toString('base64')).toString('base64'),
  'TDREPORTs in JSON in JSON': (n) => {
    const inner = JSON.stringify(Array.from({ length: 32 }, () => report().toString('hex')));
    return JSON.stringify(Array.from({ length: Math.ceil(n / inner.length) }, () => inner));
  },
  'CBOR in CBOR in CBOR': (n) => {
    let bytes = Buffer.alloc(n);
    for (let i = 0; i < 20; i++) bytes = Buffer.concat([Buffer.of(0x81), byteString(bytes)]);
    return bytes;
  },
  'empty strings of CBOR': (n) => filled(n, 0x40, { 0: 0x9f, [n - 1]: 0xff }),
  'numbers of CBOR': (n) => filled(n, 0, { 0: 0x9f, [n - 1]: 0xff }),
  'empty lists of CBOR': (n) => filled(n, 0x80, { 0: 0x9f, [n - 1]: 0xff }),
  'lists in lists of CBOR': (n) => filled(n, 0x81),
  'extensions of a certificate': (n) =>
    certificate(...Array.from({ length: n / 64 }, () => ['2a0304', Buffer.alloc(48, 7)] as const)),
  'empty extensions': (n) => {
    const seven = [der(0x02, Buffer.of(1)), ...Array.from({ length: 5 }, () => der(0x30))];
    return der(0x30, der(0x30, ...seven, der(0xa3, der(0x30, Buffer.alloc(n, '3000', 'hex')))));
  },
  'parts of a certificate': (n) => der(0x30, der(0x30, Buffer.alloc(n, '0201', 'hex'))),
  'a padded quote': (n) => Buffer.concat([quote(), filled(n, 1)]),
  'a chain of dashes': (n) => chained(n, '-'),
  'a chain of labels': (n) => chained(n, '-----BEGIN A-----'),
  'a chain of one long certificate': (n) => chained(n, `-----BEGIN A-----${'A'.repeat(n)}`),
  'a chain in DER': (n) => chained(n, '\x30\x00'),
  'quotes in JSON': (n) => JSON.stringify(Array.from({ length: n / 2500 }, () => quote().toString('hex'))),
  'long runtime data': (n) => hcl('{}'.padEnd(n)),
  'key identities': manyQgsIds,
  noise: (n) =>
    new Uint8Array(Uint32Array.from({ length: n / 4 }, (_, i) => Math.imul(i + 1, 2654435761) ^ (i >>> 3)).buffer),
};

/** The time that the processor has spent on it, in milliseconds. */
function timeOf(input: Uint8Array | string): number {
  const began = process.cpuUsage();
  identify(input);
  const { user, system } = process.cpuUsage(began);
  return (user + system) / 1000;
}

describe('identify takes time in proportion', () => {
  const SMALL = 0x20000;
  const TIMES = 8;
  for (const [fact, make] of Object.entries(worst))
    it(`to the size of ${fact}`, () => {
      const small = make(SMALL);
      const large = make(TIMES * SMALL);
      // What is quadratic takes 64 times as long, at each attempt; what is linear may be disturbed at some.
      const ratios: number[] = [];
      do ratios.push(timeOf(large) / Math.max(timeOf(small), 1));
      while (ratios.length < 8 && (ratios.at(-1) ?? 0) > 2 * TIMES);
      expect(Math.min(...ratios)).toBeLessThanOrEqual(2 * TIMES);
    });
});

describe('identify stops', () => {
  it('behind 8 containers, one in another, and says so', () => {
    const nested = (times: number): string => {
      let text = quote().toString('hex');
      for (let i = 0; i < times; i++) text = JSON.stringify([text]);
      return text;
    };
    // The innermost text is hex, and so a container too.
    expect(identify(nested(7))).toMatchObject({ kind: 'Quote', findings: [] });
    const it = identify(nested(8));
    expect(it.kind).toBe('Json');
    expect(it.notes.at(-1)).toBe('Wrapped more than 8 times: what is deeper inside was not looked at.');
  });

  it('where CBOR nests ten thousand deep', () => {
    let bytes = Buffer.alloc(24, 0xaa);
    const heads: Buffer[] = [];
    for (let i = 0; i < 10_000; i++) {
      const head = Buffer.alloc(6, 0x81);
      head[1] = 0x5a;
      head.writeUInt32BE(bytes.length + heads.length * 6, 2);
      heads.unshift(head);
    }
    bytes = Buffer.concat([...heads, bytes]);
    const it = identify(bytes);
    expect(it.kind).toBe('CborEvidence');
    expect(it.notes.length).toBeLessThan(4);
    expect(it.notes.at(-1)).toMatch(/what is deeper inside was not looked at\.$/);
  });

  it('when the same bytes have been shown four times over, and says so', () => {
    let text = JSON.stringify(['z'.repeat(0x100000)]);
    for (let i = 0; i < 6; i++) text = JSON.stringify([text]);
    expect(identify(text).notes.at(-1)).toBe('Wrapped again and again: what is deeper inside was not looked at.');
  });

  it('after 64 parts, and says so', () => {
    const list = JSON.stringify(Array.from({ length: 32 }, (_, i) => `${'z'.repeat(40)} ${i}`));
    const it = identify(JSON.stringify(Array.from({ length: 32 }, () => list)));
    expect(it.notes.at(-1)).toBe('There are more than 64 parts inside: the others were not looked at.');
  });

  it('in JSON that nests more than 256 deep, and says so', () => {
    const nested = (times: number): string => `${'['.repeat(times)}"${quote().toString('hex')}"${']'.repeat(times)}`;
    expect(identify(nested(256)).kind).toBe('Quote');
    for (const text of [nested(257), '['.repeat(1_000_000), '{"a":'.repeat(1_000_000)]) {
      const it = identify(text);
      expect([it.kind, it.findings]).toEqual([
        'unknown',
        ['It begins like JSON that nests more than 256 deep: it was not looked into.'],
      ]);
    }
  });

  it('after 32 notes, and says how many are left out', () => {
    const odd = quote();
    for (const at of [8, 790, 866, 930, 1032]) odd[at] = 1;
    expect(identify(odd).findings.length).toBe(5);
    const small = '01000100040000001000000000000000';
    let text = odd.toString('hex');
    for (let i = 0; i < 7; i++) text = JSON.stringify([text, small, small, small]);
    const it = identify(text);
    expect(it.notes.length).toBe(32);
    expect(it.notes.at(-1)).toBe('3 more notes are left out.');
  });
});

describe('identify takes memory in proportion', () => {
  const built = new URL('../../dist/evidence/identify.js', import.meta.url);
  const isBuilt = existsSync(built);
  if (!isBuilt) console.warn('SKIPPED: how much memory identify takes, since there is no dist/: npm run build');
  const program = `
    const { parentPort, workerData } = require('node:worker_threads');
    import(workerData.built).then(({ identify }) => parentPort.postMessage(identify(workerData.input).kind));
  `;
  for (const fact of [
    'empty strings of CBOR',
    'lists of JSON',
    'keys of JSON',
    'labels of PEM',
    'numbers of JSON',
    'dashes',
  ])
    it.skipIf(!isBuilt)(`to the size of ${fact}: 4 MiB of them need less than 48`, async () => {
      const made = worst[fact]?.(0x400000) ?? '';
      const input = typeof made === 'string' ? ascii(made) : new Uint8Array(made);
      const worker = new Worker(program, {
        eval: true,
        workerData: { built: built.href, input },
        resourceLimits: { maxOldGenerationSizeMb: 48, maxYoungGenerationSizeMb: 8 },
      });
      const [kind] = (await once(worker, 'message')) as [string];
      await worker.terminate();
      expect(['Json', 'Pem', 'unknown']).toContain(kind);
    });
});
