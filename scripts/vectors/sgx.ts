// Intel SGX: the report of an enclave, and what a quote says of the platform.
import { type Bits, fixed, type Structure, type Table } from './notation.ts';

const SGX_FLAGS: Bits = { INIT: 0, DEBUG: 1, MODE64BIT: 2, PROVISIONKEY: 4, EINITTOKENKEY: 5, CET: 6, KSS: 7, AEXNOTIFY: 10 };
const SGX_XFRM: Bits = {
  X87: 0, SSE: 1, AVX: 2, BNDREGS: 3, BNDCSR: 4, OPMASK: 5, ZMM_HI256: 6, HI16_ZMM: 7, PKRU: 9, XTILECFG: 17, XTILEDATA: 18,
};

export const SGX_REPORT: Table = [
  [  0, 16, 'cpusvn'],
  [ 16,  4, 'miscselect',      { EXINFO: 0 }],
  [ 20, 12, 'reserved1',       'reserved'],
  [ 32, 16, 'isvextprodid'],
  [ 48,  8, 'attributesFlags', SGX_FLAGS],
  [ 56,  8, 'attributesXfrm',  SGX_XFRM],
  [ 64, 32, 'mrenclave'],
  [ 96, 32, 'reserved2',       'reserved'],
  [128, 32, 'mrsigner'],
  [160, 32, 'reserved3',       'reserved'],
  [192, 64, 'configid'],
  [256,  2, 'isvprodid',       'number'],
  [258,  2, 'isvsvn',          'number'],
  [260,  2, 'configsvn',       'number'],
  [262, 42, 'reserved4',       'reserved'],
  [304, 16, 'isvfamilyid'],
  [320, 64, 'reportdata'],
];

export const PPID_CLEAR: Table = [
  [ 0, 16, 'ppid'],
  [16, 16, 'cpusvn'],
  [32,  2, 'pcesvn', 'number'],
  [34,  2, 'pceid',  'number'],
];
export const PPID_CLEAR_SHORT: Table = PPID_CLEAR.slice(0, 3);
export const PPID_RSA2048: Table = [
  [  0, 256, 'encPpid'],
  [256,  16, 'cpusvn'],
  [272,   2, 'pcesvn', 'number'],
  [274,   2, 'pceid',  'number'],
];
export const PPID_RSA3072: Table = [
  [  0, 384, 'encPpid'],
  [384,  16, 'cpusvn'],
  [400,   2, 'pcesvn', 'number'],
  [402,   2, 'pceid',  'number'],
];

const certification = 'Intel TDX DCAP Quoting Library API, appendix A.3: Certification data type';

export const sgx: readonly Structure[] = [
  fixed('SgxReportBody', 'Intel SGX SDK, common/inc: sgx_report_body_t', SGX_REPORT, {
    strict: [[16, '02'], [31, 'ff'], [48, '0d'], [63, '80'], [96, '01'], [191, '01'], [303, '80']],
  }),
  fixed('PpidClearText',      `${certification} 1`, PPID_CLEAR),
  fixed('PpidClearTextShort', `${certification} 1`, PPID_CLEAR_SHORT),
  fixed('PpidRsa2048',        `${certification} 2`, PPID_RSA2048),
  fixed('PpidRsa3072',        `${certification} 3`, PPID_RSA3072),
];
