import { bit, bits, u64 } from '../layout/vocabulary.ts';

/** XFAM: the extended processor features that a TD may use, numbered as in XCR0 and IA32_XSS. */
export const xfam = /* @__PURE__ */ bits(u64, {
  /** x87; always set. */
  X87: bit(0, 'TDX 1.0'),
  /** SSE; always set. */
  SSE: bit(1, 'TDX 1.0'),
  /** AVX. */
  AVX: bit(2, 'TDX 1.0'),
  /** MPX bound registers. */
  BNDREGS: bit(3, 'TDX 1.0'),
  /** MPX bound configuration. */
  BNDCSR: bit(4, 'TDX 1.0'),
  /** AVX-512 opmask registers; set together with bits 6 and 7. */
  OPMASK: bit(5, 'TDX 1.0'),
  /** AVX-512, upper halves of ZMM0 to ZMM15. */
  ZMM_HI256: bit(6, 'TDX 1.0'),
  /** AVX-512, ZMM16 to ZMM31. */
  HI16_ZMM: bit(7, 'TDX 1.0'),
  /** Processor trace. */
  PT: bit(8, 'TDX 1.0'),
  /** Protection keys for user pages. */
  PKU: bit(9, 'TDX 1.0'),
  /** Process address space identifiers (ENQCMD). */
  PASID: bit(10, 'TDX 1.0'),
  /** Control-flow enforcement, user; set together with bit 12. */
  CET_U: bit(11, 'TDX 1.0'),
  /** Control-flow enforcement, supervisor. */
  CET_S: bit(12, 'TDX 1.0'),
  /** Hardware duty cycling. */
  HDC: bit(13, 'TDX 1.0'),
  /** User interrupts. */
  UINTR: bit(14, 'TDX 1.0'),
  /** Architectural last branch records. */
  LBR: bit(15, 'TDX 1.0'),
  /** Hardware P-states. */
  HWP: bit(16, 'TDX 1.0'),
  /** AMX tile configuration; set together with bit 18. */
  XTILECFG: bit(17, 'TDX 1.0'),
  /** AMX tile data. */
  XTILEDATA: bit(18, 'TDX 1.0'),
});
