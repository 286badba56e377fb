import { describe, expect, test } from 'vitest';
import { decode, encode } from '../../src/codec.ts';
import { LayoutError } from '../../src/engine/error.ts';
import {
  answerData,
  Dcap114GetQuoteBlob,
  GET_QUOTE_ERROR,
  GET_QUOTE_IN_FLIGHT,
  GET_QUOTE_SERVICE_UNAVAILABLE,
  GET_QUOTE_SUCCESS,
  requestData,
  TdxQuoteBuf,
  TdxQuoteHdr,
} from '../../src/uapi.ts';
import { view } from '../../src/view.ts';
import { absent, bytesOf } from '../corpus.ts';

const fromHex = (hex: string) => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'));

/** A buffer of one page: a request of 1024 bytes, then bytes that an earlier answer has left. */
function page(status: bigint, outLen: number): Uint8Array {
  const data = new Uint8Array(4096 - 24).fill(0xaa);
  data.fill(0x81, 0, 1024);
  return encode(TdxQuoteBuf, { version: 1n, status, inLen: 1024, outLen, data });
}

describe('TdxQuoteHdr', () => {
  test.each([
    ['request', '0100000000000000 0000000000000000 00040000 00000000', GET_QUOTE_SUCCESS, 0],
    ['in flight', '0100000000000000 ffffffffffffffff 00040000 00000000', GET_QUOTE_IN_FLIGHT, 0],
    ['done', '0100000000000000 0000000000000000 00040000 8e130000', GET_QUOTE_SUCCESS, 5006],
    ['failed', '0100000000000000 0000000000000080 00040000 00000000', GET_QUOTE_ERROR, 0],
    ['no service', '0100000000000000 0100000000000080 00040000 00000000', GET_QUOTE_SERVICE_UNAVAILABLE, 0],
  ])('of a request that is %s decodes and encodes', (_, hex, status, outLen) => {
    const value = { version: 1n, status, inLen: 1024, outLen };
    expect(decode(TdxQuoteHdr, fromHex(hex))).toEqual(value);
    expect(encode(TdxQuoteHdr, value)).toEqual(fromHex(hex));
  });
});

describe('TdxQuoteBuf', () => {
  test('keeps what an earlier use has left behind the data', () => {
    const bytes = page(GET_QUOTE_SUCCESS, 100);
    expect(encode(TdxQuoteBuf, decode(TdxQuoteBuf, bytes))).toEqual(bytes);
  });

  test('gives request and answer from the same place, without a copy', () => {
    const bytes = page(GET_QUOTE_SUCCESS, 3000);
    const buffer = view(TdxQuoteBuf, bytes);
    expect(requestData(buffer)).toEqual(new Uint8Array(1024).fill(0x81));
    expect(answerData(buffer)).toEqual(bytes.subarray(24, 3024));
    expect(answerData(buffer).buffer).toBe(bytes.buffer);
    expect(answerData(decode(TdxQuoteBuf, bytes))).toEqual(bytes.subarray(24, 3024));
  });

  test('gives an answer that fills it', () => {
    expect(answerData(view(TdxQuoteBuf, page(GET_QUOTE_SUCCESS, 4072)))).toHaveLength(4072);
  });

  test.each([4073, 0xffffffff])('throws length @20 for an answer of %d bytes in 4072', (outLen) => {
    const says = `TdxQuoteBuf.outLen @20: must be at most 4072, is ${outLen}`;
    const open = () => answerData(view(TdxQuoteBuf, page(GET_QUOTE_SUCCESS, outLen)));
    expect(open).toThrow(LayoutError);
    expect(open).toThrow(expect.objectContaining({ code: 'length', offset: 20, message: says }));
  });

  test('throws length @16 for a request longer than it', () => {
    const bytes = page(GET_QUOTE_SUCCESS, 0).subarray(0, 24 + 1023);
    const says = 'TdxQuoteBuf.inLen @16: must be at most 1023, is 1024';
    expect(() => requestData(view(TdxQuoteBuf, bytes))).toThrow(
      expect.objectContaining({ code: 'length', offset: 16, message: says }),
    );
  });

  test('looks at out_len once', () => {
    let reads = 0;
    const hostile = {
      inLen: 0,
      get outLen() {
        return reads++ === 0 ? 4 : 4096;
      },
      data: new Uint8Array(8),
    };
    expect(answerData(hostile)).toHaveLength(4);
    expect(reads).toBe(1);
  });

  test.runIf(absent === undefined).each([
    ['qgs-tdx-quote-hdr.bin', GET_QUOTE_SUCCESS, 1052, 4963],
    ['qgs-tdx-quote-hdr-inflight.bin', GET_QUOTE_IN_FLIGHT, 1052, 0],
  ])('decodes the captured buffer %s', (file, status, inLen, outLen) => {
    const bytes = bytesOf(file);
    const value = decode(TdxQuoteBuf, bytes);
    expect(value).toMatchObject({ version: 1n, status, inLen, outLen });
    expect(answerData(value)).toEqual(bytes.slice(24, 24 + outLen));
    expect(encode(TdxQuoteBuf, value)).toEqual(bytes);
  });
});

describe('Dcap114GetQuoteBlob', () => {
  test('is the shared buffer with a big-endian length in front of the message', () => {
    const header = { version: 1n, status: 0n, inLen: 1052, outLen: 0 };
    const bytes = encode(Dcap114GetQuoteBlob, { ...header, transLen: 1048, pBuf: new Uint8Array(16356).fill(7) });
    const buffer = decode(TdxQuoteBuf, bytes);
    expect(buffer).toMatchObject(header);
    expect(requestData(buffer).subarray(0, 5)).toEqual(fromHex('00000418 07'));
  });
});
