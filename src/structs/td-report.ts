import { tdxModuleAbi } from '../layout/specs.ts';
import { at, bytes, type Infer, oneOf, reserved, struct, u8 } from '../layout/vocabulary.ts';
import { TdInfo, TdInfoEx } from './td-info.ts';
import { TeeTcbInfo } from './tee-tcb-info.ts';

/** Versions of a TDREPORT: they decide what its TDINFO is. Open: other numbers decode as themselves. */
export const ReportVersion = {
  /** No service TD; SERVTD_HASH is zero. */
  BASIC: 0,
  /** SERVTD_HASH counts. */
  SERVTD: 1,
  /** The extended TDINFO, with the identity of the TD. */
  EXTENDED: 3,
} as const;

/**
 * The first 4 bytes of a report. Written by the processor or the TDX module.
 *
 * @see [Byte map of ReportType](../../docs/structs/report-type.md)
 */
export const ReportType = struct('ReportType', { source: tdxModuleAbi('REPORTTYPE'), size: 4 }, {
  /** What is reported on: 0x81 a TD, 0 an SGX enclave. */
  type:     at(0, u8,          'TYPE'),
  /** 0. */
  subtype:  at(1, u8,          'SUBTYPE'),
  /** Decides what TDINFO is: 0 or 1 the usual one, 3 the extended one. */
  version:  at(2, u8,          'VERSION'),
  /** Reserved. */
  reserved: at(3, reserved(1), 'RESERVED'),
});
/** The value {@link ReportType} decodes to. */
export interface ReportType extends Infer<typeof ReportType> {}

/**
 * The part of a TDREPORT that the processor has signed with a key of its own: only the same machine can check it
 * (TDG.MR.VERIFYREPORT, EVERIFYREPORT2). The rest of the report hangs on the two hashes in it.
 *
 * @see [Byte map of ReportMac](../../docs/structs/report-mac.md)
 */
export const ReportMac = struct('ReportMac', { source: tdxModuleAbi('REPORTMACSTRUCT'), size: 256 }, {
  /** What this is a report on. */
  reporttype:     at(  0, ReportType,   'REPORTTYPE'),
  /** Reserved. */
  reserved1:      at(  4, reserved(12), 'RESERVED'),
  /** Security version numbers of the processor; not one big number. */
  cpusvn:         at( 16, bytes(16),    'CPUSVN'),
  /** SHA-384 of TEE_TCB_INFO, all 239 bytes. */
  teeTcbInfoHash: at( 32, bytes(48),    'TEE_TCB_INFO_HASH'),
  /** SHA-384 of TDINFO, all 512 bytes. */
  teeInfoHash:    at( 80, bytes(48),    'TEE_INFO_HASH'),
  /** Whatever the TD wanted to have attested, usually a hash of a key or a nonce. */
  reportdata:     at(128, bytes(64),    'REPORTDATA'),
  /** Reserved. */
  reserved2:      at(192, reserved(32), 'RESERVED'),
  /** HMAC-SHA-256 over the 224 bytes in front, under a key that no software can read. */
  mac:            at(224, bytes(32),    'MAC'),
});
/** The value {@link ReportMac} decodes to. */
export interface ReportMac extends Infer<typeof ReportMac> {}

/**
 * TDREPORT_STRUCT: what the processor and the TDX module say about a TD, for the same machine. The guest gets it from the
 * TDX module (TDG.MR.REPORT); a quoting enclave makes a quote of it.
 *
 * @see [Byte map of TdReport](../../docs/structs/td-report.md)
 */
export const TdReport = struct('TdReport', {
  source: tdxModuleAbi('TDREPORT_STRUCT'),
  size: 1024,
  where: { 'reportmacstruct.reporttype.type': 0x81 },
  agree: [{ field: 'reportmacstruct.reporttype.subtype', is: 0 }],
}, {
  /** What the processor has signed. */
  reportmacstruct: at(  0, ReportMac,    'REPORTMACSTRUCT'),
  /** The TDX module; chosen by its own VALID mask. */
  teeTcbInfo:      at(256, TeeTcbInfo,   'TEE_TCB_INFO'),
  /** Reserved. No hash covers these bytes. */
  reserved:        at(495, reserved(17), 'RESERVED'),
  /** The TD; chosen by the version in REPORTTYPE. */
  tdinfo:          at(512, oneOf('reportmacstruct.reporttype.version', { 0: TdInfo, 1: TdInfo, 3: TdInfoEx }), 'TDINFO'),
});
/** The value {@link TdReport} decodes to. */
export interface TdReport extends Infer<typeof TdReport> {}
