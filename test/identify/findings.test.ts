// What is odd about evidence that somebody has changed, one thing at a time.
import { describe, expect, it } from 'vitest';
import { identify } from '../../src/evidence/identify.ts';
import { hashed, LEAST, made, quote, report } from './made.ts';

const QE = 'QuoteV4.signatureData.qeCertificationData.certificationData';
const TYPE = 'TdReport.reportmacstruct.reporttype';

/** A quote with QE authentication data that its QE report binds, or not. */
function authenticated(size: number, isBound: boolean): Buffer {
  const data = Buffer.alloc(size, 7);
  const front = quote();
  front.writeUInt32LE(590 + size, 632);
  front.writeUInt32LE(456 + size, 766);
  front.writeUInt16LE(size, 1218);
  if (isBound) front.write(hashed('sha256', Buffer.alloc(64), data), 1090, 'hex');
  return Buffer.concat([front.subarray(0, 1220), data, front.subarray(1220)]);
}

/** A quote whose certification data is of type 5. */
function chained(text: string): Buffer {
  const data = Buffer.from(text);
  const front = quote();
  front.writeUInt32LE(590 + data.length, 632);
  front.writeUInt32LE(456 + data.length, 766);
  front.writeUInt16LE(5, 1220);
  front.writeUInt32LE(data.length, 1222);
  return Buffer.concat([front, data]);
}

const cases: readonly (readonly [fact: string, input: Uint8Array, findings: readonly string[]])[] = [
  ['a quote with nothing odd', quote(), []],
  ['DEBUG of a TD', quote(LEAST, { 168: '01' }), ['DEBUG is set in QuoteV4.body.tdattributes: the TD is under debug.']],
  [
    'profiling of a TD',
    quote(LEAST, { 168: '31' }),
    ['DEBUG, HGS_PLUS_PROF, PERF_PROF are set in QuoteV4.body.tdattributes: the TD is under debug.'],
  ],
  ['what is no debugging of a TD', quote(LEAST, { 168: '00000010' }), []],
  [
    'DEBUG of the quoting enclave',
    quote(LEAST, { 818: '02' }),
    [`DEBUG is set in ${QE}.qeReport.attributesFlags: the enclave is under debug.`],
  ],
  ['a vendor other than Intel', quote(LEAST, { 12: '00' }), ["QuoteV4.header.qeVendorId is not Intel's."]],
  [
    'two fields that strict reading refuses',
    quote(LEAST, { 9: '01', 790: '02' }),
    [
      'Strict reading refuses it: QuoteV4.header.reserved at byte 8 must be zero, byte 1 is 0x01.',
      `Strict reading refuses it: ${QE}.qeReport.reserved1 at byte 790 must be zero, byte 0 is 0x02.`,
    ],
  ],
  ['QE authentication data that is bound', authenticated(32, true), []],
  [
    'QE authentication data that is not bound',
    authenticated(32, false),
    [`${QE}.qeReport.reportdata is not the SHA-256 of the attestation key and the QE authentication data.`],
  ],
  ['QE authentication data too long to be hashed', authenticated(2000, false), []],
  ['a chain that is none', chained('hello'), [`${QE}.qeCertificationData.certificationData of type 5 is no PEM.`]],
  [
    'a certificate that is none',
    chained('-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n'),
    [
      `${QE}.qeCertificationData.certificationData: certificate 1 of 1 cannot be read.`,
      `${QE}.qeCertificationData.certificationData has 1 certificate, where leaf, intermediate and root are usual.`,
    ],
  ],
  [
    'a TEE type of SGX over the body of a TD',
    quote(LEAST, { 4: '00' }),
    ['Broken: QuoteV4.header.teeType at byte 4 is 0, but the lengths fit the body of a TD, which is 129.'],
  ],
  [
    'a TEE type of a TD over the body of an enclave',
    Buffer.concat([quote().subarray(0, 432), quote().subarray(632)]),
    ['Broken: QuoteV4.header.teeType at byte 4 is 129, but the lengths fit the body of an SGX enclave, which is 0.'],
  ],
  [
    'DEBUG of a quote without signature',
    quote(632, { 168: '01' }),
    [
      'Broken: a quote without signature; header and body end at byte 632, QuoteV4.signatureDataLen is missing.',
      'DEBUG is set in QuoteV4.body.tdattributes: the TD is under debug.',
    ],
  ],
  ['a TDREPORT with nothing odd', report(), []],
  [
    'subtype 1',
    report({ 1: '01' }),
    [
      `${TYPE}.subtype at byte 1 is 1: a TD binding report of TDX Connect, whose REPORTDATA is the SHA-384 of device information.`,
    ],
  ],
  [
    'subtype 1 and reserved bytes',
    report({ 1: '01', 495: '05' }),
    [
      `${TYPE}.subtype at byte 1 is 1: a TD binding report of TDX Connect, whose REPORTDATA is the SHA-384 of device information.`,
      'Strict reading refuses it: TdReport.reserved at byte 495 must be zero, byte 0 is 0x05.',
    ],
  ],
  [
    'version 2',
    report({ 2: '02' }),
    [
      `${TYPE}.version at byte 2 is 2: the TD has been given an MRSIGNER and SVNs, and no layout for that is published.`,
    ],
  ],
  ['an unknown version', report({ 2: '07' }), [`Broken: ${TYPE}.version at byte 2 must be 0, 1 or 3, is 7.`]],
  [
    'an unknown subtype',
    report({ 1: '07' }),
    [`Strict reading refuses it: ${TYPE}.subtype at byte 1 must be 0, is 7.`],
  ],
  ['version 1 with a service TD', report({ 2: '01', 912: 'aa' }), []],
  [
    'version 0 with a service TD',
    report({ 912: 'aa' }),
    ['No quoting enclave makes a quote of it: SERVTD_HASH is not zero in a report of version 0.'],
  ],
  [
    'bytes behind a TDREPORT',
    Buffer.concat([report(), Buffer.from('0001', 'hex')]),
    ['Broken: longer than the 1024 bytes of TdReport: behind them 2 bytes, 1 of them not zero.'],
  ],
  [
    'an unknown VALID',
    report({ 256: 'ff03' }),
    [
      'Broken: TdReport.teeTcbInfo.valid at byte 256 must be 0x00000000000001ff or 0x00000000000301ff, is 0x00000000000003ff.',
    ],
  ],
  [
    'DEBUG of the report of an enclave',
    made(384, { 48: '07', 64: 'aa' }),
    ['DEBUG is set in SgxReportBody.attributesFlags: the enclave is under debug.'],
  ],
  [
    'a GetQuote buffer that is cut',
    Buffer.concat([Buffer.from('010000000000000000000000000000000004000000000000', 'hex'), report().subarray(0, 1000)]),
    [
      'Broken: truncated, or TdxQuoteBuf.inLen is wrong: 1024 bytes of data, 24 bytes more than there are.',
      'Broken: TdReport.tdinfo.reserved at byte 960 needs 64 bytes, 40 left.',
    ],
  ],
  [
    'a framed message with a wrong list',
    Buffer.concat([
      Buffer.from('0000001a', 'hex'),
      Buffer.from('01000100000000001a000000000000000100000001000000aabb', 'hex'),
    ]),
    ['Broken: QgsFrame.message.idList at byte 29 must be a multiple of 16 bytes, is 1.'],
  ],
];

describe('identify finds', () => {
  for (const [fact, input, findings] of cases)
    it(fact, () => {
      const before = Buffer.from(input);
      const found = identify(input);
      expect(Buffer.compare(before, input)).toBe(0);
      expect(found.kind).not.toBe('unknown');
      expect(found.findings).toEqual(findings);
    });
});
