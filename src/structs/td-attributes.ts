import { bit, bits, u64 } from '../layout.ts';

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
