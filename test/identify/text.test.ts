import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scanJson } from '../../src/evidence/identify/json.ts';
import { textIn } from '../../src/evidence/identify/plain-text.ts';
import { decodeText, pemBlocks, shown } from '../../src/evidence/identify/text.ts';

const bytesIn = fc.uint8Array({ minLength: 1, maxLength: 200 }).map((bytes) => Buffer.from(bytes));
const isHex = (text: string): boolean => /^([0-9a-f]|0x)+$/i.test(text);

describe('decodeText', () => {
  const hexes: readonly (readonly [fact: string, write: (bytes: Buffer) => string])[] = [
    ['digits', (bytes) => bytes.toString('hex')],
    ['capitals', (bytes) => bytes.toString('hex').toUpperCase()],
    ['0x in front', (bytes) => `0x${bytes.toString('hex')}`],
    ['0X in front', (bytes) => `0X${bytes.toString('hex')}`],
    ['bytes with spaces', (bytes) => bytes.toString('hex').replace(/../g, '$& ')],
    ['lines', (bytes) => bytes.toString('hex').replace(/.{1,61}/g, '$&\r\n')],
    ['colons', (bytes) => bytes.toString('hex').replace(/..(?!$)/g, '$&:')],
    ['a list of C', (bytes) => `{ ${[...bytes].map((byte) => `0x${byte.toString(16)}`).join(', ')} };`],
    ['a list of C, two digits', (bytes) => `{${bytes.toString('hex').replace(/../g, '0x$&,')}}`],
    ['escapes', (bytes) => bytes.toString('hex').replace(/../g, '\\x$&')],
  ];
  for (const [fact, write] of hexes)
    it(`reads hex written as ${fact}`, () => {
      fc.assert(
        fc.property(bytesIn, (bytes) => {
          const it = decodeText(write(bytes));
          expect(it).toMatchObject({ encoding: 'hex', isOdd: false });
          expect(Buffer.compare(it?.bytes ?? new Uint8Array(0), bytes)).toBe(0);
        }),
      );
    });

  it('reads base64 and base64url as Node writes them, with and without padding, in lines', () => {
    fc.assert(
      fc.property(bytesIn, fc.boolean(), fc.boolean(), (bytes, isPadded, isWrapped) => {
        for (const encoding of ['base64', 'base64url'] as const) {
          let text = bytes.toString(encoding);
          if (encoding === 'base64' && !isPadded) text = text.replaceAll('=', '');
          if (isHex(text)) continue;
          const either = !/[-_+/]/.test(text);
          const it = decodeText(isWrapped ? text.replace(/(.{4})/g, '$1\n') : text);
          expect(it?.encoding).toBe(either ? 'base64' : encoding);
          expect(Buffer.compare(it?.bytes ?? new Uint8Array(0), bytes)).toBe(0);
        }
      }),
    );
  });

  const others: readonly (readonly [fact: string, text: string])[] = [
    ['both alphabets', 'ab+/ab-_'],
    ['one digit too many', 'zzzzz'],
    ['padding in front', '=zzzz'],
    ['padding in the middle', 'zz=zz'],
    ['too much padding', 'zz==='],
    ['padding behind whole bytes', 'zzzz='],
    ['another character', 'zzzz*zzz'],
    ['a character of two bytes', 'zzzz\u0141'],
    ['padding alone', '=='],
    ['a backslash', '00\\11'],
    ['an x in hex', '00 x1!'],
  ];
  for (const [fact, text] of others)
    it(`takes text with ${fact} for nothing`, () => {
      expect(decodeText(text)).toBeUndefined();
    });

  it('says when a digit of hex is left over', () => {
    expect(decodeText('0400020')).toMatchObject({ encoding: 'hex', isOdd: true });
  });
});

describe('pemBlocks', () => {
  it('gives labels and bodies in order, and passes over what is no label', () => {
    const text =
      'x-----BEGIN A-----\nAAAA\n-----END A-----\n-----BEGIN a-----\n-----BEGIN B C9-----BBBB-----BEGIN D-----CCCC';
    expect([...pemBlocks(text)]).toEqual([
      { label: 'A', body: '\nAAAA\n' },
      { label: 'B C9', body: 'BBBB' },
      { label: 'D', body: 'CCCC' },
    ]);
  });
});

describe('textIn', () => {
  it('gives ASCII, and UTF-8 where it begins as JSON does', () => {
    expect(textIn(Buffer.from('plain\r\n\0\0'))).toBe('plain\r\n');
    expect(textIn(Buffer.from('\ufeffplain'))).toBe('plain');
    expect(textIn(Buffer.from('{"\u00e4": 1}'))).toBe('{"\u00e4": 1}');
    expect(textIn(Buffer.from('\u00e4'))).toBeUndefined();
    expect(textIn(Buffer.from('a\u0001b'))).toBeUndefined();
    expect(textIn(Buffer.from('a\0b'))).toBeUndefined();
    expect(textIn(Buffer.alloc(5))).toBeUndefined();
  });
  it('gives the UTF-16 that some shells write', () => {
    expect(textIn(Buffer.concat([Buffer.of(0xff, 0xfe), Buffer.from('0400', 'utf16le')]))).toBe('0400');
    expect(textIn(Buffer.of(0xff, 0xfe, 0x41, 0x01))).toBeUndefined();
    expect(textIn(Buffer.of(0xff, 0xfe, 0x41))).toBeUndefined();
  });
});

describe('scanJson', () => {
  const MOST = 1000;
  /** The texts and the lists of bytes in a document, with what they are worth. */
  function* leavesIn(json: unknown): Generator<string | readonly number[]> {
    if (typeof json === 'string') {
      if (JSON.stringify(json).length - 2 >= 22) yield json;
    } else if (Array.isArray(json)) {
      if (json.length >= 16 && json.every((it) => Number.isInteger(it) && it >= 0 && it < 256 && !Object.is(it, -0)))
        yield json as number[];
      for (const each of json) yield* leavesIn(each);
    } else if (typeof json === 'object' && json !== null) for (const each of Object.values(json)) yield* leavesIn(each);
  }
  const shape = (all: Iterable<unknown>): string[] => [...all].map((each) => JSON.stringify(each)).toSorted();

  const anything = fc.letrec((tie) => ({
    it: fc.oneof(
      { withCrossShrink: true },
      fc.string({ maxLength: 60, unit: 'binary' }),
      fc.array(fc.nat(300), { maxLength: 24 }),
      fc.uint8Array({ minLength: 16, maxLength: 24 }).map((bytes) => [...bytes]),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.constantFrom(null, true, false, 0, -1, 'x'.repeat(22), '\\"'.repeat(20)),
      fc.array(tie('it'), { maxLength: 5 }),
      fc.dictionary(fc.string({ maxLength: 20 }), tie('it'), { maxKeys: 5 }),
    ),
  })).it;

  it('finds in any document what JSON.parse and a walk find', () => {
    fc.assert(
      fc.property(anything, fc.constantFrom(undefined, 1, '\t'), (document, space) => {
        const text = JSON.stringify(document, undefined, space);
        const it = scanJson(text, MOST);
        if (typeof it === 'string') throw new Error(`${it}: ${text}`);
        const found = it.leaves.map(({ content }) => {
          const content_ = content();
          return typeof content_ === 'string' || content_ === undefined ? content_ : [...content_];
        });
        expect(shape(found)).toEqual(shape(leavesIn(JSON.parse(text))));
        expect(it.dropped).toBe(0);
      }),
      { numRuns: 500 },
    );
  });

  it('takes for broken what JSON.parse takes for broken, but for the form of numbers and of texts', () => {
    const tokens = ['{', '}', '[', ']', ':', ',', '"a"', '1', 'true', 'null', ' '];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...tokens), { maxLength: 12 }), (parts) => {
        const text = parts.join('');
        let isJson = true;
        try {
          JSON.parse(text);
        } catch {
          isJson = false;
        }
        expect([text, typeof scanJson(text, MOST) !== 'string']).toEqual([text, isJson]);
      }),
      { numRuns: 5000 },
    );
  });

  it('keeps the longest, and says how many it has dropped', () => {
    const texts = [30, 50, 22, 40, 41, 23].map((size) => 'z'.repeat(size));
    const it = scanJson(JSON.stringify(texts), 2);
    expect(it).toMatchObject({ leaves: [{ path: '[1]' }, { path: '[4]' }], dropped: 4 });
  });

  it('gives no text that is escaped in no way of JSON', () => {
    const it = scanJson(`["${'\\q'.repeat(20)}"]`, 2);
    if (typeof it === 'string') throw new Error(it);
    expect(it.leaves.map(({ content }) => content())).toEqual([undefined]);
  });
});

describe('shown', () => {
  it('shows at most 16 bytes, whole characters, and of them only plain ASCII as it is', () => {
    expect(shown('exactly 16 bytes')).toBe('exactly 16 bytes');
    expect(shown('these are 17 byte')).toBe('these are 17 byt...');
    expect(shown('\u001b[31m\r\n\u007f')).toBe('\\u{1b}[31m\\u{d}\\u{a}\\u{7f}');
    expect(shown('\u202e\u2066')).toBe('\\u{202e}\\u{2066}');
    expect(shown(`123456789012345\u{1f600}`)).toBe('123456789012345...');
    expect(shown('\ud83d')).toBe('\\u{d83d}');
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(shown(text)).toMatch(/^[\x20-\x7e]{0,160}$/);
      }),
    );
  });
});
