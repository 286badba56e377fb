// The messages between a VMM and Intel's quote generation service.
import { cut, fixed, given, items, laid, more, type Negative, type Part, type Positive, raw, record, type Structure, set, type Table } from './notation.ts';

const QGS_HEADER: Table = [
  [ 0, 2, 'majorVersion', 'number'],
  [ 2, 2, 'minorVersion', 'number'],
  [ 4, 4, 'type',         'number'],
  [ 8, 4, 'size',         'number'],
  [12, 4, 'errorCode',    'number'],
];
const headed = (...rows: Table): Table => [[0, 16, 'header', QGS_HEADER], ...rows];

/** A message: its type and its fixed part. A number called `reportSize` has a part `report` behind the fixed one, and so on. */
interface Message {
  readonly type: number;
  readonly rows: Table;
  /** Whether bytes that no part covers may stand at the end. */
  readonly surplus?: true;
}
const GET_QUOTE_REQ: Message = {
  type: 0,
  rows: headed(
    [16, 4, 'reportSize',                'number'],
    [20, 4, 'idListSize',                'number'],
  ),
};
const GET_QUOTE_RESP: Message = {
  type: 1,
  rows: headed(
    [16, 4, 'selectedIdSize',            'number'],
    [20, 4, 'quoteSize',                 'number'],
  ),
};
const GET_COLLATERAL_REQ: Message = {
  type: 2,
  rows: headed(
    [16, 4, 'fsmpcSize',                 'number'],
    [20, 4, 'pckcaSize',                 'number'],
  ),
};
const GET_COLLATERAL_RESP: Message = {
  type: 3,
  rows: headed(
    [16, 2, 'majorVersion',              'number'],
    [18, 2, 'minorVersion',              'number'],
    [20, 4, 'pckCrlIssuerChainSize',     'number'],
    [24, 4, 'rootCaCrlSize',             'number'],
    [28, 4, 'pckCrlSize',                'number'],
    [32, 4, 'tcbInfoIssuerChainSize',    'number'],
    [36, 4, 'tcbInfoSize',               'number'],
    [40, 4, 'qeIdentityIssuerChainSize', 'number'],
    [44, 4, 'qeIdentitySize',            'number'],
  ),
  surplus: true,
};
const GET_PLATFORM_INFO_REQ: Message = { type: 4, rows: headed() };
const GET_PLATFORM_INFO_RESP: Message = {
  type: 5,
  rows: headed(
    [16, 2, 'tdqeIsvsvn',                'number'],
    [18, 2, 'pceIsvsvn',                 'number'],
    [20, 4, 'platformIdSize',            'number'],
    [24, 4, 'cpusvnSize',                'number'],
  ),
  surplus: true,
};

interface Varying {
  readonly minor?: 0 | 1;
  readonly errorCode?: number;
  /** So many zero bytes at the end. */
  readonly surplus?: number;
}
const zeros = (size: number): Part => given(new Uint8Array(size), raw(size).lay);

/** A message with parts of these lengths. */
function message({ type, rows, surplus }: Message, sizes: readonly number[], varying: Varying = {}): Part {
  const lengths = rows.map(([, , name]) => name).filter((name) => name.endsWith('Size'));
  const behind = lengths.map((name, i): [string, Part] => {
    const size = sizes[i] ?? 0;
    return [name.slice(0, -'Size'.length), name === 'idListSize' ? items(size, 16) : raw(size)];
  });
  if (surplus) behind.push(['surplus', zeros(varying.surplus ?? 0)]);
  const numbers = {
    'header.majorVersion': 1,
    'header.minorVersion': varying.minor ?? 1,
    'header.type': type,
    'header.errorCode': varying.errorCode ?? 0,
    ...Object.fromEntries(lengths.map((name, i) => [name, sizes[i] ?? 0])),
  };
  const { size } = record(rows, numbers, ...behind);
  return record(rows, { ...numbers, 'header.size': size }, ...behind);
}

/** A message behind its length, which is big-endian. Its bytes count from its own beginning. */
function framed(of: Part): Part {
  const { bytes, value } = laid(of);
  const content = Buffer.concat([Buffer.alloc(4), bytes]);
  content.writeUInt32BE(of.size);
  return given(content, () => ({ length: of.size, message: value }));
}
/** A request for a quote of 1024 bytes of report, in a frame. */
export const framedReport = (): Uint8Array => laid(framed(message(GET_QUOTE_REQ, [1024, 0]))).bytes;

const clamped = 'A parser that clamps to the bytes present hands out a field that is shorter than it says.';
const slack = 'Bytes that no field covers: what was checked and what was read can differ.';
const outside = 'A parser that believes the length reads memory behind the message, or allocates what an attacker asks for.';
const hidden = 'Whoever can set bytes that nobody reads can smuggle in a field of a later revision.';
const disagree = 'Frame and message disagree about where the message ends.';

const major: Negative =
  ['major-version-2',       'counting', [set(0, '02')],       'constant',  'header.majorVersion @0: must be 1, is 2', 'A protocol of another generation is read by the rules of this one.'];
const error: Negative =
  ['request-with-error',    'counting', [set(12, '01')],      'constant',  'header.errorCode @12: must be 0, is 1',   'A failed request passes for one that nobody has looked at yet.'];
/** What every message must refuse, by its type and the size of its counting vector. */
const always = (type: number, size: number): readonly Negative[] => [
  ['empty',                 'counting', [cut(0)],             'truncated', 'header.majorVersion @0: needs 2 bytes, 0 left', clamped],
  major,
  ['type-of-another',       'counting', [set(4, type === 0 ? '01' : '00')], 'constant', `header.type @4: must be ${type}, is ${type === 0 ? 1 : 0}`, 'Fields of one message are read from another.'],
  ['size-one-more',         'counting', [set(8, (size + 1).toString(16).padStart(2, '0'))], 'truncated', `@0: needs ${size + 1} bytes, ${size} left`, outside],
  ['size-largest',          'counting', [set(8, 'ffffffff')], 'truncated', `@0: needs 4294967295 bytes, ${size} left`, outside],
  ['one-byte-more',         'counting', [more('00')],         'trailing',  `@${size}: must end here, 1 byte more`, slack],
  ['size-less-than-header', 'counting', [set(8, '0f')],       'length',    'header.size @8: must be at least 16, is 15', 'A parser that subtracts the header from the size gets a length below zero.'],
];

const counted = 'Byte i is i mod 251, but for version, tag, lengths and error code.';
const noQuote = 'QGS_MSG_ERROR_UNEXPECTED, the answer to almost every fault: no quote.';
const getQuoteReq: readonly Positive[] = [
  ['counting',    `${counted} Two key identities.`,           message(GET_QUOTE_REQ, [64, 32])],
  ['report-1024', 'As guests ask: 1024 bytes of report.',     message(GET_QUOTE_REQ, [1024, 0])],
  ['minor-0',     'As DCAP 1.16 to 1.20 ask.',                message(GET_QUOTE_REQ, [1024, 0], { minor: 0 })],
];
const getQuoteResp: readonly Positive[] = [
  ['counting',    `${counted} An identity was selected.`,     message(GET_QUOTE_RESP, [16, 50])],
  ['quote-5006',  'As the service answers.',                  message(GET_QUOTE_RESP, [0, 5006])],
  ['minor-0',     'As DCAP 1.16 to 1.20 answer.',             message(GET_QUOTE_RESP, [0, 9], { minor: 0 })],
  ['error-unexpected', noQuote,                               message(GET_QUOTE_RESP, [0, 0], { errorCode: 0x12001 })],
];
const getCollateralReq: readonly Positive[] = [
  ['counting',    counted,                                    message(GET_COLLATERAL_REQ, [6, 9])],
  ['minor-0',     'Asks for a reply with surplus.',           message(GET_COLLATERAL_REQ, [6, 10], { minor: 0 })],
];
const getCollateralResp: readonly Positive[] = [
  ['counting',    counted,                                    message(GET_COLLATERAL_RESP, [11, 12, 13, 14, 15, 16, 17])],
  ['surplus',     'The answer to a request of minor version 0: minor version 1, and four zero bytes more than the parts.', message(GET_COLLATERAL_RESP, [3, 3, 3, 3, 3, 3, 3], { surplus: 4 })],
  ['minor-0',     'Minor version 0 with the four zero bytes.', message(GET_COLLATERAL_RESP, [1, 2, 3, 4, 5, 6, 7], { surplus: 4, minor: 0 })],
  ['error',       'An error in 48 bytes: all lengths are 0.', message(GET_COLLATERAL_RESP, [], { errorCode: 0x12001 })],
];
const getPlatformInfoReq: readonly Positive[] = [
  ['counting',    'A header and nothing else.',               message(GET_PLATFORM_INFO_REQ, [])],
  ['minor-0',     'As DCAP 1.16 to 1.20 ask.',                message(GET_PLATFORM_INFO_REQ, [], { minor: 0 })],
];
const getPlatformInfoResp: readonly Positive[] = [
  ['counting',    `${counted} No surplus.`,                   message(GET_PLATFORM_INFO_RESP, [16, 16])],
  ['surplus',     'As the service answers: 64 bytes, the last four of them zero.', message(GET_PLATFORM_INFO_RESP, [16, 16], { surplus: 4 })],
  ['error',       'An error in 28 bytes, without surplus.',   message(GET_PLATFORM_INFO_RESP, [0, 0], { errorCode: 0x12001 })],
];

/** Some of them once more: as any message, and in a frame. */
const messages: readonly Positive[] = (
  [
    ['counting',               getQuoteReq,         'counting'],
    ['get-quote-req',          getQuoteReq,         'report-1024'],
    ['get-quote-resp',         getQuoteResp,        'quote-5006'],
    ['get-quote-resp-error',   getQuoteResp,        'error-unexpected'],
    ['get-collateral-req',     getCollateralReq,    'counting'],
    ['get-collateral-resp',    getCollateralResp,   'surplus'],
    ['get-platform-info-req',  getPlatformInfoReq,  'counting'],
    ['get-platform-info-resp', getPlatformInfoResp, 'surplus'],
  ] as const
).map(([name, from, of]) => {
  const [, doc, part] = from.find(([each]) => each === of)!;
  return [name, doc, part];
});

const qgsMsgLib = 'Intel DCAP, qgs_msg_lib.h';

export const qgs: readonly Structure[] = [
  fixed('QgsMsgHeader', `${qgsMsgLib}: qgs_msg_header_t`, QGS_HEADER),
  {
    struct: 'QgsGetQuoteReq',
    source: qgsMsgLib,
    positives: getQuoteReq,
    negatives: [
      ...always(0, 120),
      error,
      ['report-empty',        'counting',    [set(16, '00')],                         'length',    'reportSize @16: must be at least 1, is 0',          'The service is asked to make a quote of nothing.'],
      ['report-past-end',     'report-1024', [set(16, '0104')],                       'truncated', 'report @24: needs 1025 bytes, 1024 left',           outside],
      ['report-one-less',     'report-1024', [set(16, 'ff03')],                       'trailing',  '@1047: must end here, 1 byte more',                 slack],
      ['id-list-no-multiple', 'counting',    [set(8, '77'), set(20, '1f'), cut(119)], 'length',    'idList @88: must be a multiple of 16 bytes, is 31', 'The last identity is read past the end of the list.'],
      ['id-list-past-end',    'counting',    [set(20, '30')],                         'truncated', 'idList @88: needs 48 bytes, 32 left',               outside],
    ],
  },
  {
    struct: 'QgsGetQuoteResp',
    source: qgsMsgLib,
    positives: getQuoteResp,
    negatives: [
      ...always(1, 90),
      ['quote-past-end',       'quote-5006', [set(20, 'ffffffff')], 'truncated', 'quote @24: needs 4294967295 bytes, 5006 left', outside],
      ['quote-cut',            'quote-5006', [cut(5029)],           'truncated', '@0: needs 5030 bytes, 5029 left',              'Half of a quote passes for a quote.'],
      ['quote-one-less',       'quote-5006', [set(20, '8d13')],     'trailing',  '@5029: must end here, 1 byte more',            slack],
      ['identity-takes-quote', 'counting',   [set(16, '42')],       'truncated', 'quote @90: needs 50 bytes, 0 left',            'The quote is taken for the identity of a key.'],
    ],
  },
  {
    struct: 'QgsGetCollateralReq',
    source: qgsMsgLib,
    positives: getCollateralReq,
    negatives: [
      ...always(2, 39),
      error,
      ['fmspc-empty', 'counting', [set(16, '00')], 'length',    'fsmpcSize @16: must be at least 1, is 0', 'Collateral of no platform in particular is asked for.'],
      ['ca-empty',    'counting', [set(20, '00')], 'length',    'pckcaSize @20: must be at least 1, is 0', 'The service hands no bytes to a function that reads up to a NUL.'],
      ['ca-past-end', 'counting', [set(20, '0a')], 'truncated', 'pckca @30: needs 10 bytes, 9 left',       outside],
      ['ca-one-less', 'counting', [set(20, '08')], 'trailing',  '@38: must end here, 1 byte more',         'The NUL is left out, and the service reads on behind the name.'],
    ],
  },
  {
    struct: 'QgsGetCollateralResp',
    source: qgsMsgLib,
    positives: getCollateralResp,
    negatives: [
      ...always(3, 146),
      ['first-part-past-end', 'counting', [set(20, 'ffffffff')],                      'truncated', 'pckCrlIssuerChain @48: needs 4294967295 bytes, 98 left', outside],
      ['last-part-past-end',  'counting', [set(44, '12')],                            'truncated', 'qeIdentity @129: needs 18 bytes, 17 left',               outside],
      ['sum-overflows',       'counting', [set(20, 'ffffffff'), set(24, '18000000')], 'truncated', 'pckCrlIssuerChain @48: needs 4294967295 bytes, 98 left', 'The sum of two lengths in 32 bits is small again, and both are believed.'],
      ['surplus-1',           'counting', [set(8, '93'), more('00')],                 'length',    'surplus @146: must be 0 or 4 bytes, is 1',               slack],
      ['strict-surplus',      'surplus',  [set(72, '01')],                            'reserved',  'surplus @69: must be zero, byte 3 is 0x01',              hidden, 'strict'],
    ],
  },
  { struct: 'QgsGetPlatformInfoReq', source: qgsMsgLib, positives: getPlatformInfoReq, negatives: [...always(4, 16), error] },
  {
    struct: 'QgsGetPlatformInfoResp',
    source: qgsMsgLib,
    positives: getPlatformInfoResp,
    negatives: [
      ...always(5, 60),
      ['platform-id-past-end', 'surplus',  [set(20, '25')],                    'truncated', 'platformId @28: needs 37 bytes, 36 left',   outside],
      ['surplus-3',            'counting', [set(8, '3f'), more('000000')],     'length',    'surplus @60: must be 0 or 4 bytes, is 3',   slack],
      ['surplus-5',            'counting', [set(8, '41'), more('0000000000')], 'length',    'surplus @60: must be 0 or 4 bytes, is 5',   slack],
      ['strict-surplus',       'surplus',  [set(60, '07')],                    'reserved',  'surplus @60: must be zero, byte 0 is 0x07', hidden, 'strict'],
    ],
  },
  {
    struct: 'QgsMessage',
    source: qgsMsgLib,
    positives: messages,
    negatives: [
      ['empty',        'counting', [cut(0)],             'truncated', 'type @4: needs 4 bytes, 0 left',            clamped],
      ['type-6',       'counting', [set(4, '06')],       'variant',   'type @4: must be 0, 1, 2, 3, 4 or 5, is 6', 'A message of an unknown type is read as a known one.'],
      major,
      ['size-largest', 'counting', [set(8, 'ffffffff')], 'truncated', '@0: needs 4294967295 bytes, 120 left',      outside],
    ],
  },
  {
    struct: 'QgsFrame',
    source: 'Intel DCAP, qgs_server.cpp',
    positives: messages.map(([name, doc, part]) => [name, `In a frame. ${doc}`, framed(part)]),
    negatives: [
      ['empty',                'counting',              [cut(0)],                                           'truncated', 'length @0: needs 4 bytes, 0 left',             clamped],
      ['length-little-endian', 'get-quote-req',         [set(0, '18040000')],                               'truncated', 'message @4: needs 402915328 bytes, 1048 left', 'The length is the only number in the wrong byte order: read like the others, it asks for 384 MiB.'],
      ['length-one-less',      'counting',              [set(0, '00000077')],                               'truncated', 'message @4: needs 120 bytes, 119 left',        disagree],
      ['length-one-more',      'counting',              [set(0, '00000079'), more('00')],                   'trailing',  'message @124: must end here, 1 byte more',     disagree],
      ['length-largest',       'counting',              [set(0, 'ffffffff')],                               'truncated', 'message @4: needs 4294967295 bytes, 120 left', outside],
      ['two-frames',           'get-platform-info-req', [more('0000001001000100040000001000000000000000')], 'trailing',  '@20: must end here, 20 bytes more',            'The service answers one message on each connection; the second is lost.'],
    ],
  },
];
