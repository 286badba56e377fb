/** Where report entries are made, each by mkdir with a name of its own and removed by rmdir. */
export const TSM_REPORT_PATH = '/sys/kernel/config/tsm/report';
/** What the attribute `provider` holds in a TD, followed by a newline. */
export const TSM_PROVIDER_TDX = 'tdx_guest';
/** The most bytes of inblob. In a TD it must hold exactly so many. */
export const TSM_REPORT_INBLOB_MAX = 64;
/** The most bytes of outblob since Linux 7.0. */
export const TSM_REPORT_OUTBLOB_MAX = 0x1000000;
/** The most bytes of outblob up to Linux 6.19. */
export const TSM_REPORT_OUTBLOB_MAX_6_19 = 0x8000;

/** A file in a report entry. */
export interface TsmAttribute {
  /** What a TD can do with it. */
  readonly access: 'read' | 'write';
  /** Text ends with a newline when read; binary is the bare bytes, cannot be seeked, and is written at close. */
  readonly format: 'text' | 'binary';
  /** Whether the entries of a TD have it. */
  readonly tdx: boolean;
  /** What it holds. */
  readonly holds: string;
}

/** The files of a report entry. */
export const tsmAttributes = {
  provider: { access: 'read', format: 'text', tdx: true, holds: 'name of the driver' },
  generation: { access: 'read', format: 'text', tdx: true, holds: 'count of the writes so far, in decimal' },
  inblob: { access: 'write', format: 'binary', tdx: true, holds: 'REPORTDATA' },
  outblob: { access: 'read', format: 'binary', tdx: true, holds: 'the quote, perhaps padded' },
  auxblob: { access: 'read', format: 'binary', tdx: false, holds: 'certificates of SEV' },
  manifestblob: {
    access: 'read',
    format: 'binary',
    tdx: false,
    holds: 'manifest of an SVSM service; since Linux 6.10',
  },
  privlevel: { access: 'write', format: 'text', tdx: false, holds: 'VMPL of SEV, 0..3' },
  privlevel_floor: { access: 'read', format: 'text', tdx: false, holds: 'the least privlevel' },
  service_provider: { access: 'write', format: 'text', tdx: false, holds: 'svsm; since Linux 6.10' },
  service_guid: { access: 'write', format: 'text', tdx: false, holds: 'UUID of an SVSM service; since Linux 6.10' },
  service_manifest_version: {
    access: 'write',
    format: 'text',
    tdx: false,
    holds: 'version of the manifest, in decimal; since Linux 6.10',
  },
} as const satisfies Readonly<Record<string, TsmAttribute>>;

/** What an error of the kernel means at one place. */
export interface TsmErrno {
  /** The name of the errno. */
  readonly code: string;
  /** Which operation fails. */
  readonly where: string;
  /** What has happened. */
  readonly cause: string;
}

/**
 * What the errors of report entries mean in a TD. Two failures have no error: a write to inblob that the driver refuses
 * shows only in `generation`, and before Linux 7.1 a failed quote is an empty outblob.
 */
export const tsmErrnos: readonly TsmErrno[] = [
  { code: 'ENXIO', where: 'mkdir', cause: 'no driver provides reports' },
  { code: 'ENXIO', where: 'any attribute', cause: 'the driver that provided reports is gone' },
  { code: 'EFBIG', where: 'write of inblob', cause: 'more than 64 bytes' },
  { code: 'EINVAL', where: 'read of outblob', cause: 'inblob is not written yet, or does not hold 64 bytes' },
  { code: 'EBUSY', where: 'write of a text attribute', cause: 'too many writes without a read' },
  { code: 'EBUSY', where: 'read of outblob', cause: 'the VMM is still at work on an earlier request' },
  { code: 'EINTR', where: 'read of outblob', cause: 'a signal came while waiting' },
  { code: 'ETIMEDOUT', where: 'read of outblob', cause: 'the answer came in the 30th second, not before' },
  { code: 'EIO', where: 'read of outblob', cause: 'no TDREPORT, or the VMM refused the request' },
  { code: 'EIO', where: 'read of outblob', cause: 'no quote, or none within 30 seconds; since Linux 7.1' },
  { code: 'EFBIG', where: 'read of outblob', cause: 'the VMM claims more bytes than the buffer has; since Linux 7.0' },
  { code: 'EFBIG', where: 'read of outblob', cause: 'the quote is longer than TSM_REPORT_OUTBLOB_MAX' },
  { code: 'ENOMEM', where: 'read of outblob', cause: 'out of memory' },
  { code: 'ETXTBSY', where: 'a binary attribute', cause: 'one descriptor for reading and writing' },
];

/** Where Linux since 6.16 shows the measurements of a TD. */
export const TDX_MEASUREMENTS_PATH = '/sys/devices/virtual/misc/tdx_guest/measurements';

/** The files there, 48 bytes each. Writing 48 bytes to a register extends it. */
export const tdxMeasurements = {
  mrconfigid: 'read',
  mrowner: 'read',
  mrownerconfig: 'read',
  'mrtd:sha384': 'read',
  'rtmr0:sha384': 'extend',
  'rtmr1:sha384': 'extend',
  'rtmr2:sha384': 'extend',
  'rtmr3:sha384': 'extend',
} as const;
