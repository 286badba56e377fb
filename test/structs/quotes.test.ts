import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { LayoutError, offsetOf, Quote, QuoteV3, QuoteV4, QuoteV5, span, view as viewOf } from '../../src/index.ts';
import { absent, bytesOf, type Entry, entriesOf, expectedOf, isGenuine } from '../corpus.ts';
import { expectSame, failureOf } from '../leaves.ts';
import { decode, encode, view } from '../verbs.ts';
import { roundTrip } from './round-trip.ts';

/** A value as far as these tests look into it: missing fields read as undefined. */
interface Node {
  readonly [name: string]: Node | undefined;
}
const at = (value: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((it, name) => (it as Node | undefined)?.[name], value);
const hex = (it: unknown): string | undefined =>
  it instanceof Uint8Array ? Buffer.from(it).toString('hex') : undefined;
/** A number of 8 bytes as the expectations write it: hex in wire order. */
const wire = (it: unknown, size = 8): string => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(it as bigint | number));
  return bytes.subarray(0, size).toString('hex');
};

const SGX = {
  mrEnclave: 'mrenclave',
  mrSigner: 'mrsigner',
  isvProdId: 'isvprodid',
  isvSvn: 'isvsvn',
  reportData: 'reportdata',
};
const TD = {
  teeTcbSvn: 'teeTcbSvn',
  mrSeam: 'mrseam',
  mrSignerSeam: 'mrsignerseam',
  mrTd: 'mrtd',
  mrConfigId: 'mrconfigid',
  mrOwner: 'mrowner',
  mrOwnerConfig: 'mrownerconfig',
  reportData: 'reportdata',
  teeTcbSvn2: 'teeTcbSvn2',
  mrServiceTd: 'mrservicetd',
};

/** What the value says, in the words of the expectations, as far as these have such a word. */
function said(value: unknown, bytes: Uint8Array, hashes: boolean): Record<string, unknown> {
  const version = at(value, 'header.version') as number;
  const header = {
    version,
    attKeyType: at(value, 'header.attestationKeyType'),
    vendor: hex(at(value, 'header.qeVendorId')),
    userData: hex(at(value, 'header.userData')),
    ...(version === 3
      ? {
          hdrReserved4: hex(at(value, 'header.reserved')),
          qeSvn: at(value, 'header.qeSvn'),
          pceSvn: at(value, 'header.pceSvn'),
        }
      : { teeType: at(value, 'header.teeType'), hdrReserved8: hex(at(value, 'header.reserved')) }),
    ...(version === 5 && {
      bodyType: at(value, 'bodyDescriptor.quoteBodyType'),
      bodySize: at(value, 'bodyDescriptor.size'),
    }),
  };
  const body = at(value, 'body');
  const of = at(body, 'mrenclave') ? SGX : TD;
  const fields = Object.fromEntries(
    Object.entries(of).map(([theirs, ours]) => {
      const it = at(body, ours);
      return [theirs, typeof it === 'number' ? it : hex(it)];
    }),
  );
  const bits =
    of === SGX
      ? {
          attributes: wire(at(body, 'attributesFlags')) + wire(at(body, 'attributesXfrm')),
          miscSelect: wire(at(body, 'miscselect'), 4),
        }
      : {
          seamAttributes: wire(at(body, 'seamattributes')),
          tdAttributes: wire(at(body, 'tdattributes')),
          xfam: wire(at(body, 'xfam')),
          rtmr: (at(body, 'rtmr') as readonly unknown[]).map(hex),
        };
  const trailing = at(value, 'trailing') as Uint8Array;
  const signature = at(value, 'signatureData');
  const lengths = {
    sigLen: at(value, 'signatureDataLen'),
    total: bytes.length - trailing.length,
    trailing: trailing.length,
  };
  const qe = version === 3 ? signature : at(signature, 'qeCertificationData.certificationData');
  const report = at(qe, 'qeReport');
  if (!report) return { ...header, ...fields, ...bits, ...lengths };
  const enclave = {
    qeMrSigner: hex(at(report, 'mrsigner')),
    qeMrEnclave: hex(at(report, 'mrenclave')),
    qeIsvProdId: at(report, 'isvprodid'),
    qeIsvSvn: at(report, 'isvsvn'),
    qeReportData: hex(at(report, 'reportdata')),
    qeAttributes: wire(at(report, 'attributesFlags')) + wire(at(report, 'attributesXfrm')),
    authLen: at(qe, 'qeAuthenticationData.size'),
    certType: at(qe, 'qeCertificationData.certificationDataType'),
  };
  if (!hashes) return { ...header, ...fields, ...bits, ...lengths, ...enclave };
  const of3 = version === 3 ? 'signatureData' : 'signatureData.qeCertificationData.certificationData';
  const opened = viewOf(Quote, bytes);
  const { offset, length } = offsetOf(opened, `${of3}.qeCertificationData.certificationData`);
  const sha256 = (part: Uint8Array): string => createHash('sha256').update(part).digest('hex');
  return {
    ...header,
    ...fields,
    ...bits,
    ...lengths,
    ...enclave,
    attestationSignature: hex(at(signature, version === 3 ? 'isvEnclaveReportSignature' : 'quoteSignature')),
    attestationKey: hex(at(signature, 'ecdsaAttestationKey')),
    qeReport: Buffer.from(span(opened, `${of3}.qeReport`)).toString('hex'),
    qeReportSignature: hex(at(qe, 'qeReportSignature')),
    qeAuthData: hex(at(qe, 'qeAuthenticationData.data')),
    certificationDataSha256: sha256(bytes.subarray(offset, offset + length)),
    signedRegionSha256: sha256(span(opened, 'header', 'body')),
  };
}

const KNOWN_ONLY_TO_A_VERIFIER =
  /^(?:notes|debug|tee|chain|certSizes|certLen|qeDebug|pemTail|nCerts|cns|fmspc|pceId|sgxType|pck|trailingZero|ppidBlob|truncated|sigError)/;

/** What a parser owes to a derived file; the rest of them have no `expect`. */
const mustRefuse = ({ expect: wanted, malformedKind = [] }: Entry): boolean =>
  wanted === undefined
    ? malformedKind.some((kind) => kind === 'structure' || kind === 'unsigned')
    : wanted === 'reject';

describe.skipIf(absent !== undefined)('quotes of the corpus', () => {
  const quotes = entriesOf('quote');
  const decoding = quotes.filter(([, entry]) => !mustRefuse(entry) && entry.expect !== 'reject-or-tolerate');

  it('has quotes of every version', () => {
    expect(new Set(decoding.map(([, { version }]) => version))).toEqual(new Set([3, 4, 5]));
  });

  it.each(decoding)('%s decodes to what the independent reading says, and comes back', (file) => {
    const bytes = bytesOf(file);
    const value = roundTrip(Quote, bytes);
    const { parse, hex: hashes } = expectedOf(file) ?? {};
    if (!parse) return;
    const wanted = { ...parse, ...hashes };
    const ours = said(value, bytes, hashes !== undefined);
    for (const [name, theirs] of Object.entries(wanted)) {
      if (!KNOWN_ONLY_TO_A_VERIFIER.test(name) && name in ours) expect([name, ours[name]]).toEqual([name, theirs]);
    }
    // Behind an unknown key type we read nothing.
    if (at(value, 'signatureData') instanceof Uint8Array) return;
    const unread = Object.keys(wanted).filter((name) => !KNOWN_ONLY_TO_A_VERIFIER.test(name) && !(name in ours));
    expect(unread.filter((name) => !['bodyType', 'bodySize'].includes(name))).toEqual([]);
  });

  it.each(quotes.filter(([, entry]) => isGenuine(entry)))('%s is fine with strict reading', (file) => {
    expect(failureOf(() => view(Quote, bytesOf(file), { strict: true }))).toBeUndefined();
  });

  it.each(quotes.filter(([, entry]) => mustRefuse(entry)))('%s is refused, by view and decode alike', (file) => {
    const bytes = bytesOf(file);
    const failure = failureOf(() => view(Quote, bytes, { strict: true }));
    expect(failure).toBeDefined();
    expect(failureOf(() => decode(Quote, bytes, { strict: true }))).toEqual(failure);
    expect(failureOf(() => decode(Quote, bytes))).toEqual(failureOf(() => view(Quote, bytes)));
  });

  it('keeps the bytes behind tags that a length bounds, and nothing else that is malformed', () => {
    const kept = quotes
      .filter(([, entry]) => mustRefuse(entry))
      .filter(([file]) => !failureOf(() => view(Quote, bytesOf(file))))
      .map(([file]) => file);
    expect(kept).toEqual([
      'bad-derived-tdx-v4-akt-3.bin',
      'bad-derived-tdx-v4-akt-0.bin',
      'bad-derived-tdx-v4-outer-cert-99.bin',
      'bad-derived-tdx-v5-bodytype-0.bin',
      'bad-derived-sgx-v3-akt-3.bin',
    ]);
  });

  it('reads each quote the same by its own layout as by the union', () => {
    for (const [file, { version }] of decoding) {
      const own = version === 3 ? QuoteV3 : version === 4 ? QuoteV4 : QuoteV5;
      expectSame(decode(own, bytesOf(file)), decode(Quote, bytesOf(file)));
    }
  });

  it('holds the TEE type of a version 5 quote against its body type under strict only', () => {
    const enclave = bytesOf('syn-sgx-v5-1.bin');
    enclave[4] = 0x81;
    expect(view(QuoteV5, enclave)).toBeDefined();
    expect(failureOf(() => view(QuoteV5, enclave, { strict: true }))?.message).toBe(
      'QuoteV5.header.teeType @4: must be 0 with bodyDescriptor.quoteBodyType 1, is 129',
    );
    for (const [file, type] of [
      ['syn-tdx-v5-td10-1.bin', 2],
      ['syn-tdx-v5-td15-1.bin', 3],
    ] as const) {
      const td = bytesOf(file);
      td[4] = 0;
      expect(failureOf(() => view(Quote, td, { strict: true }))).toEqual({
        code: 'constant',
        path: 'Quote.header.teeType',
        offset: 4,
        message: `Quote.header.teeType @4: must be 129 with bodyDescriptor.quoteBodyType ${type}, is 0`,
      });
    }
  });

  it('computes both lengths of a version 5 quote, or holds them against what they measure', () => {
    const bytes = bytesOf('syn-tdx-v5-td15-1.bin');
    const { bodyDescriptor: _, signatureDataLen: _1, ...rest } = decode(QuoteV5, bytes) as Record<string, object>;
    expect(Buffer.compare(encode(QuoteV5, { ...rest, bodyDescriptor: { quoteBodyType: 3 } }), bytes)).toBe(0);
    expect(() => encode(QuoteV5, { ...rest, bodyDescriptor: { quoteBodyType: 3, size: 584 } })).toThrow(
      new LayoutError('length', 'QuoteV5.bodyDescriptor.size', undefined, 'must be 648, is 584'),
    );
    const ready = Uint8Array.of(3, 0, 0x88, 2, 0, 0);
    expect(Buffer.compare(encode(QuoteV5, { ...rest, bodyDescriptor: ready }), bytes)).toBe(0);
  });

  it('reads the extended body of type 4 at its odd offsets', () => {
    const old = bytesOf('syn-tdx-v5-td15-1.bin');
    const body = Uint8Array.from({ length: 885 }, (_, i) => i % 251);
    const bytes = Uint8Array.from([...old.subarray(0, 48), 4, 0, 0x75, 3, 0, 0, ...body, ...old.subarray(702)]);
    const value = roundTrip(Quote, bytes);
    expect(at(value, 'body.vmid')).toBe(648 % 251);
    expect(hex(at(value, 'body.tdId'))).toBe(hex(body.subarray(649, 681)));
    expect(hex(at(value, 'body.devinfo'))).toBe(hex(body.subarray(681, 729)));
    expect(hex(at(value, 'body.initServtdHash'))).toBe(hex(body.subarray(729, 777)));
    expect(wire(at(value, 'body.initServtdAttr'))).toBe(hex(body.subarray(777, 785)));
    expect(hex(at(value, 'body.initCpusvn'))).toBe(hex(body.subarray(785, 801)));
    expect(hex(at(value, 'body.initTeeTcbSvn'))).toBe(hex(body.subarray(801, 817)));
    expect(hex(at(value, 'body.initTeeFmspc'))).toBe(hex(body.subarray(817, 829)));
    expect(hex(at(value, 'body.currServtdHash'))).toBe(hex(body.subarray(829, 877)));
    expect(wire(at(value, 'body.currServtdAttr'))).toBe(hex(body.subarray(877, 885)));
  });
});

describe('Quote', () => {
  it('names the versions that it knows', () => {
    const bytes = new Uint8Array(1300);
    bytes[0] = 7;
    expect(failureOf(() => view(Quote, bytes))).toEqual({
      code: 'variant',
      path: 'Quote.version',
      offset: 0,
      message: 'Quote.version @0: must be 3, 4 or 5, is 7',
    });
  });

  it.each([
    [3, undefined, 1020],
    [4, 0, 1026],
    [4, 0x81, 1226],
    [5, 1, 1032],
    [5, 2, 1232],
    [5, 3, 1296],
    [5, 4, 1533],
  ])('of version %d, kind %s, has at least %d bytes', (version, kind, least) => {
    const bytes = new Uint8Array(least);
    const put = (offset: number, ...values: number[]): void => bytes.set(values, offset);
    const u32 = (n: number): number[] => [n & 255, (n >> 8) & 255, 0, 0];
    put(0, version, 0, 2);
    const bodySize = version === 5 ? [0, 384, 584, 648, 885][kind ?? 0]! : kind === 0x81 ? 584 : 384;
    if (version === 5) put(48, kind ?? 0, 0, ...u32(bodySize));
    else put(4, kind ?? 0);
    const length = (version === 5 ? 54 : 48) + bodySize;
    put(length, ...u32(least - length - 4));
    if (version === 3) put(length + 4 + 578, 5);
    else {
      put(length + 4 + 128, 6, 0, ...u32(456));
      put(length + 4 + 134 + 450, 5);
    }
    roundTrip(Quote, bytes);
    expect(failureOf(() => view(Quote, bytes.subarray(0, -1)))?.code).toBe('truncated');
  });
});
