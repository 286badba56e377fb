import { readBig, readUint } from '../../engine/number.ts';
import { QgsFrame, QgsMessage } from '../../structs/qgs-message.ts';
import { TdxQuoteBuf } from '../../uapi/tdx-quote.ts';
import { count, found, type Identified } from './found.ts';
import { quoteOf } from './quote.ts';
import { tdReportOf } from './report.ts';

const u16 = (bytes: Uint8Array, at: number): number => readUint(bytes, at, 2, false);
const u32 = (bytes: Uint8Array, at: number): number => readUint(bytes, at, 4, false);

const TYPES = [
  'GET_QUOTE_REQ',
  'GET_QUOTE_RESP',
  'GET_COLLATERAL_REQ',
  'GET_COLLATERAL_RESP',
  'GET_PLATFORM_INFO_REQ',
  'GET_PLATFORM_INFO_RESP',
];
const HEADER = 16;

/** The parts of a message that can be named: what stands behind two lengths of a quote message. */
function payloadNote(bytes: Uint8Array, type: number, before: number): string[] {
  if (type > 1 || bytes.length < 24) return [];
  const start = type === 0 ? 24 : 24 + u32(bytes, 16);
  const size = u32(bytes, type === 0 ? 16 : 20);
  if (size === 0) return [];
  const inner = bytes.subarray(start, start + size);
  const what = type === 0 ? tdReportOf(inner) : quoteOf(inner);
  return what ? [`The ${what.kind === 'Quote' ? 'quote' : 'TDREPORT'} in it starts at byte ${start + before}.`] : [];
}

function bareMessage(bytes: Uint8Array, before: number): Identified | undefined {
  if (bytes.length < HEADER) return undefined;
  const [major, minor, type, size, error] = [
    u16(bytes, 0),
    u16(bytes, 2),
    u32(bytes, 4),
    u32(bytes, 8),
    u32(bytes, 12),
  ];
  const isKnown = major === 1 && minor < 2 && type < TYPES.length;
  const isCoded = error === 0 || (error > 0x12000 && error < 0x12009);
  const isWhole = size === bytes.length;
  if (!(isWhole ? major < 16 && minor < 16 && type < 256 : isKnown && isCoded && size >= HEADER && size < 0x1000000))
    return undefined;
  const notes: string[] = [];
  if (major !== 1) notes.push(`Major version ${major}, where 1 is known.`);
  notes.push(
    TYPES[type] ? `${TYPES[type]}, version ${major}.${minor}.` : `Message type ${type}, where 0 to 5 are known.`,
  );
  if (type < 6 && type % 2 === 0 && error !== 0) notes.push('A request with an error code.');
  else if (error !== 0) notes.push(`It reports error 0x${error.toString(16)}.`);
  if (size > bytes.length) notes.push(`Truncated, or its size is wrong: ${count(size - bytes.length)} missing.`);
  if (size < bytes.length) notes.push(`${count(bytes.length - size)} more than its size says.`);
  return found('QgsMessage', bytes, [...notes, ...payloadNote(bytes, type, before)], QgsMessage);
}

/** A message to or from the quote generation service, with its length in front as on the wire, or bare. */
export function qgsMessageOf(bytes: Uint8Array): Identified | undefined {
  if (bytes.length >= 4 + HEADER && readUint(bytes, 0, 4, true) === bytes.length - 4) {
    const message = bareMessage(bytes.subarray(4), 4);
    if (message) {
      const frame = 'Framed: 4 bytes of big-endian length, then the message.';
      return found('QgsMessage', bytes, [frame, ...message.notes], QgsFrame);
    }
  }
  return bareMessage(bytes, 0);
}

const HDR = 24;
const STATUS: Readonly<Record<string, string>> = {
  '0': '',
  ffffffffffffffff: 'Still in flight: the VMM has not answered, whatever stands behind the header is the request.',
  '8000000000000000': 'Failed: the status is GET_QUOTE_ERROR.',
  '8000000000000001': 'Failed: the status is GET_QUOTE_SERVICE_UNAVAILABLE.',
};

/** What the data of a GetQuote buffer is, and how it is packed. */
function dataNote(data: Uint8Array): string[] {
  const message = qgsMessageOf(data);
  if (message) {
    const before = message.layout === QgsFrame ? 4 : 0;
    return [
      `Its data is a ${before > 0 ? 'framed' : 'bare'} QGS message.`,
      ...payloadNote(data.subarray(before), u32(data, before + 4), HDR + before),
    ];
  }
  const quote = quoteOf(data);
  if (quote) return ['Its data is a raw quote, from byte 24 on.', ...quote.notes];
  return tdReportOf(data) ? ['Its data is a raw TDREPORT, from byte 24 on.'] : [];
}

/** The buffer of the GetQuote hypercall: the 24-byte header, then request or answer. */
export function getQuoteBufferOf(bytes: Uint8Array): Identified | undefined {
  if (bytes.length < HDR || readBig(bytes, 0) !== 1n) return undefined;
  const status = STATUS[readBig(bytes, 8).toString(16)];
  const inLen = u32(bytes, 16);
  const outLen = u32(bytes, 20);
  if (status === undefined || (inLen === 0 && outLen === 0)) return undefined;
  const isAnswer = status === '' && outLen > 0;
  const length = isAnswer ? outLen : inLen;
  const notes = [
    status ||
      (isAnswer
        ? `Answered: ${count(outLen)} of data behind the 24-byte header.`
        : `A request, not answered: ${count(inLen)} of data behind the 24-byte header.`),
  ];
  if (HDR + length > bytes.length)
    notes.push(`Truncated, or its length is wrong: ${count(HDR + length - bytes.length)} missing.`);
  notes.push(...dataNote(bytes.subarray(HDR, HDR + length)));
  return found('GetQuoteBuffer', bytes, notes, TdxQuoteBuf);
}
