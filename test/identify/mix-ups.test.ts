import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { identify } from '../../src/evidence/identify.ts';
import { INTEL, LEAST, made, quote, report } from './made.ts';

const buffer = (status: string, lengths: string, data: Buffer): Buffer =>
  Buffer.concat([Buffer.from(`0100000000000000${status}${lengths}`, 'hex'), data]);
const request = Buffer.concat([Buffer.from('010001000000000018040000000000000004000000000000', 'hex'), report()]);
const framed = Buffer.concat([Buffer.from('00000418', 'hex'), request]);

const cases: readonly (readonly [
  fact: string,
  input: Uint8Array | string,
  kind: string,
  offset: number,
  notes: readonly string[],
])[] = [
  ['a quote', quote(), 'Quote', 0, []],
  [
    'a quote with padding',
    quote(1230),
    'Quote',
    0,
    ['Padded: the quote ends at byte 1226; behind it, not signed: 4 bytes, all zero.'],
  ],
  [
    'a quote with something behind it',
    quote(1230, { 1228: 'ff' }),
    'Quote',
    0,
    ['Padded: the quote ends at byte 1226; behind it, not signed: 4 bytes, 1 of them not zero.'],
  ],
  [
    'a truncated quote',
    quote(1225),
    'Quote',
    0,
    [
      'Broken: truncated, or QuoteV4.signatureDataLen is wrong: by it the quote ends at byte 1226, 1 byte more than there are.',
    ],
  ],
  [
    'a quote cut in its body',
    quote(400),
    'Quote',
    0,
    ['Broken: QuoteV4.body.rtmr[0] at byte 376 needs 48 bytes, 24 left.'],
  ],
  [
    'a quote without signature',
    quote(632),
    'Quote',
    0,
    ['Broken: a quote without signature; header and body end at byte 632, QuoteV4.signatureDataLen is missing.'],
  ],
  [
    'version 5 without descriptor',
    quote(LEAST, { 0: '0500020081000000', 48: '08010800' }),
    'Quote',
    0,
    [
      'Broken: a QuoteV5 without the 6 bytes of bodyDescriptor at byte 48, laid out like version 4, as early samples are.',
    ],
  ],
  [
    'an unknown version',
    quote(LEAST, { 0: '0700020081000000' }),
    'Quote',
    0,
    ['Broken: Quote.version at byte 0 must be 3, 4 or 5, is 7.'],
  ],
  [
    'a quote about an enclave',
    made(440, { 0: '0300020000000000', 12: INTEL }),
    'Quote',
    0,
    ['It attests an SGX enclave, not a TD.'],
  ],
  [
    'a TDREPORT',
    report(),
    'TdReport',
    0,
    [
      'A TDREPORT is evidence for its own machine only: where a quote is wanted, the quoting enclave has to make one of it.',
    ],
  ],
  [
    'a TDREPORT without its first bytes',
    Buffer.concat([report().subarray(48), Buffer.alloc(48)]),
    'TdReport',
    0,
    [
      'Broken: 1024 bytes, but no TDREPORT any more: the first 48 bytes of TdReport.reportmacstruct are lost, all else stands 48 bytes too early.',
    ],
  ],
  [
    'a GetQuote request',
    buffer('00'.repeat(8), '0004000000000000', report()),
    'GetQuoteBuffer',
    0,
    [
      'A request, not answered: 1024 bytes of data behind the 24-byte header.',
      'Its data is a raw TDREPORT, from byte 24 on.',
    ],
  ],
  [
    'a GetQuote request in flight',
    buffer('ff'.repeat(8), '1c04000000000000', framed),
    'GetQuoteBuffer',
    0,
    [
      'Still in flight: the VMM has not answered, whatever stands behind the header is the request.',
      'Its data is a framed QGS message.',
      'The TDREPORT in it starts at byte 52.',
    ],
  ],
  [
    'an answered GetQuote buffer',
    buffer('00'.repeat(8), '00040000ca040000', quote()),
    'GetQuoteBuffer',
    0,
    ['Answered: 1226 bytes of data behind the 24-byte header.', 'Its data is a raw quote, from byte 24 on.'],
  ],
  [
    'a refused GetQuote buffer',
    buffer('0000000000000080', '0004000000000000', report()),
    'GetQuoteBuffer',
    0,
    ['Failed: the status is GET_QUOTE_ERROR.', 'Its data is a raw TDREPORT, from byte 24 on.'],
  ],
  [
    'a bare QGS message',
    request,
    'QgsMessage',
    0,
    ['GET_QUOTE_REQ, version 1.1.', 'The TDREPORT in it starts at byte 24.'],
  ],
  [
    'a framed QGS message',
    framed,
    'QgsMessage',
    0,
    [
      'Framed: 4 bytes of big-endian length, then the message.',
      'GET_QUOTE_REQ, version 1.1.',
      'The TDREPORT in it starts at byte 28.',
    ],
  ],
  [
    'an SGX report',
    made(432, { 48: '07', 64: 'aa' }),
    'SgxReport',
    0,
    [
      'The report of an SGX enclave, which is evidence for its own machine only and not about a TD.',
      'The body is followed by 48 bytes: key id and MAC.',
    ],
  ],
  [
    'Open Enclave evidence',
    Buffer.concat([Buffer.from('0100000002000000ca04000000000000', 'hex'), quote()]),
    'OpenEnclaveEvidence',
    16,
    ['The quote starts at byte 16; what stands in front is no part of it.'],
  ],
  [
    'tagged CBOR evidence',
    Buffer.concat([Buffer.from('d9ea61825904ca', 'hex'), quote(), Buffer.from('4101', 'hex')]),
    'CborEvidence',
    7,
    ['CBOR: a quote starts at byte 7.'],
  ],
  [
    'a CBOR map with a quote',
    Buffer.concat([Buffer.from('a26571756f74655904ca', 'hex'), quote(), Buffer.from('636e65770a', 'hex')]),
    'CborEvidence',
    10,
    ['CBOR: a quote starts at byte 10.'],
  ],
  [
    'a CWT without a quote',
    Buffer.from(`d28443a10126a05818${'ab'.repeat(24)}40`, 'hex'),
    'CborEvidence',
    0,
    ['CBOR without a quote in it, as DICE-style evidence is.'],
  ],
  [
    'a PEM chain',
    '-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n',
    'Pem',
    0,
    ['PEM blocks: 1 x CERTIFICATE.'],
  ],
  [
    'hex of hex',
    Buffer.from(quote().toString('hex')).toString('hex'),
    'Quote',
    0,
    ['Text: hex of 2452 bytes.', 'Encoded twice: hex of hex text; once would do.', 'Text: hex of 1226 bytes.'],
  ],
  ['a JSON array of bytes', JSON.stringify({ quote: [...quote()] }), 'Quote', 0, ['JSON: taken from .quote.']],
  [
    'two pieces of evidence in JSON',
    JSON.stringify({ report: report().toString('hex'), quote: quote(1400).toString('base64') }),
    'TdReport',
    0,
    ['JSON: taken from .report.', 'At .quote there is a quote too.'],
  ],
  [
    "the command's own JSON",
    '{"kind":"Quote","value":{}}',
    'Json',
    0,
    ['The JSON form that decode prints: encode makes bytes of it.'],
  ],
  ['odd hex', '0400020081000000f', 'unknown', 0, ['Hex text with an odd number of digits (17): one is lost.']],
  ['a few letters', 'hello world', 'unknown', 0, []],
  ['a few hex digits', 'facade', 'unknown', 0, []],
  ['nothing', new Uint8Array(0), 'unknown', 0, ['Empty input.']],
  ['white space', ' \n', 'unknown', 0, ['Empty input.']],
];

describe('identify', () => {
  for (const [fact, input, kind, offset, notes] of cases) {
    it(`says what ${fact} is`, () => {
      const it = identify(input);
      const shown = it.notes.filter(
        (note) => fact === 'a TDREPORT' || !note.startsWith('A TDREPORT is evidence') || kind !== 'TdReport',
      );
      expect([it.kind, it.offset, shown.slice(0, notes.length)]).toEqual([kind, offset, notes]);
      if (notes.length === 0) expect(it.notes).toEqual([]);
    });
  }

  it('takes random bytes for nothing', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 3000, size: 'max' }), (bytes) => {
        expect(identify(bytes).kind).toBe('unknown');
      }),
      { numRuns: 300, seed: 20231 },
    );
    const noise = new Uint8Array(5000);
    for (let i = 0, state = 1; i < noise.length; i++) {
      state = (state * 48271) % 2147483647;
      noise[i] = state >> 8;
    }
    for (const size of [384, 432, 1024, 4936, 5000]) expect(identify(noise.subarray(0, size)).kind).toBe('unknown');
  });

  it('answers for any text, and for any document', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ maxLength: 300 }), fc.json()), (text) => {
        expect(['unknown', 'Json']).toContain(identify(text).kind);
      }),
      { seed: 20231 },
    );
    let deep: string = quote().toString('hex');
    for (let i = 0; i < 3; i++) deep = JSON.stringify({ deep });
    expect(identify(deep).kind).toBe('Quote');
    expect(identify('['.repeat(100000)).kind).toBe('unknown');
    expect(identify('0'.repeat(2_000_000)).kind).toBe('unknown');
  });

  it('shares the bytes of binary input, at any byteOffset and in shared memory', () => {
    const bytes = quote();
    const shared = new Uint8Array(new SharedArrayBuffer(1300), 3, LEAST);
    shared.set(bytes);
    expect(identify(shared)).toMatchObject({ kind: 'Quote', offset: 0 });
    expect(identify(shared).bytes.buffer).toBe(shared.buffer);
    const text = new Uint8Array(new SharedArrayBuffer(2 * LEAST));
    text.set(Buffer.from(bytes.toString('hex')));
    expect(identify(text).kind).toBe('Quote');
  });

  it('refuses other kinds of argument', () => {
    expect(() => identify(7 as never)).toThrow(TypeError);
  });
});
