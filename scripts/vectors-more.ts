/* More offset columns, typed in by hand: quotes of version 3 and 5, TDREPORT, the Linux interface, registers. */
import {
  type Bits,
  type Fixed,
  SGX_REPORT,
  type Strict,
  type Table,
  TD_ATTRIBUTES,
  TD_REPORT_10,
  unknownBit,
  XFAM,
} from './vectors-spec.ts';

export const QUOTE_HEADER_V3: Table = [
  [0, 2, 'version', 'number'],
  [2, 2, 'attestationKeyType', 'number'],
  [4, 4, 'reserved'],
  [8, 2, 'qeSvn', 'number'],
  [10, 2, 'pceSvn', 'number'],
  [12, 16, 'qeVendorId'],
  [28, 20, 'userData'],
];

const SERVTD_ATTR: Bits = [
  [0, 'INSTANCE_BINDING'],
  [32, 'IGNORE_ATTRIBUTES'],
  [33, 'IGNORE_XFAM'],
  [34, 'IGNORE_MRTD'],
  [35, 'IGNORE_MRCONFIGID'],
  [36, 'IGNORE_MROWNER'],
  [37, 'IGNORE_MROWNERCONFIG'],
  [38, 'IGNORE_RTMR0'],
  [39, 'IGNORE_RTMR1'],
  [40, 'IGNORE_RTMR2'],
  [41, 'IGNORE_RTMR3'],
  [42, 'IGNORE_SERVTD_HASH'],
];

export const BODY_DESCRIPTOR: Table = [
  [0, 2, 'quoteBodyType', 'number'],
  [2, 4, 'size', 'number'],
];
const TD_REPORT_15: Table = [...TD_REPORT_10, [584, 16, 'teeTcbSvn2'], [600, 48, 'mrservicetd']];
const TD_REPORT_15_EX: Table = [
  ...TD_REPORT_15,
  [648, 1, 'vmid', 'number'],
  [649, 32, 'tdId'],
  [681, 48, 'devinfo'],
  [729, 48, 'initServtdHash'],
  [777, 8, 'initServtdAttr', SERVTD_ATTR],
  [785, 16, 'initCpusvn'],
  [801, 16, 'initTeeTcbSvn'],
  [817, 12, 'initTeeFmspc'],
  [829, 48, 'currServtdHash'],
  [877, 8, 'currServtdAttr', SERVTD_ATTR],
];
/** Bodies of a quote of version 5: type, size, table, and the TEE type that goes with it. */
export const BODIES: readonly (readonly [type: number, size: number, table: Table, tee: number])[] = [
  [1, 384, SGX_REPORT, 0],
  [2, 584, TD_REPORT_10, 0x81],
  [3, 648, TD_REPORT_15, 0x81],
  [4, 885, TD_REPORT_15_EX, 0x81],
];

const REPORT_TYPE: Table = [
  [0, 1, 'type', 'number'],
  [1, 1, 'subtype', 'number'],
  [2, 1, 'version', 'number'],
  [3, 1, 'reserved'],
];
const REPORT_MAC: Table = [
  [0, 4, 'reporttype', { of: REPORT_TYPE }],
  [4, 12, 'reserved1'],
  [16, 16, 'cpusvn'],
  [32, 48, 'teeTcbInfoHash'],
  [80, 48, 'teeInfoHash'],
  [128, 64, 'reportdata'],
  [192, 32, 'reserved2'],
  [224, 32, 'mac'],
];
const TEE_TCB_INFO: Table = [
  [0, 8, 'valid', 'number'],
  [8, 16, 'teeTcbSvn'],
  [24, 48, 'mrseam'],
  [72, 48, 'mrsignerseam'],
  [120, 8, 'attributes', []],
];
const TEE_TCB_INFO_10: Table = [...TEE_TCB_INFO, [128, 111, 'reserved']];
const TEE_TCB_INFO_15: Table = [...TEE_TCB_INFO, [128, 16, 'teeTcbSvn2'], [144, 95, 'reserved']];
const TD_INFO_KNOWN: Table = [
  [0, 8, 'attributes', TD_ATTRIBUTES],
  [8, 8, 'xfam', XFAM],
  [16, 48, 'mrtd'],
  [64, 48, 'mrconfigid'],
  [112, 48, 'mrowner'],
  [160, 48, 'mrownerconfig'],
  [208, 192, 'rtmr', 4],
  [400, 48, 'servtdHash'],
];
const TD_INFO: Table = [...TD_INFO_KNOWN, [448, 64, 'reserved']];
const TD_INFO_EX: Table = [
  ...TD_INFO_KNOWN,
  [448, 32, 'tdId'],
  [480, 24, 'reserved1'],
  [504, 1, 'vmid', 'number'],
  [505, 3, 'reserved2'],
  [
    508,
    4,
    'valid',
    [
      [0, 'SERVTD_HASH'],
      [8, 'TD_ID'],
      [9, 'VMID'],
    ],
  ],
];
/** TDREPORT_STRUCT with the forms of TEE_TCB_INFO and TDINFO_STRUCT that it has. */
export const tdReport = (form: '1.0' | '1.5', extended: boolean): Table => [
  [0, 256, 'reportmacstruct', { of: REPORT_MAC }],
  [256, 239, 'teeTcbInfo', { of: form === '1.0' ? TEE_TCB_INFO_10 : TEE_TCB_INFO_15 }],
  [495, 17, 'reserved'],
  [512, 512, 'tdinfo', { of: extended ? TD_INFO_EX : TD_INFO }],
];

const DCAP116: Table = [
  [0, 1, 'subtype', 'number'],
  [1, 7, 'padding1'],
  [8, 8, 'reportdata', 'number'],
  [16, 4, 'rpdLen', 'number'],
  [20, 4, 'padding2'],
  [24, 8, 'tdreport', 'number'],
  [32, 4, 'tdrLen', 'number'],
  [36, 4, 'padding3'],
];
const numbers = (size: number, ...names: string[]): Table => names.map((name, i) => [i * size, size, name, 'number']);

const dcap = 'Intel TDX DCAP Quoting Library API, appendix A.3: ';
const abi = 'Intel TDX Module ABI Specification: ';
const linux = 'Linux, tdx-guest.h and its predecessors: ';
const hidden = 'Whoever can set bytes that nobody reads can mark evidence, or smuggle in a field of a later revision.';

const fixed = (struct: string, source: string, size: number, table: Table, more: Partial<Fixed> = {}): Fixed => ({
  struct,
  source,
  size,
  table,
  last: table[table.length - 1]!,
  ...more,
});

/** A reserved field whose last byte is set. */
const reserved = (field: string, offset: number, size: number): Strict => [
  field,
  offset,
  { at: offset + size - 1, hex: '81' },
  `must be zero, byte ${size - 1} is 0x81`,
  hidden,
];
/** A bit field of 8 bytes in which that bit, and no other, is set. */
const unknown = (field: string, offset: number, bit: number): Strict => [
  field,
  offset,
  { at: offset + (bit >> 3), hex: (1 << (bit & 7)).toString(16).padStart(2, '0') },
  `must have no unknown bit, has 0x${(1n << BigInt(bit)).toString(16).padStart(16, '0')}`,
  unknownBit,
];
const bodyBits = [unknown('seamattributes', 112, 63), unknown('tdattributes', 120, 7), unknown('xfam', 128, 19)];
const tdInfoBits = [unknown('attributes', 0, 1), unknown('xfam', 8, 63)];

export const FIXED_MORE: readonly Fixed[] = [
  fixed('QuoteHeaderV3', 'Intel SGX ECDSA QuoteLib Reference, appendix A.4: Quote Header', 48, QUOTE_HEADER_V3, {
    clean: [[4, 8]],
    strict: [['reserved', 4, { at: 4, hex: '81' }, 'must be zero, byte 0 is 0x81', hidden]],
  }),
  fixed('QuoteBodyDescriptor', `${dcap}Quote Body Descriptor`, 6, BODY_DESCRIPTOR),
  fixed('TdReportBody15', `${dcap}TD Report 1.5`, 648, TD_REPORT_15, {
    clean: [[112, 136]],
    strict: bodyBits,
  }),
  fixed('TdReportBody15Ex', `${dcap}TD Report 1.5, extended`, 885, TD_REPORT_15_EX, {
    clean: [
      [112, 136],
      [777, 785],
      [877, 885],
    ],
    strict: [...bodyBits, unknown('initServtdAttr', 777, 43), unknown('currServtdAttr', 877, 1)],
  }),
  fixed('ReportType', `${abi}REPORTTYPE`, 4, REPORT_TYPE, { clean: [[3, 4]], strict: [reserved('reserved', 3, 1)] }),
  fixed('ReportMac', `${abi}REPORTMACSTRUCT`, 256, REPORT_MAC, {
    clean: [
      [3, 16],
      [192, 224],
    ],
    strict: [reserved('reporttype.reserved', 3, 1), reserved('reserved1', 4, 12), reserved('reserved2', 192, 32)],
  }),
  fixed('TeeTcbInfo10', `${abi}TEE_TCB_INFO, TDX 1.0`, 239, TEE_TCB_INFO_10, {
    clean: [[120, 239]],
    strict: [unknown('attributes', 120, 0), reserved('reserved', 128, 111)],
  }),
  fixed('TeeTcbInfo15', `${abi}TEE_TCB_INFO`, 239, TEE_TCB_INFO_15, {
    clean: [
      [120, 128],
      [144, 239],
    ],
    strict: [unknown('attributes', 120, 0), reserved('reserved', 144, 95)],
  }),
  fixed('TeeTcbInfo', `${abi}TEE_TCB_INFO`, 239, TEE_TCB_INFO_15, { set: [[0, 8, 0x301ff]] }),
  fixed('TdInfo', `${abi}TDINFO_STRUCT`, 512, TD_INFO, {
    clean: [
      [0, 16],
      [448, 512],
    ],
    strict: [['reserved', 448, { at: 451, hex: 'cc' }, 'must be zero, byte 3 is 0xcc', hidden], ...tdInfoBits],
  }),
  fixed('TdInfoEx', `${abi}TDINFO_STRUCT, extended`, 512, TD_INFO_EX, {
    clean: [
      [0, 16],
      [480, 504],
      [505, 512],
    ],
    strict: [
      ...tdInfoBits,
      reserved('reserved1', 480, 24),
      reserved('reserved2', 505, 3),
      ['valid', 508, { at: 508, hex: '02' }, 'must have no unknown bit, has 0x00000002', unknownBit],
    ],
  }),
  fixed('TdReport', `${abi}TDREPORT_STRUCT`, 1024, tdReport('1.5', false), {
    last: [960, 64, 'tdinfo.reserved'],
    set: [
      [0, 1, 0x81],
      [2, 1, 0],
      [256, 8, 0x301ff],
    ],
    clean: [
      [1, 2],
      [3, 16],
      [192, 224],
      [376, 384],
      [400, 528],
      [960, 1024],
    ],
    strict: [
      reserved('reportmacstruct.reporttype.reserved', 3, 1),
      reserved('reportmacstruct.reserved1', 4, 12),
      reserved('reportmacstruct.reserved2', 192, 32),
      unknown('teeTcbInfo.attributes', 376, 5),
      reserved('teeTcbInfo.reserved', 400, 95),
      reserved('reserved', 495, 17),
      unknown('tdinfo.attributes', 512, 1),
      unknown('tdinfo.xfam', 520, 19),
      reserved('tdinfo.reserved', 960, 64),
    ],
  }),
  fixed(
    'ServtdHashElement',
    `${abi}SERVTD_HASH`,
    58,
    [
      [0, 48, 'servtdInfoHash'],
      [48, 2, 'servtdType', 'number'],
      [50, 8, 'servtdAttr', SERVTD_ATTR],
    ],
    { clean: [[50, 58]], strict: [unknown('servtdAttr', 50, 31)] },
  ),
  fixed('QgsMsgHeader', 'Intel DCAP, qgs_msg_lib.h: qgs_msg_header_t', 16, [
    [0, 2, 'majorVersion', 'number'],
    [2, 2, 'minorVersion', 'number'],
    [4, 4, 'type', 'number'],
    [8, 4, 'size', 'number'],
    [12, 4, 'errorCode', 'number'],
  ]),
  fixed('TdxReportReq', `${linux}struct tdx_report_req`, 1088, [
    [0, 64, 'reportdata'],
    [64, 1024, 'tdreport'],
  ]),
  fixed('TdxQuoteReq', `${linux}struct tdx_quote_req`, 16, numbers(8, 'buf', 'len')),
  fixed('TdxQuoteHdr', `${linux}struct tdx_quote_hdr`, 24, [
    [0, 8, 'version', 'number'],
    [8, 8, 'status', 'number'],
    [16, 4, 'inLen', 'number'],
    [20, 4, 'outLen', 'number'],
  ]),
  fixed(
    'TdxReportReq2022',
    `${linux}struct tdx_report_req of 2022`,
    32,
    [
      [0, 8, 'reportdata', 'number'],
      [8, 8, 'tdreport', 'number'],
      [16, 4, 'rpdLen', 'number'],
      [20, 4, 'tdrLen', 'number'],
      [24, 1, 'subtype', 'number'],
      [25, 7, 'reserved'],
    ],
    { clean: [[25, 32]], strict: [reserved('reserved', 25, 7)] },
  ),
  fixed('TdxReportReqDcap116', 'Intel DCAP 1.16, tdx_attest.c: struct tdx_report_req', 40, DCAP116, {
    clean: [
      [1, 8],
      [20, 24],
      [36, 40],
    ],
    strict: [reserved('padding1', 1, 7), reserved('padding2', 20, 4), reserved('padding3', 36, 4)],
  }),
  fixed('Dcap114GetQuoteBlob', 'Intel DCAP 1.14, tdx_attest.c: struct get_quote_blob', 16384, [
    [0, 8, 'version', 'number'],
    [8, 8, 'status', 'number'],
    [16, 4, 'inLen', 'number'],
    [20, 4, 'outLen', 'number'],
    [24, 4, 'transLen', 'number, big-endian'],
    [28, 16356, 'pBuf'],
  ]),
  fixed('TdxVerifyReportReq', `${linux}struct tdx_verify_report_req`, 264, [
    [0, 256, 'reportmac'],
    [256, 8, 'errCode', 'number'],
  ]),
  fixed('TdxExtendRtmrReq', `${linux}struct tdx_extend_rtmr_req`, 49, [
    [0, 48, 'data'],
    [48, 1, 'index', 'number'],
  ]),
  fixed('TdxKeyGetReq', `${linux}struct tdx_key_get_req`, 168, [
    [0, 128, 'tdkeyreq'],
    [128, 32, 'outkey'],
    [160, 8, 'errCode', 'number'],
  ]),
  ...['GetQuoteIn', 'GetQuoteOut'].map((struct) =>
    fixed(
      struct,
      'Guest-Host-Communication Interface: TDG.VP.VMCALL<GetQuote>',
      64,
      numbers(8, 'rax', 'rcx', 'r10', 'r11', 'r12', 'r13', 'r14', 'r15'),
    ),
  ),
];
