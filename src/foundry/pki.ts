import { type Certified, certify, type Place, revocationList } from './certificate.ts';
import { pem } from './der.ts';
import { type Platform, platformOf, sgxExtension } from './platform.ts';
import { derive, deriveKey } from './seed.ts';

/** Seconds. */
export const DAY = 86_400;
/** The time of everything that is forged unless told: 2026-01-01 00:00 UTC, in Unix seconds. */
export const PINNED_NOW = 1_767_225_600;

/**
 * How certificates are named: `test` says so in every common name; `intel` uses Intel's common names and places, for
 * verifiers that compare them, and an FMSPC without letters, for those that compare it as text. The organisation says
 * "test keys, not Intel" either way.
 */
export type Names = 'test' | 'intel';

/** What stands before the common names, the place behind the organisation, and the start of the FMSPC. */
interface Naming {
  readonly prefix: string;
  readonly place?: Place;
  readonly fmspc?: readonly number[];
}
const NAMING: Readonly<Record<Names, Naming>> = {
  test: { prefix: 'tdx-codec test' },
  intel: {
    prefix: 'Intel',
    place: { locality: 'Santa Clara', state: 'CA', country: 'US' },
    fmspc: [0x00, 0x90, 0x78, 0x57],
  },
};

/** The seed's own machine, with another start of its FMSPC where the naming has one. */
function machineOf(seed: string, ca: Platform['ca'], { fmspc = [] }: Naming): Platform {
  const own = platformOf(seed, ca);
  return { ...own, fmspc: own.fmspc.map((byte, i) => fmspc[i] ?? byte) };
}

/** Authorities and certificates of a seed, in the places that Intel's have. All of them say "test". */
export interface TestPki {
  /** What all keys follow from. */
  readonly seed: string;
  /** How certificates are named. */
  readonly names: Names;
  /** Unix seconds around which everything is valid: certificates for years, lists and collateral for 30 days. */
  readonly now: number;
  /** The root CA. */
  readonly root: Certified;
  /** The authority that certifies the platform: Platform CA or Processor CA. */
  readonly ca: Certified;
  /** Certifies the key that signs QE reports on the platform. */
  readonly pck: Certified;
  /** Signs TCB info and QE identities. */
  readonly tcbSigning: Certified;
  /** The platform that the PCK certificate is about. */
  readonly platform: Platform;
  /** Revocation list of the root, in DER. */
  readonly rootCrl: Uint8Array<ArrayBuffer>;
  /** Revocation list of {@link ca}, in DER. */
  readonly pckCrl: Uint8Array<ArrayBuffer>;
}

/** What to make a test PKI from. */
export interface PkiOptions {
  /** What all keys follow from. */
  readonly seed: string;
  /** Unix seconds; {@link PINNED_NOW} unless told. */
  readonly now?: number | undefined;
  /** The machine to certify, or which authority certifies the seed's own. */
  readonly platform?: Platform | Platform['ca'] | undefined;
  /** How certificates are named; `test` unless told. */
  readonly names?: Names | undefined;
}

function serialOf(seed: string, label: string): Uint8Array<ArrayBuffer> {
  const serial = derive(seed, `serial ${label}`, 20);
  // Positive and of full length, whatever was derived.
  serial[0] = 0x40 | ((serial[0] ?? 0) & 0x3f);
  return serial;
}

const url = (file: string): string => `https://tdx-codec-test.invalid/${file}`;

/** The test PKI of a seed. The same options give the same bytes, everywhere. */
export function testPki({ seed, now = PINNED_NOW, platform: of = 'platform', names = 'test' }: PkiOptions): TestPki {
  const naming = NAMING[names];
  const { prefix, place } = naming;
  const platform = typeof of === 'string' ? machineOf(seed, of, naming) : of;
  const made = (label: string) => ({ key: deriveKey(seed, label), serial: serialOf(seed, label) });
  const years = (n: number) => ({ notBefore: now - 365 * DAY, notAfter: now + n * 365 * DAY });

  const rootFields = {
    name: `${prefix} SGX Root CA`,
    place,
    ...made('root'),
    ...years(20),
    pathLength: 1,
    crlUrl: url('root.crl'),
  };
  const root = certify(rootFields, rootFields);
  const authority = platform.ca === 'platform' ? 'Platform' : 'Processor';
  const ca = certify(root, {
    name: `${prefix} SGX PCK ${authority} CA`,
    place,
    ...made(`${platform.ca} ca`),
    ...years(10),
    pathLength: 0,
    crlUrl: url('root.crl'),
  });
  const pck = certify(ca, {
    name: `${prefix} SGX PCK Certificate`,
    place,
    ...made(`${platform.ca} pck`),
    ...years(5),
    sgxExtension: sgxExtension(platform),
    crlUrl: url(`${platform.ca}.crl`),
  });
  const tcbSigning = certify(root, {
    name: `${prefix} SGX TCB Signing`,
    place,
    ...made('tcb signing'),
    ...years(5),
    crlUrl: url('root.crl'),
  });
  const list = { thisUpdate: now - DAY, nextUpdate: now + 29 * DAY, number: 1 };
  return {
    seed,
    names,
    now,
    root,
    ca,
    pck,
    tcbSigning,
    platform,
    rootCrl: revocationList(root, { ...list, revoked: [] }),
    // One machine is revoked, so that readers see an entry.
    pckCrl: revocationList(ca, { ...list, revoked: [serialOf(seed, 'another machine')] }),
  };
}

/** Certificates as PEM, in the given order. */
export const pemOf = (...chain: readonly Certified[]): string =>
  chain.map(({ certificate }) => pem('CERTIFICATE', certificate)).join('');
