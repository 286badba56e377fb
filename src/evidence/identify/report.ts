import { sha384 } from '@noble/hashes/sha2.js';
import { count, readBig } from '../../engine/number.ts';
import { SgxReportBody } from '../../structs/sgx-report-body.ts';
import { TdReport } from '../../structs/td-report.ts';
import { view } from '../../verbs/view.ts';
import { projectReport } from '../report/project.ts';
import { filling, stands, zero } from './bytes.ts';
import { debugOfEnclave, debugOfTd } from './debug.ts';
import { broken, errorOf, strictFindings } from './fit.ts';
import { type Found, found, type Note, oddly, plainly } from './found.ts';

const SIZE = 1024;
const VALID = 256;
const TDX = 0x81;

/** Whether the bitmap VALID of TEE_TCB_INFO stands at `at`, with one of the two values that it ever has. */
const validAt = (bytes: Uint8Array, at: number): boolean =>
  at + 8 <= bytes.length && VALIDS.includes(readBig(bytes, at));
const VALIDS = [0x1ffn, 0x301ffn];

const MIX_UP = plainly(
  'A TDREPORT is evidence for its own machine only: where a quote is wanted, the quoting enclave has to make one of it.',
);

/** By how many bytes a report is shifted to the front, so that its start is lost; 0 where it is not. */
function lostOf(bytes: Uint8Array): number {
  if (bytes.length !== SIZE || validAt(bytes, VALID)) return 0;
  for (let lost = 8; lost < VALID; lost += 8) if (validAt(bytes, VALID - lost)) return lost;
  return 0;
}

/** Whether a report begins here, as far as it is there: by its type, or by VALID where it is to stand. */
function startsReport(bytes: Uint8Array): boolean {
  const [type, subtype = 0, version = 0, reserved] = bytes;
  if (validAt(bytes, VALID) && (type === TDX || bytes.length === SIZE)) return true;
  return type === TDX && reserved === 0 && subtype < 2 && version < 4 && (bytes.length === SIZE || zero(bytes, 4, 16));
}

/* ---- what is odd about a report ---- */

const TYPE = 'TdReport.reportmacstruct.reporttype';

/** Subtypes and versions that have a meaning, but no layout of their own. */
function kindOf(bytes: Uint8Array): Note | undefined {
  const [type, subtype, version] = bytes;
  if (type !== TDX) return undefined;
  if (subtype === 1)
    return oddly(
      `${TYPE}.subtype at byte 1 is 1: a TD binding report of TDX Connect, whose REPORTDATA is the SHA-384 of device information.`,
    );
  if (version === 2)
    return oddly(
      `${TYPE}.version at byte 2 is 2: the TD has been given an MRSIGNER and SVNs, and no layout for that is published.`,
    );
  return undefined;
}

function structureOf(bytes: Uint8Array): Note[] {
  const kind = kindOf(bytes);
  const end = bytes.length > SIZE ? filling(bytes, SIZE) : undefined;
  const longer = end && oddly(`Broken: longer than the 1024 bytes of TdReport: behind them ${end.says}.`);
  const notes = [kind, longer].filter((note) => note !== undefined);
  const own = bytes.slice(0, SIZE);
  // What `kind` says need not be said again by the rules, which know only subtype 0.
  if (kind) own[1] = 0;
  const error = errorOf(TdReport, own);
  if (error) return kind && error.path === `${TYPE}.version` ? notes : [...notes, broken(error)];
  const made = projectReport(view(TdReport, own));
  return [
    ...notes,
    ...strictFindings(TdReport, own),
    ...(kind || made.version !== undefined ? [] : [oddly(`No quoting enclave makes a quote of it: ${made.why}.`)]),
  ];
}

function digestFindings(bytes: Uint8Array): Note[] {
  if (bytes.length < SIZE) return [];
  const covered = [
    ['teeTcbInfoHash', 32, 'teeTcbInfo', 256, 495],
    ['teeInfoHash', 80, 'tdinfo', 512, SIZE],
  ] as const;
  return covered
    .filter(([, at, , from, to]) => !stands(bytes, at, sha384(bytes.subarray(from, to))))
    .map(([hash, , part, from, to]) =>
      oddly(
        `TdReport.reportmacstruct.${hash} is not the SHA-384 of TdReport.${part}, the ${to - from} bytes at byte ${from}.`,
      ),
    );
}

const ATTRIBUTES = 512;

/** A TDREPORT, also one that is cut, or whose start is lost. */
export function tdReportOf(bytes: Uint8Array): Found | undefined {
  const lost = lostOf(bytes);
  if (lost > 0)
    return found(
      'TdReport',
      bytes,
      [
        oddly(
          `Broken: 1024 bytes, but no TDREPORT any more: the first ${count(lost)} of TdReport.reportmacstruct are lost, all else stands ${count(lost)} too early.`,
        ),
      ],
      TdReport,
    );
  if (!startsReport(bytes)) return undefined;
  const debug =
    bytes.length < ATTRIBUTES + 8 ? [] : debugOfTd(readBig(bytes, ATTRIBUTES), 'TdReport.tdinfo.attributes');
  return found('TdReport', bytes, [MIX_UP, ...structureOf(bytes), ...digestFindings(bytes), ...debug], TdReport);
}

/** What is reserved in the report of an enclave. */
const GAPS = [
  [20, 32],
  [96, 128],
  [160, 192],
  [262, 304],
] as const;

/** The report of an SGX enclave: its body, with key id and MAC behind it or without. Only its zeros tell it. */
export function sgxReportOf(bytes: Uint8Array): Found | undefined {
  if (bytes.length !== 384 && bytes.length !== 432) return undefined;
  if (!GAPS.every(([from, to]) => zero(bytes, from, to)) || zero(bytes, 48, 64) || zero(bytes, 64, 96))
    return undefined;
  const body = bytes.subarray(0, 384);
  return found(
    'SgxReport',
    body,
    [
      plainly('The report of an SGX enclave, which is evidence for its own machine only and not about a TD.'),
      plainly(
        bytes.length === 432
          ? 'The body is followed by 48 bytes: key id and MAC.'
          : 'The body alone, without key id and MAC.',
      ),
      ...strictFindings(SgxReportBody, body),
      ...debugOfEnclave(readBig(body, 48), 'SgxReportBody.attributesFlags'),
    ],
    SgxReportBody,
  );
}
