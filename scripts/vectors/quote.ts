// Quotes of versions 3 to 5, and what they carry behind the body.
import {
  cut, fixed, given, hidden, more, type Negative, type Part, type Positive, raw, record, type Structure, set, type Table,
} from './notation.ts';
import { PPID_CLEAR, PPID_CLEAR_SHORT, PPID_RSA2048, PPID_RSA3072, SGX_REPORT } from './sgx.ts';
import { TD_REPORT_10, TD_REPORT_15, TD_REPORT_15_EX } from './td.ts';

const QUOTE_HEADER: Table = [
  [ 0,  2, 'version',            'number'],
  [ 2,  2, 'attestationKeyType', 'number'],
  [ 4,  4, 'teeType',            'number'],
  [ 8,  4, 'reserved',           'reserved'],
  [12, 16, 'qeVendorId'],
  [28, 20, 'userData'],
];
const QUOTE_HEADER_V3: Table = [
  [ 0,  2, 'version',            'number'],
  [ 2,  2, 'attestationKeyType', 'number'],
  [ 4,  4, 'reserved',           'reserved'],
  [ 8,  2, 'qeSvn',              'number'],
  [10,  2, 'pceSvn',             'number'],
  [12, 16, 'qeVendorId'],
  [28, 20, 'userData'],
];
const BODY_DESCRIPTOR: Table = [
  [0, 2, 'quoteBodyType', 'number'],
  [2, 4, 'size',          'number'],
];
const CERTIFICATION_DATA: Table = [
  [0, 2, 'certificationDataType', 'number'],
  [2, 4, 'size',                  'number'],
];
const QE_AUTHENTICATION_DATA: Table = [
  [0, 2, 'size', 'number'],
];
const QE_REPORT_CERTIFICATION_DATA: Table = [
  [  0, 384, 'qeReport',          SGX_REPORT],
  [384,  64, 'qeReportSignature'],
];
const ECDSA_SIGNATURE_DATA: Table = [
  [ 0, 64, 'quoteSignature'],
  [64, 64, 'ecdsaAttestationKey'],
];
const ECDSA_SIGNATURE_DATA_V3: Table = [
  [  0,  64, 'isvEnclaveReportSignature'],
  [ 64,  64, 'ecdsaAttestationKey'],
  [128, 384, 'qeReport',                  SGX_REPORT],
  [512,  64, 'qeReportSignature'],
];
const QUOTE_V3: Table = [
  [  0,  48, 'header',           QUOTE_HEADER_V3],
  [ 48, 384, 'body',             SGX_REPORT],
  [432,   4, 'signatureDataLen', 'number'],
];
const QUOTE_V4: Table = [
  [  0,  48, 'header',           QUOTE_HEADER],
  [ 48, 584, 'body',             TD_REPORT_10],
  [632,   4, 'signatureDataLen', 'number'],
];
const QUOTE_V4_SGX: Table = [
  [  0,  48, 'header',           QUOTE_HEADER],
  [ 48, 384, 'body',             SGX_REPORT],
  [432,   4, 'signatureDataLen', 'number'],
];
const quoteV5 = (size: number, body?: Table): Table => [
  [        0,   48, 'header',           QUOTE_HEADER],
  [       48,    6, 'bodyDescriptor',   BODY_DESCRIPTOR],
  [       54, size, 'body',             body],
  [54 + size,    4, 'signatureDataLen', 'number'],
];

/* Certification data, as it stands in a quote of version 3 and inside of the QE report certification data. */

const text = (pem: string): Part => given(Buffer.from(pem), () => ({ pem }));
/** Two blocks that look like certificates and hold none. */
const PEM = `-----BEGIN CERTIFICATE-----
AAECAwQFBgcICQoLDA0ODw==
-----END CERTIFICATE-----
-----BEGIN CERTIFICATE-----
EBESExQVFhcYGRobHB0eHw==
-----END CERTIFICATE-----`;
const DER = '30030102ff3081020500';

const CONTENTS: readonly (readonly [name: string, doc: string, type: number, content: Part])[] = [
  ['counting',       'Type 1, the PPID in the clear, 36 bytes.',                            1, record(PPID_CLEAR)],
  ['type-1-short',   "Type 1 as Intel's own sample has it: 34 bytes, without PCEID.",       1, record(PPID_CLEAR_SHORT)],
  ['type-2',         'Type 2, the PPID under RSA-2048.',                                    2, record(PPID_RSA2048)],
  ['type-3',         'Type 3, the PPID under RSA-3072.',                                    3, record(PPID_RSA3072)],
  ['type-4',         'Type 4, the PCK certificate; kept as bytes.',                         4, raw(20)],
  ['type-5',         'Type 5, a chain of PEM blocks that ends with newline and NUL; the NUL counts.', 5, text(`${PEM}\n\0`)],
  ['type-5-newline', 'Type 5, a chain that ends with a newline.',                           5, text(`${PEM}\n`)],
  ['type-5-bare',    'Type 5, a chain that ends with the last dash.',                       5, text(PEM)],
  ['type-5-empty',   'Type 5, no bytes at all.',                                            5, text('')],
  ['type-5-der',     'Type 5 that is no text: DER, one sequence behind the other. Stays bytes.', 5, given(Buffer.from(DER, 'hex'), () => ({ hex: DER }))],
  ['type-5-java',    'Type 5 that is text, but no PEM.',                                    5, text('[\n  Version: V')],
  ['type-7',         'Type 7, a platform manifest; kept as bytes.',                         7, raw(9)],
  ['type-8',         'Type 8 is not assigned: its bytes are kept, strict reading refuses it.', 8, raw(5)],
  ['type-0-empty',   'Type 0 is not assigned and has no bytes.',                            0, raw(0)],
];

/** What a quote carries behind its body, where it differs from the usual: 32 bytes of authentication data, then type 4. */
interface Shape {
  readonly auth?: number;
  readonly cert?: string;
  /** Outer certification data of another type than 6, and so many bytes of it. */
  readonly outer?: readonly [type: number, size: number];
  readonly trailing?: number;
}
const least: Shape = { auth: 0, cert: 'type-5-empty' };
const unknownOuter: Shape = { outer: [99, 7] };

const tagged = (type: number, content: Part): Part =>
  record(CERTIFICATION_DATA, { certificationDataType: type, size: content.size }, ['certificationData', content]);
function certification(name: string): Part {
  const [, , type, content] = CONTENTS.find(([each]) => each === name)!;
  return tagged(type, content);
}
const authentication = (size: number): Part => record(QE_AUTHENTICATION_DATA, { size }, ['data', raw(size)]);
const behindReport = ({ auth = 32, cert = 'type-4' }: Shape): [string, Part][] => [
  ['qeAuthenticationData', authentication(auth)],
  ['qeCertificationData', certification(cert)],
];
const qeReportCertification = (shape: Shape): Part => record(QE_REPORT_CERTIFICATION_DATA, {}, ...behindReport(shape));
const outer = (shape: Shape): Part =>
  shape.outer ? tagged(shape.outer[0], raw(shape.outer[1])) : tagged(6, qeReportCertification(shape));
const signatureData = (shape: Shape): Part =>
  record(ECDSA_SIGNATURE_DATA, {}, ['qeCertificationData', outer(shape)]);
const signatureDataV3 = (shape: Shape): Part => record(ECDSA_SIGNATURE_DATA_V3, {}, ...behindReport(shape));

function quote(table: Table, version: number, numbers: Record<string, number>, signature: Part, trailing = 0): Part {
  const all = { 'header.version': version, 'header.attestationKeyType': 2, signatureDataLen: signature.size, ...numbers };
  return record(table, all, ['signatureData', signature], ['trailing', raw(trailing)]);
}
const v3 = (shape: Shape = {}): Part => quote(QUOTE_V3, 3, {}, signatureDataV3(shape), shape.trailing);
const v4 = (shape: Shape = {}): Part => quote(QUOTE_V4, 4, { 'header.teeType': 0x81 }, signatureData(shape), shape.trailing);
const v4Sgx = (shape: Shape = {}): Part => quote(QUOTE_V4_SGX, 4, { 'header.teeType': 0 }, signatureData(shape));
/** With an unknown attestation key type, and so many bytes of signature data. */
const v4Key = (type: number, size: number, trailing = 0): Part =>
  quote(QUOTE_V4, 4, { 'header.attestationKeyType': type, 'header.teeType': 0x81 }, raw(size), trailing);
function v5(type: number, tee: number, size: number, body?: Table, trailing = 0): Part {
  const numbers = { 'header.teeType': tee, 'bodyDescriptor.quoteBodyType': type, 'bodyDescriptor.size': size };
  return quote(quoteV5(size, body), 5, numbers, signatureData({}), trailing);
}
const v5Sgx = v5(1, 0, 384, SGX_REPORT);
const v5Td15 = v5(3, 0x81, 648, TD_REPORT_15);
const v5Td15Ex = v5(4, 0x81, 885, TD_REPORT_15_EX);

const clamped = 'A parser that clamps to the bytes present hands out a field that is shorter than it says.';
const slack = 'Bytes that no field covers: two parsers read different certificates out of the same quote.';
const outside = 'A parser that believes the length reads memory behind the quote, or allocates what an attacker asks for.';
const unbounded = 'The body has another size, so every later field is read from the wrong place.';
const unknownKind = 'Bytes of an unknown kind pass for known ones, and a check that looks only at known kinds is never made.';
const backwards = 'A parser that reads the length as signed moves backwards and reads the same bytes twice.';
const recursion = 'A QE report inside of a QE report lets a parser that recurses run without end.';
const unbound = 'A chain without a QE report: nothing binds the attestation key to the platform.';
const debug = 'A bit that puts the TD under debug is set, and a policy over known bits does not see it.';
const qeReport = 'signatureData.qeCertificationData.certificationData';

const otherTee = (from: string, type: number, tee: number, other: number): Negative => [
  `strict-body-type-${type}-of-other-tee`, from, [set(4, other.toString(16).padStart(2, '0'))], 'constant',
  `header.teeType @4: must be ${tee} with bodyDescriptor.quoteBodyType ${type}, is ${other}`,
  'Who looks at the header sees another kind of TEE than who looks at the body.', 'strict',
];

const counted = 'Byte i is i mod 251, but for tags and lengths';
const isClean = 'Reserved bytes and bit fields are zero; strict reading accepts it.';
const dcap = 'Intel TDX DCAP Quoting Library API, appendix A.3: ';
const sgx = 'Intel SGX ECDSA QuoteLib Reference, appendix A.4: ';

const v3Shapes = [
  ['counting',     `${counted}.`, {}],
  ['least',        'The shortest: no authentication data, no certification data.', least],
  ['inner-type-5', 'A PEM chain.', { cert: 'type-5', trailing: 3 }],
] as const;
const outerShapes = [
  ['counting', `${counted}: type 6 around 32 bytes of authentication data and type 4.`, {}],
  ['least',    'The shortest of type 6.', least],
  ['type-99',  'An unknown type: its bytes are kept, strict reading refuses it.', unknownOuter],
] as const;

export const quotes: readonly Structure[] = [
  fixed('QuoteHeader',         `${dcap}Quote Header`,          QUOTE_HEADER,    { strict: [[10, '01']] }),
  fixed('QuoteHeaderV3',       `${sgx}Quote Header`,           QUOTE_HEADER_V3, { strict: [[4, '81']] }),
  fixed('QuoteBodyDescriptor', `${dcap}Quote Body Descriptor`, BODY_DESCRIPTOR),
  {
    struct: 'CertificationData',
    source: `${dcap}QE Certification Data`,
    positives: CONTENTS.map(([name, doc]) => [name, doc, certification(name)]),
    negatives: [
      ['empty',             'counting',     [cut(0)],                     'truncated', 'certificationDataType @0: needs 2 bytes, 0 left',                clamped],
      ['size-cut',          'counting',     [cut(5)],                     'truncated', 'size @2: needs 4 bytes, 3 left',                                 clamped],
      ['data-cut',          'type-4',       [cut(25)],                    'truncated', 'certificationData @6: needs 20 bytes, 19 left',                  clamped],
      ['data-missing',      'type-4',       [cut(6)],                     'truncated', 'certificationData @6: needs 20 bytes, 0 left',                   clamped],
      ['size-largest',      'type-4',       [set(2, 'ffffffff')],         'truncated', 'certificationData @6: needs 4294967295 bytes, 20 left',          outside],
      ['size-signed',       'type-4',       [set(2, '00000080')],         'truncated', 'certificationData @6: needs 2147483648 bytes, 20 left',          backwards],
      ['one-byte-more',     'type-4',       [more('cc')],                 'trailing',  '@26: must end here, 1 byte more',                                slack],
      ['size-one-less',     'type-4',       [set(2, '13')],               'trailing',  '@25: must end here, 1 byte more',                                slack],
      ['type-6',            'type-4',       [set(0, '06')],               'variant',   'certificationDataType @0: must be 1, 2, 3, 4, 5 or 7, is 6',     recursion],
      ['type-1-too-short',  'type-1-short', [set(2, '21'), cut(39)],      'length',    'size @2: must be at least 34, is 33',                            clamped],
      ['type-1-between',    'counting',     [set(2, '23'), cut(41)],      'length',    'certificationData @6: must be 36 or 34 bytes, is 35',            'A parser that takes 36 bytes reads half of PCEID from the next field.'],
      ['type-2-one-less',   'type-2',       [set(2, '1301'), cut(281)],   'length',    'size @2: must be 276, is 275',                                   clamped],
      ['type-2-one-more',   'type-2',       [set(2, '1501'), more('00')], 'length',    'size @2: must be 276, is 277',                                   slack],
      ['type-3-empty',      'type-3',       [set(2, '0000'), cut(6)],     'length',    'size @2: must be 404, is 0',                                     clamped],
      ['strict-type-8',     'type-8',       [],                           'variant',   'certificationDataType @0: must be 1, 2, 3, 4, 5 or 7, is 8',     unknownKind, 'strict'],
      ['strict-type-65535', 'type-8',       [set(0, 'ffff')],             'variant',   'certificationDataType @0: must be 1, 2, 3, 4, 5 or 7, is 65535', unknownKind, 'strict'],
    ],
  },
  {
    struct: 'QeAuthenticationData',
    source: `${dcap}QE Authentication Data`,
    positives: [
      ['counting', '32 bytes of data.',  authentication(32)],
      ['empty',    '0 bytes of data.',   authentication(0)],
      ['one-byte', '1 bytes of data.',   authentication(1)],
      ['long',     '300 bytes of data.', authentication(300)],
    ],
    negatives: [
      ['nothing',       'counting', [cut(0)],         'truncated', 'size @0: needs 2 bytes, 0 left',      clamped],
      ['size-cut',      'counting', [cut(1)],         'truncated', 'size @0: needs 2 bytes, 1 left',      clamped],
      ['data-cut',      'counting', [cut(33)],        'truncated', 'data @2: needs 32 bytes, 31 left',    'The hash over key and authentication data is made over fewer bytes than the quoting enclave used.'],
      ['size-largest',  'counting', [set(0, 'ffff')], 'truncated', 'data @2: needs 65535 bytes, 32 left', outside],
      ['size-one-less', 'counting', [set(0, '1f')],   'trailing',  '@33: must end here, 1 byte more',     slack],
    ],
  },
  {
    struct: 'QeReportCertificationData',
    source: `${dcap}QE Report Certification Data`,
    positives: [
      ['counting',     `${counted}: 32 bytes of authentication data, then type 4.`,              qeReportCertification({})],
      ['least',        'The shortest there is: no authentication data, no certification data.',  qeReportCertification(least)],
      ['type-1-short', 'Certification data of 34 bytes behind one byte of authentication data.', qeReportCertification({ auth: 1, cert: 'type-1-short' })],
    ],
    negatives: [
      ['empty',                    'counting', [cut(0)],           'truncated', 'qeReport.cpusvn @0: needs 16 bytes, 0 left',                                       clamped],
      ['qe-report-cut',            'counting', [cut(383)],         'truncated', 'qeReport.reportdata @320: needs 64 bytes, 63 left',                                'The binding of the attestation key is compared over fewer bytes than were signed.'],
      ['signature-cut',            'counting', [cut(447)],         'truncated', 'qeReportSignature @384: needs 64 bytes, 63 left',                                  clamped],
      ['auth-size-cut',            'counting', [cut(449)],         'truncated', 'qeAuthenticationData.size @448: needs 2 bytes, 1 left',                            clamped],
      ['auth-past-end',            'counting', [set(448, 'ffff')], 'truncated', 'qeAuthenticationData.data @450: needs 65535 bytes, 58 left',                       outside],
      ['auth-takes-certification', 'counting', [set(448, '3a')],   'truncated', 'qeCertificationData.certificationDataType @508: needs 2 bytes, 0 left',            'Certification data is hashed as authentication data, and none is left to check.'],
      ['cert-type-6',              'counting', [set(482, '06')],   'variant',   'qeCertificationData.certificationDataType @482: must be 1, 2, 3, 4, 5 or 7, is 6', recursion],
      ['cert-size-one-more',       'counting', [set(484, '15')],   'truncated', 'qeCertificationData.certificationData @488: needs 21 bytes, 20 left',              clamped],
      ['cert-size-one-less',       'counting', [set(484, '13')],   'trailing',  '@507: must end here, 1 byte more',                                                 slack],
    ],
  },
  {
    struct: 'QuoteCertificationData',
    source: `${dcap}QE Certification Data`,
    positives: outerShapes.map(([name, doc, shape]) => [name, doc, outer(shape)]),
    negatives: [
      ['empty',          'counting', [cut(0)],                     'truncated', 'certificationDataType @0: needs 2 bytes, 0 left',                                       clamped],
      ['type-5',         'counting', [set(0, '05')],               'variant',   'certificationDataType @0: must be 6, is 5',                                             unbound],
      ['size-too-small', 'least',    [set(2, 'c701')],             'length',    'size @2: must be at least 456, is 455',                                                 clamped],
      ['size-one-more',  'counting', [set(2, 'fd01')],             'truncated', 'certificationData @6: needs 509 bytes, 508 left',                                       outside],
      ['size-one-less',  'counting', [set(2, 'fb01')],             'truncated', 'certificationData.qeCertificationData.certificationData @494: needs 20 bytes, 19 left', 'The inner data runs over the end of the outer, and overlaps whatever follows.'],
      ['slack-inside',   'counting', [set(2, 'fd01'), more('cc')], 'trailing',  'certificationData @514: must end here, 1 byte more',                                    slack],
      ['one-byte-more',  'counting', [more('cc')],                 'trailing',  '@514: must end here, 1 byte more',                                                      slack],
      ['strict-type-99', 'type-99',  [],                           'variant',   'certificationDataType @0: must be 6, is 99',                                            unknownKind, 'strict'],
    ],
  },
  {
    struct: 'EcdsaSignatureData',
    source: `${dcap}ECDSA 256-bit Quote Signature Data Structure`,
    positives: outerShapes.map(([name, doc, shape]) => [name, doc, signatureData(shape)]),
    negatives: [
      ['empty',              'counting', [cut(0)],                       'truncated', 'quoteSignature @0: needs 64 bytes, 0 left',                                    clamped],
      ['key-cut',            'counting', [cut(127)],                     'truncated', 'ecdsaAttestationKey @64: needs 64 bytes, 63 left',                             clamped],
      ['outer-type-5',       'counting', [set(128, '05')],               'variant',   'qeCertificationData.certificationDataType @128: must be 6, is 5',              unbound],
      ['outer-size-largest', 'counting', [set(130, 'ffffffff')],         'truncated', 'qeCertificationData.certificationData @134: needs 4294967295 bytes, 508 left', outside],
      ['slack-inside',       'counting', [set(130, 'fd01'), more('cc')], 'trailing',  'qeCertificationData.certificationData @642: must end here, 1 byte more',       slack],
      ['one-byte-more',      'counting', [more('cc')],                   'trailing',  '@642: must end here, 1 byte more',                                             slack],
      ['strict-type-99',     'type-99',  [],                             'variant',   'qeCertificationData.certificationDataType @128: must be 6, is 99',             unknownKind, 'strict'],
    ],
  },
  {
    struct: 'EcdsaSignatureDataV3',
    source: `${sgx}ECDSA 256-bit Quote Signature Data Structure`,
    positives: v3Shapes.map(([name, doc, shape]) => [name, doc, signatureDataV3(shape)]),
    negatives: [
      ['empty',         'counting', [cut(0)],           'truncated', 'isvEnclaveReportSignature @0: needs 64 bytes, 0 left',       clamped],
      ['auth-past-end', 'counting', [set(576, 'ffff')], 'truncated', 'qeAuthenticationData.data @578: needs 65535 bytes, 58 left', outside],
      ['one-byte-more', 'counting', [more('cc')],       'trailing',  '@636: must end here, 1 byte more',                           slack],
    ],
  },
  {
    struct: 'QuoteV3',
    source: `${sgx}Quote Format`,
    positives: [
      ...v3Shapes.map(([name, doc, shape]): Positive => [name, doc, v3(shape)]),
      ['clean', isClean, v3(), 'clean'],
    ],
    negatives: [
      ['version-4',                    'counting', [set(0, '04')],         'constant',  'header.version @0: must be 3, is 4',                                         'The attestation key would be read from the right place, the QE report from the wrong one.'],
      ['body-cut',                     'counting', [cut(431)],             'truncated', 'body.reportdata @368: needs 64 bytes, 63 left',                              clamped],
      ['signature-cut',                'counting', [cut(1071)],            'truncated', 'signatureData @436: needs 636 bytes, 635 left',                              clamped],
      ['length-largest',               'counting', [set(432, 'ffffffff')], 'truncated', 'signatureData @436: needs 4294967295 bytes, 636 left',                       outside],
      ['length-too-small',             'least',    [set(432, '4702')],     'length',    'signatureDataLen @432: must be at least 584, is 583',                        clamped],
      ['auth-past-end',                'counting', [set(1012, 'ffff')],    'truncated', 'signatureData.qeAuthenticationData.data @1014: needs 65535 bytes, 58 left',  outside],
      ['inner-type-6',                 'counting', [set(1046, '06')],      'variant',   'signatureData.qeCertificationData.certificationDataType @1046: must be 1, 2, 3, 4, 5 or 7, is 6', unknownKind],
      ['inner-size-one-less',          'counting', [set(1048, '13')],      'trailing',  'signatureData @1071: must end here, 1 byte more',                            slack],
      ['strict-header-reserved',       'clean',    [set(4, '81')],         'reserved',  'header.reserved @4: must be zero, byte 0 is 0x81',                           'The TEE type of later versions stands here: a quote of version 3 passes for one of a TD.', 'strict'],
      ['strict-body-attributes-flags', 'clean',    [set(96, '08')],        'reserved',  'body.attributesFlags @96: must have no unknown bit, has 0x0000000000000008', hidden, 'strict'],
      ['strict-qe-report-reserved',    'clean',    [set(584, '01')],       'reserved',  'signatureData.qeReport.reserved1 @584: must be zero, byte 0 is 0x01',        hidden, 'strict'],
    ],
  },
  {
    struct: 'QuoteV4',
    source: `${dcap}Quote Format v4`,
    positives: [
      ['counting',         `Quote of a TD. ${counted}; reserved bytes and unknown bits are set.`,                     v4()],
      ['counting-sgx',     'Quote of an SGX enclave, counted likewise.',                                              v4Sgx()],
      ['clean',            'Quote of a TD with reserved bytes and bit fields zero; strict reading accepts it.',       v4(), 'clean'],
      ['least',            'The shortest quote of a TD: 1226 bytes.',                                                 v4(least)],
      ['least-sgx',        'The shortest quote of an enclave: 1026 bytes.',                                           v4Sgx(least)],
      ['trailing-1',       'One byte behind the signature data, not zero.',                                           v4({ trailing: 1 })],
      ['trailing-70',      '70 bytes behind the signature data.',                                                     v4({ trailing: 70 })],
      ['key-type-3',       'An unknown attestation key type: the signature data is kept, strict reading refuses it.', v4Key(3, 21), 'clean'],
      ['key-type-0-empty', 'An unknown attestation key type without signature data.',                                 v4Key(0, 0, 2)],
      ['outer-type-99',    'An unknown outer certification data type: its bytes are kept, strict reading refuses it.', v4(unknownOuter), 'clean'],
      ...CONTENTS.filter(([cert]) => cert !== 'type-4').map(([cert, doc]): Positive => [
        `inner-${cert === 'counting' ? 'type-1' : cert}`, `Certification data inside of the QE report certification data: ${doc}`, v4({ cert }),
      ]),
    ],
    negatives: [
      ['empty',                       'counting',      [cut(0)],                'truncated', 'header.version @0: needs 2 bytes, 0 left',                                                 clamped],
      ['header-cut',                  'counting',      [cut(47)],               'truncated', 'header.userData @28: needs 20 bytes, 19 left',                                             clamped],
      ['version-3',                   'counting',      [set(0, '03')],          'constant',  'header.version @0: must be 4, is 3',                                                       'A quote of version 3 has another signature data: the attestation key would be read from inside the QE report.'],
      ['version-5',                   'counting',      [set(0, '05')],          'constant',  'header.version @0: must be 4, is 5',                                                       'A quote of version 5 has six more bytes in front of the body: MRTD would be read from MROWNER.'],
      ['version-big-endian',          'counting',      [set(0, '0004')],        'constant',  'header.version @0: must be 4, is 1024',                                                    'A parser that looks at one byte only takes another format for a quote.'],
      ['tee-type-0x82',               'counting',      [set(4, '82')],          'variant',   'header.teeType @4: must be 0 or 129, is 130',                                              unbounded],
      ['tee-type-high-byte',          'counting',      [set(7, '80')],          'variant',   'header.teeType @4: must be 0 or 129, is 2147483777',                                       unbounded],
      ['body-cut',                    'counting',      [cut(631)],              'truncated', 'body.reportdata @568: needs 64 bytes, 63 left',                                            'REPORTDATA is compared over fewer bytes than the TD has chosen.'],
      ['body-cut-rtmr-2',             'counting',      [cut(479)],              'truncated', 'body.rtmr[2] @472: needs 48 bytes, 7 left',                                                clamped],
      ['body-cut-sgx',                'counting-sgx',  [cut(431)],              'truncated', 'body.reportdata @368: needs 64 bytes, 63 left',                                            clamped],
      ['length-cut',                  'counting',      [cut(635)],              'truncated', 'signatureDataLen @632: needs 4 bytes, 3 left',                                             clamped],
      ['signature-missing',           'counting',      [cut(636)],              'truncated', 'signatureData @636: needs 642 bytes, 0 left',                                              'A quote without a signature passes for a quote.'],
      ['signature-cut',               'counting',      [cut(1277)],             'truncated', 'signatureData @636: needs 642 bytes, 641 left',                                            clamped],
      ['signature-cut-sgx',           'counting-sgx',  [cut(1077)],             'truncated', 'signatureData @436: needs 642 bytes, 641 left',                                            clamped],
      ['length-0',                    'counting',      [set(632, '00000000')],  'length',    'signatureDataLen @632: must be at least 134, is 0',                                        'A quote without a signature passes for a quote, and the signature for padding.'],
      ['length-too-small',            'least',         [set(632, '8500')],      'length',    'signatureDataLen @632: must be at least 134, is 133',                                      clamped],
      ['length-too-small-for-type-6', 'least',         [set(632, '4d02')],      'truncated', `${qeReport} @770: needs 456 bytes, 455 left`,                                              clamped],
      ['length-one-more',             'counting',      [set(632, '8302')],      'truncated', 'signatureData @636: needs 643 bytes, 642 left',                                            outside],
      ['length-one-less',             'counting',      [set(632, '8102')],      'truncated', `${qeReport} @770: needs 508 bytes, 507 left`,                                              'The certification data reaches into bytes that nothing signs.'],
      ['length-takes-trailing',       'trailing-70',   [set(632, '8302')],      'trailing',  'signatureData @1278: must end here, 1 byte more',                                          slack],
      ['length-largest',              'counting',      [set(632, 'ffffffff')],  'truncated', 'signatureData @636: needs 4294967295 bytes, 642 left',                                     outside],
      ['length-signed',               'counting',      [set(632, '00000080')],  'truncated', 'signatureData @636: needs 2147483648 bytes, 642 left',                                     backwards],
      ['outer-type-5',                'counting',      [set(764, '05')],        'variant',   'signatureData.qeCertificationData.certificationDataType @764: must be 6, is 5',            unbound],
      ['outer-size-one-more',         'counting',      [set(766, 'fd01')],      'truncated', `${qeReport} @770: needs 509 bytes, 508 left`,                                              outside],
      ['outer-size-into-trailing',    'trailing-70',   [set(766, 'fd01')],      'truncated', `${qeReport} @770: needs 509 bytes, 508 left`,                                              'The certification data reaches into bytes that nothing signs, though the file holds them.'],
      ['outer-size-one-less',         'counting',      [set(766, 'fb01')],      'truncated', `${qeReport}.qeCertificationData.certificationData @1258: needs 20 bytes, 19 left`,         'The inner data runs over the end of the outer.'],
      ['auth-past-end',               'counting',      [set(1218, 'ffff')],     'truncated', `${qeReport}.qeAuthenticationData.data @1220: needs 65535 bytes, 58 left`,                  outside],
      ['inner-type-6',                'counting',      [set(1252, '06')],       'variant',   `${qeReport}.qeCertificationData.certificationDataType @1252: must be 1, 2, 3, 4, 5 or 7, is 6`, recursion],
      ['inner-size-one-less',         'counting',      [set(1254, '13')],       'trailing',  `${qeReport} @1277: must end here, 1 byte more`,                                            slack],
      ['inner-size-largest',          'counting',      [set(1254, 'ffffffff')], 'truncated', `${qeReport}.qeCertificationData.certificationData @1258: needs 4294967295 bytes, 20 left`, outside],
      ['inner-type-2-wrong-length',   'inner-type-2',  [set(1254, '1301')],     'length',    `${qeReport}.qeCertificationData.size @1254: must be 276, is 275`,                          clamped],
      ['strict-header-reserved',      'clean',         [set(11, '01')],         'reserved',  'header.reserved @8: must be zero, byte 3 is 0x01',                                         hidden, 'strict'],
      ['strict-tdattributes',         'clean',         [set(168, '80')],        'reserved',  'body.tdattributes @168: must have no unknown bit, has 0x0000000000000080',                 debug, 'strict'],
      ['strict-qe-report-reserved',   'clean',         [set(1032, 'cc')],       'reserved',  `${qeReport}.qeReport.reserved4 @1032: must be zero, byte 0 is 0xcc`,                       hidden, 'strict'],
      ['strict-key-type-3',           'key-type-3',    [],                      'variant',   'header.attestationKeyType @2: must be 2, is 3',                                            unknownKind, 'strict'],
      ['strict-outer-type-99',        'outer-type-99', [],                      'variant',   'signatureData.qeCertificationData.certificationDataType @764: must be 6, is 99',           unknownKind, 'strict'],
    ],
  },
  {
    struct: 'QuoteV5',
    source: `${dcap}Quote Format v5`,
    positives: [
      ['counting',          `TD report 1.5. ${counted}.`,                                               v5Td15],
      ['body-type-1',       'SGX report.',                                                              v5Sgx],
      ['body-type-2',       'TD report 1.0.',                                                           v5(2, 0x81, 584, TD_REPORT_10, 307)],
      ['body-type-4',       'TD report 1.5, extended.',                                                 v5Td15Ex],
      ['body-type-9',       'An unknown type of body: its bytes are kept, strict reading refuses it.',  v5(9, 0x81, 33)],
      ['clean',             isClean, v5Td15,                            'clean'],
      ['clean-body-type-1', isClean, v5Sgx,                             'clean'],
      ['clean-body-type-2', isClean, v5(2, 0x81, 584, TD_REPORT_10),    'clean'],
      ['clean-body-type-4', isClean, v5Td15Ex,                          'clean'],
    ],
    negatives: [
      ['version-4',                'counting',          [set(0, '04')],        'constant',  'header.version @0: must be 5, is 4',                                         'A quote of version 4 has no descriptor in front of the body: every field would be read six bytes too late.'],
      ['body-size-one-less',       'counting',          [set(50, '87')],       'length',    'bodyDescriptor.size @50: must be 648, is 647',                               unbounded],
      ['body-size-largest',        'counting',          [set(50, 'ffffffff')], 'length',    'bodyDescriptor.size @50: must be 648, is 4294967295',                        outside],
      ['body-type-2-size-648',     'counting',          [set(48, '02')],       'length',    'bodyDescriptor.size @50: must be 584, is 648',                               'Fields of one body are read from another.'],
      ['unknown-body-past-end',    'body-type-9',       [set(50, 'ffffff7f')], 'truncated', 'body @54: needs 2147483647 bytes, 679 left',                                 outside],
      ['strict-body-type-9',       'body-type-9',       [set(8, '00000000')],  'variant',   'bodyDescriptor.quoteBodyType @48: must be 1, 2, 3 or 4, is 9',               unknownKind, 'strict'],
      otherTee('clean',             3, 129, 0),
      otherTee('clean-body-type-1', 1, 0, 129),
      otherTee('clean-body-type-2', 2, 129, 0),
      otherTee('clean-body-type-4', 4, 129, 0),
      ['strict-tee-type-unknown',  'clean',             [set(4, '82')],        'constant',  'header.teeType @4: must be 129 with bodyDescriptor.quoteBodyType 3, is 130', unknownKind, 'strict'],
      ['strict-tdattributes',      'clean',             [set(174, '80')],      'reserved',  'body.tdattributes @174: must have no unknown bit, has 0x0000000000000080',   debug, 'strict'],
      ['strict-servtd-attributes', 'clean-body-type-4', [set(931, '02')],      'reserved',  'body.currServtdAttr @931: must have no unknown bit, has 0x0000000000000002', hidden, 'strict'],
      ['length-one-more',          'counting',          [set(702, '8302')],    'truncated', 'signatureData @706: needs 643 bytes, 642 left',                              outside],
    ],
  },
  {
    struct: 'Quote',
    source: `${dcap}Quote Format`,
    positives: [
      ['version-3', 'A quote of any version.', v3()],
      ['counting',  'A quote of any version.', v4()],
      ['version-5', 'A quote of any version.', v5Td15],
    ],
    negatives: [
      ['version-6', 'counting', [set(0, '06')], 'variant',   'version @0: must be 3, 4 or 5, is 6',        unbounded],
      ['empty',     'counting', [cut(0)],       'truncated', 'version @0: needs 2 bytes, 0 left',          clamped],
      ['claims-5',  'counting', [set(0, '05')], 'truncated', 'body @54: needs 892613426 bytes, 1224 left', 'The body of a version 4 quote is taken for a descriptor.'],
    ],
  },
];
