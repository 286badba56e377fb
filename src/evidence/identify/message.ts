import { count, readBig, readUint, u16At, u32At } from '../../engine/number.ts';
import type { Layout } from '../../layout/vocabulary.ts';
import { QgsMsgError, QgsMsgType } from '../../structs/qgs-header.ts';
import { QgsFrame, QgsMessage } from '../../structs/qgs-message.ts';
import { GetQuoteStatus, TdxQuoteBuf } from '../../uapi/tdx-quote.ts';
import { broken, errorOf, strictFindings } from './fit.ts';
import { type Found, found, moved, type Note, oddly, plainly } from './found.ts';
import { quoteOf } from './quote.ts';
import { tdReportOf } from './report.ts';

const HEADER = 16;
const { GET_QUOTE_REQ, GET_QUOTE_RESP } = QgsMsgType;

/** The name of a number, or undefined. */
const nameIn = (names: Readonly<Record<string, number | bigint>>, value: number | bigint): string | undefined =>
  Object.keys(names).find((name) => names[name] === value);

/** What rules of a layout the bytes break. */
function structureOf(layout: Layout, bytes: Uint8Array): Note[] {
  const error = errorOf(layout, bytes);
  return error ? [broken(error)] : strictFindings(layout, bytes);
}

const titleOf = ({ kind }: Found): string => (kind === 'Quote' ? 'quote' : 'TDREPORT');

/** The same, with where the evidence in it starts, and what is odd about that. */
function withContent(it: Found): Found {
  const { inside, notes } = it;
  if (!inside) return it;
  const starts = plainly(`The ${titleOf(inside)} in it starts at byte ${inside.offset}.`);
  return { ...it, notes: [...notes, starts, ...inside.notes.filter(({ isOdd }) => isOdd)] };
}

/** The report or the quote in a message that begins `before` bytes into what is around it. */
function payloadOf(bytes: Uint8Array, type: number, before: number): Found | undefined {
  if ((type !== GET_QUOTE_REQ && type !== GET_QUOTE_RESP) || bytes.length < 24) return undefined;
  const isRequest = type === GET_QUOTE_REQ;
  const start = isRequest ? 24 : 24 + u32At(bytes, 16);
  const size = u32At(bytes, isRequest ? 16 : 20);
  const content = bytes.subarray(start, start + size);
  const inside = isRequest ? tdReportOf(content) : quoteOf(content);
  return inside && moved(before + start, inside);
}

function bareMessage(bytes: Uint8Array, before: number): Found | undefined {
  if (bytes.length < HEADER) return undefined;
  const [major, minor] = [u16At(bytes, 0), u16At(bytes, 2)];
  const [type, size, error] = [u32At(bytes, 4), u32At(bytes, 8), u32At(bytes, 12)];
  const name = nameIn(QgsMsgType, type);
  const isKnown = major === 1 && minor < 2 && name !== undefined;
  const isCoded = error === 0 || (error > 0x12000 && error <= QgsMsgError.QGS_MSG_ERROR_MAX);
  const isWhole = size === bytes.length;
  if (!(isWhole ? major < 16 && minor < 16 && type < 256 : isKnown && isCoded && size >= HEADER && size < 0x1000000))
    return undefined;
  const reported = nameIn(QgsMsgError, error);
  const inside = payloadOf(bytes, type, before);
  const notes = [
    ...(name ? [plainly(`${name}, version ${major}.${minor}.`)] : []),
    ...(error === 0 ? [] : [plainly(`It reports error 0x${error.toString(16)}${reported ? `, ${reported}` : ''}.`)]),
    ...(before > 0 ? [] : structureOf(QgsMessage, bytes)),
  ];
  return found('QgsMessage', bytes, notes, QgsMessage, inside);
}

/** A message, with its length in front as on the wire, or bare. */
function messageOf(bytes: Uint8Array): Found | undefined {
  if (bytes.length < 4 + HEADER || readUint(bytes, 0, 4, true) !== bytes.length - 4) return bareMessage(bytes, 0);
  const message = bareMessage(bytes.subarray(4), 4);
  if (!message) return bareMessage(bytes, 0);
  const framed = plainly('Framed: 4 bytes of big-endian length, then the message.');
  const notes = [framed, ...structureOf(QgsFrame, bytes), ...message.notes];
  return found('QgsMessage', bytes, notes, QgsFrame, message.inside);
}

/** A message to or from the quote generation service, and the evidence in it. */
export function qgsMessageOf(bytes: Uint8Array): Found | undefined {
  const message = messageOf(bytes);
  return message && withContent(message);
}

/* ---- the buffer of the GetQuote hypercall ---- */

const HDR = 24;
/** A quote of more is not to be expected: Linux fails beyond. */
const MOST_DATA = 0x400000;

const STATUS: Readonly<Record<string, string>> = {
  GET_QUOTE_IN_FLIGHT: 'Still in flight: the VMM has not answered, whatever stands behind the header is the request.',
  GET_QUOTE_ERROR: 'Failed: the status is GET_QUOTE_ERROR.',
  GET_QUOTE_SERVICE_UNAVAILABLE: 'Failed: the status is GET_QUOTE_SERVICE_UNAVAILABLE.',
};

/** What the data of a GetQuote buffer is: a message, or bare evidence. */
function dataOf(data: Uint8Array): { readonly notes: readonly Note[]; readonly inside?: Found } {
  const message = messageOf(data);
  if (message) {
    const inside = moved(HDR, message);
    const how = message.layout === QgsFrame ? 'framed' : 'bare';
    const odd = withContent({ ...inside, notes: message.notes.filter(({ isOdd }) => isOdd) });
    return { notes: [plainly(`Its data is a ${how} QGS message.`), ...odd.notes], inside };
  }
  const evidence = quoteOf(data) ?? tdReportOf(data);
  if (!evidence) return { notes: [] };
  const raw = plainly(`Its data is a raw ${titleOf(evidence)}, from byte ${HDR} on.`);
  // That a TDREPORT is no quote is what the buffer is for.
  const notes = evidence.notes.filter(({ isOdd }) => isOdd || evidence.kind === 'Quote');
  return { notes: [raw, ...notes], inside: moved(HDR, evidence) };
}

/** The buffer of the GetQuote hypercall: the 24-byte header, then request or answer. */
export function getQuoteBufferOf(bytes: Uint8Array): Found | undefined {
  if (bytes.length < HDR || readBig(bytes, 0) !== 1n) return undefined;
  const status = nameIn(GetQuoteStatus, readBig(bytes, 8));
  const [inLen, outLen] = [u32At(bytes, 16), u32At(bytes, 20)];
  if (status === undefined || (inLen === 0 && outLen === 0) || inLen > MOST_DATA || outLen > MOST_DATA)
    return undefined;
  const said = STATUS[status];
  const isAnswer = said === undefined && outLen > 0;
  const length = isAnswer ? outLen : inLen;
  const { notes, inside } = dataOf(bytes.subarray(HDR, HDR + length));
  const state =
    said ??
    (isAnswer
      ? `Answered: ${count(outLen)} of data behind the 24-byte header.`
      : `A request, not answered: ${count(inLen)} of data behind the 24-byte header.`);
  const missing = HDR + length - bytes.length;
  const cut = `Broken: truncated, or TdxQuoteBuf.${isAnswer ? 'outLen' : 'inLen'} is wrong: ${count(length)} of data, ${count(missing)} more than there are.`;
  return found(
    'GetQuoteBuffer',
    bytes,
    [plainly(state), ...(missing > 0 ? [oddly(cut)] : []), ...notes],
    TdxQuoteBuf,
    inside,
  );
}
