import { readUint } from '../../engine/number.ts';
import { SgxReportBody } from '../../structs/sgx-report-body.ts';
import { TdReport } from '../../structs/td-report.ts';
import { ascii, count, found, type Identified, stands, zero } from './found.ts';

const SIZE = 1024;
const VALID = 256;

/** Whether the bitmap VALID of TEE_TCB_INFO stands at `at`, with one of the two values that it ever has. */
const validAt = (bytes: Uint8Array, at: number): boolean =>
  at + 8 <= bytes.length &&
  bytes[at] === 0xff &&
  bytes[at + 1] === 1 &&
  (bytes[at + 2] === 0 || bytes[at + 2] === 3) &&
  zero(bytes, at + 3, at + 8);

const MIX_UP =
  'A TDREPORT is evidence for its own machine only: where a quote is wanted, the quoting enclave has to make one of it.';

/** A TDREPORT, also one that is cut, or whose start is lost. */
export function tdReportOf(bytes: Uint8Array): Identified | undefined {
  const [type, subtype = 0, version = 0, reserved] = bytes;
  const { length } = bytes;
  const isTdx = type === 0x81 && reserved === 0 && subtype < 2 && version < 4;
  if (isTdx && (length === SIZE || validAt(bytes, VALID) || zero(bytes, 4, 16))) {
    const notes = [MIX_UP];
    if (length < SIZE) notes.push(`Truncated: a TDREPORT has 1024 bytes, ${count(SIZE - length)} missing.`);
    if (length > SIZE) notes.push(`${count(length - SIZE)} more than the 1024 of a TDREPORT.`);
    return found('TdReport', bytes, notes, TdReport);
  }
  if (length !== SIZE) return undefined;
  if (validAt(bytes, VALID))
    return found(
      'TdReport',
      bytes,
      [`Laid out as a TDREPORT, but its type is 0x${hex(type)}, where 0x81 is TDX.`],
      TdReport,
    );
  for (let lost = 8; lost < VALID; lost += 8) {
    if (!validAt(bytes, VALID - lost)) continue;
    return found(
      'TdReport',
      bytes,
      [
        `1024 bytes, but no TDREPORT any more: its first ${lost} bytes are lost, everything stands ${lost} bytes too early.`,
      ],
      TdReport,
    );
  }
  return undefined;
}

const hex = (byte = 0): string => byte.toString(16).padStart(2, '0');

/** The report of an SGX enclave: its body, with key id and MAC behind it or without. Only its zeros tell it. */
export function sgxReportOf(bytes: Uint8Array): Identified | undefined {
  if (bytes.length !== 384 && bytes.length !== 432) return undefined;
  const gaps = [20, 32, 96, 128, 160, 192, 262, 304];
  for (let i = 0; i < gaps.length; i += 2) if (!zero(bytes, gaps[i] ?? 0, gaps[i + 1] ?? 0)) return undefined;
  if (zero(bytes, 48, 64) || zero(bytes, 64, 96)) return undefined;
  const whole = bytes.length === 432;
  return found(
    'SgxReport',
    bytes.subarray(0, 384),
    [
      'The report of an SGX enclave, which is evidence for its own machine only and not about a TD.',
      whole ? 'The body is followed by 48 bytes: key id and MAC.' : 'The body alone, without key id and MAC.',
    ],
    SgxReportBody,
  );
}

const HCLA = ascii('HCLA');
const HCL_HEADER = 32;

/** The report that Azure's paravisor keeps in the vTPM: a header, the hardware's report, and data that it binds. */
export function azureHclOf(bytes: Uint8Array): Identified | undefined {
  if (!stands(bytes, 0, HCLA)) return undefined;
  const inner = tdReportOf(bytes.subarray(HCL_HEADER, HCL_HEADER + SIZE));
  if (!inner) {
    const version = bytes.length >= 36 ? readUint(bytes, HCL_HEADER, 4, false) : 0;
    return found('AzureHclReport', bytes, [`It holds no TDREPORT: at byte 32 stands ${version}, so rather SEV-SNP.`]);
  }
  return {
    ...inner,
    kind: 'AzureHclReport',
    offset: HCL_HEADER,
    notes: [
      'An Azure HCL report: the TDREPORT stands at byte 32, the runtime data that its REPORTDATA hashes behind it.',
      ...inner.notes,
    ],
  };
}
