import { utf8ToBytes } from '@noble/hashes/utils.js';
import { type Enclave, enclaveReport, testEnclave } from './enclave.ts';
import { pemOf, type TestPki } from './pki.ts';
import { join, place, u16, u32 } from './place.ts';
import { QE_ISVSVN, qeReport, type Tee } from './qe.ts';
import { derive, deriveKey, sign, type TestKey } from './seed.ts';
import { defaultReportdata, type Td, type TdBody, tdBody, testTd } from './td.ts';

/** Which quote: its version, what it attests, and the body that says so. */
export type QuoteShape =
  | { readonly version: 3; readonly tee: 'sgx'; readonly body: 'SgxReportBody' }
  | { readonly version: 4; readonly tee: 'sgx'; readonly body: 'SgxReportBody' }
  | { readonly version: 4; readonly tee: 'tdx'; readonly body: 'TdReportBody10' }
  | { readonly version: 5; readonly tee: 'sgx'; readonly body: 'SgxReportBody' }
  | { readonly version: 5; readonly tee: 'tdx'; readonly body: TdBody };

/** How the quote leads to the PCK key: the PPID (1), encrypted (2, 3), the leaf in DER (4), the chain in PEM (5). */
export type CertificationType = 1 | 2 | 3 | 4 | 5;

/** What a quote says. Whatever is not given is as a real quoting enclave has it. */
export interface QuoteFields {
  /** Version, kind and body of the quote. */
  readonly shape: QuoteShape;
  /** Type of the certification data that leads to the PCK certificate. */
  readonly certification?: CertificationType;
  /** The TD that is attested. */
  readonly td?: Partial<Td>;
  /** The enclave that is attested. */
  readonly enclave?: Partial<Enclave>;
  /** The report of the quoting enclave. */
  readonly qe?: Partial<Enclave>;
  /** Data that the quoting enclave binds to its attestation key. */
  readonly authenticationData?: Uint8Array;
  /** Certification data in place of what `certification` gives. */
  readonly certificationData?: Uint8Array;
  /** Whether a NUL ends the PEM chain. */
  readonly nul?: boolean;
  /** What follows the quote. */
  readonly trailing?: Uint8Array;
  /** Signs the quote; the key that it names stays the one of the seed. */
  readonly quoteKey?: TestKey;
  /** Signs the QE report; the certificate stays the one of the PKI. */
  readonly qeReportKey?: TestKey;
}

/** Intel's UUID: verifiers insist on it. */
const QE_VENDOR_ID = [0x93, 0x9a, 0x72, 0x33, 0xf7, 0x9c, 0x4c, 0xa9, 0x94, 0x0a, 0x0d, 0xb3, 0x95, 0x7f, 6, 7];
/** 00 to 1f, as Intel's quoting enclaves have it. */
const AUTHENTICATION_DATA = /* @__PURE__ */ Uint8Array.from({ length: 32 }, (_, i) => i);
const BODY_TYPES = { SgxReportBody: 1, TdReportBody10: 2, TdReportBody15: 3, TdReportBody15Ex: 4 } as const;

/** The key by which a quoting enclave of the seed signs quotes. */
export const attestationKeyOf = (seed: string, tee: Tee): TestKey => deriveKey(seed, `${tee} attestation`);

function header({ platform }: TestPki, { version, tee }: QuoteShape): Uint8Array {
  return place('QuoteHeader', 48, [
    [0, 2, 'version', u16(version)],
    [2, 2, 'attestationKeyType', u16(2)],
    [4, 4, 'teeType', u32(tee === 'tdx' ? 0x81 : 0)],
    [8, 2, 'qeSvn', u16(version === 3 ? QE_ISVSVN : 0)],
    [10, 2, 'pceSvn', u16(version === 3 ? platform.pcesvn : 0)],
    [12, 16, 'qeVendorId', Uint8Array.from(QE_VENDOR_ID)],
    [28, 16, 'userData', platform.qeId],
  ]);
}

/** What the quote signature covers: the header, the descriptor in version 5, the body. */
function attested(pki: TestPki, { shape, td, enclave }: QuoteFields): Uint8Array {
  const body =
    shape.body === 'SgxReportBody'
      ? enclaveReport(testEnclave('application', pki.platform.cpusvn, { reportdata: defaultReportdata(), ...enclave }))
      : tdBody(shape.body, testTd(td));
  const descriptor = shape.version === 5 ? [u16(BODY_TYPES[shape.body]), u32(body.length)] : [];
  return join(header(pki, shape), ...descriptor, body);
}

function certificationData(pki: TestPki, type: CertificationType, nul: boolean): Uint8Array {
  const { ppid, cpusvn, pcesvn, pceid } = pki.platform;
  const tail = [cpusvn, u16(pcesvn), u16(pceid)];
  switch (type) {
    case 1:
      return join(ppid, ...tail);
    // Of the right length, but nothing that a key could open.
    case 2:
      return join(derive(pki.seed, 'ppid under rsa-2048', 256), ...tail);
    case 3:
      return join(derive(pki.seed, 'ppid under rsa-3072', 384), ...tail);
    case 4:
      return pki.pck.certificate;
    case 5:
      return utf8ToBytes(pemOf(pki.pck, pki.ca, pki.root) + (nul ? '\0' : ''));
  }
}

/** A signed quote. */
export function quote(pki: TestPki, fields: QuoteFields): Uint8Array<ArrayBuffer> {
  const { shape, certification = 5, authenticationData = AUTHENTICATION_DATA, nul = true } = fields;
  const attestationKey = attestationKeyOf(pki.seed, shape.tee);
  const signed = attested(pki, fields);
  const report = qeReport(shape.tee, pki.platform.cpusvn, attestationKey.publicKey, authenticationData, fields.qe);
  const data = fields.certificationData ?? certificationData(pki, certification, nul);
  const certified = join(
    report,
    sign(fields.qeReportKey ?? pki.pck.key, report),
    u16(authenticationData.length),
    authenticationData,
    u16(certification),
    u32(data.length),
    data,
  );
  const signatureData = join(
    sign(fields.quoteKey ?? attestationKey, signed),
    attestationKey.publicKey,
    // Version 3 has no outer certification data around it.
    ...(shape.version === 3 ? [] : [u16(6), u32(certified.length)]),
    certified,
  );
  return join(signed, u32(signatureData.length), signatureData, fields.trailing ?? new Uint8Array(0));
}
