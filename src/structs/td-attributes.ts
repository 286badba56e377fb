import { bit, bits, u64 } from '../layout/vocabulary.ts';

/**
 * ATTRIBUTES of a TD. Bits 7:0 put the TD under debug: with any of them set it cannot be trusted. Chosen by the VMM at
 * creation, reported by the TDX module.
 */
export const tdAttributes = /* @__PURE__ */ bits(u64, {
  /** The host can read and change the TD's state: nothing in it is secret. */
  DEBUG: bit(0, 'TDX 1.0'),
  /** HGS+ profiling; under debug. */
  HGS_PLUS_PROF: bit(4, 'TDX 1.5'),
  /** Performance profiling; under debug. */
  PERF_PROF: bit(5, 'TDX 1.5'),
  /** PMT profiling; under debug. */
  PMT_PROF: bit(6, 'TDX 1.5'),
  /** Indirect control transfer and side channel setting. */
  ICSSD: bit(16, 'TDX 1.5'),
  /** SERVTD_HASH is the hash of a SERVTD_EXT_STRUCT. */
  SERVTD_EXT: bit(17, 'DCAP 2026'),
  /** Linear address space separation. */
  LASS: bit(27, 'TDX 1.5'),
  /** No virtualization exception on pages that are not accepted yet; should be set. */
  SEPT_VE_DISABLE: bit(28, 'TDX 1.0'),
  /** The TD can be migrated. Reserved in TDX 1.0. */
  MIGRATABLE: bit(29, 'TDX 1.5'),
  /** Protection keys for supervisor pages. */
  PKS: bit(30, 'TDX 1.0'),
  /** Key Locker. */
  KL: bit(31, 'TDX 1.0'),
  /** TD provisioning agent. */
  TPA: bit(62, 'TDX 1.5'),
  /** Performance monitoring is allowed. */
  PERFMON: bit(63, 'TDX 1.0'),
});

/** Attributes of the TDX module (SEAM): no bit has a name yet, all are zero for Intel's modules. */
export const seamAttributes = /* @__PURE__ */ bits(u64, {});

/**
 * SERVTD_ATTR: how a service TD is bound. An IGNORE bit takes a field of the service TD's TDINFO as zero when it is hashed,
 * so that the binding holds whatever the field says.
 */
export const servtdAttributes = /* @__PURE__ */ bits(u64, {
  /** Bound to one instance of the service TD, not to any with its hash. */
  INSTANCE_BINDING: bit(0, 'TDX 1.5'),
  /** ATTRIBUTES does not count. */
  IGNORE_ATTRIBUTES: bit(32, 'TDX 1.5'),
  /** XFAM does not count. */
  IGNORE_XFAM: bit(33, 'TDX 1.5'),
  /** MRTD does not count. */
  IGNORE_MRTD: bit(34, 'TDX 1.5'),
  /** MRCONFIGID does not count. */
  IGNORE_MRCONFIGID: bit(35, 'TDX 1.5'),
  /** MROWNER does not count. */
  IGNORE_MROWNER: bit(36, 'TDX 1.5'),
  /** MROWNERCONFIG does not count. */
  IGNORE_MROWNERCONFIG: bit(37, 'TDX 1.5'),
  /** RTMR0 does not count. */
  IGNORE_RTMR0: bit(38, 'TDX 1.5'),
  /** RTMR1 does not count. */
  IGNORE_RTMR1: bit(39, 'TDX 1.5'),
  /** RTMR2 does not count. */
  IGNORE_RTMR2: bit(40, 'TDX 1.5'),
  /** RTMR3 does not count. */
  IGNORE_RTMR3: bit(41, 'TDX 1.5'),
  /** SERVTD_HASH does not count. */
  IGNORE_SERVTD_HASH: bit(42, 'TDX 1.5'),
});

/** Where the numbers of TEE_TCB_SVN and TEE_TCB_SVN_2 stand, in bytes. The other 13 bytes are reserved. */
export const TeeTcbSvnByte = {
  /** Minor security version number of the TDX module. */
  TDX_MODULE_MINOR: 0,
  /** Major version of the TDX module: 0 is the first generation; others select the module's own identity, `TDX_01` on. */
  TDX_MODULE_MAJOR: 1,
  /** Security version number of the last patch of the microcode that was loaded late. */
  SEAM_LAST_PATCH: 2,
} as const;
