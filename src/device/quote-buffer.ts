import { LayoutError } from '../engine/error.ts';
import { answerData } from '../evidence/quote-buffer.ts';
import {
  GET_QUOTE_ERROR,
  GET_QUOTE_IN_FLIGHT,
  GET_QUOTE_SERVICE_UNAVAILABLE,
  GET_QUOTE_SUCCESS,
  TdxQuoteBuf,
  TdxQuoteHdr,
} from '../uapi/tdx-quote.ts';
import { encodeInto } from '../verbs/codec.ts';
import { view } from '../verbs/view.ts';
import { DeviceError, type Where } from './error.ts';

const HEADER = TdxQuoteHdr.size ?? 0;

/** A whole buffer as the TD has to fill it: header, input, zeros. */
export function requestBuffer(input: Uint8Array, size: number, where: Where): Uint8Array<ArrayBuffer> {
  const most = size - HEADER;
  if (input.length === 0 || input.length > most) {
    const says = `the input must be 1 to ${most} bytes to fit the buffer, is ${input.length}`;
    throw new DeviceError('refused', where, says);
  }
  const buffer = new Uint8Array(size);
  encodeInto(TdxQuoteHdr, { version: 1n, status: 0n, inLen: input.length, outLen: 0 }, buffer);
  buffer.set(input, HEADER);
  return buffer;
}

/** The answer in a buffer that has come back. Give it a copy that nobody else can write. */
export function answerIn(copy: Uint8Array, where: Where): Uint8Array<ArrayBuffer> {
  const answer = view(TdxQuoteBuf, copy);
  const { status, outLen } = answer;
  const fails = (code: DeviceError['code'], says: string): DeviceError =>
    new DeviceError(code, { ...where, status }, says);
  switch (status) {
    case GET_QUOTE_SUCCESS:
      break;
    case GET_QUOTE_IN_FLIGHT:
      throw fails('timeout', 'the VMM is still at work (GET_QUOTE_IN_FLIGHT), but nobody waits for it any more');
    case GET_QUOTE_SERVICE_UNAVAILABLE:
      throw fails('service-unavailable', 'the VMM has no quoting service, or cannot reach it');
    case GET_QUOTE_ERROR:
      throw fails('failed', 'the VMM reports that making the quote has failed (GET_QUOTE_ERROR)');
    default:
      throw fails('failed', `the VMM reports a status that nobody knows: 0x${status.toString(16)}`);
  }
  if (outLen === 0) throw fails('empty', 'the VMM reports success, but the answer is empty');
  try {
    return new Uint8Array(answerData(answer));
  } catch (cause) {
    if (!(cause instanceof LayoutError)) throw cause;
    throw new DeviceError('oversize', { ...where, cause }, `the answer does not fit the buffer: ${cause.message}`);
  }
}
