import { type Collateral, collateral, type QeIdentity, qeIdentity, type TcbInfo, tcbInfo } from './collateral.ts';
import type { Defect } from './defects/defect.ts';
import type { Enclave } from './enclave.ts';
import { type Names, pemOf, type TestPki, testPki } from './pki.ts';
import { PROFILES, type Profile } from './profiles.ts';
import { type QuoteFields, quote } from './quote.ts';
import { type Td, testTd } from './td.ts';
import { type ReportFields, tdReport } from './td-report.ts';

/** What to forge. */
export interface ForgeOptions {
  /** Any text. The same seed gives the same bytes, another seed other keys. */
  readonly seed: string;
  /** One of {@link PROFILES}, or its name. */
  readonly profile: Profile | string;
  /** Unix seconds around which everything is valid; {@link PINNED_NOW} unless told. */
  readonly now?: number | undefined;
  /** How certificates are named; `test` unless told. */
  readonly names?: Names | undefined;
  /** Fields of the TD, for a quote of a TD. */
  readonly td?: Partial<Td> | undefined;
  /** Fields of the enclave, for a quote of an SGX enclave. */
  readonly enclave?: Partial<Enclave> | undefined;
  /** One thing to do wrong: an entry of {@link DEFECTS}. */
  readonly defect?: Defect | undefined;
}

/** A fixture: a quote and all that a verifier needs beside it. */
export interface Fixture {
  /** The quote, signed. */
  readonly quote: Uint8Array<ArrayBuffer>;
  /** What the quote was made from; of a TD only. */
  readonly tdReport: Uint8Array<ArrayBuffer> | undefined;
  /** The root certificate in DER: the trust anchor to verify against. */
  readonly root: Uint8Array<ArrayBuffer>;
  /** What a verifier takes beside it. */
  readonly collateral: Collateral;
  /** The chain of the PCK certificate in PEM, leaf first, for quotes that do not carry it. */
  readonly pckChain: string;
  /** The time to verify at, in Unix seconds. */
  readonly now: number;
}

/** What a fixture is made from, for those who change one thing in it. */
export interface Recipe {
  /** Options of the test PKI. */
  readonly pki: TestPki;
  /** Fields of the quote. */
  readonly quote: QuoteFields;
  /** Fields of the TDREPORT. */
  readonly report: ReportFields;
  /** Changes to the TCB info before it is signed. */
  readonly tcbInfo: TcbInfo;
  /** Changes to the QE identity before it is signed. */
  readonly qeIdentity: QeIdentity;
}

/** The profile of a name. */
export function profileOf(name: string): Profile {
  const found = PROFILES.find((each) => each.name === name);
  if (!found) throw new TypeError(`no profile ${name}; there are: ${PROFILES.map((each) => each.name).join(' ')}`);
  return found;
}

/** All the ingredients of a fixture. */
export function recipe({ seed, profile: of, now, names, td, enclave }: Omit<ForgeOptions, 'defect'>): Recipe {
  const profile = typeof of === 'string' ? profileOf(of) : of;
  const pki = testPki({ seed, now, names, platform: profile.ca });
  const { shape, certification } = profile;
  return {
    pki,
    quote: {
      shape,
      certification,
      ...profile.fields,
      td: { ...profile.td, ...td },
      enclave: { ...profile.fields.enclave, ...enclave },
    },
    report: { ...profile.report, cpusvn: pki.platform.cpusvn },
    tcbInfo: tcbInfo(pki, shape.tee),
    qeIdentity: qeIdentity(pki, shape.tee),
  };
}

/** Makes and signs what the recipe says. */
export function make(of: Recipe): Fixture {
  const { pki } = of;
  const pckChain = pemOf(pki.pck, pki.ca, pki.root);
  const { certification = 5 } = of.quote;
  return {
    quote: quote(pki, of.quote),
    tdReport: of.quote.shape.tee === 'tdx' ? tdReport(pki.seed, testTd(of.quote.td), of.report) : undefined,
    root: pki.root.certificate,
    collateral: { ...collateral(pki, of), ...(certification === 5 ? {} : { pck_certificate_chain: pckChain }) },
    pckChain,
    now: pki.now,
  };
}

/**
 * A fixture that verifies at its time, against its root and with its collateral; or, with a defect, one that differs from
 * it in that one thing.
 */
export function forge({ defect, ...options }: ForgeOptions): Fixture {
  const good = recipe(options);
  return defect ? spoil(good, defect) : make(good);
}

/** What the recipe makes, with one thing done wrong; `made` spares making it again where the defect comes after. */
export function spoil(good: Recipe, defect: Defect, made?: Fixture): Fixture {
  const fixture = defect.recipe ? make(defect.recipe(good)) : (made ?? make(good));
  return defect.after ? { ...fixture, ...defect.after(fixture, good) } : fixture;
}
