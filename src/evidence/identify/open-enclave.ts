import { toHex } from '../../engine/hex.ts';
import { count, readBig, u32At } from '../../engine/number.ts';
import { after, type Found, moved, type Note, oddly, plainly } from './found.ts';
import { quoteEnd, quoteOf } from './quote.ts';
import { sgxReportOf } from './report.ts';

export const inFront = (at: number): Note =>
  plainly(`The quote starts at byte ${at}; what stands in front is no part of it.`);

const REPORT_HEADER = 16;
const EVIDENCE_HEADER = 32;

/** A size that is to be that of all that follows it. */
function sizeNote(bytes: Uint8Array, at: number, header: number, name: string): Note[] {
  const size = readBig(bytes, at);
  const left = bytes.length - header;
  return size === BigInt(left)
    ? []
    : [oddly(`Broken: ${name} at byte ${at} is ${size}, but behind the header there are ${count(left)}.`)];
}

/** A report or a quote behind the header of an Open Enclave report: version 1, type, size. */
function reportOf(bytes: Uint8Array): Found | undefined {
  if (bytes.length < REPORT_HEADER + 8 || u32At(bytes, 0) !== 1) return undefined;
  const content = bytes.subarray(REPORT_HEADER);
  const isWhole = readBig(bytes, 8) === BigInt(content.length);
  const type = u32At(bytes, 4);
  const inside = quoteOf(content) ?? (isWhole && type === 1 ? sgxReportOf(content) : undefined);
  if (!inside) return undefined;
  const front =
    inside.kind === 'Quote' ? inFront(REPORT_HEADER) : plainly(`The report starts at byte ${REPORT_HEADER}.`);
  return after([front, ...sizeNote(bytes, 8, REPORT_HEADER, 'report_size')], moved(REPORT_HEADER, inside));
}

/** The formats of Open Enclave evidence that hold a quote, and whether claims of the enclave's own stand behind it. */
const FORMATS: Readonly<Record<string, { readonly name: string; readonly hasClaims: boolean }>> = {
  a3a21e871b4d4014b70aa125d2fbcd8c: { name: 'SGX_ECDSA', hasClaims: true },
  c8303454d9234c2ca691df7def460a76: { name: 'LEGACY_REPORT_REMOTE', hasClaims: false },
  '1923d91e12d24c72b22025cd8dace871': { name: 'RAW_SGX_QUOTE_ECDSA', hasClaims: false },
  '8ba70286c1cf11edafa10242ac120002': { name: 'TDX_QUOTE_ECDSA', hasClaims: true },
};

/** A quote behind the header of Open Enclave evidence: version 3, format, size. */
function evidenceOf(bytes: Uint8Array): Found | undefined {
  if (bytes.length < EVIDENCE_HEADER + 8 || u32At(bytes, 0) !== 3) return undefined;
  const format = FORMATS[toHex(bytes, 4, 20)];
  if (!format) return undefined;
  const content = bytes.subarray(EVIDENCE_HEADER);
  const end = format.hasClaims ? quoteEnd(content) : content.length;
  const inside = quoteOf(content.subarray(0, end));
  if (!inside) return undefined;
  const claims = content.length - end;
  return after(
    [
      plainly(`Open Enclave evidence of format ${format.name}.`),
      inFront(EVIDENCE_HEADER),
      ...(claims > 0 ? [plainly(`Behind the quote stand ${count(claims)} of claims.`)] : []),
      ...sizeNote(bytes, 24, EVIDENCE_HEADER, 'data_size'),
    ],
    moved(EVIDENCE_HEADER, inside),
  );
}

/** What stands behind a header of Open Enclave's. */
export function openEnclaveOf(bytes: Uint8Array): Found | undefined {
  const inside = reportOf(bytes) ?? evidenceOf(bytes);
  return inside && { ...inside, kind: 'OpenEnclaveEvidence' };
}
