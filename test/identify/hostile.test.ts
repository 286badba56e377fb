// Bytes and texts that nobody meant: identify always answers, and its answers are safe to print.
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { type Identified, identify } from '../../src/evidence/identify.ts';
import { bytesOf, entries } from '../corpus.ts';
import { byteString, certificate, der, hcl, LEAST, pem, quote, report } from './made.ts';

vi.setConfig({ testTimeout: 60_000 });

/** What must hold for any input at all. */
function holds(input: Uint8Array | string): Identified {
  const before = typeof input === 'string' ? undefined : Uint8Array.from(input);
  const it = identify(input);
  for (const note of it.notes) {
    // Plain ASCII, so neither a control character nor a mark of direction; and no long stretch of anybody's content.
    expect(note).toMatch(/^[\x20-\x7e]{1,300}$/);
  }
  expect(it.notes.length).toBeLessThanOrEqual(32);
  for (const finding of it.findings) expect(it.notes).toContain(finding);
  expect(it.offset).toBeGreaterThanOrEqual(0);
  if (it.kind === 'unknown') expect(it.layout).toBeUndefined();
  if (before && typeof input !== 'string') expect(Buffer.compare(input, before)).toBe(0);
  return it;
}

const corpus = entries
  .filter(({ kind, size }) => kind !== 'expected' && size > 0)
  .map(({ file, kind, malformed }) => ({ file, kind, malformed, bytes: bytesOf(file) }));
const carriers: readonly Uint8Array[] = [
  quote(),
  report(),
  hcl('{"keys":[]}'),
  certificate(['2a864886f84d8a3906', quote()], ['2b0601040183e73d0101', der(0x04, quote())]),
  Buffer.concat([Buffer.from('d9ea6082', 'hex'), byteString(quote()), byteString(Buffer.alloc(51, 0xa1))]),
  Buffer.from(pem('QUOTE', quote())),
  Buffer.from(JSON.stringify({ tdx: { quote: quote().toString('base64'), list: [...report()] } })),
  Buffer.from(quote().toString('hex')),
];

const INTERESTING = [0, 1, 2, 3, 4, 5, 0x22, 0x30, 0x3d, 0x5b, 0x5c, 0x7b, 0x7f, 0x80, 0x81, 0x9f, 0xff];
const edits = fc.array(
  fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    what: fc.oneof(
      fc.record({ set: fc.constantFrom(...INTERESTING) }),
      fc.record({ set: fc.nat(255) }),
      fc.record({ remove: fc.nat(60) }),
      fc.record({ insert: fc.uint8Array({ maxLength: 12 }) }),
    ),
  }),
  { minLength: 1, maxLength: 6 },
);
type Edits = typeof edits extends fc.Arbitrary<infer E> ? E : never;

function edited(origin: Uint8Array, all: Edits): Uint8Array {
  let bytes = Buffer.from(origin);
  for (const { at, what } of all) {
    // Most of what decides stands in front.
    const i = Math.floor(at * at * at * bytes.length);
    if ('set' in what) bytes[i] = what.set;
    else if ('remove' in what) bytes = Buffer.concat([bytes.subarray(0, i), bytes.subarray(i + what.remove)]);
    else bytes = Buffer.concat([bytes.subarray(0, i), what.insert, bytes.subarray(i)]);
  }
  return bytes;
}

describe('identify answers', () => {
  it('random bytes with `unknown`', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 3000, size: 'max' }), (bytes) => {
        expect(holds(bytes).kind).toBe('unknown');
      }),
      { numRuns: 300 },
    );
  });

  it('short bytes and texts with anything but an error', () => {
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 48 }), fc.string({ unit: 'binary' }), fc.string()), (input) => {
        holds(input);
      }),
      { numRuns: 2000 },
    );
  });

  it('texts of few characters, which are nearly something, with anything but an error', () => {
    const pieces = [
      '"',
      '\\',
      '[',
      ']',
      '{',
      '}',
      ':',
      ',',
      '0x',
      '04000200',
      'AAAA',
      '=',
      '-----BEGIN ',
      'A-----',
      '\n',
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 40 }), (parts) => {
        const text = parts.join('');
        expect(holds(Buffer.from(text)).kind).toBe(holds(text).kind);
      }),
      { numRuns: 3000 },
    );
  });

  for (const [i, origin] of carriers.entries())
    it(`container ${i}, edited, with anything but an error`, () => {
      fc.assert(
        fc.property(edits, (all) => {
          holds(edited(origin, all));
        }),
        { numRuns: 500 },
      );
    });

  it('container by container cut anywhere, with anything but an error', () => {
    for (const origin of carriers)
      for (let end = 0; end < origin.length; end += end < 300 ? 1 : 37) holds(origin.subarray(0, end));
  });

  it.skipIf(corpus.length === 0)('every file of the corpus, edited, with anything but an error', () => {
    fc.assert(
      fc.property(fc.constantFrom(...corpus), edits, ({ bytes }, all) => {
        holds(edited(bytes, all));
      }),
      { numRuns: 2000 },
    );
  });

  it.skipIf(corpus.length === 0)('a quote or a report of which one byte is wrong, still by its kind', () => {
    const genuine = corpus.filter(({ kind, malformed }) => (kind === 'quote' || kind === 'tdreport') && !malformed);
    fc.assert(
      fc.property(fc.constantFrom(...genuine), fc.nat(), fc.nat(255), ({ bytes, kind }, at, value) => {
        const odd = Uint8Array.from(bytes);
        odd[at % odd.length] = value;
        expect(holds(odd).kind).toBe(kind === 'quote' ? 'Quote' : 'TdReport');
      }),
      { numRuns: 1000 },
    );
  });
});

describe('identify takes', () => {
  it('bytes of another realm, and kinds of Uint8Array', () => {
    const foreign: unknown = runInNewContext('new Uint8Array(bytes)', { bytes: [...quote()] });
    expect(foreign).not.toBeInstanceOf(Uint8Array);
    expect(identify(foreign as Uint8Array)).toMatchObject({ kind: 'Quote', findings: [] });
    class Kind extends Uint8Array {}
    expect(identify(new Kind(quote())).bytes.constructor).toBe(Uint8Array);
  });

  it('nothing else', () => {
    const fakes: readonly unknown[] = [
      undefined,
      null,
      7,
      {},
      [4, 0],
      new ArrayBuffer(8),
      new Uint16Array(4),
      new DataView(new ArrayBuffer(8)),
      { [Symbol.toStringTag]: 'Uint8Array', length: 0 },
      Object.create(Uint8Array.prototype),
    ];
    for (const fake of fakes) expect(() => identify(fake as Uint8Array)).toThrow(TypeError);
  });

  it('bytes whose buffer is gone for empty', () => {
    const bytes = new Uint8Array(8);
    structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
    expect(identify(bytes)).toMatchObject({ kind: 'unknown', findings: ['Empty input.'] });
  });
});

describe('what identify says', () => {
  const EVIL = '\u001b]0;title\u0007\u202e\u2066\r\n<script>';
  const inputs: Readonly<Record<string, string | Uint8Array>> = {
    'keys of JSON': JSON.stringify({ [EVIL]: { [EVIL.repeat(100)]: quote().toString('hex') } }),
    'keys of JSON as they are': `{"${EVIL}": "${quote().toString('hex')}"}`,
    'keys of JSON without evidence': JSON.stringify({ [EVIL]: 1, tcbInfo: EVIL }),
    'a label of PEM': `-----BEGIN ${EVIL}-----\nAAAA\n`,
    'a long label of PEM': `-----BEGIN ${'A'.repeat(60)}-----\nAAAA\n`,
    text: EVIL.repeat(1000),
  };
  for (const [fact, input] of Object.entries(inputs))
    it(`carries no control character of ${fact}, and no more than 16 bytes of it`, () => {
      for (const note of holds(input).notes) {
        expect(note).not.toMatch(/A{17}/);
        expect(note.length).toBeLessThan(120);
      }
    });

  it('names an object identifier only while it is short', () => {
    const long = `2a${'8f'.repeat(40)}01`;
    const { notes } = holds(certificate([long, quote()]));
    expect(notes[0]).toMatch(/^An X\.509 certificate with a quote in an extension, from byte \d+ on\.$/);
    expect(LEAST).toBeLessThan(quote().length + 1);
  });
});
