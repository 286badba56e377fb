import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { LayoutError } from '../engine/error.ts';
import { toHex } from '../engine/hex.ts';
import { Quote } from '../structs/quote.ts';
import type { Json } from '../verbs/json.ts';
import { toJson } from '../verbs/to-json.ts';
import type { Defect } from './defects/defect.ts';
import { DEFECTS } from './defects/index.ts';
import { pem } from './der.ts';
import { type Fixture, type ForgeOptions, forge, make, profileOf, recipe, spoil } from './forge.ts';
import { PROFILES, type Profile } from './profiles.ts';
import { type Expect, VERIFIERS } from './verifiers.ts';

/** The files of a fixture: their names and bytes. */
export type Files = Readonly<Record<string, Uint8Array>>;

/** JSON as the command prints it; nothing for a quote whose defect is that nobody can read it. */
function quoteJson(quote: Uint8Array): Json | undefined {
  try {
    return { kind: 'Quote', value: toJson(Quote, quote) as Json };
  } catch (error) {
    if (error instanceof LayoutError) return undefined;
    throw error;
  }
}

const text = (json: Json): Uint8Array => utf8ToBytes(`${JSON.stringify(json, undefined, 2)}\n`);

type Of = Pick<ForgeOptions, 'seed' | 'names'> & { readonly profile: Profile; readonly defect?: Defect | undefined };

/** What each verifier says of it. go-tdx-guest compares common names with Intel's before all else. */
function expectOf({ profile, defect, names }: Of): Expect {
  const { expect } = defect ?? profile;
  return names === 'intel' || expect['go-tdx-guest'] === undefined ? expect : { ...expect, 'go-tdx-guest': 'refuses' };
}

function filesOf({ quote, tdReport, root, collateral, now }: Fixture, of: Of): Files {
  const json = quoteJson(quote);
  const files: Files = {
    'quote.bin': quote,
    ...(json === undefined ? {} : { 'quote.json': text(json) }),
    ...(tdReport ? { 'tdreport.bin': tdReport } : {}),
    'root.pem': utf8ToBytes(pem('CERTIFICATE', root)),
    'root.der': root,
    'collateral.json': text({ ...collateral }),
  };
  const { seed, profile, defect, names } = of;
  const expect = expectOf(of);
  const manifest = {
    seed,
    profile: profile.name,
    ...(defect ? { defect: defect.name } : {}),
    ...(names === undefined || names === 'test' ? {} : { names }),
    now,
    what: (defect ?? profile).what,
    expect: { ...expect },
    versions: Object.fromEntries(VERIFIERS.flatMap(({ name, version }) => (expect[name] ? [[name, version]] : []))),
    sha256: Object.fromEntries(Object.entries(files).map(([name, bytes]) => [name, toHex(sha256(bytes))])),
  };
  return { ...files, 'manifest.json': text(manifest) };
}

/** The three files that the tests of dcap-qvl read in each of their samples. */
function dcapQvlFiles({ quote, collateral }: Fixture, of: Of): Files {
  const { what, expect } = of.defect ?? of.profile;
  const verdict = expect['dcap-qvl'] ?? 'refuses';
  return {
    'quote.bin': quote,
    'collateral.json': text({ ...collateral }),
    'expected.json': text({
      description: what,
      should_succeed: verdict !== 'refuses',
      ...(verdict === 'refuses' ? { expected_error: 'Verification failed' } : {}),
    }),
  };
}

const profileIn = ({ profile }: ForgeOptions): Profile => (typeof profile === 'string' ? profileOf(profile) : profile);

/** A fixture as files, the manifest last. */
export const pack = (options: ForgeOptions): Files =>
  filesOf(forge(options), { ...options, profile: profileIn(options) });

/** What to make all fixtures from. */
export type PackAllOptions = Pick<ForgeOptions, 'seed' | 'now' | 'names'> & {
  /**
   * Which files: those of {@link pack}, or a tree as the tests of dcap-qvl read it. Those have one root for all samples;
   * so the defect whose root is another one is left out there, and so are TDREPORTs.
   */
  readonly layout?: 'fixture' | 'dcap-qvl' | undefined;
};

/** How many fixtures {@link packAll} makes. */
export const fixturesIn = (layout: PackAllOptions['layout']): number => PROFILES.length + defectsIn(layout).length;

const defectsIn = (layout: PackAllOptions['layout']): readonly Defect[] =>
  layout === 'dcap-qvl'
    ? DEFECTS.filter(({ name, in: place }) => name !== 'other-root' && place !== 'tdreport')
    : DEFECTS;

/** Every profile, then every defect, one by one: the files of each, with the folder in front of their names. */
export function* packAll({ layout = 'fixture', ...options }: PackAllOptions): Generator<Files> {
  const made = new Map(
    PROFILES.map((profile) => {
      const good = recipe({ ...options, profile });
      return [profile.name, { profile, good, fixture: make(good) }] as const;
    }),
  );
  const under = (name: string, fixture: Fixture, of: Of): Files => {
    const [folder, files] =
      layout === 'dcap-qvl' ? [`samples/${name}`, dcapQvlFiles(fixture, of)] : [name, filesOf(fixture, of)];
    return Object.fromEntries(Object.entries(files).map(([file, bytes]) => [`${folder}/${file}`, bytes]));
  };
  for (const { profile, fixture } of made.values()) {
    const isFirst = profile === PROFILES[0];
    yield {
      ...under(profile.name, fixture, { ...options, profile }),
      ...(layout === 'dcap-qvl' && isFirst ? { 'certs/root_ca.der': fixture.root } : {}),
    };
  }
  for (const defect of defectsIn(layout)) {
    const of = made.get(defect.profile);
    if (!of) throw new TypeError(`no profile ${defect.profile}`);
    yield under(defect.name, spoil(of.good, defect, of.fixture), { ...options, profile: of.profile, defect });
  }
}
