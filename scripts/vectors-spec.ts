/* The offset columns of the specifications, typed in by hand for scripts/vectors.ts. Nothing here is derived from src/. */

export type Bits = readonly (readonly [position: number, name: string])[];
/** What stands in a field: bytes, a number, a number with named bits, so many items, or a structure. */
export type As = 'bytes' | 'number' | 'number, big-endian' | Bits | number | { readonly of: Table };
type Row = readonly [offset: number, size: number, name: string, as?: As];
export type Table = readonly Row[];

export const TD_ATTRIBUTES: Bits = [
  [0, 'DEBUG'],
  [4, 'HGS_PLUS_PROF'],
  [5, 'PERF_PROF'],
  [6, 'PMT_PROF'],
  [16, 'ICSSD'],
  [17, 'SERVTD_EXT'],
  [27, 'LASS'],
  [28, 'SEPT_VE_DISABLE'],
  [29, 'MIGRATABLE'],
  [30, 'PKS'],
  [31, 'KL'],
  [62, 'TPA'],
  [63, 'PERFMON'],
];
export const XFAM: Bits = [
  [0, 'X87'],
  [1, 'SSE'],
  [2, 'AVX'],
  [3, 'BNDREGS'],
  [4, 'BNDCSR'],
  [5, 'OPMASK'],
  [6, 'ZMM_HI256'],
  [7, 'HI16_ZMM'],
  [8, 'PT'],
  [9, 'PKU'],
  [10, 'PASID'],
  [11, 'CET_U'],
  [12, 'CET_S'],
  [13, 'HDC'],
  [14, 'UINTR'],
  [15, 'LBR'],
  [16, 'HWP'],
  [17, 'XTILECFG'],
  [18, 'XTILEDATA'],
];
const SGX_FLAGS: Bits = [
  [0, 'INIT'],
  [1, 'DEBUG'],
  [2, 'MODE64BIT'],
  [4, 'PROVISIONKEY'],
  [5, 'EINITTOKENKEY'],
  [6, 'CET'],
  [7, 'KSS'],
  [10, 'AEXNOTIFY'],
];
const SGX_XFRM: Bits = [
  [0, 'X87'],
  [1, 'SSE'],
  [2, 'AVX'],
  [3, 'BNDREGS'],
  [4, 'BNDCSR'],
  [5, 'OPMASK'],
  [6, 'ZMM_HI256'],
  [7, 'HI16_ZMM'],
  [9, 'PKRU'],
  [17, 'XTILECFG'],
  [18, 'XTILEDATA'],
];

export const QUOTE_HEADER: Table = [
  [0, 2, 'version', 'number'],
  [2, 2, 'attestationKeyType', 'number'],
  [4, 4, 'teeType', 'number'],
  [8, 4, 'reserved'],
  [12, 16, 'qeVendorId'],
  [28, 20, 'userData'],
];

export const SGX_REPORT: Table = [
  [0, 16, 'cpusvn'],
  [16, 4, 'miscselect', [[0, 'EXINFO']]],
  [20, 12, 'reserved1'],
  [32, 16, 'isvextprodid'],
  [48, 8, 'attributesFlags', SGX_FLAGS],
  [56, 8, 'attributesXfrm', SGX_XFRM],
  [64, 32, 'mrenclave'],
  [96, 32, 'reserved2'],
  [128, 32, 'mrsigner'],
  [160, 32, 'reserved3'],
  [192, 64, 'configid'],
  [256, 2, 'isvprodid', 'number'],
  [258, 2, 'isvsvn', 'number'],
  [260, 2, 'configsvn', 'number'],
  [262, 42, 'reserved4'],
  [304, 16, 'isvfamilyid'],
  [320, 64, 'reportdata'],
];

export const TD_REPORT_10: Table = [
  [0, 16, 'teeTcbSvn'],
  [16, 48, 'mrseam'],
  [64, 48, 'mrsignerseam'],
  [112, 8, 'seamattributes', []],
  [120, 8, 'tdattributes', TD_ATTRIBUTES],
  [128, 8, 'xfam', XFAM],
  [136, 48, 'mrtd'],
  [184, 48, 'mrconfigid'],
  [232, 48, 'mrowner'],
  [280, 48, 'mrownerconfig'],
  [328, 192, 'rtmr', 4],
  [520, 64, 'reportdata'],
];

export const PPID_CLEAR: Table = [
  [0, 16, 'ppid'],
  [16, 16, 'cpusvn'],
  [32, 2, 'pcesvn', 'number'],
  [34, 2, 'pceid', 'number'],
];
export const PPID_RSA2048: Table = [
  [0, 256, 'encPpid'],
  [256, 16, 'cpusvn'],
  [272, 2, 'pcesvn', 'number'],
  [274, 2, 'pceid', 'number'],
];
export const PPID_RSA3072: Table = [
  [0, 384, 'encPpid'],
  [384, 16, 'cpusvn'],
  [400, 2, 'pcesvn', 'number'],
  [402, 2, 'pceid', 'number'],
];

/** Two blocks that look like certificates and hold none. */
export const PEM = [
  '-----BEGIN CERTIFICATE-----',
  'AAECAwQFBgcICQoLDA0ODw==',
  '-----END CERTIFICATE-----',
  '-----BEGIN CERTIFICATE-----',
  'EBESExQVFhcYGRobHB0eHw==',
  '-----END CERTIFICATE-----',
] as const;

/** From and to. */
export type Ranges = readonly (readonly [from: number, to: number])[];
/** Field, its offset, the patch on the clean vector, the message, and the effect. */
export type Strict = readonly [
  field: string,
  offset: number,
  patch: { readonly at: number; readonly hex: string },
  says: string,
  effect: string,
];

export interface Fixed {
  readonly struct: string;
  readonly source: string;
  readonly size: number;
  readonly table: Table;
  readonly last: Row;
  /** Tags and constants that counting must not overwrite: where, how many bytes, the number. */
  readonly set?: readonly (readonly [at: number, size: number, value: number])[];
  /** What the clean vector has zero, from and to. */
  readonly clean?: Ranges;
  readonly strict?: readonly Strict[];
}

const hidden = 'Whoever can set bytes that nobody reads can mark evidence, or smuggle in a field of a later revision.';
export const unknownBit =
  'A feature that this revision does not know is switched on, and a policy over known bits does not see it.';

const dcap = 'Intel TDX DCAP Quoting Library API, appendix A.3: ';

export const FIXED: readonly Fixed[] = [
  {
    struct: 'QuoteHeader',
    source: `${dcap}Quote Header`,
    size: 48,
    table: QUOTE_HEADER,
    last: [28, 20, 'userData'],
    clean: [[8, 12]],
    strict: [['reserved', 8, { at: 10, hex: '01' }, 'must be zero, byte 2 is 0x01', hidden]],
  },
  {
    struct: 'SgxReportBody',
    source: 'Intel SGX SDK, common/inc: sgx_report_body_t',
    size: 384,
    table: SGX_REPORT,
    last: [320, 64, 'reportdata'],
    clean: [
      [16, 32],
      [48, 64],
      [96, 128],
      [160, 192],
      [262, 304],
    ],
    strict: [
      ['miscselect', 16, { at: 16, hex: '02' }, 'must have no unknown bit, has 0x00000002', unknownBit],
      ['reserved1', 20, { at: 31, hex: 'ff' }, 'must be zero, byte 11 is 0xff', hidden],
      ['attributesFlags', 48, { at: 48, hex: '0d' }, 'must have no unknown bit, has 0x0000000000000008', unknownBit],
      ['attributesXfrm', 56, { at: 63, hex: '80' }, 'must have no unknown bit, has 0x8000000000000000', unknownBit],
      ['reserved2', 96, { at: 96, hex: '01' }, 'must be zero, byte 0 is 0x01', hidden],
      ['reserved3', 160, { at: 191, hex: '01' }, 'must be zero, byte 31 is 0x01', hidden],
      ['reserved4', 262, { at: 303, hex: '80' }, 'must be zero, byte 41 is 0x80', hidden],
    ],
  },
  {
    struct: 'TdReportBody10',
    source: `${dcap}TD Report 1.0`,
    size: 584,
    table: TD_REPORT_10,
    last: [520, 64, 'reportdata'],
    clean: [[112, 136]],
    strict: [
      ['seamattributes', 112, { at: 112, hex: '01' }, 'must have no unknown bit, has 0x0000000000000001', unknownBit],
      ['tdattributes', 120, { at: 120, hex: '02' }, 'must have no unknown bit, has 0x0000000000000002', unknownBit],
      ['xfam', 128, { at: 130, hex: '08' }, 'must have no unknown bit, has 0x0000000000080000', unknownBit],
    ],
  },
  {
    struct: 'PpidClearText',
    source: `${dcap}Certification data type 1`,
    size: 36,
    table: PPID_CLEAR,
    last: [34, 2, 'pceid'],
  },
  {
    struct: 'PpidClearTextShort',
    source: `${dcap}Certification data type 1`,
    size: 34,
    table: PPID_CLEAR.slice(0, 3),
    last: [32, 2, 'pcesvn'],
  },
  {
    struct: 'PpidRsa2048',
    source: `${dcap}Certification data type 2`,
    size: 276,
    table: PPID_RSA2048,
    last: [274, 2, 'pceid'],
  },
  {
    struct: 'PpidRsa3072',
    source: `${dcap}Certification data type 3`,
    size: 404,
    table: PPID_RSA3072,
    last: [402, 2, 'pceid'],
  },
];

/** What is reserved or a bit field in a quote of version 4 of a TD with 32 bytes of authentication data, from and to. */
export const QUOTE_V4_CLEAN: Ranges = [
  [8, 12],
  [160, 184],
  [786, 802],
  [818, 834],
  [866, 898],
  [930, 962],
  [1032, 1074],
];

export type Patch = { at: number; hex: string } | { truncate: number } | { append: string };
/** Case, patches, what is wrong, and what goes wrong for a user whose parser misses it. */
export type Negative = readonly [
  name: string,
  from: string,
  patch: readonly Patch[],
  error: readonly [code: string, path: string, offset: number, says: string],
  effect: string,
  strict?: 'strict',
];
