import { utf8ToBytes } from '@noble/hashes/utils.js';
import type { Platform } from './platform.ts';
import type { CertificationType, QuoteFields, QuoteShape } from './quote.ts';
import { svn, type Td } from './td.ts';
import type { ReportFields } from './td-report.ts';
import { type Expect, expectOf } from './verifiers.ts';

/** A kind of fixture. */
export interface Profile {
  /** Unique name, as --profile takes it. */
  readonly name: string;
  /** One sentence for people. */
  readonly what: string;
  /** Version, kind and body of the quote. */
  readonly shape: QuoteShape;
  /** Type of the certification data that leads to the PCK certificate. */
  readonly certification: CertificationType;
  /** What each verifier was seen to say of it: good quotes all. */
  readonly expect: Expect;
  /** Which CA issued the PCK certificate. */
  readonly ca: Platform['ca'];
  /** Fields of the quote that differ from the usual ones. */
  readonly fields: Omit<QuoteFields, 'shape' | 'certification' | 'td'>;
  /** Fields of the TD that differ from the usual ones. */
  readonly td: Partial<Td>;
  /** The TDREPORT that such a quote is made from. */
  readonly report: Pick<ReportFields, 'version' | 'tcbInfo'>;
}

const sgx3: QuoteShape = { version: 3, tee: 'sgx', body: 'SgxReportBody' };
const sgx4: QuoteShape = { version: 4, tee: 'sgx', body: 'SgxReportBody' };
const sgx5: QuoteShape = { version: 5, tee: 'sgx', body: 'SgxReportBody' };
const tdx4: QuoteShape = { version: 4, tee: 'tdx', body: 'TdReportBody10' };
const tdx5 = (body: 'TdReportBody10' | 'TdReportBody15' | 'TdReportBody15Ex'): QuoteShape => ({
  version: 5,
  tee: 'tdx',
  body,
});

type Rest = Partial<Omit<Profile, 'name' | 'what' | 'shape' | 'expect'>>;
const profile = (name: string, what: string, shape: QuoteShape, rest: Rest = {}): Profile => ({
  name,
  what,
  shape,
  certification: 5,
  expect: expectOf('accepts', name),
  ca: 'platform',
  fields: {},
  td: {},
  report: { version: 0, tcbInfo: '1.5' },
  ...rest,
});

/** `zeros` bytes behind the quote, as callers leave them that keep the whole buffer. */
const padded = (zeros: number): Rest => ({ fields: { trailing: new Uint8Array(zeros) } });

/** The fixtures that there are. */
export const PROFILES: readonly Profile[] = [
  profile('tdx-v4', 'TD, version 4, as TDX 1.5 machines give it: 70 zero bytes behind it', tdx4, padded(70)),
  profile('tdx-v4-unpadded', 'the same, and nothing behind it', tdx4),
  profile('tdx-v4-trailing-307', 'the same, 307 zero bytes behind it', tdx4, padded(307)),
  profile('tdx-v4-trailing-3065', 'the same, 3065 zero bytes behind it', tdx4, padded(3065)),
  profile('tdx-v4-trailing-text', 'the same, bytes behind it that are not zero', tdx4, {
    fields: { trailing: utf8ToBytes('\nbytes that nobody signed\n') },
  }),
  profile('tdx-v4-no-nul', 'the PEM chain ends with a newline, without a NUL', tdx4, { fields: { nul: false } }),
  profile('tdx-v4-zero-auth', 'the authentication data is 32 zero bytes, without a NUL behind the chain', tdx4, {
    fields: { nul: false, authenticationData: new Uint8Array(32), trailing: new Uint8Array(3065) },
  }),
  profile('tdx-v4-no-auth', 'no authentication data', tdx4, {
    fields: { authenticationData: new Uint8Array(0) },
  }),
  profile('tdx-v4-processor', 'a machine of one package, certified by the Processor CA', tdx4, { ca: 'processor' }),
  profile('tdx-v4-tdx-1.0', 'a TD under a module of TDX 1.0: major version 0, no second SVN', tdx4, {
    td: { teeTcbSvn: svn(5, 0, 3) },
    report: { version: 0, tcbInfo: '1.0' },
  }),
  profile('tdx-v4-ppid', 'certification data of type 1: the PPID', tdx4, { certification: 1 }),
  profile('tdx-v4-ppid-2048', 'certification data of type 2: the PPID under RSA-2048', tdx4, {
    certification: 2,
  }),
  profile('tdx-v4-ppid-3072', 'certification data of type 3: the PPID under RSA-3072', tdx4, {
    certification: 3,
  }),
  profile('tdx-v4-leaf', 'certification data of type 4: the PCK certificate alone', tdx4, {
    certification: 4,
  }),
  profile('tdx-v5-body-2', 'TD, version 5 with the body of TDX 1.0', tdx5('TdReportBody10'), {
    report: { version: 0, tcbInfo: '1.0' },
  }),
  profile(
    'tdx-v5-body-3',
    'TD, version 5 with the body of TDX 1.5, after an update of the module',
    tdx5('TdReportBody15'),
    {
      td: { teeTcbSvn2: svn(8, 1, 3) },
    },
  ),
  profile('tdx-v5-body-3-service-td', 'the same, with a service TD bound', tdx5('TdReportBody15'), {
    td: { mrservicetd: Uint8Array.from({ length: 48 }, (_, i) => i + 1) },
    report: { version: 1, tcbInfo: '1.5' },
  }),
  profile(
    'tdx-v5-body-4',
    'TD, version 5 with the extended body, which carries TD_ID and VMID',
    tdx5('TdReportBody15Ex'),
    {
      td: { vmid: 1 },
      report: { version: 3, tcbInfo: '1.5' },
    },
  ),
  profile('sgx-v3', 'SGX enclave, version 3', sgx3, { ca: 'processor' }),
  profile('sgx-v3-platform', 'SGX enclave, version 3, on a machine of several packages', sgx3),
  profile('sgx-v3-ppid-3072', 'SGX enclave, version 3, certification data of type 3', sgx3, {
    certification: 3,
  }),
  profile('sgx-v4', 'SGX enclave, version 4', sgx4),
  profile('sgx-v5-body-1', 'SGX enclave, version 5', sgx5),
];
