import { sha384 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { join, type Line, place, u8, u64 } from './place.ts';
import { own } from './seed.ts';

/** What a make-believe TD has to report. Names as in the quote bodies. */
export interface Td {
  /** Security version numbers of the TDX module when the TD was made. */
  readonly teeTcbSvn: Uint8Array;
  /** SHA-384 of the TDX module, 48 bytes. */
  readonly mrseam: Uint8Array;
  /** SHA-384 of the TDX module's signer, 48 bytes. */
  readonly mrsignerseam: Uint8Array;
  /** Attributes of the TDX module. */
  readonly seamattributes: bigint;
  /** Attributes of the TD. */
  readonly tdattributes: bigint;
  /** Extended processor features that the TD may use. */
  readonly xfam: bigint;
  /** SHA-384 of the initial contents, 48 bytes. */
  readonly mrtd: Uint8Array;
  /** Identity of the configuration, 48 bytes. */
  readonly mrconfigid: Uint8Array;
  /** Identity of the owner, 48 bytes. */
  readonly mrowner: Uint8Array;
  /** Configuration that the owner defines, 48 bytes. */
  readonly mrownerconfig: Uint8Array;
  /** The four run-time measurement registers, 48 bytes each. */
  readonly rtmr: readonly [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
  /** What the TD wants to have attested, 64 bytes. */
  readonly reportdata: Uint8Array;
  /** Security version numbers of the module that runs now; from body 1.5 on. */
  readonly teeTcbSvn2: Uint8Array;
  /** Hash of the service TDs, zero without one; from body 1.5 on. */
  readonly mrservicetd: Uint8Array;
  /** Partition that asked; in the extended body. */
  readonly vmid: number;
  /** Identity of this launch; in the extended body. */
  readonly tdId: Uint8Array;
}

const measure = (what: string): Uint8Array<ArrayBuffer> => own(sha384(utf8ToBytes(`tdx-codec test ${what}`)));

/** What `extendRtmr` promises, at once. */
export const extended = (register: Uint8Array, digest: Uint8Array): Uint8Array<ArrayBuffer> =>
  own(sha384(join(register, digest)));

/** 16 security version numbers, the first of them given, the others 0. */
export const svn = (...first: number[]): Uint8Array => Uint8Array.from({ length: 16 }, (_, i) => first[i] ?? 0);

/** Stands in the report data of a fixture that was not given any. */
const REPORTDATA = 'tdx-codec test fixture, signed by a throw-away key: no evidence';

export function defaultReportdata(): Uint8Array<ArrayBuffer> {
  const reportdata = new Uint8Array(64);
  reportdata.set(utf8ToBytes(REPORTDATA));
  return reportdata;
}

/** A TD of a current module, with three of its four run-time registers extended once. */
export function testTd(fields: Partial<Td> = {}): Td {
  const zero = new Uint8Array(48);
  const teeTcbSvn = svn(7, 1, 3);
  return {
    teeTcbSvn,
    mrseam: measure('TDX module'),
    mrsignerseam: zero,
    seamattributes: 0n,
    // SEPT_VE_DISABLE
    tdattributes: 0x10000000n,
    xfam: 0x600e7n,
    mrtd: measure('initial contents'),
    mrconfigid: zero,
    mrowner: zero,
    mrownerconfig: zero,
    rtmr: [
      extended(zero, measure('firmware')),
      extended(zero, measure('kernel')),
      extended(zero, measure('application')),
      zero,
    ],
    reportdata: defaultReportdata(),
    teeTcbSvn2: fields.teeTcbSvn ?? teeTcbSvn,
    mrservicetd: zero,
    vmid: 0,
    tdId: measure('launch').slice(0, 32),
    ...fields,
  };
}

/** Which body a quote of a TD has: 1.0 (584 bytes), 1.5 (648) or extended 1.5 (885). */
export type TdBody = 'TdReportBody10' | 'TdReportBody15' | 'TdReportBody15Ex';

/** The body of a quote of the TD. */
export function tdBody(body: TdBody, td: Td): Uint8Array<ArrayBuffer> {
  const lines10: Line[] = [
    [  0,  16, 'teeTcbSvn',      td.teeTcbSvn],
    [ 16,  48, 'mrseam',         td.mrseam],
    [ 64,  48, 'mrsignerseam',   td.mrsignerseam],
    [112,   8, 'seamattributes', u64(td.seamattributes)],
    [120,   8, 'tdattributes',   u64(td.tdattributes)],
    [128,   8, 'xfam',           u64(td.xfam)],
    [136,  48, 'mrtd',           td.mrtd],
    [184,  48, 'mrconfigid',     td.mrconfigid],
    [232,  48, 'mrowner',        td.mrowner],
    [280,  48, 'mrownerconfig',  td.mrownerconfig],
    [328,  48, 'rtmr[0]',        td.rtmr[0]],
    [376,  48, 'rtmr[1]',        td.rtmr[1]],
    [424,  48, 'rtmr[2]',        td.rtmr[2]],
    [472,  48, 'rtmr[3]',        td.rtmr[3]],
    [520,  64, 'reportdata',     td.reportdata],
  ];
  if (body === 'TdReportBody10') return place(body, 584, lines10);
  const lines15: Line[] = [
    ...lines10,
    [584,  16, 'teeTcbSvn2',     td.teeTcbSvn2],
    [600,  48, 'mrservicetd',    td.mrservicetd],
  ];
  if (body === 'TdReportBody15') return place(body, 648, lines15);
  // The rest is zero: the quoting enclave does not fill it yet.
  return place(body, 885, [
    ...lines15,
    [648,   1, 'vmid',           u8(td.vmid)],
    [649,  32, 'tdId',           td.tdId],
  ]);
}
