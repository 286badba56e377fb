// What the TDX module says of a TD: the bodies of quotes, and TDREPORT with its parts.
import { type Bits, fixed, record, type Structure, set, type Table } from './notation.ts';

const TD_ATTRIBUTES: Bits = {
  DEBUG: 0, HGS_PLUS_PROF: 4, PERF_PROF: 5, PMT_PROF: 6, ICSSD: 16, SERVTD_EXT: 17, LASS: 27, SEPT_VE_DISABLE: 28,
  MIGRATABLE: 29, PKS: 30, KL: 31, TPA: 62, PERFMON: 63,
};
const XFAM: Bits = {
  X87: 0, SSE: 1, AVX: 2, BNDREGS: 3, BNDCSR: 4, OPMASK: 5, ZMM_HI256: 6, HI16_ZMM: 7, PT: 8, PKU: 9, PASID: 10, CET_U: 11,
  CET_S: 12, HDC: 13, UINTR: 14, LBR: 15, HWP: 16, XTILECFG: 17, XTILEDATA: 18,
};
const SERVTD_ATTR: Bits = {
  INSTANCE_BINDING: 0, IGNORE_ATTRIBUTES: 32, IGNORE_XFAM: 33, IGNORE_MRTD: 34, IGNORE_MRCONFIGID: 35, IGNORE_MROWNER: 36,
  IGNORE_MROWNERCONFIG: 37, IGNORE_RTMR0: 38, IGNORE_RTMR1: 39, IGNORE_RTMR2: 40, IGNORE_RTMR3: 41, IGNORE_SERVTD_HASH: 42,
};

export const TD_REPORT_10: Table = [
  [  0,  16, 'teeTcbSvn'],
  [ 16,  48, 'mrseam'],
  [ 64,  48, 'mrsignerseam'],
  [112,   8, 'seamattributes', {}],
  [120,   8, 'tdattributes',   TD_ATTRIBUTES],
  [128,   8, 'xfam',           XFAM],
  [136,  48, 'mrtd'],
  [184,  48, 'mrconfigid'],
  [232,  48, 'mrowner'],
  [280,  48, 'mrownerconfig'],
  [328, 192, 'rtmr',           4],
  [520,  64, 'reportdata'],
];
export const TD_REPORT_15: Table = [
  ...TD_REPORT_10,
  [584,  16, 'teeTcbSvn2'],
  [600,  48, 'mrservicetd'],
];
export const TD_REPORT_15_EX: Table = [
  ...TD_REPORT_15,
  [648,   1, 'vmid',           'number'],
  [649,  32, 'tdId'],
  [681,  48, 'devinfo'],
  [729,  48, 'initServtdHash'],
  [777,   8, 'initServtdAttr', SERVTD_ATTR],
  [785,  16, 'initCpusvn'],
  [801,  16, 'initTeeTcbSvn'],
  [817,  12, 'initTeeFmspc'],
  [829,  48, 'currServtdHash'],
  [877,   8, 'currServtdAttr', SERVTD_ATTR],
];

const REPORT_TYPE: Table = [
  [0, 1, 'type',     'number'],
  [1, 1, 'subtype',  'number'],
  [2, 1, 'version',  'number'],
  [3, 1, 'reserved', 'reserved'],
];
const REPORT_MAC: Table = [
  [  0,  4, 'reporttype',     REPORT_TYPE],
  [  4, 12, 'reserved1',      'reserved'],
  [ 16, 16, 'cpusvn'],
  [ 32, 48, 'teeTcbInfoHash'],
  [ 80, 48, 'teeInfoHash'],
  [128, 64, 'reportdata'],
  [192, 32, 'reserved2',      'reserved'],
  [224, 32, 'mac'],
];
const TEE_TCB_INFO: Table = [
  [  0,   8, 'valid',        'number'],
  [  8,  16, 'teeTcbSvn'],
  [ 24,  48, 'mrseam'],
  [ 72,  48, 'mrsignerseam'],
  [120,   8, 'attributes',   {}],
];
const TEE_TCB_INFO_10: Table = [
  ...TEE_TCB_INFO,
  [128, 111, 'reserved',     'reserved'],
];
const TEE_TCB_INFO_15: Table = [
  ...TEE_TCB_INFO,
  [128,  16, 'teeTcbSvn2'],
  [144,  95, 'reserved',     'reserved'],
];
const TD_INFO_KNOWN: Table = [
  [  0,   8, 'attributes',    TD_ATTRIBUTES],
  [  8,   8, 'xfam',          XFAM],
  [ 16,  48, 'mrtd'],
  [ 64,  48, 'mrconfigid'],
  [112,  48, 'mrowner'],
  [160,  48, 'mrownerconfig'],
  [208, 192, 'rtmr',          4],
  [400,  48, 'servtdHash'],
];
const TD_INFO: Table = [
  ...TD_INFO_KNOWN,
  [448,  64, 'reserved',      'reserved'],
];
const TD_INFO_EX: Table = [
  ...TD_INFO_KNOWN,
  [448,  32, 'tdId'],
  [480,  24, 'reserved1',     'reserved'],
  [504,   1, 'vmid',          'number'],
  [505,   3, 'reserved2',     'reserved'],
  [508,   4, 'valid',         { SERVTD_HASH: 0, TD_ID: 8, VMID: 9 }],
];
const tdReport = (teeTcbInfo: Table, tdinfo: Table): Table => [
  [  0, 256, 'reportmacstruct', REPORT_MAC],
  [256, 239, 'teeTcbInfo',      teeTcbInfo],
  [495,  17, 'reserved',        'reserved'],
  [512, 512, 'tdinfo',          tdinfo],
];
const TD_REPORT = tdReport(TEE_TCB_INFO_15, TD_INFO);
const SERVTD_HASH: Table = [
  [ 0, 48, 'servtdInfoHash'],
  [48,  2, 'servtdType',     'number'],
  [50,  8, 'servtdAttr',     SERVTD_ATTR],
];

/** What makes a TDREPORT one of this version, with this VALID mask of TEE_TCB_INFO. */
const reportOf = (version: number, valid: number) => ({
  'reportmacstruct.reporttype.type': 0x81,
  'reportmacstruct.reporttype.version': version,
  'teeTcbInfo.valid': valid,
});
const notWritten = 'Fields that the TDX module did not write are read as if it had.';

const dcap = 'Intel TDX DCAP Quoting Library API, appendix A.3: ';
const abi = 'Intel TDX Module ABI Specification: ';

export const td: readonly Structure[] = [
  fixed('TdReportBody10',   `${dcap}TD Report 1.0`,           TD_REPORT_10,    { strict: [[112, '01'], [120, '02'], [130, '08']] }),
  fixed('TdReportBody15',   `${dcap}TD Report 1.5`,           TD_REPORT_15,    { strict: [[119, '80'], [120, '80'], [130, '08']] }),
  fixed('TdReportBody15Ex', `${dcap}TD Report 1.5, extended`, TD_REPORT_15_EX, {
    strict: [[119, '80'], [120, '80'], [130, '08'], [782, '08'], [877, '02']],
  }),
  fixed('ReportType',   `${abi}REPORTTYPE`,            REPORT_TYPE,     { strict: [[3, '81']] }),
  fixed('ReportMac',    `${abi}REPORTMACSTRUCT`,       REPORT_MAC,      { strict: [[3, '81'], [15, '81'], [223, '81']] }),
  fixed('TeeTcbInfo10', `${abi}TEE_TCB_INFO, TDX 1.0`, TEE_TCB_INFO_10, { strict: [[120, '01'], [238, '81']] }),
  fixed('TeeTcbInfo15', `${abi}TEE_TCB_INFO`,          TEE_TCB_INFO_15, { strict: [[120, '01'], [238, '81']] }),
  fixed('TeeTcbInfo',   `${abi}TEE_TCB_INFO`,          TEE_TCB_INFO_15, { numbers: { valid: 0x301ff } }),
  fixed('TdInfo',       `${abi}TDINFO_STRUCT`,         TD_INFO,         { strict: [[451, 'cc'], [0, '02'], [15, '80']] }),
  fixed('TdInfoEx',     `${abi}TDINFO_STRUCT, extended`, TD_INFO_EX,    { strict: [[0, '02'], [15, '80'], [503, '81'], [507, '81'], [508, '02']] }),
  fixed('ServtdHashElement', `${abi}SERVTD_HASH`,      SERVTD_HASH,     { strict: [[53, '80']] }),
  fixed('TdReport', `${abi}TDREPORT_STRUCT`, TD_REPORT, {
    numbers: reportOf(0, 0x301ff),
    clean: { 'reportmacstruct.reporttype.subtype': 0 },
    strict: [[3, '81'], [15, '81'], [223, '81'], [376, '20'], [494, '81'], [511, '81'], [512, '02'], [522, '08'], [1023, '81']],
    positives: [
      ['version-1', 'Report version 1, with the hash of service TDs.', record(TD_REPORT, reportOf(1, 0x301ff))],
      ['version-3', 'Report version 3, extended TDINFO.',              record(tdReport(TEE_TCB_INFO_15, TD_INFO_EX), reportOf(3, 0x301ff))],
      ['tdx-1.0',   'TEE_TCB_INFO of TDX 1.0.',                        record(tdReport(TEE_TCB_INFO_10, TD_INFO), reportOf(0, 0x1ff))],
    ],
    negatives: [
      ['type-sgx',         'counting', [set(0, '00')],       'constant', 'reportmacstruct.reporttype.type @0: must be 129, is 0',          'A report of an enclave on the same machine passes for one of a TD.'],
      ['version-2',        'counting', [set(2, '02')],       'variant',  'reportmacstruct.reporttype.version @2: must be 0, 1 or 3, is 2', 'TDINFO of an unknown form is read as a known one.'],
      ['strict-subtype-1', 'clean',    [set(1, '01')],       'constant', 'reportmacstruct.reporttype.subtype @1: must be 0, is 1',         'A report of a kind that no document describes is read by the rules of this one.', 'strict'],
      ['valid-zero',       'counting', [set(256, '000000')], 'variant',  'teeTcbInfo.valid @256: must be 0x00000000000001ff or 0x00000000000301ff, is 0x0000000000000000', notWritten],
      ['valid-unknown',    'counting', [set(256, 'ff02')],   'variant',  'teeTcbInfo.valid @256: must be 0x00000000000001ff or 0x00000000000301ff, is 0x00000000000302ff', notWritten],
    ],
  }),
];
