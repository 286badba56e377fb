import { LayoutError } from '../engine/error.ts';
import { QgsGetQuoteReq, QgsGetQuoteResp } from '../structs/qgs-get-quote.ts';
import { QgsMsgError } from '../structs/qgs-header.ts';
import { TDX_REPORT_LEN } from '../uapi/tdx-guest.ts';
import { encode } from '../verbs/codec.ts';
import { view } from '../verbs/view.ts';
import { DeviceError, type Where } from './error.ts';

/**
 * How TDREPORT and quote are packed on their way: `raw`, as Linux and QEMU have it; `qgs`, as messages of the QGS behind
 * their length, as libtdx_attest has it; `sniffed`, out as it is handed in, back as it comes.
 */
export type Framing = 'raw' | 'qgs' | 'sniffed';

const PREFIX = 4;
const HEADER = 16;

const dataView = ({ buffer, byteOffset, byteLength }: Uint8Array): DataView =>
  new DataView(buffer, byteOffset, byteLength);

/** A message behind its length, in one piece as it has to be sent. */
export function framed(message: Uint8Array): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(PREFIX + message.length);
  dataView(whole).setUint32(0, message.length);
  whole.set(message, PREFIX);
  return whole;
}

/** The message that bytes hold behind its length, in place; undefined unless the length is that of all the rest. */
export function unframed(bytes: Uint8Array): Uint8Array | undefined {
  if (bytes.length < PREFIX + HEADER || dataView(bytes).getUint32(0) !== bytes.length - PREFIX) return undefined;
  return bytes.subarray(PREFIX);
}

/** The message that asks for the quote of a TDREPORT, of any attestation key. */
export const quoteRequest = (tdreport: Uint8Array): Uint8Array<ArrayBuffer> =>
  encode(QgsGetQuoteReq, {
    header: { majorVersion: 1, minorVersion: 1, type: 0, errorCode: 0 },
    report: tdreport,
    idList: [],
  });

const ERRORS = new Map<number, string>(Object.entries(QgsMsgError).map(([name, code]) => [code, name]));

/** The quote in a reply of the QGS. */
export function quoteOfReply(message: Uint8Array, where: Where): Uint8Array<ArrayBuffer> {
  try {
    const { header, quote } = view(QgsGetQuoteResp, message);
    const { errorCode } = header;
    if (errorCode !== 0) {
      const says = `the quote generation service reports ${ERRORS.get(errorCode) ?? `error 0x${errorCode.toString(16)}`}`;
      throw new DeviceError('failed', { ...where, status: BigInt(errorCode) }, says);
    }
    if (quote.length === 0)
      throw new DeviceError('empty', where, 'the reply of the quote generation service has no quote');
    return new Uint8Array(quote);
  } catch (cause) {
    if (!(cause instanceof LayoutError)) throw cause;
    throw new DeviceError('malformed', { ...where, cause }, `the reply is none of GetQuote: ${cause.message}`);
  }
}

/** What to send for a payload: a TDREPORT, or a request that is packed already. */
export function packed(payload: Uint8Array, framing: Framing, where: Where): Uint8Array<ArrayBuffer> {
  const message = unframed(payload);
  if (!message && payload.length !== TDX_REPORT_LEN) {
    const says = `the input must be a TDREPORT of ${TDX_REPORT_LEN} bytes or a framed request, is ${payload.length} bytes`;
    throw new DeviceError('refused', where, says);
  }
  if (framing === 'qgs' && !message) return framed(quoteRequest(payload));
  if (framing === 'raw' && message) {
    try {
      return new Uint8Array(view(QgsGetQuoteReq, message).report);
    } catch (cause) {
      if (!(cause instanceof LayoutError)) throw cause;
      throw new DeviceError('refused', { ...where, cause }, `the input is no request for a quote: ${cause.message}`);
    }
  }
  return new Uint8Array(payload);
}

/** The quote in an answer. */
export function unpacked(answer: Uint8Array, framing: Framing, where: Where): Uint8Array<ArrayBuffer> {
  const message = framing === 'raw' ? undefined : unframed(answer);
  if (message) return quoteOfReply(message, where);
  if (framing === 'qgs')
    throw new DeviceError('malformed', where, 'the answer must be a framed message, its length does not fit');
  return new Uint8Array(answer);
}
