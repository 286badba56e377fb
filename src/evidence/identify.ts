import { readUint } from '../engine/number.ts';
import { cborStrings } from './identify/cbor.ts';
import { after, ascii, count, found, type Identified, indexOf, type Kind } from './identify/found.ts';
import { getQuoteBufferOf, qgsMessageOf } from './identify/message.ts';
import { quoteInside, quoteOf } from './identify/quote.ts';
import { azureHclOf, sgxReportOf, tdReportOf } from './identify/report.ts';
import { decodeText, leavesOf, pemLabels } from './identify/text.ts';

export type { Identified, Kind } from './identify/found.ts';

/** How often an encoding may be wrapped in another. */
const DEEPEST = 6;

const isEvidence = (kind: Kind): boolean => !['unknown', 'Pem', 'Der', 'Json', 'Collateral'].includes(kind);

/* ---- bytes ---- */

const BEGIN = /* @__PURE__ */ ascii('-----BEGIN ');

/** The dump of collateral that Intel's libraries hand around: version, TEE type, sizes, then the parts. */
function collateralOf(bytes: Uint8Array): Identified | undefined {
  if (bytes.length < 24) return undefined;
  const at = indexOf(bytes, BEGIN);
  if (at < 0 || quoteInside(bytes)) return undefined;
  const isDump = readUint(bytes, 0, 4, false) < 16 && [0, 0x81].includes(readUint(bytes, 4, 4, false));
  const isOpenEnclave = indexOf(bytes, ascii('"tcbInfo"')) >= 0;
  if (!isDump && !isOpenEnclave) return undefined;
  return found('Collateral', bytes, ['Collateral in binary form: revocation lists, TCB info, QE identity and chains.']);
}

/** A DER sequence that is as long as the bytes. */
function derOf(bytes: Uint8Array): Identified | undefined {
  const [tag, first = 0] = bytes;
  if (tag !== 0x30 || first < 0x81 || first > 0x84) return undefined;
  const digits = first - 0x80;
  if (bytes.length < 2 + digits || readUint(bytes, 2, digits, true) !== bytes.length - 2 - digits) return undefined;
  const isList = indexOf(bytes, CRL_NUMBER) >= 0;
  return found('Der', bytes, [isList ? 'A certificate revocation list.' : 'A DER sequence, such as a certificate.']);
}
/** The object identifier of the extension CRL number, 2.5.29.20. */
const CRL_NUMBER = /* @__PURE__ */ Uint8Array.from([0x06, 0x03, 0x55, 0x1d, 0x14]);

function cborOf(bytes: Uint8Array, depth: number): Identified | undefined {
  if ((bytes[0] ?? 0) < 0x80) return undefined;
  const strings = cborStrings(bytes)?.filter((string) => string.bytes.length >= 8);
  if (!strings || strings.length === 0) return undefined;
  for (const string of strings.sort((a, b) => b.bytes.length - a.bytes.length)) {
    const inner = identifyBytes(string.bytes, depth + 1);
    if (!isEvidence(inner.kind)) continue;
    const offset = inner.offset + string.offset;
    return {
      ...inner,
      kind: 'CborEvidence',
      offset,
      notes: [`CBOR: ${nameOf(inner)} starts at byte ${offset}.`, ...inner.notes],
    };
  }
  return found('CborEvidence', bytes, ['CBOR without a quote in it, as DICE-style evidence is.']);
}

const nameOf = ({ kind }: Identified): string =>
  kind === 'Quote' ? 'a quote' : kind === 'TdReport' ? 'a TDREPORT' : `a ${kind}`;

const inFront = (quote: Identified): string =>
  `The quote starts at byte ${quote.offset}; what stands in front is no part of it.`;

/** A quote behind the header of an Open Enclave report: version 1, type, size. */
function openEnclaveOf(bytes: Uint8Array): Identified | undefined {
  if (bytes.length < 24 || readUint(bytes, 0, 4, false) !== 1) return undefined;
  const quote = quoteOf(bytes.subarray(16));
  if (!quote) return undefined;
  const moved = { ...quote, kind: 'OpenEnclaveEvidence' as const, offset: 16 };
  return after([inFront(moved)], moved);
}

/** A quote with anything in front of it. */
function carriedQuote(bytes: Uint8Array): Identified | undefined {
  const quote = quoteInside(bytes);
  if (!quote) return undefined;
  const saysSo = indexOf(bytes.subarray(0, quote.offset), OPEN_ENCLAVE) >= 0;
  return after([inFront(quote)], saysSo ? { ...quote, kind: 'OpenEnclaveEvidence' } : quote);
}
const OPEN_ENCLAVE = /* @__PURE__ */ ascii('Open Enclave');

/** Text, if the bytes are nothing else: printable ASCII, maybe with a byte order mark in front or NULs behind. */
function textIn(bytes: Uint8Array): string | undefined {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end--;
  const start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  const isUtf8Json = bytes[start] === 0x7b;
  for (let i = start; i < end; i++) {
    const byte = bytes[i] ?? 0;
    if ((byte < 0x20 && byte !== 9 && byte !== 10 && byte !== 13) || (byte > 0x7e && !isUtf8Json)) return undefined;
  }
  // A copy, since a decoder takes no shared memory.
  return end > start ? new TextDecoder().decode(bytes.slice(start, end)) : undefined;
}

function identifyBytes(bytes: Uint8Array, depth: number): Identified {
  if (bytes.length === 0) return found('unknown', bytes, ['Empty input.']);
  const binary =
    quoteOf(bytes) ??
    tdReportOf(bytes) ??
    getQuoteBufferOf(bytes) ??
    openEnclaveOf(bytes) ??
    qgsMessageOf(bytes) ??
    azureHclOf(bytes) ??
    sgxReportOf(bytes);
  if (binary) return binary;
  const text = textIn(bytes);
  if (text !== undefined) return identifyText(text, depth, bytes);
  return cborOf(bytes, depth) ?? carriedQuote(bytes) ?? collateralOf(bytes) ?? derOf(bytes) ?? found('unknown', bytes);
}

/* ---- text ---- */

const COLLATERAL_KEYS = ['tcbInfo', 'enclaveIdentity', 'tcb_info', 'qe_identity', 'pck_crl', 'root_ca_crl'];

function identifyJson(json: unknown, depth: number, given: Uint8Array): Identified {
  const keys = typeof json === 'object' && json !== null ? Object.keys(json) : [];
  if (keys.length === 2 && keys.includes('kind') && keys.includes('value'))
    return found('Json', given, ['The JSON form that decode prints: encode makes bytes of it.']);
  const hits: [path: string, it: Identified][] = [];
  for (const { path, content } of leavesOf(json)) {
    const it = typeof content === 'string' ? identifyText(content, depth + 1) : identifyBytes(content, depth + 1);
    if (isEvidence(it.kind)) hits.push([path, it]);
  }
  const [first, ...others] = hits;
  if (first) {
    const [path, it] = first;
    const where = path === '' ? 'a string' : path;
    return after(
      [
        `JSON: taken from ${where}.`,
        ...others.slice(0, 3).map(([at, other]) => `At ${at} there is ${nameOf(other)} too.`),
      ],
      it,
    );
  }
  const named = keys.filter((key) => COLLATERAL_KEYS.includes(key));
  if (named.length > 0) return found('Collateral', given, [`Collateral in JSON form: ${named.join(', ')}.`]);
  return found('Json', given, ['JSON without evidence in it.']);
}

function parsed(text: string): { json: unknown } | undefined {
  try {
    return { json: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}

const digits = (text: string): number => text.replace(/0x|\s/gi, '').length;

function identifyText(text: string, depth: number, given?: Uint8Array): Identified {
  const own = text.trim();
  const bytes = given ?? new TextEncoder().encode(text);
  if (own === '') return found('unknown', bytes, ['Empty input.']);
  if (depth > DEEPEST) return found('unknown', bytes, ['Encodings are wrapped too deep.']);
  const document = /^[{["]/.test(own) ? parsed(own) : undefined;
  if (document) return identifyJson(document.json, depth, bytes);
  const labels = pemLabels(own);
  if (labels.length > 0) {
    const names = [...new Set(labels)].map((label) => {
      const times = labels.filter((each) => each === label).length;
      return `${times} x ${label}`;
    });
    return found('Pem', bytes, [`PEM blocks: ${names.join(', ')}.`]);
  }
  const decoded = decodeText(own);
  if (!decoded) {
    const isOdd = /^(0x)?[0-9a-f\s]+$/i.test(own);
    return found(
      'unknown',
      bytes,
      isOdd ? [`Hex text with an odd number of digits (${digits(own)}): one is lost.`] : [],
    );
  }
  const inner = identifyBytes(decoded.bytes, depth + 1);
  return after(
    [`Text: ${decoded.encoding} of ${count(decoded.bytes.length)}.`, ...twice(decoded.encoding, inner)],
    inner,
  );
}

/** Said where text stands for text again. */
const twice = (encoding: string, inner: Identified): string[] => {
  const again = /^Text: (hex|base64url|base64) of/.exec(inner.notes[0] ?? '')?.[1];
  return again ? [`Encoded twice: ${encoding} of ${again} text; once would do.`] : [];
};

/**
 * What a blob or a text is: evidence of any kind, raw or as hex, base64, base64url or inside JSON. Says where it starts,
 * which layout reads it, and explains the usual mix-ups. Nothing is verified. Anything else is `unknown`.
 */
export function identify(input: Uint8Array | string): Identified {
  if (typeof input === 'string') return identifyText(input.replace(/^\uFEFF|\0+$/g, ''), 0);
  if (!(input instanceof Uint8Array)) throw new TypeError('input must be a Uint8Array or a string');
  return identifyBytes(input, 0);
}
