import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  encode as encodeTyped,
  lens,
  ReportMac,
  ServtdHashElement,
  TdInfo,
  TdInfoEx,
  TdReport,
  TdxRtmrEvent,
  TeeTcbInfo,
  TeeTcbInfo10,
} from '../../src/index.ts';
import { absent, bytesOf, entriesOf, expectedOf, isGenuine } from '../corpus.ts';
import { failureOf } from '../leaves.ts';
import { decode, encode, fromJson, toJson, view } from '../verbs.ts';
import { roundTrip } from './round-trip.ts';

const fromHex = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(Buffer.from(text, 'hex'));
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const sha384 = (bytes: Uint8Array): string => createHash('sha384').update(bytes).digest('hex');
const wire = (value: bigint): string => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(value);
  return bytes.toString('hex');
};

const zero = (size: number): Uint8Array<ArrayBuffer> => new Uint8Array(size);

/** A real report, of a TD on Azure, field by field; what is zero in it is left out where it may be. */
const azure = {
  reportmacstruct: {
    reporttype: { type: 0x81, subtype: 0, version: 0 },
    cpusvn: fromHex('0606131503ff00030000000000000000'),
    teeTcbInfoHash: fromHex(
      '8801be6397bf0ab3258a7c9eb72a73bee4c6fa4eafe1e3ac3c7d069a652d334593cb1e6ff49e347d538d5bfa19c8b3f9',
    ),
    teeInfoHash: fromHex(
      '254e3d6b6120fac126e91d1709ef43a2d22b14cd2570ca388b21f1fbbdb02761c0cd2586b83cbcc3ba92688e6a5e8a73',
    ),
    reportdata: fromHex(`9734504f161d104c74e3165c15f779b06a9bb40dfa71937817d7eee68e593839${'00'.repeat(32)}`),
    mac: fromHex('7c79dd938227f5529174d0cd22cdbe270d0e108b531324e3540b049287830c4d'),
  },
  teeTcbInfo: {
    valid: 0x301ffn,
    teeTcbSvn: fromHex('02010600000000000000000000000000'),
    mrseam: fromHex('360304d34a16aace0a18e09ad2d07d2b9fd3c174378e5bf108388079827f89ff62acc5f8c473dd40706324834e202946'),
    mrsignerseam: zero(48),
    attributes: 0n,
    teeTcbSvn2: fromHex('02010600000000000000000000000000'),
  },
  tdinfo: {
    attributes: 0n,
    xfam: 0x618e7n,
    mrtd: fromHex('024a32b070383331181619fa387cb4d55d1e38879f989933055ccad5bc2db795d1737b66205949d15469dc8c1ba7ab7b'),
    mrconfigid: zero(48),
    mrowner: zero(48),
    mrownerconfig: zero(48),
    rtmr: [zero(48), zero(48), zero(48), zero(48)],
    servtdHash: zero(48),
  },
};

/** The same report, put together by offsets alone. */
function azureBytes(): Uint8Array<ArrayBuffer> {
  const bytes = zero(1024);
  for (const [offset, part] of [
    [0, '81000000'],
    [16, hex(azure.reportmacstruct.cpusvn)],
    [32, hex(azure.reportmacstruct.teeTcbInfoHash)],
    [80, hex(azure.reportmacstruct.teeInfoHash)],
    [128, hex(azure.reportmacstruct.reportdata)],
    [224, hex(azure.reportmacstruct.mac)],
    [256, 'ff01030000000000'],
    [264, '02010600000000000000000000000000'],
    [280, hex(azure.teeTcbInfo.mrseam)],
    [384, '02010600000000000000000000000000'],
    [520, 'e718060000000000'],
    [528, hex(azure.tdinfo.mrtd)],
  ] as const)
    bytes.set(fromHex(part), offset);
  return bytes;
}

describe('a real TDREPORT', () => {
  it('is rebuilt from its fields byte for byte', () => {
    expect(hex(encode(TdReport, azure))).toBe(hex(azureBytes()));
  });

  it('hashes to the two digests inside it', () => {
    const bytes = encode(TdReport, azure);
    expect(sha384(bytes.subarray(256, 495))).toBe(hex(azure.reportmacstruct.teeTcbInfoHash));
    expect(sha384(bytes.subarray(512))).toBe(hex(azure.reportmacstruct.teeInfoHash));
    expect(sha384(bytes.subarray(256, 512))).not.toBe(hex(azure.reportmacstruct.teeTcbInfoHash));
  });

  it('comes back through value and JSON, and is fine with strict reading', () => {
    roundTrip(TdReport, azureBytes());
    expect(failureOf(() => view(TdReport, azureBytes(), { strict: true }))).toBeUndefined();
  });

  it('takes its parts as ready bytes', () => {
    const bytes = azureBytes();
    const parts = {
      reportmacstruct: bytes.subarray(0, 256),
      teeTcbInfo: bytes.subarray(256, 495),
      tdinfo: bytes.subarray(512),
    };
    expect(hex(encodeTyped(TdReport, parts))).toBe(hex(bytes));
  });
});

describe('the layouts inside a TDREPORT', () => {
  const patched = (...patches: [offset: number, ...bytes: number[]][]): Uint8Array<ArrayBuffer> => {
    const bytes = azureBytes();
    for (const [offset, ...values] of patches) bytes.set(values, offset);
    return bytes;
  };
  const messages = (bytes: Uint8Array): (string | undefined)[] => [
    failureOf(() => view(TdReport, bytes))?.message,
    failureOf(() => view(TdReport, bytes, { strict: true }))?.message,
  ];

  it('are chosen by the VALID mask, of which all 64 bits count', () => {
    expect(decode(TdReport, patched([256, 0xff, 1, 0]))).toMatchObject({ teeTcbInfo: { valid: 0x1ffn } });
    const says =
      'TdReport.teeTcbInfo.valid @256: must be 0x00000000000001ff or 0x00000000000301ff, is 0x00000001000301ff';
    expect(messages(patched([260, 1]))).toEqual([says, says]);
  });

  it('are chosen by the VALID mask of values and of JSON, too', () => {
    const value = { ...azure, teeTcbInfo: { ...azure.teeTcbInfo, valid: 0x1ffn } };
    expect(failureOf(() => encode(TdReport, value))?.message).toBe(
      'TdReport.teeTcbInfo.teeTcbSvn2: TeeTcbInfo10 has no such field',
    );
    const says = 'must be 0x00000000000001ff or 0x00000000000301ff, is 0x00000000000013ff';
    const odd = { ...azure.teeTcbInfo, valid: 0x13ffn };
    expect(failureOf(() => encode(TeeTcbInfo, odd))?.message).toBe(`TeeTcbInfo.valid: ${says}`);
    const json = { ...(toJson(TeeTcbInfo, azure.teeTcbInfo) as object), valid: '0x00000000000013ff' };
    expect(failureOf(() => fromJson(TeeTcbInfo, json))?.code).toBe('variant');
  });

  it('have TDINFO with an identity at version 3, and none at version 2', () => {
    const bytes = patched([2, 3]);
    bytes.set(
      Uint8Array.from({ length: 32 }, (_, i) => i + 1),
      960,
    );
    bytes.set([2, 0, 0, 0, 0, 3], 1016);
    const value = roundTrip(TdReport, bytes) as { tdinfo: Record<string, unknown> };
    expect(value.tdinfo).toMatchObject({ vmid: 2, valid: 0x300 });
    expect(Object.keys(value.tdinfo).slice(-5)).toEqual(['tdId', 'reserved1', 'vmid', 'reserved2', 'valid']);
    const says = 'TdReport.reportmacstruct.reporttype.version @2: must be 0, 1 or 3, is 2';
    expect(messages(patched([2, 2]))).toEqual([says, says]);
  });

  it('refuse another type always, and another subtype and reserved bytes under strict', () => {
    const type = 'TdReport.reportmacstruct.reporttype.type @0: must be 129, is 0';
    expect(messages(patched([0, 0]))).toEqual([type, type]);
    expect(messages(patched([1, 1]))).toEqual([
      undefined,
      'TdReport.reportmacstruct.reporttype.subtype @1: must be 0, is 1',
    ]);
    expect(messages(patched([500, 9]))).toEqual([undefined, 'TdReport.reserved @495: must be zero, byte 5 is 0x09']);
    expect(messages(patched([2, 3], [1020, 2]))).toEqual([
      undefined,
      'TdReport.tdinfo.valid @1020: must have no unknown bit, has 0x00000002',
    ]);
  });

  it('tell a lens whether its variant is there', () => {
    const dataView = (bytes: Uint8Array): DataView => new DataView(bytes.buffer);
    const svn2 = lens(TdReport, 'teeTcbInfo.teeTcbSvn2');
    expect(svn2.offset).toBe(384);
    expect(svn2.applies(dataView(azureBytes()), 0)).toBe(true);
    expect(svn2.applies(dataView(patched([256, 0xff, 1, 0])), 0)).toBe(false);
    expect(svn2.applies(dataView(patched([263, 1])), 0)).toBe(false);
    expect(lens(TdReport, 'tdinfo.vmid').applies(dataView(patched([2, 3])), 0)).toBe(true);
  });

  it('have their offsets from the tables', () => {
    expect(TdInfo.fields.servtdHash.offset).toBe(400);
    expect(TdInfoEx.fields.vmid.offset).toBe(504);
    expect(TeeTcbInfo10.fields.reserved.offset).toBe(128);
    expect(ReportMac.fields.mac.offset).toBe(224);
  });
});

describe.skipIf(absent !== undefined)('TDREPORTs of the corpus', () => {
  const reports = entriesOf('tdreport').filter(([, entry]) => isGenuine(entry));

  it('are nine', () => expect(reports).toHaveLength(9));

  it.each(reports)('%s decodes to what the independent reading says, and comes back', (file) => {
    const bytes = bytesOf(file);
    const value = roundTrip(TdReport, bytes) as typeof azure;
    const wanted = expectedOf(file)?.parse ?? {};
    const { reportmacstruct, teeTcbInfo, tdinfo } = value;
    expect({
      reportType: hex(bytes.subarray(0, 4)),
      cpuSvn: hex(reportmacstruct.cpusvn),
      teeTcbInfoHash: hex(reportmacstruct.teeTcbInfoHash),
      teeInfoHash: hex(reportmacstruct.teeInfoHash),
      reportData: hex(reportmacstruct.reportdata),
      mac: hex(reportmacstruct.mac),
      tcbValid: wire(teeTcbInfo.valid),
      teeTcbSvn: hex(teeTcbInfo.teeTcbSvn),
      mrSeam: hex(teeTcbInfo.mrseam),
      mrSignerSeam: hex(teeTcbInfo.mrsignerseam),
      seamAttributes: wire(teeTcbInfo.attributes),
      // The reading takes these bytes for a second SVN in reports of TDX 1.0, too.
      teeTcbSvn2: hex(teeTcbInfo.valid === 0x1ffn ? bytes.subarray(384, 400) : teeTcbInfo.teeTcbSvn2),
      tdAttributes: wire(tdinfo.attributes),
      xfam: wire(tdinfo.xfam),
      mrTd: hex(tdinfo.mrtd),
      rtmr: tdinfo.rtmr.map(hex),
      servTdHash: hex(tdinfo.servtdHash),
      tcbHashOk: sha384(bytes.subarray(256, 495)) === hex(reportmacstruct.teeTcbInfoHash),
      infoHashOk: sha384(bytes.subarray(512)) === hex(reportmacstruct.teeInfoHash),
    }).toEqual(Object.fromEntries(Object.entries(wanted).filter(([name]) => name !== 'notes' && name !== 'debug')));
  });

  it.each(reports)('%s is fine with strict reading', (file) => {
    expect(failureOf(() => view(TdReport, bytesOf(file), { strict: true }))).toBeUndefined();
  });

  it.each([
    ['bad-derived-tdreport-trunc.bin', 'TdReport.tdinfo.reserved @960: needs 64 bytes, 63 left'],
    ['bad-derived-tdreport-type-sgx.bin', 'TdReport.reportmacstruct.reporttype.type @0: must be 129, is 0'],
    ['bad-derived-tdreport-trailing.bin', 'TdReport @1024: must end here, 32 bytes more'],
    ['bad-tdreport-go-tdx-guest-1.bin', 'TdReport.reportmacstruct.reporttype.type @0: must be 129, is 15'],
  ])('%s is refused: %s', (file, message) => {
    expect(failureOf(() => view(TdReport, bytesOf(file)))?.message).toBe(message);
    expect(failureOf(() => decode(TdReport, bytesOf(file)))?.message).toBe(message);
  });

  it.each(['bad-derived-tdreport-subtype-1.bin', 'bad-derived-tdreport-reserved.bin'])(
    '%s is kept, and refused under strict',
    (file) => {
      roundTrip(TdReport, bytesOf(file));
      expect(failureOf(() => view(TdReport, bytesOf(file), { strict: true }))).toBeDefined();
    },
  );
});

describe('records around a TD', () => {
  it('SERVTD_HASH takes 58 bytes of each service TD', () => {
    const bytes = Uint8Array.from({ length: 58 }, (_, i) => i);
    expect(decode(ServtdHashElement, bytes)).toEqual({
      servtdInfoHash: bytes.slice(0, 48),
      servtdType: 0x3130,
      servtdAttr: 0x3938373635343332n,
    });
    roundTrip(ServtdHashElement, bytes);
  });

  it('an RTMR event has its numbers unaligned behind its version', () => {
    const bytes = Uint8Array.from([
      ...fromHex('010000000200000000000000'),
      ...Uint8Array.from({ length: 48 }, (_, i) => i),
      ...fromHex('03000000050000000908070605'),
    ]);
    expect(roundTrip(TdxRtmrEvent, bytes)).toEqual({
      version: 1,
      rtmrIndex: 2n,
      extendData: bytes.slice(12, 60),
      eventType: 3,
      eventDataSize: 5,
      eventData: Uint8Array.of(9, 8, 7, 6, 5),
    });
    expect(failureOf(() => view(TdxRtmrEvent, bytes.subarray(0, 72)))?.message).toBe(
      'TdxRtmrEvent.eventData @68: needs 5 bytes, 4 left',
    );
  });
});
