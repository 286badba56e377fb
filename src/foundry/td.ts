import { sha384 } from '@noble/hashes/sha2.js';
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { own } from './seed.ts';

/** What a make-believe TD has to report. Names as in the quote bodies and in TDINFO. */
export interface Td {
  /** Security version numbers of the TDX module when the TD was made. */
  readonly teeTcbSvn: Uint8Array;
  /** Those of the module that runs now. */
  readonly teeTcbSvn2: Uint8Array;
  readonly mrseam: Uint8Array;
  readonly mrsignerseam: Uint8Array;
  readonly seamattributes: bigint;
  readonly tdattributes: bigint;
  readonly xfam: bigint;
  readonly mrtd: Uint8Array;
  readonly mrconfigid: Uint8Array;
  readonly mrowner: Uint8Array;
  readonly mrownerconfig: Uint8Array;
  readonly rtmr: readonly [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
  readonly reportdata: Uint8Array;
  /** Hash of the service TDs; zero without one. */
  readonly mrservicetd: Uint8Array;
  /** Partition that asked. */
  readonly vmid: number;
  /** Identity of this launch. */
  readonly tdId: Uint8Array;
}

const measure = (what: string): Uint8Array<ArrayBuffer> => own(sha384(utf8ToBytes(`tdx-codec test ${what}`)));

/** A run-time measurement register after one more event: SHA-384 of the register and the event's digest. */
export function extendRtmr(register: Uint8Array, digest: Uint8Array): Uint8Array<ArrayBuffer> {
  return own(sha384(concatBytes(register, digest)));
}

/** The text in the report data of a fixture that was not given any. */
const REPORTDATA = 'tdx-codec test fixture, signed by a throw-away key: no evidence';

/** A TD of a current module, with three of its four run-time registers extended once. */
export function testTd(fields: Partial<Td> = {}): Td {
  const zero = new Uint8Array(48);
  const svn = Uint8Array.of(7, 1, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
  const reportdata = new Uint8Array(64);
  reportdata.set(utf8ToBytes(REPORTDATA));
  return {
    teeTcbSvn: svn,
    teeTcbSvn2: svn,
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
      extendRtmr(zero, measure('firmware')),
      extendRtmr(zero, measure('kernel')),
      extendRtmr(zero, measure('application')),
      zero,
    ],
    reportdata,
    mrservicetd: zero,
    vmid: 0,
    tdId: measure('launch').subarray(0, 32),
    ...fields,
  };
}
