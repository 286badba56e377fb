// npm run vectors                writes the golden vectors that can be written without running the library, and the manifest of all
// npm run vectors -- --check     says which of them differ
//
// Nothing here imports the library: bytes are counted, values are sliced at the offsets below, which are copied from
// the offset column of the specifications, and errors are written down in full. See test/vectors/README.md.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { BODIES, BODY_DESCRIPTOR, FIXED_MORE, QUOTE_HEADER_V3, tdReport } from './vectors-more.ts';
import { QUOTE_NEGATIVES } from './vectors-negative.ts';
import * as exchange from './vectors-qgs.ts';
import * as spec from './vectors-spec.ts';

type Json = string | number | Json[] | { [key: string]: Json };
const root = 'test/vectors';
const files = new Map<string, Uint8Array | string>();
const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
const kebab = (struct: string): string =>
  struct.replace(/(?<=[a-z\d])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/g, '-').toLowerCase();

const positives = new Map<string, Uint8Array>();

function positive(struct: string, name: string, doc: string, source: string, bytes: Uint8Array, value: Json): void {
  const folder = `${root}/${kebab(struct)}`;
  const hex = Buffer.from(bytes).toString('hex');
  if (bytes.length > 1024) files.set(`${folder}/${name}.bin`, bytes);
  files.set(
    `${folder}/${name}.json`,
    json({
      struct,
      doc,
      source,
      ...(bytes.length > 1024 ? { bin: `${name}.bin` } : { bytes: hex }),
      sha256: createHash('sha256').update(bytes).digest('hex'),
      value,
    }),
  );
  positives.set(`${kebab(struct)}/${name}`, bytes);
}

function negatives(struct: string, all: readonly spec.Negative[]): void {
  for (const [name, from, patch, [code, path, offset, says], effect, strict] of all) {
    if (!positives.has(`${kebab(struct)}/${from}`)) throw new Error(`${struct}/${name}: no vector ${from}`);
    const full = `${struct}${path === '' ? '' : `.${path}`}`;
    files.set(
      `${root}/${kebab(struct)}/${name}.json`,
      json({
        struct,
        doc: `${full}: ${says}`,
        from: `${from}.json`,
        patch,
        ...(strict && { strict: true }),
        error: { code, path: full, offset, message: `${full} @${offset}: ${says}` },
        effect,
      }),
    );
  }
}

/* ---- bytes ---- */

/** Byte i is i mod 251: no two neighbours are alike, and no power of two is a period. */
const counting = (size: number): Uint8Array => Uint8Array.from({ length: size }, (_, i) => i % 251);
const put = (bytes: Uint8Array, at: number, size: number, value: number): void => {
  for (let i = 0; i < size; i++) bytes[at + i] = Math.floor(value / 256 ** i) % 256;
};
const ascii = (text: string): Uint8Array => Uint8Array.from(text, (char) => char.charCodeAt(0));

/* ---- values, sliced by hand-written offsets ---- */

const hexAt = (bytes: Uint8Array, at: number, size: number): string =>
  Buffer.from(bytes.subarray(at, at + size)).toString('hex');
const uintAt = (bytes: Uint8Array, at: number, size: number): number => Buffer.from(bytes).readUIntLE(at, size);
const reversed = (bytes: Uint8Array, at: number, size: number): string =>
  `0x${Buffer.from(bytes.subarray(at, at + size).toReversed()).toString('hex')}`;

function valueAt(bytes: Uint8Array, at: number, size: number, as: spec.As): Json {
  if (as === 'bytes') return hexAt(bytes, at, size);
  if (as === 'number') return size === 8 ? reversed(bytes, at, 8) : uintAt(bytes, at, size);
  if (typeof as === 'object' && 'of' in as) return slice(as.of, bytes, at);
  if (as === 'number, big-endian') return Buffer.from(bytes).readUIntBE(at, size);
  if (typeof as === 'number')
    return Array.from({ length: as }, (_, i) => hexAt(bytes, at + (i * size) / as, size / as));
  const raw = reversed(bytes, at, size);
  return { raw, flags: as.filter(([position]) => (BigInt(raw) >> BigInt(position)) & 1n).map(([, name]) => name) };
}

const slice = (table: spec.Table, bytes: Uint8Array, base = 0): { [name: string]: Json } =>
  Object.fromEntries(
    table.map(([offset, size, name, as = 'bytes']) => [name, valueAt(bytes, base + offset, size, as)]),
  );

/* ---- structures of fixed size ---- */

/** The width and the path of the first field that is no structure. */
function firstLeaf(table: spec.Table): readonly [width: number, path: string] {
  const [, width, name, as] = table[0]!;
  if (typeof as !== 'object' || !('of' in as)) return [width, name];
  const [inner, path] = firstLeaf(as.of);
  return [inner, `${name}.${path}`];
}

for (const { struct, source, size, table, last, strict = [], clean = [], set = [] } of [
  ...spec.FIXED,
  ...FIXED_MORE,
  ...exchange.FIXED_EXCHANGE,
]) {
  const about = `Byte i is i mod 251${strict.length > 0 ? '; reserved bytes and unknown bits are set, so strict reading refuses it' : ''}.`;
  const counted = counting(size);
  for (const [at, width, value] of set) put(counted, at, width, value);
  positive(struct, 'counting', about, source, counted, slice(table, counted));
  const [at, width, name, as] = last;
  const each = typeof as === 'number' ? width / as : width;
  const from = at + width - each;
  const item = typeof as === 'number' ? `${name}[${as - 1}]` : name;
  const bytesOf = (n: number): string => `${n} byte${n === 1 ? '' : 's'}`;
  const [firstWidth, first] = firstLeaf(table);
  negatives(struct, [
    [
      'empty',
      'counting',
      [{ truncate: 0 }],
      ['truncated', first, 0, `needs ${bytesOf(firstWidth)}, 0 left`],
      'A parser that reads past the end sees zeros, undefined or foreign memory in every field.',
    ],
    [
      'last-byte-missing',
      'counting',
      [{ truncate: size - 1 }],
      ['truncated', item, from, `needs ${bytesOf(each)}, ${each - 1} left`],
      `A parser that clamps hands out a ${name} that is one byte short, and compares it as if it were whole.`,
    ],
    [
      'one-byte-more',
      'counting',
      [{ append: '00' }],
      ['trailing', '', size, 'must end here, 1 byte more'],
      'Two different inputs read as the same value: what was signed and what was read can differ.',
    ],
  ]);
  if (strict.length === 0) continue;
  const bytes = counting(size);
  for (const [from, to] of clean) bytes.fill(0, from, to);
  for (const [at, width, value] of set) put(bytes, at, width, value);
  positive(
    struct,
    'clean',
    'Counting, with reserved bytes and bit fields zero; strict reading accepts it.',
    source,
    bytes,
    slice(table, bytes),
  );
  for (const [field, offset, patch, says, effect] of strict) {
    const negative: spec.Negative = [
      `strict-${field.replaceAll('.', '-')}`,
      'clean',
      [patch],
      ['reserved', field, offset, says],
      effect,
      'strict',
    ];
    negatives(struct, [negative]);
  }
}

/* ---- structures with variable parts ---- */

/** What fills a region: its bytes as they lie at `at`, and their value. */
type Fill = (bytes: Uint8Array, at: number) => Json;

const CERTIFICATION: readonly (readonly [
  name: string,
  doc: string,
  type: number,
  size: number,
  fill: Fill,
  content?: Uint8Array,
])[] = (() => {
  const table =
    (rows: spec.Table): Fill =>
    (bytes, at) =>
      slice(rows, bytes, at);
  const hexOf =
    (size: number): Fill =>
    (bytes, at) =>
      hexAt(bytes, at, size);
  const text = (data: string) => ['pem', data.length, () => ({ pem: data }), ascii(data)] as const;
  const chain = (end: string) => {
    const [, size, fill, content] = text(spec.PEM.join('\n') + end);
    return [5, size, fill, content] as const;
  };
  const der = Uint8Array.of(0x30, 3, 1, 2, 0xff, 0x30, 0x81, 2, 5, 0);
  return [
    ['counting', 'Type 1, the PPID in the clear, 36 bytes.', 1, 36, table(spec.PPID_CLEAR)],
    [
      'type-1-short',
      "Type 1 as Intel's own sample has it: 34 bytes, without PCEID.",
      1,
      34,
      table(spec.PPID_CLEAR.slice(0, 3)),
    ],
    ['type-2', 'Type 2, the PPID under RSA-2048.', 2, 276, table(spec.PPID_RSA2048)],
    ['type-3', 'Type 3, the PPID under RSA-3072.', 3, 404, table(spec.PPID_RSA3072)],
    ['type-4', 'Type 4, the PCK certificate; kept as bytes.', 4, 20, hexOf(20)],
    ['type-5', 'Type 5, a chain of PEM blocks that ends with newline and NUL; the NUL counts.', ...chain('\n\0')],
    ['type-5-newline', 'Type 5, a chain that ends with a newline.', ...chain('\n')],
    ['type-5-bare', 'Type 5, a chain that ends with the last dash.', ...chain('')],
    ['type-5-empty', 'Type 5, no bytes at all.', 5, 0, () => ({ pem: '' })],
    [
      'type-5-der',
      'Type 5 that is no text: DER, one sequence behind the other. Stays bytes.',
      5,
      der.length,
      () => ({ hex: '300301 02ff3081020500'.replace(' ', '') }),
      der,
    ],
    [
      'type-5-java',
      'Type 5 that is text, but no PEM.',
      5,
      14,
      () => ({ pem: '[\n  Version: V' }),
      ascii('[\n  Version: V'),
    ],
    ['type-7', 'Type 7, a platform manifest; kept as bytes.', 7, 9, hexOf(9)],
    ['type-8', 'Type 8 is not assigned: its bytes are kept, strict reading refuses it.', 8, 5, hexOf(5)],
    ['type-0-empty', 'Type 0 is not assigned and has no bytes.', 0, 0, () => ''],
  ];
})();

/** Certification data at `at`: writes tag, length and what is not counted; gives the value. */
function certification(bytes: Uint8Array, at: number, name: string): Json {
  const [, , type, size, fill, content] = CERTIFICATION.find(([each]) => each === name) ?? CERTIFICATION[0]!;
  put(bytes, at, 2, type);
  put(bytes, at + 2, 4, size);
  if (content) bytes.set(content, at + 6);
  return { certificationDataType: type, size, certificationData: fill(bytes, at + 6) };
}
const certificationSize = (name: string): number => 6 + (CERTIFICATION.find(([each]) => each === name)?.[3] ?? 0);

const dcap = 'Intel TDX DCAP Quoting Library API, appendix A.3: ';

for (const [name, doc] of CERTIFICATION) {
  const bytes = counting(certificationSize(name));
  const value = certification(bytes, 0, name);
  positive('CertificationData', name, doc, `${dcap}QE Certification Data`, bytes, value);
}

/** QE authentication data: size u16 @0, data @2. */
function authentication(bytes: Uint8Array, at: number, size: number): Json {
  put(bytes, at, 2, size);
  return { size, data: hexAt(bytes, at + 2, size) };
}
for (const [name, size] of [
  ['counting', 32],
  ['empty', 0],
  ['one-byte', 1],
  ['long', 300],
] as const) {
  const bytes = counting(2 + size);
  const value = authentication(bytes, 0, size);
  positive('QeAuthenticationData', name, `${size} bytes of data.`, `${dcap}QE Authentication Data`, bytes, value);
}

/** What a quote carries behind its body: lengths of the authentication data, form of the certification, and tags that differ. */
interface Shape {
  auth: number;
  cert: string;
  /** Outer certification data type, with so many bytes kept as they are where it is not 6. */
  outer?: readonly [type: number, size: number];
}

/** QE report @0 (384), QE report signature @384 (64), authentication data @448, certification data behind it. */
function qeReportCertification(bytes: Uint8Array, at: number, { auth, cert }: Shape): Json {
  return {
    qeReport: slice(spec.SGX_REPORT, bytes, at),
    qeReportSignature: hexAt(bytes, at + 384, 64),
    qeAuthenticationData: authentication(bytes, at + 448, auth),
    qeCertificationData: certification(bytes, at + 450 + auth, cert),
  };
}
const qeReportCertificationSize = ({ auth, cert }: Shape): number => 450 + auth + certificationSize(cert);

/** Type u16 @0, size u32 @2, content @6. */
function outer(bytes: Uint8Array, at: number, shape: Shape): Json {
  const [type, size] = shape.outer ?? [6, qeReportCertificationSize(shape)];
  put(bytes, at, 2, type);
  put(bytes, at + 2, 4, size);
  const certificationData = type === 6 ? qeReportCertification(bytes, at + 6, shape) : hexAt(bytes, at + 6, size);
  return { certificationDataType: type, size, certificationData };
}
const outerSize = (shape: Shape): number => 6 + (shape.outer?.[1] ?? qeReportCertificationSize(shape));

/** Signature @0 (64), attestation key @64 (64), certification data @128. */
const signatureData = (bytes: Uint8Array, at: number, shape: Shape): Json => ({
  quoteSignature: hexAt(bytes, at, 64),
  ecdsaAttestationKey: hexAt(bytes, at + 64, 64),
  qeCertificationData: outer(bytes, at + 128, shape),
});
const signatureDataSize = (shape: Shape): number => 128 + outerSize(shape);

const usual: Shape = { auth: 32, cert: 'type-4' };
const least: Shape = { auth: 0, cert: 'type-5-empty' };
const unknownOuter: Shape = { ...usual, outer: [99, 7] };

for (const [name, doc, shape] of [
  ['counting', 'Byte i is i mod 251, but for tags and lengths: 32 bytes of authentication data, then type 4.', usual],
  ['least', 'The shortest there is: no authentication data, no certification data.', least],
  [
    'type-1-short',
    'Certification data of 34 bytes behind one byte of authentication data.',
    { auth: 1, cert: 'type-1-short' },
  ],
] as const) {
  const bytes = counting(qeReportCertificationSize(shape));
  const value = qeReportCertification(bytes, 0, shape);
  positive('QeReportCertificationData', name, doc, `${dcap}QE Report Certification Data`, bytes, value);
}
for (const [name, doc, shape] of [
  [
    'counting',
    'Byte i is i mod 251, but for tags and lengths: type 6 around 32 bytes of authentication data and type 4.',
    usual,
  ],
  ['least', 'The shortest of type 6.', least],
  ['type-99', 'An unknown type: its bytes are kept, strict reading refuses it.', unknownOuter],
] as const) {
  const certification = counting(outerSize(shape));
  positive(
    'QuoteCertificationData',
    name,
    doc,
    `${dcap}QE Certification Data`,
    certification,
    outer(certification, 0, shape),
  );
  const signature = counting(signatureDataSize(shape));
  const value = signatureData(signature, 0, shape);
  positive('EcdsaSignatureData', name, doc, `${dcap}ECDSA 256-bit Quote Signature Data Structure`, signature, value);
}

interface QuoteShape extends Shape {
  body: 'td' | 'sgx';
  trailing: number;
  /** Attestation key type, with so many bytes of signature data kept as they are where it is not 2. */
  key?: readonly [type: number, size: number];
  clean?: boolean;
}

/** Header @0 (48), body @48 (584 or 384), length u32 @632 or @432, signature data @636 or @436. */
function quoteV4(shape: QuoteShape): { bytes: Uint8Array; value: Json } {
  const bodySize = shape.body === 'td' ? 584 : 384;
  const size = shape.key?.[1] ?? signatureDataSize(shape);
  const at = 48 + bodySize + 4;
  const bytes = counting(at + size + shape.trailing);
  put(bytes, 0, 2, 4);
  put(bytes, 2, 2, shape.key?.[0] ?? 2);
  put(bytes, 4, 4, shape.body === 'td' ? 0x81 : 0);
  put(bytes, 48 + bodySize, 4, size);
  if (shape.clean) for (const [from, to] of spec.QUOTE_V4_CLEAN) bytes.fill(0, from, to);
  const tail = at + size;
  const signature = shape.key ? hexAt(bytes, at, size) : signatureData(bytes, at, shape);
  const value = {
    header: slice(spec.QUOTE_HEADER, bytes),
    body: slice(shape.body === 'td' ? spec.TD_REPORT_10 : spec.SGX_REPORT, bytes, 48),
    signatureDataLen: size,
    signatureData: signature,
    trailing: hexAt(bytes, tail, shape.trailing),
  };
  return { bytes, value };
}

const td = { ...usual, body: 'td', trailing: 0 } as const;
const quotes: readonly (readonly [name: string, doc: string, shape: QuoteShape])[] = [
  [
    'counting',
    'Quote of a TD. Byte i is i mod 251, but for tags and lengths; reserved bytes and unknown bits are set.',
    td,
  ],
  ['counting-sgx', 'Quote of an SGX enclave, counted likewise.', { ...td, body: 'sgx' }],
  [
    'clean',
    'Quote of a TD with reserved bytes and bit fields zero; strict reading accepts it.',
    { ...td, clean: true },
  ],
  ['least', 'The shortest quote of a TD: 1226 bytes.', { ...td, ...least }],
  ['least-sgx', 'The shortest quote of an enclave: 1026 bytes.', { ...td, ...least, body: 'sgx' }],
  ['trailing-1', 'One byte behind the signature data, not zero.', { ...td, trailing: 1 }],
  ['trailing-70', '70 bytes behind the signature data.', { ...td, trailing: 70 }],
  [
    'key-type-3',
    'An unknown attestation key type: the signature data is kept, strict reading refuses it.',
    { ...td, key: [3, 21], clean: true },
  ],
  ['key-type-0-empty', 'An unknown attestation key type without signature data.', { ...td, key: [0, 0], trailing: 2 }],
  [
    'outer-type-99',
    'An unknown outer certification data type: its bytes are kept, strict reading refuses it.',
    { ...td, ...unknownOuter, clean: true },
  ],
  ...CERTIFICATION.filter(([name]) => name !== 'type-4').map(
    ([name, doc]) =>
      [
        `inner-${name === 'counting' ? 'type-1' : name}`,
        `Certification data inside of the QE report certification data: ${doc}`,
        { ...td, cert: name },
      ] as const,
  ),
];
for (const [name, doc, shape] of quotes) {
  const { bytes, value } = quoteV4(shape);
  positive('QuoteV4', name, doc, `${dcap}Quote Format v4`, bytes, value);
}

/** Signature data of version 3: signature @0, key @64, QE report @128, its signature @512, authentication data @576. */
const signatureDataV3 = (bytes: Uint8Array, at: number, { auth, cert }: Shape): Json => ({
  isvEnclaveReportSignature: hexAt(bytes, at, 64),
  ecdsaAttestationKey: hexAt(bytes, at + 64, 64),
  qeReport: slice(spec.SGX_REPORT, bytes, at + 128),
  qeReportSignature: hexAt(bytes, at + 512, 64),
  qeAuthenticationData: authentication(bytes, at + 576, auth),
  qeCertificationData: certification(bytes, at + 578 + auth, cert),
});
const signatureDataV3Size = ({ auth, cert }: Shape): number => 578 + auth + certificationSize(cert);

/** Version 3: header @0, SGX report @48, length @432, signature data @436. */
function quoteV3(shape: Shape, trailing: number, clean: spec.Ranges = []): { bytes: Uint8Array; value: Json } {
  const size = signatureDataV3Size(shape);
  const bytes = counting(436 + size + trailing);
  for (const [from, to] of clean) bytes.fill(0, from, to);
  put(bytes, 0, 2, 3);
  put(bytes, 2, 2, 2);
  put(bytes, 432, 4, size);
  const signature = signatureDataV3(bytes, 436, shape);
  const value = {
    header: slice(QUOTE_HEADER_V3, bytes),
    body: slice(spec.SGX_REPORT, bytes, 48),
    signatureDataLen: size,
    signatureData: signature,
    trailing: hexAt(bytes, 436 + size, trailing),
  };
  return { bytes, value };
}

/** Version 5: header @0, body type u16 @48, body size u32 @50, body @54, length and signature data behind it. */
function quoteV5(
  type: number,
  shape: Shape,
  trailing: number,
  clean: spec.Ranges = [],
): { bytes: Uint8Array; value: Json } {
  const [, bodySize, table, tee] = BODIES.find(([each]) => each === type) ?? [type, 33, undefined, 0x81];
  const size = signatureDataSize(shape);
  const at = 58 + bodySize;
  const bytes = counting(at + size + trailing);
  for (const [from, to] of clean) bytes.fill(0, from, to);
  put(bytes, 0, 2, 5);
  put(bytes, 2, 2, 2);
  put(bytes, 4, 4, tee);
  put(bytes, 48, 2, type);
  put(bytes, 50, 4, bodySize);
  put(bytes, at - 4, 4, size);
  const signature = signatureData(bytes, at, shape);
  const value = {
    header: slice(spec.QUOTE_HEADER, bytes),
    bodyDescriptor: slice(BODY_DESCRIPTOR, bytes, 48),
    body: table ? slice(table, bytes, 54) : hexAt(bytes, 54, bodySize),
    signatureDataLen: size,
    signatureData: signature,
    trailing: hexAt(bytes, at + size, trailing),
  };
  return { bytes, value };
}

const sgx = 'Intel SGX ECDSA QuoteLib Reference, appendix A.4: ';
for (const [name, doc, shape, trailing] of [
  ['counting', 'Byte i is i mod 251, but for tags and lengths.', usual, 0],
  ['least', 'The shortest: no authentication data, no certification data.', least, 0],
  ['inner-type-5', 'A PEM chain.', { auth: 32, cert: 'type-5' }, 3],
] as const) {
  const quote = quoteV3(shape, trailing);
  positive('QuoteV3', name, doc, `${sgx}Quote Format`, quote.bytes, quote.value);
  const bytes = counting(signatureDataV3Size(shape));
  const value = signatureDataV3(bytes, 0, shape);
  positive('EcdsaSignatureDataV3', name, doc, `${sgx}ECDSA 256-bit Quote Signature Data Structure`, bytes, value);
}
for (const [name, doc, type] of [
  ['counting', 'TD report 1.5. Byte i is i mod 251, but for tags and lengths.', 3],
  ['body-type-1', 'SGX report.', 1],
  ['body-type-2', 'TD report 1.0.', 2],
  ['body-type-4', 'TD report 1.5, extended.', 4],
  ['body-type-9', 'An unknown type of body: its bytes are kept, strict reading refuses it.', 9],
] as const) {
  const quote = quoteV5(type, usual, type === 2 ? 307 : 0);
  positive('QuoteV5', name, doc, `${dcap}Quote Format v5`, quote.bytes, quote.value);
}
/** What is reserved or a bit field in an SGX report at `at`. */
const sgxClean = (at: number): spec.Ranges =>
  [
    [16, 32],
    [48, 64],
    [96, 128],
    [160, 192],
    [262, 304],
  ].map(([from = 0, to = 0]) => [at + from, at + to]);
const cleanly = 'Reserved bytes and bit fields are zero; strict reading accepts it.';
{
  const { bytes, value } = quoteV3(usual, 0, [[4, 8], ...sgxClean(48), ...sgxClean(564)]);
  positive('QuoteV3', 'clean', cleanly, `${sgx}Quote Format`, bytes, value);
}
for (const [name, type, body, qeReport] of [
  ['clean', 3, [[166, 190]], 840],
  ['clean-body-type-1', 1, sgxClean(54), 576],
  ['clean-body-type-2', 2, [[166, 190]], 776],
  [
    'clean-body-type-4',
    4,
    [
      [166, 190],
      [831, 839],
      [931, 939],
    ],
    1077,
  ],
] satisfies [string, number, spec.Ranges, number][]) {
  const { bytes, value } = quoteV5(type, usual, 0, [[8, 12], ...body, ...sgxClean(qeReport)]);
  positive('QuoteV5', name, cleanly, `${dcap}Quote Format v5`, bytes, value);
}
for (const [name, { bytes, value }] of [
  ['version-3', quoteV3(usual, 0)],
  ['counting', quoteV4(td)],
  ['version-5', quoteV5(3, usual, 0)],
] as const) {
  positive('Quote', name, 'A quote of any version.', `${dcap}Quote Format`, bytes, value);
}

/* ---- TDREPORT ---- */

for (const [name, doc, version, form] of [
  ['version-1', 'Report version 1, with the hash of service TDs.', 1, '1.5'],
  ['version-3', 'Report version 3, extended TDINFO.', 3, '1.5'],
  ['tdx-1.0', 'TEE_TCB_INFO of TDX 1.0.', 0, '1.0'],
] as const) {
  const bytes = counting(1024);
  put(bytes, 0, 1, 0x81);
  put(bytes, 2, 1, version);
  put(bytes, 256, 8, form === '1.0' ? 0x1ff : 0x301ff);
  const value = slice(tdReport(form, version === 3), bytes);
  positive('TdReport', name, doc, 'Intel TDX Module ABI Specification: TDREPORT_STRUCT', bytes, value);
}

/* ---- messages and buffers between guest, VMM and quote generation service ---- */

/** Header @0, numbers behind it, then the parts one behind the other. */
function message({ struct, parts: sizes, minor = 1, errorCode = 0, surplus = 0 }: exchange.Case): {
  bytes: Uint8Array;
  value: { [name: string]: Json };
} {
  const it = exchange.MESSAGES.find((each) => each.struct === struct)!;
  const size = it.fixed + sizes.reduce((sum, each) => sum + each, 0) + surplus;
  const bytes = counting(size);
  put(bytes, 0, 2, 1);
  put(bytes, 2, 2, minor);
  put(bytes, 4, 4, it.type);
  put(bytes, 8, 4, size);
  put(bytes, 12, 4, errorCode);
  const starts: number[] = [];
  let at = it.fixed;
  for (const [i, [, lengthAt]] of it.parts.entries()) {
    put(bytes, lengthAt, 4, sizes[i]!);
    starts.push(at);
    at += sizes[i]!;
  }
  bytes.fill(0, at);
  const parts = it.parts.map(([name, , each], i) => {
    const from = starts[i]!;
    if (each === undefined) return [name, hexAt(bytes, from, sizes[i]!)];
    return [name, Array.from({ length: sizes[i]! / each }, (_, n) => hexAt(bytes, from + n * each, each))];
  });
  const value = {
    header: slice(exchange.QGS_HEADER, bytes),
    ...slice(it.numbers, bytes),
    ...Object.fromEntries(parts),
    ...(it.surplus && { surplus: hexAt(bytes, at, surplus) }),
  };
  return { bytes, value };
}

const qgs = 'Intel DCAP, qgs_msg_lib.h';
for (const each of exchange.CASES) {
  const { bytes, value } = message(each);
  positive(each.struct, each.name, each.doc, qgs, bytes, value);
}
for (const [name, struct, of] of [
  ['counting', 'QgsGetQuoteReq', 'counting'],
  ['get-quote-req', 'QgsGetQuoteReq', 'report-1024'],
  ['get-quote-resp', 'QgsGetQuoteResp', 'quote-5006'],
  ['get-quote-resp-error', 'QgsGetQuoteResp', 'error-unexpected'],
  ['get-collateral-req', 'QgsGetCollateralReq', 'counting'],
  ['get-collateral-resp', 'QgsGetCollateralResp', 'surplus'],
  ['get-platform-info-req', 'QgsGetPlatformInfoReq', 'counting'],
  ['get-platform-info-resp', 'QgsGetPlatformInfoResp', 'surplus'],
]) {
  const each = exchange.CASES.find((it) => it.struct === struct && it.name === of)!;
  const { bytes, value } = message(each);
  positive('QgsMessage', name!, each.doc, qgs, bytes, value);
  const framed = new Uint8Array(4 + bytes.length);
  framed.set([0, 0, bytes.length >> 8, bytes.length & 255]);
  framed.set(bytes, 4);
  const frame = { length: bytes.length, message: value };
  positive('QgsFrame', name!, `In a frame. ${each.doc}`, 'Intel DCAP, qgs_server.cpp', framed, frame);
}

for (const [name, doc, size] of [
  ['counting', 'Byte i is i mod 251, but for version and length.', 32],
  ['empty-event', 'No event data.', 0],
] as const) {
  const bytes = counting(68 + size);
  put(bytes, 0, 4, 1);
  put(bytes, 64, 4, size);
  const value = { ...slice(exchange.RTMR_EVENT, bytes), eventData: hexAt(bytes, 68, size) };
  positive('TdxRtmrEvent', name, doc, 'Intel DCAP, tdx_attest.h: tdx_rtmr_event_t', bytes, value);
}

/** A buffer of 4096 bytes, or of `size`: numbers of the header, and the bytes behind it, the rest being zero. */
function quoteBuffer(status: string, inLen: number, outLen: number, data: Uint8Array, size = 4096): Uint8Array {
  const bytes = new Uint8Array(size);
  bytes[0] = 1;
  bytes.set(Buffer.from(status, 'hex'), 8);
  put(bytes, 16, 4, inLen);
  put(bytes, 20, 4, outLen);
  bytes.set(data, 24);
  return bytes;
}
const report = counting(1024);
put(report, 0, 4, 0x81);
const quote = counting(1226);
put(quote, 0, 8, 0x81_00_02_00_04);
const success = '0000000000000000';
const overwritten = counting(3000).fill(0xaa, 0, 1226);
overwritten.set(quote);
for (const [name, doc, bytes] of [
  ['counting', 'Byte i is i mod 251: no number in it has a meaning, and all of them are kept.', counting(64)],
  ['header-only', 'A buffer without room for data.', counting(24)],
  ['request', 'A TD asks: status 0, 1024 bytes of TDREPORT.', quoteBuffer(success, 1024, 0, report)],
  ['request-framed', 'A TD asks with a message in a frame.', quoteBuffer(success, 1052, 0, framedRequest())],
  ['in-flight', 'The VMM is at work.', quoteBuffer('ffffffffffffffff', 1024, 0, report)],
  [
    'answered',
    'The VMM has answered; the quote took the place of the report.',
    quoteBuffer(success, 1024, 1226, quote),
  ],
  [
    'answered-5006',
    'An answer of 5006 bytes in a buffer of 8 KiB.',
    quoteBuffer(success, 1024, 5006, counting(5006), 8192),
  ],
  [
    'stale-tail',
    'What an earlier, longer use has left lies behind the quote: out_len ends the quote, the zeros do not.',
    quoteBuffer(success, 1024, 1226, overwritten),
  ],
  ['error', 'The request has failed.', quoteBuffer('0000000000000080', 1024, 0, report)],
  ['service-unavailable', 'There is no quoting service.', quoteBuffer('0100000000000080', 1024, 0, report)],
  [
    'out-len-past-end',
    'The VMM claims more than the buffer holds: the buffer reads, the answer in it does not.',
    quoteBuffer(success, 1024, 4073, quote),
  ],
] as const) {
  const value = { ...slice(exchange.QUOTE_HDR, bytes), data: hexAt(bytes, 24, bytes.length - 24) };
  positive('TdxQuoteBuf', name, doc, 'Linux patch series, v2: struct tdx_quote_buf', bytes, value);
}

function framedRequest(): Uint8Array {
  const { bytes } = message({ struct: 'QgsGetQuoteReq', name: '', doc: '', parts: [1024, 0] });
  return Uint8Array.of(0, 0, 4, 0x18, ...bytes);
}

for (const [struct, all] of Object.entries(exchange.EXCHANGE_NEGATIVES)) negatives(struct, all);
for (const [struct, all] of Object.entries(QUOTE_NEGATIVES)) negatives(struct, all);

/* ---- files ---- */

/** What other scripts or hands have put there, and what lies there without being anybody's. */
const isForged = (path: string): boolean => /^[^/]+\/sample[^/]*$/.test(path);
const present = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((path) => path.includes('/'));
const orphans = present.filter((path) => !isForged(path) && !files.has(`${root}/${path}`));

/** One vector, and the hash of its bytes; of a negative one, after the patch. */
interface Entry {
  readonly path: string;
  readonly struct: string;
  readonly kind: 'positive' | 'negative';
  readonly sha256: string;
}
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const entries = [...files.keys(), ...present.filter(isForged).map((path) => `${root}/${path}`)]
  .filter((file) => file.endsWith('.json'))
  .map((file): Entry => {
    const vector = JSON.parse(String(files.get(file) ?? readFileSync(file, 'utf8')));
    const path = file.slice(root.length + 1);
    const { struct, from, patch } = vector;
    if (!vector.error) return { path, struct, kind: 'positive', sha256: vector.sha256 };
    const origin = positives.get(`${dirname(path)}/${from.slice(0, -'.json'.length)}`)!;
    return { path, struct, kind: 'negative', sha256: sha256(patched(origin, patch)) };
  })
  .toSorted((a, b) => (a.path < b.path ? -1 : 1));
files.set(`${root}/manifest.json`, json(entries));

function patched(origin: Uint8Array, patches: readonly spec.Patch[]): Uint8Array {
  let bytes = Buffer.from(origin);
  for (const patch of patches) {
    if ('truncate' in patch) bytes = bytes.subarray(0, patch.truncate);
    else if ('append' in patch) bytes = Buffer.concat([bytes, Buffer.from(patch.append, 'hex')]);
    else bytes.set(Buffer.from(patch.hex, 'hex'), patch.at);
  }
  return bytes;
}

const same = (path: string, wanted: Uint8Array | string): boolean =>
  existsSync(path) && Buffer.from(wanted).equals(readFileSync(path));

const stale = [...files].filter(([path, wanted]) => !same(path, wanted));
if (process.argv.includes('--check')) {
  for (const [path] of stale) console.error(`${path} differs: npm run vectors`);
  for (const path of orphans) console.error(`${root}/${path} is no vector of ours: delete it`);
  process.exitCode = stale.length + orphans.length > 0 ? 1 : 0;
} else {
  for (const [path, wanted] of stale) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(join(path), wanted);
  }
  for (const path of orphans) rmSync(join(root, path));
  console.log(`${files.size} files, ${stale.length} written, ${orphans.length} removed`);
}
