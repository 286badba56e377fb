import { sha256 } from '@noble/hashes/sha2.js';
import { count, readBig, u16At, u32At } from '../../engine/number.ts';
import type { Layout, View } from '../../layout/vocabulary.ts';
import { Quote } from '../../structs/quote.ts';
import { SgxReportBody } from '../../structs/sgx-report-body.ts';
import { TdReportBody10, TdReportBody15, TdReportBody15Ex } from '../../structs/td-report-body.ts';
import { view } from '../../verbs/view.ts';
import { filling, indexOf, stands, zero } from './bytes.ts';
import { chainFindings } from './chain.ts';
import { debugOfEnclave, debugOfTd } from './debug.ts';
import { broken, errorOf, strictFindings } from './fit.ts';
import { type Found, found, type Note, oddly, plainly } from './found.ts';

const INTEL = Uint8Array.from([
  0x93, 0x9a, 0x72, 0x33, 0xf7, 0x9c, 0x4c, 0xa9, 0x94, 0x0a, 0x0d, 0xb3, 0x95, 0x7f, 0x06, 0x07,
]);
const VENDOR = 12;
const HEADER = 48;
const DESCRIPTOR = 6;
const TDX = 0x81;

/** A body, and where it starts. */
interface Body {
  readonly at: number;
  readonly size: number;
  readonly isTd: boolean;
}
const sgxBody = (at: number): Body => ({ at, size: SgxReportBody.size!, isTd: false });
const tdBody = (at: number, size = TdReportBody10.size!): Body => ({ at, size, isTd: true });

/** The body by version and type; undefined where they do not say, or not yet. */
function bodyOf(bytes: Uint8Array): Body | undefined {
  const version = u16At(bytes, 0);
  const teeType = u32At(bytes, 4);
  if (version === 3 || (version === 4 && teeType === 0)) return sgxBody(HEADER);
  if (version === 4 && teeType === TDX) return tdBody(HEADER);
  if (version !== 5 || bytes.length < HEADER + DESCRIPTOR) return undefined;
  const at = HEADER + DESCRIPTOR;
  const bodies = [
    undefined,
    sgxBody(at),
    tdBody(at),
    tdBody(at, TdReportBody15.size),
    tdBody(at, TdReportBody15Ex.size),
  ];
  const body = bodies[u16At(bytes, HEADER)];
  return body?.size === u32At(bytes, HEADER + 2) ? body : undefined;
}

/** The version's own layout, whose errors name it; for others the union, which says what there is. */
const layoutFor = (version: number): Layout => (Quote.cases as Readonly<Record<number, Layout>>)[version] ?? Quote;

/* ---- what is odd about quotes that do not open ---- */

/** Whether signature data of version 4 or 5 can follow a body that ends at `end`. */
function couldEnd(bytes: Uint8Array, end: number): boolean {
  const start = end + 4;
  const QE_REPORT = 6;
  return (
    start + 134 <= bytes.length && start + u32At(bytes, end) <= bytes.length && u16At(bytes, start + 128) === QE_REPORT
  );
}

/** The usual ways to take one kind of quote for another. */
function mixUp(bytes: Uint8Array): string | undefined {
  const version = u16At(bytes, 0);
  const teeType = u32At(bytes, 4);
  const afterTd = HEADER + TdReportBody10.size!;
  const afterSgx = HEADER + SgxReportBody.size!;
  if (version === 5 && couldEnd(bytes, teeType === TDX ? afterTd : afterSgx))
    return 'a QuoteV5 without the 6 bytes of bodyDescriptor at byte 48, laid out like version 4, as early samples are.';
  if (version === 4 && teeType !== TDX && couldEnd(bytes, afterTd))
    return `QuoteV4.header.teeType at byte 4 is ${teeType}, but the lengths fit the body of a TD, which is 129.`;
  if (version === 4 && teeType !== 0 && couldEnd(bytes, afterSgx))
    return `QuoteV4.header.teeType at byte 4 is ${teeType}, but the lengths fit the body of an SGX enclave, which is 0.`;
  return undefined;
}

function brokenBy(bytes: Uint8Array, layout: Layout, body: Body | undefined): Note | undefined {
  const error = errorOf(layout, bytes);
  if (!error) return undefined;
  const mixed = bytes.length < HEADER ? undefined : mixUp(bytes);
  if (mixed) return oddly(`Broken: ${mixed}`);
  if (!body || error.code !== 'truncated') return broken(error);
  const end = body.at + body.size;
  if (bytes.length === end)
    return oddly(
      `Broken: a quote without signature; header and body end at byte ${end}, ${layout.name}.signatureDataLen is missing.`,
    );
  if (error.path !== `${layout.name}.signatureData`) return broken(error);
  const ends = end + 4 + u32At(bytes, end);
  return oddly(
    `Broken: truncated, or ${layout.name}.signatureDataLen is wrong: by it the quote ends at byte ${ends}, ${count(ends - bytes.length)} more than there are.`,
  );
}

/** Whether what is attested is under debug. It needs nothing behind the body, so it is said of broken quotes too. */
function debugOf(bytes: Uint8Array, layout: Layout, body: Body | undefined): Note[] {
  if (!body || bytes.length < body.at + body.size) return [];
  return body.isTd
    ? debugOfTd(
        readBig(bytes, body.at + TdReportBody10.fields.tdattributes.offset!),
        `${layout.name}.body.tdattributes`,
      )
    : debugOfEnclave(readBig(bytes, body.at + FLAGS), `${layout.name}.body.attributesFlags`);
}
const FLAGS = SgxReportBody.fields.attributesFlags.offset!;

/* ---- what is odd about quotes that open ---- */

/** A quote that opens, and the parts of it that lead to the platform, wherever the version keeps them. */
interface Opened {
  readonly layout: Layout;
  readonly quote: View<typeof Quote>;
  /** Undefined where the attestation key or the certification is of an unknown type. */
  readonly parts: Parts | undefined;
}
type Parts = ReturnType<typeof partsOf>;

function partsOf(quote: View<typeof Quote>) {
  const data = quote.signatureData;
  if (data instanceof Uint8Array) return undefined;
  const signature = 'quoteSignature' in data ? data.quoteSignature : data.isvEnclaveReportSignature;
  const certified = 'qeReport' in data ? data : data.qeCertificationData.certificationData;
  if (certified instanceof Uint8Array) return undefined;
  return {
    signature,
    signatureName: 'quoteSignature' in data ? 'quoteSignature' : 'isvEnclaveReportSignature',
    key: data.ecdsaAttestationKey,
    certified,
    /** Where `certified` is, in paths. */
    path: certified === data ? 'signatureData' : 'signatureData.qeCertificationData.certificationData',
  };
}

/** Longer QE authentication data is not hashed; the reference QE has 64 bytes at most. */
const MOST_AUTHENTICATION_DATA = 1024;

/** The QE report binds the attestation key by its hash. */
function keyFindings({ layout, parts }: Opened): Note[] {
  if (!parts) return [];
  const { signature, signatureName, key, certified, path } = parts;
  const notes: Note[] = [];
  if (zero(signature, 0, signature.length))
    notes.push(oddly(`${layout.name}.signatureData.${signatureName} is all zero.`));
  const { data } = certified.qeAuthenticationData;
  if (data.length > MOST_AUTHENTICATION_DATA) return notes;
  const both = new Uint8Array(key.length + data.length);
  both.set(key);
  both.set(data, key.length);
  if (!stands(certified.qeReport.reportdata, 0, sha256(both)))
    notes.push(
      oddly(
        `${layout.name}.${path}.qeReport.reportdata is not the SHA-256 of the attestation key and the QE authentication data.`,
      ),
    );
  return notes;
}

const qeFindings = ({ layout, parts }: Opened): Note[] =>
  parts
    ? debugOfEnclave(parts.certified.qeReport.attributesFlags, `${layout.name}.${parts.path}.qeReport.attributesFlags`)
    : [];

function certificationFindings({ layout, parts }: Opened): Note[] {
  if (!parts) return [];
  const { certificationDataType, certificationData } = parts.certified.qeCertificationData;
  if (certificationDataType !== 5 || !(certificationData instanceof Uint8Array)) return [];
  return chainFindings(certificationData, `${layout.name}.${parts.path}.qeCertificationData.certificationData`);
}

/** What is looked at in each quote that opens, in the order in which it is said. */
const FINDINGS: readonly ((opened: Opened) => Note[])[] = [keyFindings, qeFindings, certificationFindings];

/** What is odd about a quote that opens, beyond its layout. */
function findings(layout: Layout, bytes: Uint8Array): Note[] {
  const quote = view(Quote, bytes);
  const opened: Opened = { layout, quote, parts: partsOf(quote) };
  return FINDINGS.flatMap((look) => look(opened));
}

/** Where a quote ends by its own lengths; where they do not say, at the end of the bytes. */
export function quoteEnd(bytes: Uint8Array): number {
  const body = bytes.length < HEADER ? undefined : bodyOf(bytes);
  const end = body ? body.at + body.size : bytes.length;
  return Math.min(end + 4 > bytes.length ? bytes.length : end + 4 + u32At(bytes, end), bytes.length);
}

/** What follows a quote. */
function padding(bytes: Uint8Array): Note[] {
  const total = quoteEnd(bytes);
  if (total === bytes.length) return [];
  const { says, isZero } = filling(bytes, total);
  const note = `Padded: the quote ends at byte ${total}; behind it, not signed: ${says}.`;
  return [isZero ? plainly(note) : oddly(note)];
}

/** A quote at the start of the bytes. */
export function quoteOf(bytes: Uint8Array): Found | undefined {
  if (!startsQuote(bytes) && !stands(bytes, VENDOR, INTEL)) return undefined;
  const version = u16At(bytes, 0);
  const layout = layoutFor(version);
  const body = bodyOf(bytes);
  const notes: Note[] = [];
  if (version <= 5 && version >= 3 && u32At(bytes, 4) === 0)
    notes.push(plainly('It attests an SGX enclave, not a TD.'));
  if (bytes.length >= VENDOR + INTEL.length && !stands(bytes, VENDOR, INTEL))
    notes.push(oddly(`${layout.name}.header.qeVendorId is not Intel's.`));
  const fault = brokenBy(bytes, layout, body);
  if (fault) notes.push(fault, ...debugOf(bytes, layout, body));
  else
    notes.push(
      ...padding(bytes),
      ...debugOf(bytes, layout, body),
      ...strictFindings(layout, bytes),
      ...findings(layout, bytes),
    );
  return found('Quote', bytes, notes, layout);
}

/** Whether a quote begins here: by version, key type and TEE type, or by Intel's vendor id and small numbers in front. */
function startsQuote(bytes: Uint8Array): boolean {
  if (bytes.length < 8) return false;
  const version = u16At(bytes, 0);
  const keyType = u16At(bytes, 2);
  const teeType = u32At(bytes, 4);
  const plain = version >= 3 && version <= 5 && (keyType === 2 || keyType === 3) && (teeType === 0 || teeType === TDX);
  return plain || (version < 0x100 && keyType < 0x100 && stands(bytes, VENDOR, INTEL));
}

/** Where the first quote begins that stands behind the start of the bytes, or -1. */
export function quoteInside(bytes: Uint8Array): number {
  for (let at = indexOf(bytes, INTEL, VENDOR + 1); at >= 0; at = indexOf(bytes, INTEL, at + INTEL.length))
    if (startsQuote(bytes.subarray(at - VENDOR))) return at - VENDOR;
  return -1;
}
