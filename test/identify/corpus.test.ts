import { describe, expect, it } from 'vitest';
import { identify, type Kind } from '../../src/evidence/identify.ts';
import { view } from '../../src/view.ts';
import { absent, bytesOf, type Entry, entries, isGenuine } from '../corpus.ts';

const CONTAINERS: readonly (readonly [string, Kind])[] = [
  ['container-azure-hcl', 'AzureHclReport'],
  ['container-oe-', 'OpenEnclaveEvidence'],
  ['container-oasis-pcs-bundle', 'CborEvidence'],
];

/** The kind that identify gives to what the manifest calls `entry.kind`. */
function wanted({ file, kind }: Entry): Kind {
  if (file === 'bad-derived-tdx-v4-empty.bin') return 'unknown';
  if (kind === 'quote') return 'Quote';
  if (kind === 'tdreport') return 'TdReport';
  if (kind === 'qgs') return file.includes('tdx-quote-hdr') ? 'GetQuoteBuffer' : 'QgsMessage';
  if (kind === 'container') return CONTAINERS.find(([start]) => file.startsWith(start))?.[1] ?? 'unknown';
  if (file.endsWith('.pem')) return 'Pem';
  return file.endsWith('.der') || file === 'collateral-go-tdx-guest-pckcrl.bin' ? 'Der' : 'Collateral';
}

/** What the manifest says besides. */
interface Told extends Entry {
  readonly debug?: boolean | null;
  readonly trailingZero?: boolean | null;
  readonly checks?: { readonly reportDataBinding: boolean | null };
}
const told: readonly Told[] = entries;

/** Carriers of an enclave under debug, of which the manifest says nothing. */
const DEBUG_INSIDE: readonly string[] = ['container-oe-evidence-text-prefixed-1.bin'];

/** What nobody can see who looks at no signature. */
const UNSEEN: readonly string[] = ['signature', 'chain'];

/** By a part of the file's name, the field that is wrong in it. */
const FIELDS: Readonly<Record<string, RegExp>> = {
  'tdx-v4-surge': /^Broken: truncated, or QuoteV4\.signatureDataLen is wrong: .* 2680 bytes more/,
  'sgx-v3-intel-secl': /^Broken: truncated, or QuoteV3\.signatureDataLen is wrong: .* 4084 bytes more/,
  'bad-certdata-tdx-v4-intel-qvl': /\.certificationData of type 5 is no PEM, but certificates in DER\.$/,
  'bad-certdata-sgx-v4-intel-dcap': /\.certificationData of type 5 is no PEM\.$/,
  'bad-unsigned-': /^Broken: a quote without signature; .* QuoteV[34]\.signatureDataLen is missing\.$/,
  'bad-struct-sgx-v3-rsk-powhsm': /^Broken: QuoteV3\.signatureDataLen at byte 432 must be at least 584, is 0\.$/,
  'bad-struct-tdx-v5-teekit': /^Broken: a QuoteV5 without the 6 bytes of bodyDescriptor at byte 48/,
  'bad-tdreport-go-tdx-guest': /first 48 bytes of TdReport\.reportmacstruct are lost/,
  'v4-empty': /^Empty input\.$/,
  'trunc-header': /^Broken: QuoteV4\.header\.userData at byte 28 needs 20 bytes, 19 left\.$/,
  'v4-trunc-body': /^Broken: QuoteV4\.body\.reportdata at byte 568 needs 64 bytes, 63 left\.$/,
  'v5-trunc-body': /^Broken: QuoteV5\.body.* at byte \d+ needs \d+ bytes, \d+ left\.$/,
  'v3-trunc-body': /^Broken: QuoteV3\.body\.reportdata at byte 368 needs 64 bytes, 63 left\.$/,
  'trunc-siglen': /^Broken: QuoteV4\.signatureDataLen at byte 632 needs 4 bytes, 3 left\.$/,
  'trunc-sigdata': /signatureDataLen is wrong: by it the quote ends at byte 4935, 1 byte more than there are/,
  'trunc-attkey': /signatureDataLen is wrong: by it the quote ends at byte 4935, 4225 bytes more than there are/,
  'siglen-plus1': /^Broken: truncated, or QuoteV[345]\.signatureDataLen is wrong: .* 1 byte more/,
  'siglen-minus1': /^Broken: QuoteV4\.signatureData\.qeCertificationData\.certificationData at byte 770 needs/,
  'siglen-zero': /^Broken: QuoteV4\.signatureDataLen at byte 632 must be at least 134, is 0\.$/,
  'siglen-max': /QuoteV4\.signatureDataLen is wrong: by it the quote ends at byte 4294967931/,
  'version-6': /^Broken: Quote\.version at byte 0 must be 3, 4 or 5, is 6\.$/,
  'version-0': /^Broken: Quote\.version at byte 0 must be 3, 4 or 5, is 0\.$/,
  'tee-type-82':
    /^Broken: QuoteV4\.header\.teeType at byte 4 is 130, but the lengths fit the body of a TD, which is 129\.$/,
  'v4-claims-v5': /^Broken: a QuoteV5 without the 6 bytes of bodyDescriptor/,
  'v4-tee-sgx': /^Broken: QuoteV4\.header\.teeType at byte 4 is 0, but the lengths fit the body of a TD/,
  'akt-3': /QuoteV[34]\.header\.attestationKeyType at byte 2 must be 2, is 3\.$/,
  'akt-0': /QuoteV4\.header\.attestationKeyType at byte 2 must be 2, is 0\.$/,
  'outer-cert-5': /\.certificationDataType at byte 764 must be 6, is 5\.$/,
  'outer-cert-99': /\.certificationDataType at byte 764 must be 6, is 99\.$/,
  'outer-size-plus1': /^Broken: .*qeCertificationData\.certificationData at byte (770|840) needs/,
  'outer-size-minus1': /^Broken: .*\.certificationData at byte 1258 needs 3677 bytes, 3676 left\.$/,
  'outer-size-max': /^Broken: .*\.certificationData at byte 770 needs 4294967295 bytes/,
  'inner-cert-6': /\.certificationDataType at byte 1252 must be 1, 2, 3, 4, 5 or 7, is 6\.$/,
  'inner-cert-99': /\.certificationDataType at byte \d+ must be 1, 2, 3, 4, 5 or 7, is 99\.$/,
  'authlen-max': /^Broken: .*\.qeAuthenticationData\.data at byte \d+ needs 65535 bytes/,
  'authlen-zero': /^Broken: .*\.certificationData at byte \d+ needs 84148994 bytes/,
  'inner-size-plus1': /^Broken: .*\.certificationData at byte \d+ needs (3678|3549) bytes, (3677|3548) left\.$/,
  'inner-size-minus1': /^Broken: .*\.certificationData at byte 4934 must end here, 1 byte more\.$/,
  'inner-size-max': /^Broken: .*\.certificationData at byte 1258 needs 4294967295 bytes/,
  'trailing-nonzero': /^Padded: the quote ends at byte \d+; behind it, not signed: 4 bytes, none of them zero\.$/,
  'pem-reversed': /\.certificationData begins with a root certificate/,
  'pem-corrupt-b64': /\.certificationData: certificate 1 of 3 cannot be read\.$/,
  'pem-empty': /\.certificationData of type 5 is empty/,
  'bodytype-0': /QuoteV5\.bodyDescriptor\.quoteBodyType at byte 48 must be 1, 2, 3 or 4, is 0\.$/,
  'bodytype-4': /^Broken: QuoteV5\.bodyDescriptor\.size at byte 50 must be 885, is 648\.$/,
  'bodytype-2': /^Broken: QuoteV5\.bodyDescriptor\.size at byte 50 must be 584, is 648\.$/,
  'bodysize-647': /^Broken: QuoteV5\.bodyDescriptor\.size at byte 50 must be 648, is 647\.$/,
  'bodysize-max': /^Broken: QuoteV5\.bodyDescriptor\.size at byte 50 must be 648, is 4294967295\.$/,
  'tdreport-trunc': /^Broken: TdReport\.tdinfo\.reserved at byte 960 needs 64 bytes, 63 left\.$/,
  'tdreport-type-sgx': /^Broken: TdReport\.reportmacstruct\.reporttype\.type at byte 0 must be 129, is 0\.$/,
  'tdreport-subtype': /^TdReport\.reportmacstruct\.reporttype\.subtype at byte 1 is 1: a TD binding report/,
  'tdreport-tcbinfo-flip': /teeTcbInfoHash is not the SHA-384 of TdReport\.teeTcbInfo/,
  'tdreport-tdinfo-flip': /teeInfoHash is not the SHA-384 of TdReport\.tdinfo/,
  'tdreport-reserved': /TdReport\.reportmacstruct\.reserved1 at byte 4 must be zero, byte 0 is 0x01\.$/,
  'tdreport-trailing': /^Broken: longer than the 1024 bytes of TdReport: behind them 32 bytes, all zero\.$/,
  'qgs-size-plus1': /^Broken: QgsMessage at byte 0 needs 1049 bytes, 1048 left\.$/,
  'qgs-major': /^Broken: QgsMessage\.header\.majorVersion at byte 0 must be 1, is 2\.$/,
  'qgs-type': /^Broken: QgsMessage\.type at byte 4 must be 0, 1, 2, 3, 4 or 5, is 6\.$/,
  'qgs-req-error': /^Broken: QgsMessage\.header\.errorCode at byte 12 must be 0, is 1\.$/,
  'qgs-report-size': /^Broken: QgsMessage\.reportSize at byte 16 must be at least 1, is 0\.$/,
  'qgs-trunc': /^Broken: QgsMessage at byte 0 needs 1048 bytes, 1047 left\.$/,
  'qgs-resp-quote-size': /^Broken: QgsMessage\.quote at byte 24 needs 4294967295 bytes, 4935 left\.$/,
};

/** By a part of the file's name, what can be seen of a wrong signature or chain all the same. */
const SEEN: Readonly<Record<string, RegExp>> = {
  'vendor-flip': /^QuoteV4\.header\.qeVendorId is not Intel's\.$/,
  'hdr-reserved': /QuoteV4\.header\.reserved at byte 8 must be zero, byte 0 is 0x01\.$/,
  'sig-zero': /^QuoteV4\.signatureData\.quoteSignature is all zero\.$/,
  attkey: /qeReport\.reportdata is not the SHA-256 of the attestation key/,
  'auth-flip': /qeReport\.reportdata is not the SHA-256 of the attestation key/,
  'qereport-flip': /qeReport\.reserved2 at byte 866 must be zero/,
  'pem-leaf-only': /\.certificationData has 1 certificate, where leaf, intermediate and root are usual\.$/,
};

const wrapped = (text: string, every: number): string => text.replace(new RegExp(`(.{${every}})`, 'g'), '$1\r\n');

/** Every text that people have for bytes. */
const encodings: Readonly<Record<string, (bytes: Buffer) => string>> = {
  hex: (bytes) => bytes.toString('hex'),
  'HEX behind 0x': (bytes) => `0x${bytes.toString('hex').toUpperCase()}\n`,
  'hex in columns': (bytes) => wrapped(bytes.toString('hex').replace(/(..)/g, '$1 '), 48),
  base64: (bytes) => bytes.toString('base64'),
  'base64 in lines without padding': (bytes) => `${wrapped(bytes.toString('base64').replace(/=+$/, ''), 64)}\n`,
  base64url: (bytes) => bytes.toString('base64url'),
  'hex of hex': (bytes) => Buffer.from(bytes.toString('hex')).toString('hex'),
  'JSON around hex': (bytes) =>
    JSON.stringify({ nonce: 'ab'.repeat(32), tee: { quote: `0x${bytes.toString('hex')}` } }),
  'JSON around base64': (bytes) => JSON.stringify([{ evidence: bytes.toString('base64') }], undefined, 2),
  'JSON text around base64 in lines': (bytes) => JSON.stringify(wrapped(bytes.toString('base64'), 76)),
};

describe.skipIf(absent)('identify on the corpus', () => {
  const binary = entries.filter(({ kind }) => kind !== 'expected');

  it('names every file', () => {
    const wrong: string[] = [];
    for (const entry of binary) {
      const it = identify(bytesOf(entry.file));
      if (it.kind !== wanted(entry)) wrong.push(`${entry.file}: ${it.kind}, ${it.notes.join(' ')}`);
    }
    expect(wrong).toEqual([]);
    expect(binary.length).toBeGreaterThan(0);
  });

  for (const [name, encode] of Object.entries(encodings)) {
    it(`names every piece of evidence as ${name}, and finds its bytes`, () => {
      const wrong: string[] = [];
      for (const entry of binary) {
        if (entry.kind === 'collateral' || entry.size === 0) continue;
        const bytes = Buffer.from(bytesOf(entry.file));
        const raw = identify(bytes);
        for (const text of [encode(bytes), Buffer.from(encode(bytes))]) {
          const it = identify(text);
          const same =
            it.kind === wanted(entry) &&
            it.layout === raw.layout &&
            it.offset === raw.offset &&
            Buffer.compare(it.bytes, raw.bytes) === 0;
          if (!same) wrong.push(`${entry.file}: ${it.kind}, ${it.notes.join(' ')}`);
        }
      }
      expect(wrong).toEqual([]);
    });
  }

  it('gives the layout that reads each genuine piece of evidence', () => {
    const genuine = binary.filter(
      ({ kind, malformed }) => ['quote', 'tdreport', 'qgs', 'container'].includes(kind) && !malformed,
    );
    const wrong: string[] = [];
    for (const { file } of genuine) {
      const { layout, bytes } = identify(bytesOf(file));
      try {
        if (layout) view(layout, bytes);
        else wrong.push(`${file}: no layout`);
      } catch (error) {
        wrong.push(`${file}: ${String(error)}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('finds nothing odd about genuine evidence but what the corpus says of it', () => {
    const wrong: string[] = [];
    const genuine = told.filter(
      (entry) => !['collateral', 'expected'].includes(entry.kind) && isGenuine(entry) && !entry.malformed,
    );
    for (const { file, debug, trailingBytes, trailingZero } of genuine) {
      const expected = [
        ...((trailingBytes ?? 0) > 0 && trailingZero === false ? [/^Padded: .* zero\.$/] : []),
        ...(debug || DEBUG_INSIDE.includes(file) ? [/^DEBUG is set in /] : []),
      ];
      const { findings } = identify(bytesOf(file));
      if (findings.length !== expected.length || !expected.every((each, i) => each.test(findings[i] ?? '')))
        wrong.push(`${file}: ${findings.join(' ')}`);
    }
    expect(wrong).toEqual([]);
    expect(genuine.length).toBeGreaterThan(0);
  });

  it('says of each quote and report, broken or not, whether it is under debug', () => {
    const wrong = told.filter(({ file, kind, debug }) => {
      if ((kind !== 'quote' && kind !== 'tdreport') || debug === undefined || debug === null) return false;
      return identify(bytesOf(file)).findings.some((each) => each.startsWith('DEBUG is set')) !== debug;
    });
    expect(wrong.map(({ file }) => file)).toEqual([]);
  });

  it('says where the QE report does not bind the attestation key', () => {
    const wrong = told.filter(({ file, checks }) => {
      if (checks?.reportDataBinding === undefined || checks.reportDataBinding === null) return false;
      const { findings } = identify(bytesOf(file));
      if (findings.some((each) => each.startsWith('Broken'))) return false;
      return findings.some((each) => each.includes('reportdata is not the SHA-256')) === checks.reportDataBinding;
    });
    expect(wrong.map(({ file }) => file)).toEqual([]);
  });

  const broken = told.filter(
    ({ kind, malformed }) => malformed === true && ['quote', 'tdreport', 'qgs'].includes(kind),
  );

  it('calls each broken file by its kind, and names the field in which it is broken', () => {
    const wrong: string[] = [];
    for (const entry of broken.filter(({ malformedKind }) => !malformedKind?.every((each) => UNSEEN.includes(each)))) {
      const { kind, findings } = identify(bytesOf(entry.file));
      const named = Object.entries(FIELDS).find(([name]) => entry.file.includes(name))?.[1];
      if (kind !== wanted(entry) || !named || !findings.some((each) => named.test(each)))
        wrong.push(`${entry.file}: ${kind}, ${findings.join(' ')}`);
    }
    expect(wrong).toEqual([]);
  });

  it('makes nothing up about files of which only a signature is wrong', () => {
    const others = broken.filter(({ malformedKind }) => malformedKind?.every((each) => UNSEEN.includes(each)));
    for (const { file, trailingBytes } of others) {
      const { kind, findings } = identify(bytesOf(file));
      const seen = Object.entries(SEEN).find(([name]) => file.includes(name))?.[1];
      expect([file, kind, findings.filter((each) => !each.startsWith('DEBUG') && !seen?.test(each))]).toEqual([
        file,
        'Quote',
        [],
      ]);
      if (seen) expect(findings).toContainEqual(expect.stringMatching(seen));
      expect(trailingBytes ?? 0).toBeGreaterThanOrEqual(0);
    }
    expect(others.length).toBeGreaterThan(0);
  });

  it('says where a padded quote ends', () => {
    const padded = entries.filter(
      ({ kind, malformed, trailingBytes }) => kind === 'quote' && !malformed && (trailingBytes ?? 0) > 0,
    );
    for (const { file, quoteLength } of padded) {
      const { notes } = identify(bytesOf(file));
      expect([file, notes.join(' ')]).toEqual([file, expect.stringContaining(`ends at byte ${quoteLength};`)]);
    }
    expect(padded.length).toBeGreaterThan(0);
  });
});
