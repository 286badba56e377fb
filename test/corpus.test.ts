// Every real quote: read, written back, held against other readings, cut, and with every length changed.
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { type DumpRow, dump } from '../src/index.ts';
import type { Layout } from '../src/layout.ts';
import { absent, bytesOf, type Entry, entries, expectedOf } from './corpus.ts';
import { cutsOf } from './cuts.ts';
import { layoutNamed, layouts } from './layouts.ts';
import { byteArrays, expectSame, failureOf } from './leaves.ts';
import { decode, encode, fromJson, toJson, view } from './verbs.ts';

/** The layout that a file is to be read with. Structs that are not there yet leave their files out. */
function layoutOf({ kind, version, file }: Entry): Layout | undefined {
  if (kind === 'tdreport') return layouts.get('TdReport');
  if (kind !== 'quote') return undefined;
  const named = /-v([345])-/.exec(file)?.[1];
  return layouts.get(`QuoteV${named ?? version}`);
}

const files = entries.flatMap((entry) => {
  const layout = entry.file.endsWith('.bin') ? layoutOf(entry) : undefined;
  return layout ? [{ ...entry, layout, name: entry.file }] : [];
});
const genuine = files.filter((file) => !file.malformed);
const accepted = files.filter(
  ({ malformed, malformedKind = [], expect: outcome }) =>
    !malformed ||
    outcome?.startsWith('accept') ||
    outcome === 'tolerate' ||
    (outcome === undefined && !malformedKind.some((kind) => kind === 'structure' || kind === 'unsigned')),
);
const quotes = genuine.filter(({ kind }) => kind === 'quote');

test(absent ?? 'the corpus has quotes of version 4', ({ skip }) => {
  if (absent) return skip(absent);
  expect(quotes.filter(({ version }) => version === 4).length).toBeGreaterThan(50);
});

/* ---- readings by offset, for comparison ---- */

type Fields = Record<string, unknown>;
const hex = (bytes: Uint8Array, at: number, size: number): string =>
  Buffer.from(bytes.subarray(at, at + size)).toString('hex');
const u16 = (bytes: Uint8Array, at: number): number => Buffer.from(bytes).readUInt16LE(at);
const u32 = (bytes: Uint8Array, at: number): number => Buffer.from(bytes).readUInt32LE(at);
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** A TD report at `at`: TD Report 1.0, and of longer ones what TD Report 1.5 adds. */
const tdAt = (bytes: Uint8Array, at: number, size: number): Fields => ({
  teeTcbSvn: hex(bytes, at, 16),
  mrSeam: hex(bytes, at + 16, 48),
  mrSignerSeam: hex(bytes, at + 64, 48),
  seamAttributes: hex(bytes, at + 112, 8),
  tdAttributes: hex(bytes, at + 120, 8),
  xfam: hex(bytes, at + 128, 8),
  mrTd: hex(bytes, at + 136, 48),
  mrConfigId: hex(bytes, at + 184, 48),
  mrOwner: hex(bytes, at + 232, 48),
  mrOwnerConfig: hex(bytes, at + 280, 48),
  rtmr: [328, 376, 424, 472].map((from) => hex(bytes, at + from, 48)),
  reportData: hex(bytes, at + 520, 64),
  ...(size > 584 && { teeTcbSvn2: hex(bytes, at + 584, 16), mrServiceTd: hex(bytes, at + 600, 48) }),
});
const sgxAt = (bytes: Uint8Array, at: number): Fields => ({
  mrEnclave: hex(bytes, at + 64, 32),
  mrSigner: hex(bytes, at + 128, 32),
  attributes: hex(bytes, at + 48, 16),
  isvProdId: u16(bytes, at + 256),
  isvSvn: u16(bytes, at + 258),
  reportData: hex(bytes, at + 320, 64),
});
/** `mrEnclave` to `qeMrEnclave`. */
const ofQe = (fields: Fields): Fields =>
  Object.fromEntries(Object.entries(fields).map(([name, it]) => [`qe${name[0]?.toUpperCase()}${name.slice(1)}`, it]));

interface Slices {
  readonly parse: Fields;
  readonly hex: Fields;
}

/** What stands in a quote, sliced at offsets that are written down here. */
function quoteAt(bytes: Uint8Array): Slices {
  const version = u16(bytes, 0);
  const body = version === 5 ? 54 : 48;
  const isTd = u32(bytes, 4) === 0x81;
  const size = version === 5 ? u32(bytes, 50) : isTd ? 584 : 384;
  const length = body + size;
  const at = length + 4;
  const sigLen = u32(bytes, length);
  const total = at + sigLen;
  const header = {
    version,
    attKeyType: u16(bytes, 2),
    ...(version === 3
      ? { hdrReserved4: hex(bytes, 4, 4), qeSvn: u16(bytes, 8), pceSvn: u16(bytes, 10) }
      : { teeType: u32(bytes, 4), hdrReserved8: hex(bytes, 8, 4) }),
    vendor: hex(bytes, 12, 16),
    userData: hex(bytes, 28, 20),
    ...(version === 5 && { bodyType: u16(bytes, 48), bodySize: size }),
    ...(isTd ? tdAt(bytes, body, size) : { ...sgxAt(bytes, body), miscSelect: hex(bytes, body + 16, 4) }),
    sigLen,
    total,
    trailing: bytes.length - total,
  };
  if (header.attKeyType !== 2) return { parse: header, hex: {} };
  const outer = version === 3 ? 0 : 6;
  const report = at + 128 + outer;
  const auth = u16(bytes, report + 448);
  const inner = report + 450 + auth;
  const types = [u16(bytes, inner)];
  const sizes = [u32(bytes, inner + 2)];
  return {
    parse: {
      ...header,
      chain: outer ? [u16(bytes, at + 128), ...types] : types,
      certSizes: outer ? [u32(bytes, at + 130), ...sizes] : sizes,
      authLen: auth,
      certType: u16(bytes, inner),
      ...ofQe(sgxAt(bytes, report)),
    },
    hex: {
      attestationSignature: hex(bytes, at, 64),
      attestationKey: hex(bytes, at + 64, 64),
      qeReport: hex(bytes, report, 384),
      qeReportSignature: hex(bytes, report + 384, 64),
      qeAuthData: hex(bytes, report + 450, auth),
      certificationDataSha256: sha256(bytes.subarray(inner + 6, inner + 6 + u32(bytes, inner + 2))),
      signedRegionSha256: sha256(bytes.subarray(0, length)),
    },
  };
}

/** The same from the library's value. */
function quoteOf(layout: Layout, value: unknown): Slices {
  const quote = value as Fields;
  const at = (path: string): unknown =>
    path.split('.').reduce<unknown>((it, name) => (it as Fields | undefined)?.[name], quote);
  const text = (path: string): string => Buffer.from(at(path) as Uint8Array).toString('hex');
  const little = (path: string, size: number): string =>
    Buffer.from(
      BigInt(at(path) as bigint)
        .toString(16)
        .padStart(size * 2, '0'),
      'hex',
    )
      .reverse()
      .toString('hex');
  const image = (name: string, path: string): string =>
    Buffer.from(encode(layoutNamed(name), at(path))).toString('hex');
  const sgx = (report: string): Fields => ({
    mrEnclave: text(`${report}.mrenclave`),
    mrSigner: text(`${report}.mrsigner`),
    attributes: little(`${report}.attributesFlags`, 8) + little(`${report}.attributesXfrm`, 8),
    isvProdId: at(`${report}.isvprodid`),
    isvSvn: at(`${report}.isvsvn`),
    reportData: text(`${report}.reportdata`),
  });
  const td = (): Fields => ({
    teeTcbSvn: text('body.teeTcbSvn'),
    mrSeam: text('body.mrseam'),
    mrSignerSeam: text('body.mrsignerseam'),
    seamAttributes: little('body.seamattributes', 8),
    tdAttributes: little('body.tdattributes', 8),
    xfam: little('body.xfam', 8),
    mrTd: text('body.mrtd'),
    mrConfigId: text('body.mrconfigid'),
    mrOwner: text('body.mrowner'),
    mrOwnerConfig: text('body.mrownerconfig'),
    rtmr: (at('body.rtmr') as Uint8Array[]).map((each) => Buffer.from(each).toString('hex')),
    reportData: text('body.reportdata'),
    ...(at('body.mrservicetd') !== undefined && {
      teeTcbSvn2: text('body.teeTcbSvn2'),
      mrServiceTd: text('body.mrservicetd'),
    }),
  });
  const version = at('header.version');
  const signed = encode(layout, { ...quote, trailing: new Uint8Array(0) });
  const sigLen = at('signatureDataLen') as number;
  const header = {
    version,
    attKeyType: at('header.attestationKeyType'),
    ...(version === 3
      ? { hdrReserved4: text('header.reserved'), qeSvn: at('header.qeSvn'), pceSvn: at('header.pceSvn') }
      : { teeType: at('header.teeType'), hdrReserved8: text('header.reserved') }),
    vendor: text('header.qeVendorId'),
    userData: text('header.userData'),
    ...(version === 5 && { bodyType: at('bodyDescriptor.quoteBodyType'), bodySize: at('bodyDescriptor.size') }),
    ...(at('body.mrtd') !== undefined ? td() : { ...sgx('body'), miscSelect: little('body.miscselect', 4) }),
    sigLen,
    total: signed.length,
    trailing: (quote['trailing'] as Uint8Array).length,
  };
  if (header.attKeyType !== 2) return { parse: header, hex: {} };
  const outer = 'signatureData.qeCertificationData';
  const nested = version === 3 ? 'signatureData' : `${outer}.certificationData`;
  const inner = version === 3 ? outer : `${nested}.qeCertificationData`;
  const chain = version === 3 ? [inner] : [outer, inner];
  const data = at(`${inner}.certificationData`);
  return {
    parse: {
      ...header,
      chain: chain.map((each) => at(`${each}.certificationDataType`)),
      certSizes: chain.map((each) => at(`${each}.size`)),
      authLen: at(`${nested}.qeAuthenticationData.size`),
      certType: at(`${inner}.certificationDataType`),
      ...ofQe(sgx(`${nested}.qeReport`)),
    },
    hex: {
      attestationSignature: text(`signatureData.${version === 3 ? 'isvEnclaveReportSignature' : 'quoteSignature'}`),
      attestationKey: text('signatureData.ecdsaAttestationKey'),
      qeReport: image('SgxReportBody', `${nested}.qeReport`),
      qeReportSignature: text(`${nested}.qeReportSignature`),
      qeAuthData: text(`${nested}.qeAuthenticationData.data`),
      certificationDataSha256: sha256(
        data instanceof Uint8Array ? data : encode(layoutNamed('CertificationData'), at(inner)).subarray(6),
      ),
      signedRegionSha256: sha256(signed.subarray(0, signed.length - sigLen - 4)),
    },
  };
}

/** Those of the expected fields that the layout is about: the others come out of the certificates. */
const shared = (all: Readonly<Fields>, own: Fields): Fields =>
  Object.fromEntries(Object.entries(all).filter(([name]) => name in own));

describe.runIf(!absent)('files that decode', () => {
  test.each(accepted)('$name: encode and JSON give the bytes back', ({ file, layout }) => {
    const bytes = bytesOf(file);
    const value = decode(layout, bytes);
    expect(Buffer.from(encode(layout, value)).equals(bytes)).toBe(true);
    const json = JSON.stringify(toJson(layout, value));
    expect(JSON.stringify(toJson(layout, view(layout, bytes)))).toBe(json);
    expect(Buffer.from(encode(layout, fromJson(layout, JSON.parse(json)))).equals(bytes)).toBe(true);
  });

  test.each(genuine.filter(({ synthetic }) => !synthetic))('$name: strict reading accepts it', ({ file, layout }) => {
    const bytes = bytesOf(file);
    view(layout, bytes, { strict: true });
    decode(layout, bytes, { strict: true });
  });

  test.each(accepted.filter(({ kind }) => kind === 'quote'))(
    '$name: has the values of a reading by offset, and of the parser that made the corpus',
    (file) => {
      const bytes = bytesOf(file.file);
      const own = quoteOf(file.layout, decode(file.layout, bytes));
      expect(own).toEqual(quoteAt(bytes));
      const expected = expectedOf(file.file);
      if (!expected?.parse) return;
      const parse = shared(expected.parse, own.parse);
      expect(own.parse).toMatchObject(parse);
      expect(own.hex).toMatchObject(shared(expected.hex ?? {}, own.hex));
      expect(Object.keys(parse).length).toBeGreaterThan(15);
    },
  );
});

describe.runIf(!absent)('files with a fault', () => {
  const faulty = files.filter((file) => !accepted.includes(file));

  test.each(faulty)('$name: fails as its entry says ($expect)', ({ file, layout, expect: outcome = 'reject' }) => {
    const bytes = bytesOf(file);
    const open = failureOf(() => view(layout, bytes));
    const strict = failureOf(() => view(layout, bytes, { strict: true }));
    expect(failureOf(() => decode(layout, bytes))).toEqual(open);
    expect(failureOf(() => decode(layout, bytes, { strict: true }))).toEqual(strict);
    if (open !== undefined) {
      expect(strict).toBeDefined();
      // Slack inside is refused, trailing bytes are not.
      if (outcome === 'reject-or-tolerate') expect(file).not.toMatch(/trailing-nonzero/);
      return;
    }
    // Only three things may be tolerated: trailing bytes always, unknown tags and reserved bytes unless strict.
    if (/quote|v\d-trailing/.test(file) && strict === undefined) expect(outcome).toBe('reject-or-tolerate');
    else expect(strict?.code).toMatch(/^(variant|reserved|constant)$/);
    expect(Buffer.from(encode(layout, decode(layout, bytes))).equals(bytes)).toBe(true);
  });
});

/* ---- cuts ---- */

/** The first quote of each layout: what holds for it at every length needs only samples of the others. */
const exemplars = [...new Map(quotes.toReversed().map((file) => [file.layout, file])).values()];
const others = quotes.filter((file) => !exemplars.includes(file));

/** Fails unless the first `size` bytes are refused by both readers alike, at a place that lies inside of them. */
function expectCut(layout: Layout, bytes: Uint8Array, size: number): void {
  const cut = bytes.subarray(0, size);
  const failure = failureOf(() => view(layout, cut));
  if (failure?.code !== 'truncated' || failure.offset === undefined || failure.offset > size)
    expect.fail(`${size} bytes: ${failure?.message ?? 'no error'}`);
  const decoding = failureOf(() => decode(layout, cut));
  if (decoding?.message !== failure.message) expect.fail(`${size} bytes: decode says ${decoding?.message}`);
}

describe.runIf(!absent)('quotes cut short', () => {
  test.each(exemplars)(
    '$name: every shorter length fails with a LayoutError that lies inside of it',
    ({ file, layout, quoteLength }) => {
      const bytes = bytesOf(file);
      const end = quoteLength ?? bytes.length;
      for (let size = 0; size < end; size++) expectCut(layout, bytes, size);
      expect(failureOf(() => view(layout, bytes.subarray(0, end)))).toBeUndefined();
    },
  );

  test.each(others)(
    '$name: shorter by a byte, at either side of the end of any field, at every 97th byte it fails likewise',
    ({ file, layout, quoteLength }) => {
      const bytes = bytesOf(file);
      const end = quoteLength ?? bytes.length;
      for (const size of cutsOf(layout, bytes, end)) expectCut(layout, bytes, size);
      expect(failureOf(() => view(layout, bytes.subarray(0, end)))).toBeUndefined();
    },
  );
});

/* ---- lengths ---- */

/** Where the numbers of up to 4 bytes stand: lengths, tags, constants and what only counts. */
const numbersIn = (layout: Layout, bytes: Uint8Array): DumpRow[] =>
  dump(layout, bytes).filter(({ value }) => /^\d+$/.test(value));

describe.runIf(!absent)('quotes with another number where one stands', () => {
  test.each(quotes)('$name: a value whose parts lie inside of the input, or a LayoutError', ({ file, layout }) => {
    const bytes = bytesOf(file);
    const numbers = numbersIn(layout, bytes);
    expect(numbers.length).toBeGreaterThan(3);
    for (const { path, offset, bytes: own, value } of numbers) {
      for (const other of [0, 1, Number(value) - 1, Number(value) + 1, 0x7fffffff, 0x80000000, 0xffffffff]) {
        const changed = bytes.slice();
        for (let i = 0; i < own.length; i++) changed[offset + i] = Math.floor(other / 256 ** i) % 256;
        const about = `${path} = ${other}`;
        const failure = failureOf(() => view(layout, changed));
        if (failure) {
          expectSame(
            failureOf(() => decode(layout, changed)),
            failure,
          );
          continue;
        }
        for (const part of byteArrays(view(layout, changed)))
          if (part.buffer !== changed.buffer || part.byteOffset + part.length > changed.length) expect.fail(about);
        if (!Buffer.from(encode(layout, decode(layout, changed))).equals(changed)) expect.fail(about);
      }
    }
  });

  test('the largest lengths take no memory', () => {
    const [first] = quotes;
    if (!first) return;
    const bytes = bytesOf(first.file);
    const before = process.memoryUsage().arrayBuffers;
    for (const { offset, bytes: own } of numbersIn(first.layout, bytes)) {
      const changed = bytes.slice();
      changed.fill(0xff, offset, offset + own.length);
      failureOf(() => decode(first.layout, changed));
      failureOf(() => view(first.layout, changed));
    }
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 20);
  });
});
