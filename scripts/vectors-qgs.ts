/* Offset columns of what goes between guest, VMM and quote generation service, typed in by hand; and what must fail. */
import type { Fixed, Negative, Table } from './vectors-spec.ts';

const numbers = (...names: string[]): Table => names.map((name, i) => [8 * i, 8, name, 'number']);

export const QGS_HEADER: Table = [
  [0, 2, 'majorVersion', 'number'],
  [2, 2, 'minorVersion', 'number'],
  [4, 4, 'type', 'number'],
  [8, 4, 'size', 'number'],
  [12, 4, 'errorCode', 'number'],
];

/** A message: its fixed part behind the header, and the parts behind it with the offset of the length of each. */
export interface Message {
  readonly struct: string;
  readonly type: number;
  readonly fixed: number;
  readonly numbers: Table;
  readonly parts: readonly (readonly [name: string, lengthAt: number, each?: number])[];
  /** Whether bytes that no part covers may stand at the end. */
  readonly surplus?: boolean;
}

export const MESSAGES: readonly Message[] = [
  {
    struct: 'QgsGetQuoteReq',
    type: 0,
    fixed: 24,
    numbers: [
      [16, 4, 'reportSize', 'number'],
      [20, 4, 'idListSize', 'number'],
    ],
    parts: [
      ['report', 16],
      ['idList', 20, 16],
    ],
  },
  {
    struct: 'QgsGetQuoteResp',
    type: 1,
    fixed: 24,
    numbers: [
      [16, 4, 'selectedIdSize', 'number'],
      [20, 4, 'quoteSize', 'number'],
    ],
    parts: [
      ['selectedId', 16],
      ['quote', 20],
    ],
  },
  {
    struct: 'QgsGetCollateralReq',
    type: 2,
    fixed: 24,
    numbers: [
      [16, 4, 'fsmpcSize', 'number'],
      [20, 4, 'pckcaSize', 'number'],
    ],
    parts: [
      ['fsmpc', 16],
      ['pckca', 20],
    ],
  },
  {
    struct: 'QgsGetCollateralResp',
    type: 3,
    fixed: 48,
    numbers: [
      [16, 2, 'majorVersion', 'number'],
      [18, 2, 'minorVersion', 'number'],
      [20, 4, 'pckCrlIssuerChainSize', 'number'],
      [24, 4, 'rootCaCrlSize', 'number'],
      [28, 4, 'pckCrlSize', 'number'],
      [32, 4, 'tcbInfoIssuerChainSize', 'number'],
      [36, 4, 'tcbInfoSize', 'number'],
      [40, 4, 'qeIdentityIssuerChainSize', 'number'],
      [44, 4, 'qeIdentitySize', 'number'],
    ],
    parts: [
      ['pckCrlIssuerChain', 20],
      ['rootCaCrl', 24],
      ['pckCrl', 28],
      ['tcbInfoIssuerChain', 32],
      ['tcbInfo', 36],
      ['qeIdentityIssuerChain', 40],
      ['qeIdentity', 44],
    ],
    surplus: true,
  },
  { struct: 'QgsGetPlatformInfoReq', type: 4, fixed: 16, numbers: [], parts: [] },
  {
    struct: 'QgsGetPlatformInfoResp',
    type: 5,
    fixed: 28,
    numbers: [
      [16, 2, 'tdqeIsvsvn', 'number'],
      [18, 2, 'pceIsvsvn', 'number'],
      [20, 4, 'platformIdSize', 'number'],
      [24, 4, 'cpusvnSize', 'number'],
    ],
    parts: [
      ['platformId', 20],
      ['cpusvn', 24],
    ],
    surplus: true,
  },
];

export interface Case {
  readonly struct: string;
  readonly name: string;
  readonly doc: string;
  /** Lengths of the parts. */
  readonly parts: readonly number[];
  readonly minor?: 0 | 1;
  readonly errorCode?: number;
  /** So many zero bytes at the end. */
  readonly surplus?: number;
}

const counted = 'Byte i is i mod 251, but for version, tag, lengths and error code.';
export const CASES: readonly Case[] = [
  { struct: 'QgsGetQuoteReq', name: 'counting', doc: `${counted} Two key identities.`, parts: [64, 32] },
  { struct: 'QgsGetQuoteReq', name: 'report-1024', doc: 'As guests ask: 1024 bytes of report.', parts: [1024, 0] },
  { struct: 'QgsGetQuoteReq', name: 'minor-0', doc: 'As DCAP 1.16 to 1.20 ask.', parts: [1024, 0], minor: 0 },
  { struct: 'QgsGetQuoteResp', name: 'counting', doc: `${counted} An identity was selected.`, parts: [16, 50] },
  { struct: 'QgsGetQuoteResp', name: 'quote-5006', doc: 'As the service answers.', parts: [0, 5006] },
  { struct: 'QgsGetQuoteResp', name: 'minor-0', doc: 'As DCAP 1.16 to 1.20 answer.', parts: [0, 9], minor: 0 },
  {
    struct: 'QgsGetQuoteResp',
    name: 'error-unexpected',
    doc: 'QGS_MSG_ERROR_UNEXPECTED, the answer to almost every fault: no quote.',
    parts: [0, 0],
    errorCode: 0x12001,
  },
  { struct: 'QgsGetCollateralReq', name: 'counting', doc: counted, parts: [6, 9] },
  { struct: 'QgsGetCollateralReq', name: 'minor-0', doc: 'Asks for a reply with surplus.', parts: [6, 10], minor: 0 },
  { struct: 'QgsGetCollateralResp', name: 'counting', doc: counted, parts: [11, 12, 13, 14, 15, 16, 17] },
  {
    struct: 'QgsGetCollateralResp',
    name: 'surplus',
    doc: 'The answer to a request of minor version 0: minor version 1, and four zero bytes more than the parts.',
    parts: [3, 3, 3, 3, 3, 3, 3],
    surplus: 4,
  },
  {
    struct: 'QgsGetCollateralResp',
    name: 'minor-0',
    doc: 'Minor version 0 with the four zero bytes.',
    parts: [1, 2, 3, 4, 5, 6, 7],
    surplus: 4,
    minor: 0,
  },
  {
    struct: 'QgsGetCollateralResp',
    name: 'error',
    doc: 'An error in 48 bytes: all lengths are 0.',
    parts: [0, 0, 0, 0, 0, 0, 0],
    errorCode: 0x12001,
  },
  { struct: 'QgsGetPlatformInfoReq', name: 'counting', doc: 'A header and nothing else.', parts: [] },
  { struct: 'QgsGetPlatformInfoReq', name: 'minor-0', doc: 'As DCAP 1.16 to 1.20 ask.', parts: [], minor: 0 },
  { struct: 'QgsGetPlatformInfoResp', name: 'counting', doc: `${counted} No surplus.`, parts: [16, 16] },
  {
    struct: 'QgsGetPlatformInfoResp',
    name: 'surplus',
    doc: 'As the service answers: 64 bytes, the last four of them zero.',
    parts: [16, 16],
    surplus: 4,
  },
  {
    struct: 'QgsGetPlatformInfoResp',
    name: 'error',
    doc: 'An error in 28 bytes, without surplus.',
    parts: [0, 0],
    errorCode: 0x12001,
  },
];

const clamped = 'A parser that clamps to the bytes present hands out a field that is shorter than it says.';
const slack = 'Bytes that no field covers: what was checked and what was read can differ.';
const outside =
  'A parser that believes the length reads memory behind the message, or allocates what an attacker asks for.';
const foreign = 'Fields of one message are read from another.';
const believed = 'A failed request passes for one that nobody has looked at yet.';
const hidden = 'Whoever can set bytes that nobody reads can smuggle in a field of a later revision.';

const registers = 'Guest-Host-Communication Interface: TDG.VP.VMCALL<SetupEventNotifyInterrupt>';
const ENDS = numbers('rax', 'rcx', 'r10', 'r11', 'r12', 'r13', 'r14', 'r15');

export const FIXED_EXCHANGE: readonly Fixed[] = [
  ...['SetupEventNotifyInterruptIn', 'SetupEventNotifyInterruptOut'].map(
    (struct): Fixed => ({ struct, source: registers, size: 64, table: ENDS, last: [56, 8, 'r15', 'number'] }),
  ),
  {
    struct: 'TdxVerifyreportReq2022',
    source: 'Out-of-tree Linux of 2022, tdx-guest.h: struct tdx_verifyreport_req',
    size: 16,
    table: [
      [0, 8, 'reportmac', 'number'],
      [8, 4, 'rpmLen', 'number'],
      [12, 4, 'padding'],
    ],
    last: [12, 4, 'padding'],
    clean: [[12, 16]],
    strict: [['padding', 12, { at: 15, hex: '01' }, 'must be zero, byte 3 is 0x01', hidden]],
  },
];

export const RTMR_EVENT: Table = [
  [0, 4, 'version', 'number'],
  [4, 8, 'rtmrIndex', 'number'],
  [12, 48, 'extendData'],
  [60, 4, 'eventType', 'number'],
  [64, 4, 'eventDataSize', 'number'],
];
export const QUOTE_HDR: Table = [
  [0, 8, 'version', 'number'],
  [8, 8, 'status', 'number'],
  [16, 4, 'inLen', 'number'],
  [20, 4, 'outLen', 'number'],
];

const cutHeader = (path = 'header'): Negative => [
  'empty',
  'counting',
  [{ truncate: 0 }],
  ['truncated', `${path}.majorVersion`, 0, 'needs 2 bytes, 0 left'],
  clamped,
];
const major: Negative = [
  'major-version-2',
  'counting',
  [{ at: 0, hex: '02' }],
  ['constant', 'header.majorVersion', 0, 'must be 1, is 2'],
  'A protocol of another generation is read by the rules of this one.',
];
/** What every message must refuse; `wrong` is another message's type. */
const always = (type: number, size: number): readonly Negative[] => [
  cutHeader(),
  major,
  [
    'type-of-another',
    'counting',
    [{ at: 4, hex: type === 0 ? '01' : '00' }],
    ['constant', 'header.type', 4, `must be ${type}, is ${type === 0 ? 1 : 0}`],
    foreign,
  ],
  [
    'size-one-more',
    'counting',
    [{ at: 8, hex: (size + 1).toString(16).padStart(2, '0') }],
    ['truncated', '', 0, `needs ${size + 1} bytes, ${size} left`],
    outside,
  ],
  [
    'size-largest',
    'counting',
    [{ at: 8, hex: 'ffffffff' }],
    ['truncated', '', 0, `needs 4294967295 bytes, ${size} left`],
    outside,
  ],
  ['one-byte-more', 'counting', [{ append: '00' }], ['trailing', '', size, 'must end here, 1 byte more'], slack],
  [
    'size-less-than-header',
    'counting',
    [{ at: 8, hex: '0f' }],
    ['length', 'header.size', 8, 'must be at least 16, is 15'],
    'A parser that subtracts the header from the size gets a length below zero.',
  ],
];
const errorInRequest: Negative = [
  'request-with-error',
  'counting',
  [{ at: 12, hex: '01' }],
  ['constant', 'header.errorCode', 12, 'must be 0, is 1'],
  believed,
];

export const EXCHANGE_NEGATIVES: Readonly<Record<string, readonly Negative[]>> = {
  QgsGetQuoteReq: [
    ...always(0, 120),
    errorInRequest,
    [
      'report-empty',
      'counting',
      [{ at: 16, hex: '00' }],
      ['length', 'reportSize', 16, 'must be at least 1, is 0'],
      'The service is asked to make a quote of nothing.',
    ],
    [
      'report-past-end',
      'report-1024',
      [{ at: 16, hex: '0104' }],
      ['truncated', 'report', 24, 'needs 1025 bytes, 1024 left'],
      outside,
    ],
    [
      'report-one-less',
      'report-1024',
      [{ at: 16, hex: 'ff03' }],
      ['trailing', '', 1047, 'must end here, 1 byte more'],
      slack,
    ],
    [
      'id-list-no-multiple',
      'counting',
      [{ at: 8, hex: '77' }, { at: 20, hex: '1f' }, { truncate: 119 }],
      ['length', 'idList', 88, 'must be a multiple of 16 bytes, is 31'],
      'The last identity is read past the end of the list.',
    ],
    [
      'id-list-past-end',
      'counting',
      [{ at: 20, hex: '30' }],
      ['truncated', 'idList', 88, 'needs 48 bytes, 32 left'],
      outside,
    ],
  ],
  QgsGetQuoteResp: [
    ...always(1, 90),
    [
      'quote-past-end',
      'quote-5006',
      [{ at: 20, hex: 'ffffffff' }],
      ['truncated', 'quote', 24, 'needs 4294967295 bytes, 5006 left'],
      outside,
    ],
    [
      'quote-cut',
      'quote-5006',
      [{ truncate: 5029 }],
      ['truncated', '', 0, 'needs 5030 bytes, 5029 left'],
      'Half of a quote passes for a quote.',
    ],
    [
      'quote-one-less',
      'quote-5006',
      [{ at: 20, hex: '8d13' }],
      ['trailing', '', 5029, 'must end here, 1 byte more'],
      slack,
    ],
    [
      'identity-takes-quote',
      'counting',
      [{ at: 16, hex: '42' }],
      ['truncated', 'quote', 90, 'needs 50 bytes, 0 left'],
      'The quote is taken for the identity of a key.',
    ],
  ],
  QgsGetCollateralReq: [
    ...always(2, 39),
    errorInRequest,
    [
      'fmspc-empty',
      'counting',
      [{ at: 16, hex: '00' }],
      ['length', 'fsmpcSize', 16, 'must be at least 1, is 0'],
      'Collateral of no platform in particular is asked for.',
    ],
    [
      'ca-empty',
      'counting',
      [{ at: 20, hex: '00' }],
      ['length', 'pckcaSize', 20, 'must be at least 1, is 0'],
      'The service hands no bytes to a function that reads up to a NUL.',
    ],
    ['ca-past-end', 'counting', [{ at: 20, hex: '0a' }], ['truncated', 'pckca', 30, 'needs 10 bytes, 9 left'], outside],
    [
      'ca-one-less',
      'counting',
      [{ at: 20, hex: '08' }],
      ['trailing', '', 38, 'must end here, 1 byte more'],
      'The NUL is left out, and the service reads on behind the name.',
    ],
  ],
  QgsGetCollateralResp: [
    ...always(3, 146),
    [
      'first-part-past-end',
      'counting',
      [{ at: 20, hex: 'ffffffff' }],
      ['truncated', 'pckCrlIssuerChain', 48, 'needs 4294967295 bytes, 98 left'],
      outside,
    ],
    [
      'last-part-past-end',
      'counting',
      [{ at: 44, hex: '12' }],
      ['truncated', 'qeIdentity', 129, 'needs 18 bytes, 17 left'],
      outside,
    ],
    [
      'sum-overflows',
      'counting',
      [
        { at: 20, hex: 'ffffffff' },
        { at: 24, hex: '18000000' },
      ],
      ['truncated', 'pckCrlIssuerChain', 48, 'needs 4294967295 bytes, 98 left'],
      'The sum of two lengths in 32 bits is small again, and both are believed.',
    ],
    [
      'surplus-1',
      'counting',
      [{ at: 8, hex: '93' }, { append: '00' }],
      ['length', 'surplus', 146, 'must be 0 or 4 bytes, is 1'],
      slack,
    ],
    [
      'strict-surplus',
      'surplus',
      [{ at: 72, hex: '01' }],
      ['reserved', 'surplus', 69, 'must be zero, byte 3 is 0x01'],
      hidden,
      'strict',
    ],
  ],
  QgsGetPlatformInfoReq: [...always(4, 16), errorInRequest],
  QgsGetPlatformInfoResp: [
    ...always(5, 60),
    [
      'platform-id-past-end',
      'surplus',
      [{ at: 20, hex: '25' }],
      ['truncated', 'platformId', 28, 'needs 37 bytes, 36 left'],
      outside,
    ],
    [
      'surplus-3',
      'counting',
      [{ at: 8, hex: '3f' }, { append: '000000' }],
      ['length', 'surplus', 60, 'must be 0 or 4 bytes, is 3'],
      slack,
    ],
    [
      'surplus-5',
      'counting',
      [{ at: 8, hex: '41' }, { append: '0000000000' }],
      ['length', 'surplus', 60, 'must be 0 or 4 bytes, is 5'],
      slack,
    ],
    [
      'strict-surplus',
      'surplus',
      [{ at: 60, hex: '07' }],
      ['reserved', 'surplus', 60, 'must be zero, byte 0 is 0x07'],
      hidden,
      'strict',
    ],
  ],
  QgsMessage: [
    ['empty', 'counting', [{ truncate: 0 }], ['truncated', 'type', 4, 'needs 4 bytes, 0 left'], clamped],
    [
      'type-6',
      'counting',
      [{ at: 4, hex: '06' }],
      ['variant', 'type', 4, 'must be 0, 1, 2, 3, 4 or 5, is 6'],
      'A message of an unknown type is read as a known one.',
    ],
    major,
    [
      'size-largest',
      'counting',
      [{ at: 8, hex: 'ffffffff' }],
      ['truncated', '', 0, 'needs 4294967295 bytes, 120 left'],
      outside,
    ],
  ],
  QgsFrame: [
    ['empty', 'counting', [{ truncate: 0 }], ['truncated', 'length', 0, 'needs 4 bytes, 0 left'], clamped],
    [
      'length-little-endian',
      'get-quote-req',
      [{ at: 0, hex: '18040000' }],
      ['truncated', 'message', 4, 'needs 402915328 bytes, 1048 left'],
      'The length is the only number in the wrong byte order: read like the others, it asks for 384 MiB.',
    ],
    [
      'length-one-less',
      'counting',
      [{ at: 0, hex: '00000077' }],
      ['truncated', 'message', 4, 'needs 120 bytes, 119 left'],
      'Frame and message disagree about where the message ends.',
    ],
    [
      'length-one-more',
      'counting',
      [{ at: 0, hex: '00000079' }, { append: '00' }],
      ['trailing', 'message', 124, 'must end here, 1 byte more'],
      'Frame and message disagree about where the message ends.',
    ],
    [
      'length-largest',
      'counting',
      [{ at: 0, hex: 'ffffffff' }],
      ['truncated', 'message', 4, 'needs 4294967295 bytes, 120 left'],
      outside,
    ],
    [
      'two-frames',
      'get-platform-info-req',
      [{ append: '00000010010001000400000010000000 00000000'.replace(' ', '') }],
      ['trailing', '', 20, 'must end here, 20 bytes more'],
      'The service answers one message on each connection; the second is lost.',
    ],
  ],
  TdxQuoteBuf: [
    ['empty', 'counting', [{ truncate: 0 }], ['truncated', 'version', 0, 'needs 8 bytes, 0 left'], clamped],
    ['header-cut', 'counting', [{ truncate: 23 }], ['truncated', 'outLen', 20, 'needs 4 bytes, 3 left'], clamped],
    [
      'status-cut',
      'in-flight',
      [{ truncate: 15 }],
      ['truncated', 'status', 8, 'needs 8 bytes, 7 left'],
      'A status in flight that lacks its last byte passes for another one.',
    ],
  ],
  TdxRtmrEvent: [
    ['empty', 'counting', [{ truncate: 0 }], ['truncated', 'version', 0, 'needs 4 bytes, 0 left'], clamped],
    [
      'version-2',
      'counting',
      [{ at: 0, hex: '02' }],
      ['constant', 'version', 0, 'must be 1, is 2'],
      'An event of another layout is read as this one.',
    ],
    [
      'digest-cut',
      'counting',
      [{ truncate: 59 }],
      ['truncated', 'extendData', 12, 'needs 48 bytes, 47 left'],
      'A register is extended by a shorter digest, and no log replays to it.',
    ],
    [
      'data-past-end',
      'counting',
      [{ at: 64, hex: 'ffffffff' }],
      ['truncated', 'eventData', 68, 'needs 4294967295 bytes, 32 left'],
      outside,
    ],
    ['data-one-less', 'counting', [{ at: 64, hex: '1f' }], ['trailing', '', 99, 'must end here, 1 byte more'], slack],
  ],
};
