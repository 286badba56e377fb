// What goes between a TD, its kernel and its VMM: the arguments of ioctls, the buffer of GetQuote, registers.
import { counting, cut, fixed, given, type Part, raw, record, type Structure, set, type Table } from './notation.ts';
import { framedReport } from './qgs.ts';

/** Numbers of one size. */
const numbers = (size: number, ...names: string[]): Table => names.map((name, i) => [i * size, size, name, 'number']);

const TDX_REPORT_REQ: Table = [
  [ 0,   64, 'reportdata'],
  [64, 1024, 'tdreport'],
];
const TDX_QUOTE_HDR: Table = [
  [ 0, 8, 'version', 'number'],
  [ 8, 8, 'status',  'number'],
  [16, 4, 'inLen',   'number'],
  [20, 4, 'outLen',  'number'],
];
const TDX_REPORT_REQ_2022: Table = [
  [ 0, 8, 'reportdata', 'number'],
  [ 8, 8, 'tdreport',   'number'],
  [16, 4, 'rpdLen',     'number'],
  [20, 4, 'tdrLen',     'number'],
  [24, 1, 'subtype',    'number'],
  [25, 7, 'reserved',   'reserved'],
];
const TDX_VERIFYREPORT_REQ_2022: Table = [
  [ 0, 8, 'reportmac', 'number'],
  [ 8, 4, 'rpmLen',    'number'],
  [12, 4, 'padding',   'reserved'],
];
const TDX_REPORT_REQ_DCAP116: Table = [
  [ 0, 1, 'subtype',    'number'],
  [ 1, 7, 'padding1',   'reserved'],
  [ 8, 8, 'reportdata', 'number'],
  [16, 4, 'rpdLen',     'number'],
  [20, 4, 'padding2',   'reserved'],
  [24, 8, 'tdreport',   'number'],
  [32, 4, 'tdrLen',     'number'],
  [36, 4, 'padding3',   'reserved'],
];
const GET_QUOTE_BLOB: Table = [
  ...TDX_QUOTE_HDR,
  [24,     4, 'transLen', 'big-endian'],
  [28, 16356, 'pBuf'],
];
const TDX_VERIFY_REPORT_REQ: Table = [
  [  0, 256, 'reportmac'],
  [256,   8, 'errCode', 'number'],
];
const TDX_EXTEND_RTMR_REQ: Table = [
  [ 0, 48, 'data'],
  [48,  1, 'index', 'number'],
];
const TDX_KEY_GET_REQ: Table = [
  [  0, 128, 'tdkeyreq'],
  [128,  32, 'outkey'],
  [160,   8, 'errCode', 'number'],
];
const TDX_RTMR_EVENT: Table = [
  [ 0,  4, 'version',       'number'],
  [ 4,  8, 'rtmrIndex',     'number'],
  [12, 48, 'extendData'],
  [60,  4, 'eventType',     'number'],
  [64,  4, 'eventDataSize', 'number'],
];
const REGISTERS = numbers(8, 'rax', 'rcx', 'r10', 'r11', 'r12', 'r13', 'r14', 'r15');

const linux = 'Linux, tdx-guest.h and its predecessors: ';
const getQuote = 'Guest-Host-Communication Interface: TDG.VP.VMCALL<GetQuote>';
const setupEvent = 'Guest-Host-Communication Interface: TDG.VP.VMCALL<SetupEventNotifyInterrupt>';

const event = (size: number): Part => record(TDX_RTMR_EVENT, { version: 1, eventDataSize: size }, ['eventData', raw(size)]);

const buffer = (content: Uint8Array): Part => given(content, record(TDX_QUOTE_HDR, {}, ['data', raw(content.length - 24)]).lay);
/** A buffer: status in wire order, lengths, and the bytes behind the header, the others being zero. */
function shared(status: string, inLen: number, outLen: number, data: Uint8Array, size = 4096): Part {
  const bytes = new Uint8Array(size);
  record(TDX_QUOTE_HDR, { version: 1, inLen, outLen }).lay(bytes, 0, false);
  bytes.set(Buffer.from(status, 'hex'), 8);
  bytes.set(data, 24);
  return buffer(bytes);
}
const success = '0000000000000000';
const report = counting(1024);
report.set(Buffer.from('81000000', 'hex'));
const quote = counting(1226);
quote.set(Buffer.from('0400020081000000', 'hex'));
const stale = counting(3000).fill(0xaa, 0, 1226);
stale.set(quote);

const clamped = 'A parser that clamps to the bytes present hands out a field that is shorter than it says.';

export const linuxAndVmm: readonly Structure[] = [
  fixed('TdxReportReq',        `${linux}struct tdx_report_req`,                       TDX_REPORT_REQ),
  fixed('TdxQuoteReq',         `${linux}struct tdx_quote_req`,                        numbers(8, 'buf', 'len')),
  fixed('TdxQuoteHdr',         `${linux}struct tdx_quote_hdr`,                        TDX_QUOTE_HDR),
  fixed('TdxReportReq2022',    `${linux}struct tdx_report_req of 2022`,               TDX_REPORT_REQ_2022,    { strict: [[31, '81']] }),
  fixed('TdxReportReqDcap116', 'Intel DCAP 1.16, tdx_attest.c: struct tdx_report_req', TDX_REPORT_REQ_DCAP116, { strict: [[7, '81'], [23, '81'], [39, '81']] }),
  fixed('TdxVerifyreportReq2022', 'Out-of-tree Linux of 2022, tdx-guest.h: struct tdx_verifyreport_req', TDX_VERIFYREPORT_REQ_2022, {
    strict: [[15, '01', 'Whoever can set bytes that nobody reads can smuggle in a field of a later revision.']],
  }),
  fixed('Dcap114GetQuoteBlob', 'Intel DCAP 1.14, tdx_attest.c: struct get_quote_blob', GET_QUOTE_BLOB),
  fixed('TdxVerifyReportReq',  `${linux}struct tdx_verify_report_req`,                TDX_VERIFY_REPORT_REQ),
  fixed('TdxExtendRtmrReq',    `${linux}struct tdx_extend_rtmr_req`,                  TDX_EXTEND_RTMR_REQ),
  fixed('TdxKeyGetReq',        `${linux}struct tdx_key_get_req`,                      TDX_KEY_GET_REQ),
  fixed('GetQuoteIn',                   getQuote,   REGISTERS),
  fixed('GetQuoteOut',                  getQuote,   REGISTERS),
  fixed('SetupEventNotifyInterruptIn',  setupEvent, REGISTERS),
  fixed('SetupEventNotifyInterruptOut', setupEvent, REGISTERS),
  {
    struct: 'TdxQuoteBuf',
    source: 'Linux patch series, v2: struct tdx_quote_buf',
    positives: [
      ['counting',            'Byte i is i mod 251: no number in it has a meaning, and all of them are kept.', buffer(counting(64))],
      ['header-only',         'A buffer without room for data.',                                       buffer(counting(24))],
      ['request',             'A TD asks: status 0, 1024 bytes of TDREPORT.',                          shared(success, 1024, 0, report)],
      ['request-framed',      'A TD asks with a message in a frame.',                                  shared(success, 1052, 0, framedReport())],
      ['in-flight',           'The VMM is at work.',                                                   shared('ffffffffffffffff', 1024, 0, report)],
      ['answered',            'The VMM has answered; the quote took the place of the report.',         shared(success, 1024, 1226, quote)],
      ['answered-5006',       'An answer of 5006 bytes in a buffer of 8 KiB.',                         shared(success, 1024, 5006, counting(5006), 8192)],
      ['stale-tail',          'What an earlier, longer use has left lies behind the quote: out_len ends the quote, the zeros do not.', shared(success, 1024, 1226, stale)],
      ['error',               'The request has failed.',                                               shared('0000000000000080', 1024, 0, report)],
      ['service-unavailable', 'There is no quoting service.',                                          shared('0100000000000080', 1024, 0, report)],
      ['out-len-past-end',    'The VMM claims more than the buffer holds: the buffer reads, the answer in it does not.', shared(success, 1024, 4073, quote)],
    ],
    negatives: [
      ['empty',      'counting',  [cut(0)],  'truncated', 'version @0: needs 8 bytes, 0 left', clamped],
      ['header-cut', 'counting',  [cut(23)], 'truncated', 'outLen @20: needs 4 bytes, 3 left', clamped],
      ['status-cut', 'in-flight', [cut(15)], 'truncated', 'status @8: needs 8 bytes, 7 left',  'A status in flight that lacks its last byte passes for another one.'],
    ],
  },
  {
    struct: 'TdxRtmrEvent',
    source: 'Intel DCAP, tdx_attest.h: tdx_rtmr_event_t',
    positives: [
      ['counting',    'Byte i is i mod 251, but for version and length.', event(32)],
      ['empty-event', 'No event data.',                                   event(0)],
    ],
    negatives: [
      ['empty',         'counting', [cut(0)],              'truncated', 'version @0: needs 4 bytes, 0 left',              clamped],
      ['version-2',     'counting', [set(0, '02')],        'constant',  'version @0: must be 1, is 2',                    'An event of another layout is read as this one.'],
      ['digest-cut',    'counting', [cut(59)],             'truncated', 'extendData @12: needs 48 bytes, 47 left',        'A register is extended by a shorter digest, and no log replays to it.'],
      ['data-past-end', 'counting', [set(64, 'ffffffff')], 'truncated', 'eventData @68: needs 4294967295 bytes, 32 left', 'A parser that believes the length reads memory behind the message, or allocates what an attacker asks for.'],
      ['data-one-less', 'counting', [set(64, '1f')],       'trailing',  '@99: must end here, 1 byte more',                'Bytes that no field covers: what was checked and what was read can differ.'],
    ],
  },
];
