import { describe, expect, it } from 'vitest';
import {
  decodePrefix,
  encode as encodeTyped,
  type Infer,
  QgsFrame,
  QgsGetQuoteReq,
  QgsMessage,
} from '../../src/index.ts';
import { absent, bytesOf, entriesOf, expectedOf } from '../corpus.ts';
import { failureOf } from '../leaves.ts';
import { decode, encode, view } from '../verbs.ts';
import { roundTrip } from './round-trip.ts';

const fromHex = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(Buffer.from(text.replace(/[ |]/g, ''), 'hex'));
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const counting = (length: number): Uint8Array<ArrayBuffer> => Uint8Array.from({ length }, (_, i) => i % 251);
const header = (type: number, errorCode = 0) => ({ majorVersion: 1, minorVersion: 1, type, errorCode });

/** Message vectors, each as it goes over the socket. */
const vectors: [string, Parameters<typeof encode>[1], string][] = [
  [
    'a request of a quote for 1024 bytes of report',
    { message: { header: header(0), report: counting(1024), idList: [] } },
    `00 00 04 18 | 01 00 01 00 | 00 00 00 00 | 18 04 00 00 | 00 00 00 00 | 00 04 00 00 | 00 00 00 00 | ${hex(counting(1024))}`,
  ],
  [
    'a reply with a quote of 5006 bytes',
    { message: { header: header(1), selectedId: new Uint8Array(0), quote: counting(5006) } },
    `00 00 13 a6 | 01 00 01 00 | 01 00 00 00 | a6 13 00 00 | 00 00 00 00 | 00 00 00 00 | 8e 13 00 00 | ${hex(counting(5006))}`,
  ],
  [
    'a reply with an error',
    { message: { header: header(1, 0x12001), selectedId: new Uint8Array(0), quote: new Uint8Array(0) } },
    '00 00 00 18 | 01 00 01 00 | 01 00 00 00 | 18 00 00 00 | 01 20 01 00 | 00 00 00 00 | 00 00 00 00',
  ],
  [
    'a request of platform information',
    { message: { header: header(4) } },
    '00 00 00 10 | 01 00 01 00 | 04 00 00 00 | 10 00 00 00 | 00 00 00 00',
  ],
];

describe('messages of the quote generation service', () => {
  it.each(vectors)('%s is encoded byte for byte', (_, value, bytes) => {
    expect(hex(encode(QgsFrame, value))).toBe(hex(fromHex(bytes)));
    roundTrip(QgsFrame, fromHex(bytes));
  });

  it('need no lengths from their author, and hold those that are given against the truth', () => {
    const value = { header: { ...header(0), size: 40 }, report: counting(16), idList: [] };
    expect(hex(encodeTyped(QgsGetQuoteReq, value))).toBe(hex(encode(QgsMessage, { ...value, header: header(0) })));
    expect(
      failureOf(() => encodeTyped(QgsGetQuoteReq, { ...value, header: { ...header(0), size: 41 } })),
    ).toMatchObject({
      code: 'length',
      message: 'QgsGetQuoteReq.header.size: must be 40, is 41',
    });
    expect(failureOf(() => encodeTyped(QgsGetQuoteReq, { ...value, report: new Uint8Array(0) }))?.message).toBe(
      'QgsGetQuoteReq.report: must be at least 1 byte, is 0',
    );
  });

  it('end where they say, so that bytes may follow in a stream', () => {
    const first = encode(QgsMessage, { header: header(0), report: counting(16), idList: [counting(16)] });
    const [message, rest] = decodePrefix(QgsMessage, Uint8Array.from([...first, 1, 2, 3]));
    expect(message).toMatchObject({ header: { size: 56 }, idList: [counting(16)] });
    expect(rest).toEqual(Uint8Array.of(1, 2, 3));
    expect(failureOf(() => view(QgsMessage, Uint8Array.from([...first, 1])))?.message).toBe(
      'QgsMessage @56: must end here, 1 byte more',
    );
  });

  const quoteRequest = encode(QgsMessage, { header: header(0), report: counting(16), idList: [counting(16)] });
  const resized = (bytes: Uint8Array, size: number): Uint8Array => {
    const copy = Uint8Array.from(bytes);
    new DataView(copy.buffer).setUint32(8, size, true);
    return copy;
  };
  it.each([
    ['less than their header', 15, 'length', 'QgsMessage.header.size @8: must be at least 16, is 15'],
    ['less than their parts', 55, 'truncated', 'QgsMessage.idList @40: needs 16 bytes, 15 left'],
    ['one byte more than there is', 57, 'truncated', 'QgsMessage @0: needs 57 bytes, 56 left'],
    ['4 GiB', 0xffffffff, 'truncated', 'QgsMessage @0: needs 4294967295 bytes, 56 left'],
  ])('are refused when they claim to be %s', (_, size, code, message) => {
    const bytes = resized(quoteRequest, size);
    expect(failureOf(() => view(QgsMessage, bytes))).toMatchObject({ code, message });
    expect(failureOf(() => decode(QgsMessage, bytes))).toMatchObject({ code, message });
  });

  it('are refused when their parts leave bytes over', () => {
    const bytes = resized(Uint8Array.from([...quoteRequest, 0]), 57);
    expect(failureOf(() => view(QgsMessage, bytes))).toMatchObject({
      code: 'trailing',
      message: 'QgsMessage @56: must end here, 1 byte more',
    });
  });

  it('list key identities of 16 bytes each', () => {
    const bytes = resized(quoteRequest.slice(0, 55), 55);
    bytes[20] = 15;
    expect(failureOf(() => view(QgsMessage, bytes))).toMatchObject({ code: 'length', path: 'QgsMessage.idList' });
  });
});

describe('surplus bytes of replies', () => {
  const platform = (end: number[], errorCode = 0, size = 16): Uint8Array<ArrayBuffer> =>
    encode(QgsMessage, {
      header: header(5, errorCode),
      tdqeIsvsvn: 8,
      pceIsvsvn: 13,
      platformId: counting(size),
      cpusvn: counting(size),
      surplus: Uint8Array.from(end),
    });

  it.each([
    ['64 bytes, four of them surplus', platform([0, 0, 0, 0]), 64],
    ['60 bytes without surplus', platform([]), 60],
    ['28 bytes with an error', platform([], 0x12001, 0), 28],
  ])('platform information of %s comes back', (_, bytes, length) => {
    expect(bytes).toHaveLength(length);
    roundTrip(QgsMessage, bytes);
    expect(failureOf(() => view(QgsMessage, bytes, { strict: true }))).toBeUndefined();
  });

  it('are four, and zero under strict', () => {
    const odd = platform([0, 0, 7, 0]);
    roundTrip(QgsMessage, odd);
    expect(failureOf(() => view(QgsMessage, odd, { strict: true }))?.message).toBe(
      'QgsMessage.surplus @60: must be zero, byte 2 is 0x07',
    );
    const three = Uint8Array.from([...platform([]), 0, 0, 0]);
    three[8] = 63;
    expect(failureOf(() => view(QgsMessage, three))).toMatchObject({
      code: 'length',
      message: 'QgsMessage.surplus @60: must be 0 or 4 bytes, is 3',
    });
    expect(failureOf(() => platform([0]))?.message).toBe('QgsMessage.surplus: must be 4 bytes, is 1');
  });
});

/** The C name of a field as we have it. */
const ours = (name: string): string => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

describe.skipIf(absent !== undefined)('QGS messages of the corpus', () => {
  const messages = entriesOf('qgs')
    .map(([file]) => file)
    .filter((file) => !file.includes('hdr'));
  const good = messages.filter((file) => !file.startsWith('bad-'));
  const layoutOf = (file: string) => (file.includes('framed') ? QgsFrame : QgsMessage);

  it.each(good)('%s decodes to what its expectation says, comes back, and is fine with strict reading', (file) => {
    const bytes = bytesOf(file);
    const value = roundTrip(layoutOf(file), bytes) as Record<string, unknown>;
    expect(failureOf(() => view(layoutOf(file), bytes, { strict: true }))).toBeUndefined();
    const fields = expectedOf(file)?.fields ?? {};
    const head = value['header'] as Record<string, unknown>;
    for (const [name, wanted] of Object.entries(fields)) {
      if (name === 'surplus') expect(value['surplus']).toHaveLength(4);
      else if (name === 'version') expect([value['majorVersion'], value['minorVersion']].join('.')).toBe(wanted);
      else if (name === 'sizes')
        expect(
          Object.keys(value)
            .filter((key) => key.endsWith('Size'))
            .map((key) => value[key]),
        ).toEqual(wanted);
      else if (name === 'major' || name === 'minor') expect(head[`${name}Version`]).toBe(wanted);
      else expect([name, value[ours(name)] ?? head[ours(name)]]).toEqual([name, wanted]);
    }
  });

  it('have the same request in a frame and without', () => {
    const { message } = decode(QgsFrame, bytesOf('qgs-get-quote-req-framed.bin')) as Infer<typeof QgsFrame>;
    expect(message).toEqual(decode(QgsMessage, bytesOf('qgs-get-quote-req.bin')));
  });

  it.each([
    ['bad-qgs-size-plus1.bin', 'QgsMessage @0: needs 1049 bytes, 1048 left'],
    ['bad-qgs-major-2.bin', 'QgsMessage.header.majorVersion @0: must be 1, is 2'],
    ['bad-qgs-type-6.bin', 'QgsMessage.type @4: must be 0, 1, 2, 3, 4 or 5, is 6'],
    ['bad-qgs-req-error.bin', 'QgsMessage.header.errorCode @12: must be 0, is 1'],
    ['bad-qgs-report-size-0.bin', 'QgsMessage.reportSize @16: must be at least 1, is 0'],
    ['bad-qgs-trunc.bin', 'QgsMessage @0: needs 1048 bytes, 1047 left'],
    ['bad-qgs-resp-quote-size-max.bin', 'QgsMessage.quote @24: needs 4294967295 bytes, 4935 left'],
  ])('%s is refused: %s', (file, message) => {
    expect(failureOf(() => view(QgsMessage, bytesOf(file)))?.message).toBe(message);
    expect(failureOf(() => decode(QgsMessage, bytesOf(file)))?.message).toBe(message);
  });

  it('has no other refused message', () => {
    expect(messages.filter((file) => file.startsWith('bad-'))).toHaveLength(7);
  });
});
