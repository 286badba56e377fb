import { bit, bits, u32, u64 } from '../layout/vocabulary.ts';

/** ATTRIBUTES.FLAGS of an SGX enclave. */
export const sgxFlags = /* @__PURE__ */ bits(u64, {
  /** The enclave is initialized. */
  INIT: bit(0, 'SGX1'),
  /** The enclave can be debugged: nothing in it is secret. */
  DEBUG: bit(1, 'SGX1'),
  /** 64-bit enclave. */
  MODE64BIT: bit(2, 'SGX1'),
  /** May use the provisioning key. */
  PROVISIONKEY: bit(4, 'SGX1'),
  /** May use the EINIT token key. */
  EINITTOKENKEY: bit(5, 'SGX1'),
  /** Control-flow enforcement. */
  CET: bit(6, 'SDM'),
  /** Key separation and sharing: CONFIGID, CONFIGSVN, ISVFAMILYID and ISVEXTPRODID have a meaning. */
  KSS: bit(7, 'SGX SDK'),
  /** Asynchronous exit notify. */
  AEXNOTIFY: bit(10, 'SGX SDK'),
});

/** ATTRIBUTES.XFRM of an SGX enclave: the extended features it may use, numbered as in XCR0. */
export const sgxXfrm = /* @__PURE__ */ bits(u64, {
  /** x87; always set. */
  X87: bit(0, 'SGX1'),
  /** SSE; always set. */
  SSE: bit(1, 'SGX1'),
  /** AVX. */
  AVX: bit(2, 'SGX1'),
  /** MPX bound registers. */
  BNDREGS: bit(3, 'SDM'),
  /** MPX bound configuration. */
  BNDCSR: bit(4, 'SDM'),
  /** AVX-512 opmask registers. */
  OPMASK: bit(5, 'SDM'),
  /** AVX-512, upper halves of ZMM0 to ZMM15. */
  ZMM_HI256: bit(6, 'SDM'),
  /** AVX-512, ZMM16 to ZMM31. */
  HI16_ZMM: bit(7, 'SDM'),
  /** Protection keys for user pages. */
  PKRU: bit(9, 'SDM'),
  /** AMX tile configuration. */
  XTILECFG: bit(17, 'SDM'),
  /** AMX tile data. */
  XTILEDATA: bit(18, 'SDM'),
});

/** MISCSELECT of an SGX enclave. */
export const miscselect = /* @__PURE__ */ bits(u32, {
  /** Page faults and general protection faults inside the enclave are reported to it. */
  EXINFO: bit(0, 'SGX2'),
});
