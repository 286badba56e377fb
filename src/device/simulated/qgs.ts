import { LayoutError } from '../../engine/error.ts';
import { QgsGetQuoteReq, QgsGetQuoteResp } from '../../structs/qgs-get-quote.ts';
import { QgsMsgError, QgsMsgHeader, QgsMsgType } from '../../structs/qgs-header.ts';
import { TDX_REPORT_LEN } from '../../uapi/tdx-guest.ts';
import { encode } from '../../verbs/codec.ts';
import { view, viewPrefix } from '../../verbs/view.ts';
import { framed, unframed } from '../framing.ts';
import type { SimulatedMachine } from './machine.ts';

/**
 * A quote generation service: bytes of a request, as they come over a socket, to bytes of the reply; undefined where it
 * closes the connection without one.
 */
export type QgsService = (request: Uint8Array) => Promise<Uint8Array<ArrayBuffer> | undefined>;

/** The reply that brings a quote, or an error. */
export function quoteReply(quote: Uint8Array | undefined): Uint8Array<ArrayBuffer> {
  const errorCode = quote ? QgsMsgError.QGS_MSG_SUCCESS : QgsMsgError.QGS_MSG_ERROR_UNEXPECTED;
  return encode(QgsGetQuoteResp, {
    header: { majorVersion: 1, minorVersion: 1, type: QgsMsgType.GET_QUOTE_RESP, errorCode },
    selectedId: new Uint8Array(0),
    quote: quote ?? new Uint8Array(0),
  });
}

/** The TDREPORT in a message; undefined for another message, or one that cannot be read. */
function reportIn(message: Uint8Array): Uint8Array | undefined {
  try {
    return view(QgsGetQuoteReq, message).report;
  } catch (error) {
    if (error instanceof LayoutError) return undefined;
    throw error;
  }
}

/**
 * The QGS of a simulated machine. Like DCAP's of 1.21 and later it takes framed messages and bare TDREPORTs; it makes
 * quotes and knows no other message. Whatever the enclave refuses, such as the MAC of another machine, is UNEXPECTED.
 */
export function qgsOf(machine: Pick<SimulatedMachine, 'quote'>): QgsService {
  const quoted = async (report: Uint8Array): Promise<Uint8Array<ArrayBuffer> | undefined> => {
    const quote = await machine.quote(report);
    return typeof quote === 'string' ? undefined : quote;
  };
  return async (request) => {
    const message = unframed(request);
    if (!message) return request.length === TDX_REPORT_LEN ? quoted(request) : undefined;
    const [header] = viewPrefix(QgsMsgHeader, message);
    if (header.type !== QgsMsgType.GET_QUOTE_REQ) return undefined;
    const report = reportIn(message);
    return framed(quoteReply(report && (await quoted(report))));
  };
}
