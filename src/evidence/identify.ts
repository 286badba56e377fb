import { count } from '../engine/number.ts';
import { ascii, indexOf, ownBytes } from './identify/bytes.ts';
import { cborStrings } from './identify/cbor.ts';
import { isSequence } from './identify/certificate.ts';
import { collateralIn, collateralOf } from './identify/collateral.ts';
import {
  after,
  type Found,
  found,
  type Identified,
  isEvidence,
  moved,
  type Note,
  nameOf,
  oddly,
  plainly,
} from './identify/found.ts';
import { azureHclOf } from './identify/hcl.ts';
import { DEEPEST_JSON, type Scanned, scanJson } from './identify/json.ts';
import { type Look, Reach } from './identify/look.ts';
import { getQuoteBufferOf, qgsMessageOf } from './identify/message.ts';
import { inFront, openEnclaveOf } from './identify/open-enclave.ts';
import { textIn, trimmed } from './identify/plain-text.ts';
import { quoteInside, quoteOf } from './identify/quote.ts';
import { raTlsOf } from './identify/ra-tls.ts';
import { sgxReportOf, tdReportOf } from './identify/report.ts';
import { type Decoded, decodeText, fromBase64, pemBlocks, shown } from './identify/text.ts';

export type { Identified, Kind } from './identify/found.ts';

/** So many sentences are given. */
const MOST_NOTES = 32;
/** So many strings of JSON and CBOR, and so many blocks of PEM, are looked into. */
const MOST_STRINGS = 32;

/* ---- bytes ---- */

/** The object identifier of the extension CRL number, 2.5.29.20. */
const CRL_NUMBER = /* @__PURE__ */ Uint8Array.from([0x06, 0x03, 0x55, 0x1d, 0x14]);

/** A DER sequence that is as long as the bytes. */
function derOf(bytes: Uint8Array): Found | undefined {
  if ((bytes[1] ?? 0) < 0x81 || !isSequence(bytes)) return undefined;
  const isList = indexOf(bytes, CRL_NUMBER) >= 0;
  return found('Der', bytes, [
    plainly(isList ? 'A certificate revocation list.' : 'A DER sequence, such as a certificate.'),
  ]);
}

function cborOf(bytes: Uint8Array, look: Look): Found | undefined {
  const strings = (bytes[0] ?? 0) < 0x80 ? undefined : cborStrings(bytes, MOST_STRINGS);
  if (!strings) return undefined;
  for (const string of strings) {
    const inside = moved(string.offset, look(string.bytes));
    if (!isEvidence(inside)) continue;
    const where = plainly(`CBOR: ${nameOf(inside)} starts at byte ${inside.offset}.`);
    return { ...inside, kind: 'CborEvidence', notes: [where, ...inside.notes], inside };
  }
  // Noise can be CBOR by chance, but its strings are short then.
  const share = strings.reduce((sum, string) => sum + string.bytes.length, 0) / bytes.length;
  if (share < 0.5) return undefined;
  return found('CborEvidence', bytes, [plainly('CBOR without a quote in it, as DICE-style evidence is.')]);
}

const OPEN_ENCLAVE = /* @__PURE__ */ ascii('Open Enclave');

/** A quote with anything in front of it. */
function carriedQuote(bytes: Uint8Array): Found | undefined {
  const at = quoteInside(bytes);
  const quote = at < 0 ? undefined : quoteOf(bytes.subarray(at));
  if (!quote) return undefined;
  const saysSo = indexOf(bytes.subarray(0, at), OPEN_ENCLAVE) >= 0;
  return moved(at, after([inFront(at)], saysSo ? { ...quote, kind: 'OpenEnclaveEvidence' } : quote));
}

const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b && bytes[2] === 8;

const unknown = (bytes: Uint8Array): Found =>
  found(
    'unknown',
    bytes,
    isGzip(bytes) ? [oddly('Compressed by gzip: what is in it can be seen when it is unpacked.')] : [],
  );

function identifyBytes(bytes: Uint8Array, look: Look): Found {
  if (bytes.length === 0) return found('unknown', bytes, [oddly('Empty input.')]);
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
  if (text !== undefined) return identifyText(text, () => bytes, look);
  return (
    cborOf(bytes, look) ??
    raTlsOf(bytes, look) ??
    derOf(bytes) ??
    carriedQuote(bytes) ??
    collateralOf(bytes) ??
    unknown(bytes)
  );
}

/* ---- text ---- */

function jsonOf({ keys, leaves, dropped }: Scanned, given: () => Uint8Array, look: Look): Found {
  if (keys.length === 2 && keys.includes('kind') && keys.includes('value'))
    return found('Json', given(), [plainly('The JSON form that decode prints: encode makes bytes of it.')]);
  const limit =
    dropped > 0
      ? [plainly(`JSON: only the ${MOST_STRINGS} longest of ${MOST_STRINGS + dropped} texts were looked into.`)]
      : [];
  const hits: { readonly path: string; readonly it: Found }[] = [];
  for (const { path, content } of leaves) {
    const inner = content();
    const it = inner === undefined ? undefined : look(inner);
    if (it && isEvidence(it)) hits.push({ path, it });
  }
  const [first, ...others] = hits;
  if (first) {
    const where = first.path === '' ? 'a string' : first.path;
    const also = others.slice(0, 3).map(({ path, it }) => plainly(`At ${path} there is ${nameOf(it)} too.`));
    return after([plainly(`JSON: taken from ${where}.`), ...also, ...limit], first.it);
  }
  return collateralIn(keys, given()) ?? found('Json', given(), [plainly('JSON without evidence in it.'), ...limit]);
}

/** What PEM armours: evidence in one of its blocks, else the blocks by their labels. */
function pemOf(text: string, given: () => Uint8Array, look: Look): Found | undefined {
  const labels = new Map<string, number>();
  let many = 0;
  for (const { label, body } of pemBlocks(text)) {
    many++;
    if (labels.size < MOST_STRINGS || labels.has(label)) labels.set(label, (labels.get(label) ?? 0) + 1);
    const bytes = many > MOST_STRINGS ? undefined : fromBase64(body);
    const it = bytes && look(bytes);
    if (it && isEvidence(it)) return after([plainly(`PEM: block ${many}, ${shown(label)}.`)], it);
  }
  if (many === 0) return undefined;
  const names = [...labels].slice(0, 4).map(([label, times]) => `${times} x ${shown(label)}`);
  const more = labels.size > 4 ? ' and others' : '';
  return found('Pem', given(), [plainly(`PEM blocks: ${names.join(', ')}${more}.`)]);
}

/** Where text stands for text again. */
function twice(encoding: string, inner: Found): Note[] {
  const again = ['hex', 'base64', 'base64url'].find((each) => inner.notes[0]?.says.startsWith(`Text: ${each} of `));
  return again ? [plainly(`Encoded twice: ${encoding} of ${again} text; once would do.`)] : [];
}

/** Fewer hex digits may be anything. */
const LEAST_HEX = 16;
const LEAST_BASE64 = 64;

/** What can be said of text in which nothing is recognised. */
function undecided(text: string, { bytes, encoding, isOdd }: Decoded): Note[] {
  const digits = 2 * bytes.length + (isOdd ? 1 : 0);
  const isLikely = encoding === 'hex' ? digits >= LEAST_HEX : text.length >= LEAST_BASE64 && !text.includes(' ');
  if (!isLikely) return [];
  return isOdd
    ? [oddly(`Hex text with an odd number of digits (${digits}): one is lost.`)]
    : [plainly(`It could be ${encoding} of ${count(bytes.length)}, in which nothing is recognised.`)];
}

const LIKE_JSON = /^[{[]\s*["{[]/;

function identifyText(text: string, given: () => Uint8Array, look: Look): Found {
  const own = trimmed(text);
  if (own === '') return found('unknown', given(), [oddly('Empty input.')]);
  const scanned = '{["'.includes(own.charAt(0)) ? scanJson(own, MOST_STRINGS) : 'broken';
  if (scanned === 'deep')
    return found('unknown', given(), [
      oddly(`It begins like JSON that nests more than ${DEEPEST_JSON} deep: it was not looked into.`),
    ]);
  if (scanned !== 'broken') return jsonOf(scanned, given, look);
  const pem = pemOf(own, given, look);
  if (pem) return pem;
  const decoded = decodeText(own);
  if (!decoded)
    return found(
      'unknown',
      given(),
      LIKE_JSON.test(own) ? [oddly('It begins like JSON, but is none: it may be cut.')] : [],
    );
  const inner = decoded.isOdd ? undefined : look(decoded.bytes);
  if (!inner || inner.kind === 'unknown') return found('unknown', given(), undecided(own, decoded));
  const how = plainly(`Text: ${decoded.encoding} of ${count(decoded.bytes.length)}.`);
  return after([how, ...twice(decoded.encoding, inner)], inner);
}

/* ---- both ---- */

/** Identifies an input and what is inside of it, as far as `reach` goes. */
function looking(reach: Reach, depth: number): Look {
  return (inside) => {
    const isText = typeof inside === 'string';
    if (!reach.allows(inside.length, depth)) return found('unknown', isText ? new Uint8Array(0) : inside);
    const deeper = looking(reach, depth + 1);
    return isText
      ? identifyText(inside, () => new TextEncoder().encode(inside), deeper)
      : identifyBytes(inside, deeper);
  };
}

/** The answer, with no more sentences than anybody reads. */
function answer({ notes, inside, ...it }: Found): Identified {
  const left = notes.length - MOST_NOTES + 1;
  const given = left > 1 ? [...notes.slice(0, -left), oddly(`${left} more notes are left out.`)] : notes;
  return {
    ...it,
    notes: given.map(({ says }) => says),
    findings: given.filter(({ isOdd }) => isOdd).map(({ says }) => says),
    inside: inside && answer(inside),
  };
}

/**
 * What a blob or a text is: evidence of any kind, raw or as hex, base64, base64url or PEM, inside JSON, CBOR, a certificate
 * or a report of Azure's. Says where it starts, which layout reads it, what is odd about it by its layout, the strict rules
 * and the hashes in it, and explains the usual mix-ups. No signature is looked at. Anything else is `unknown`.
 *
 * @throws TypeError for anything but a Uint8Array or a string.
 */
export function identify(input: Uint8Array | string): Identified {
  const own = typeof input === 'string' ? input : ownBytes(input);
  if (own === undefined) throw new TypeError('input must be a Uint8Array or a string');
  const reach = new Reach(own.length);
  const it = looking(reach, 0)(own);
  return answer({ ...it, notes: [...it.notes, ...reach.ends.map(plainly)] });
}
