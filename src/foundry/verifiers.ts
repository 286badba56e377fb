/** What a verifier says of a fixture: `downgrades` is a status below UpToDate. */
export type Verdict = 'accepts' | 'downgrades' | 'refuses';
/** What the documents ask of a verifier: a verdict, or `either` where they leave it open. */
export type Standard = Verdict | 'either';
/** What the documents ask for, and what each verifier was seen to say; nothing of one that does not read such a quote. */
export interface Expect {
  /** What the documents ask of a verifier. */
  readonly standard: Standard;
  /** What the crate said. */
  readonly 'dcap-qvl'?: Verdict;
  /** What the package on npm said. */
  readonly '@phala/dcap-qvl'?: Verdict;
  /** What Google's library said, under Intel's common names. */
  readonly 'go-tdx-guest'?: Verdict;
  /** What Intel's library said. */
  readonly 'intel-qvl'?: Verdict;
}

/** A program that has judged the fixtures. */
export type VerifierName = Exclude<keyof Expect, 'standard'>;

/** Fixtures of which a verifier says one thing, for one reason. */
export interface Difference {
  /** What it says. */
  readonly says: Verdict;
  /** Names of profiles and defects. */
  readonly of: readonly string[];
  /** Why it says so. */
  readonly why: string;
}

/** A program that verifies quotes, and where it says something else than the documents ask for. */
export interface Verifier {
  /** Its package, or what it is called. */
  readonly name: VerifierName;
  /** Whose it is, and in which language. */
  readonly what: string;
  /** The version that was run. */
  readonly version: string;
  /** How it was run. */
  readonly run: string;
  /** Profiles that it does not read, and with them their defects. */
  readonly unread: readonly string[];
  /** Defects that it was not run on. */
  readonly unseen?: readonly string[];
  /** Where it says something else, or decides what the documents leave open. */
  readonly differs: readonly Difference[];
  /** What other versions say that this one does not. */
  readonly otherVersions?: Readonly<Record<string, readonly Difference[]>>;
}

const LENGTHS = ['signature-data-len-one-more', 'v3-certification-size-one-less'];
const OUTER_TYPES = ['outer-type-0', 'outer-type-1', 'outer-type-5', 'outer-type-7', 'outer-type-99'];
const DATES = ['tcb-info-future', 'qe-identity-future'];
const LEVELS = [
  'tcb-info-sw-hardening-needed',
  'tcb-info-configuration-and-sw-hardening-needed',
  'tcb-info-out-of-date-configuration-needed',
];
const OLD = [
  'microcode-old',
  'leaf-old-cpusvn',
  'leaf-old-pcesvn',
  'tcb-info-out-of-date',
  'tcb-info-configuration-needed',
];

/** What the two programs called dcap-qvl have in common. */
const DCAP_QVL: readonly Difference[] = [
  { says: 'accepts', of: [...LENGTHS, 'inner-size-one-less'], why: 'it does not ask whether a region is used up' },
  { says: 'accepts', of: OUTER_TYPES, why: 'it reads type 6 whatever the tag says' },
  { says: 'accepts', of: ['leaf-other-pceid', 'tcb-info-other-pceid'], why: 'it does not compare the PCEID' },
  { says: 'accepts', of: ['pck-crl-future'], why: 'it does not ask when a revocation list was issued' },
  {
    says: 'accepts',
    of: ['chain-without-root'],
    why: 'it takes the root that it is given, and needs none in the quote',
  },
  { says: 'accepts', of: ['current-svn-old'], why: 'it asks for TEE_TCB_SVN2 only when the SVN at launch is old' },
  { says: 'refuses', of: ['chain-reversed'], why: 'it takes the first certificate for the leaf' },
  { says: 'refuses', of: ['chain-der'], why: 'it looks for PEM alone' },
  { says: 'refuses', of: ['leaf-with-flag'], why: 'an authority may be no leaf' },
  { says: 'refuses', of: ['tcb-info-reformatted'], why: 'it hashes the text that it was given' },
  { says: 'refuses', of: DATES, why: 'it compares the date of issue' },
  { says: 'refuses', of: ['tdx-v4-no-auth'], why: 'it wants 32 bytes of authentication data' },
  { says: 'refuses', of: ['tdx-v5-body-3-service-td'], why: 'policy: it takes no TD with a service TD unless told' },
];

/** The programs, their versions, and what they said. */
export const VERIFIERS: readonly Verifier[] = [
  {
    name: 'dcap-qvl',
    what: 'the crate of Phala Network, in Rust',
    version: '0.7.1',
    run: 'by interop/rust, in every run of CI; 0.7.0, the newest of its bindings for Python, by interop/python',
    unread: ['sgx-v4', 'sgx-v5-body-1'],
    differs: DCAP_QVL,
    otherVersions: {
      '0.7.0': [{ says: 'accepts', of: ['tcb-info-signed-by-pck'], why: 'any certificate below the root may sign it' }],
    },
  },
  {
    name: '@phala/dcap-qvl',
    what: 'its older sister on npm, written in JavaScript',
    version: '0.3.9',
    run: 'by npm test',
    unread: ['tdx-v5-body-4', 'sgx-v4', 'sgx-v5-body-1'],
    differs: [
      ...DCAP_QVL,
      {
        says: 'accepts',
        of: ['seam-signer', 'seam-attributes'],
        why: 'it does not compare MRSIGNERSEAM and SEAMATTRIBUTES with the TCB info',
      },
      {
        says: 'accepts',
        of: [
          'module-old',
          'module-too-old',
          'module-unknown',
          'tcb-info-module-revoked',
          'launch-svn-old',
          'current-svn-unknown-module',
        ],
        why: 'it does not read `tdxModuleIdentities`',
      },
      { says: 'accepts', of: ['leaf-other-issuer'], why: 'it links certificates by keys, not by names' },
      {
        says: 'accepts',
        of: ['ca-without-flag', 'leaf-as-ca', 'path-too-long'],
        why: 'it does not read basic constraints of intermediate certificates: every PCK holder could issue certificates',
      },
      { says: 'accepts', of: ['tcb-info-signed-by-pck'], why: 'any certificate below the root may sign it' },
      { says: 'accepts', of: ['pck-crl-expired', 'root-crl-expired'], why: 'it does not look at the dates of lists' },
      {
        says: 'accepts',
        of: ['pck-crl-signed-by-other-key', 'root-crl-signed-by-other-key', 'pck-crl-of-root'],
        why: 'it does not check who has signed a list',
      },
      {
        says: 'accepts',
        of: ['pck-crl-not-der', 'root-crl-missing'],
        why: 'a list that it cannot read counts as empty',
      },
      { says: 'refuses', of: ['chain-root-before-ca'], why: 'it wants leaf, CA, root' },
    ],
  },
  {
    name: 'go-tdx-guest',
    what: "Google's library, in Go",
    version: 'v0.3.1',
    run: 'by interop/go, in every run of CI, with collateral and revocation, on fixtures under the names of Intel',
    unread: [
      'tdx-v4-ppid',
      'tdx-v4-ppid-2048',
      'tdx-v4-ppid-3072',
      'tdx-v4-leaf',
      'tdx-v5-body-2',
      'tdx-v5-body-3',
      'tdx-v5-body-3-service-td',
      'tdx-v5-body-4',
      'sgx-v3',
      'sgx-v3-platform',
      'sgx-v3-ppid-3072',
      'sgx-v4',
      'sgx-v5-body-1',
    ],
    differs: [
      {
        says: 'refuses',
        of: [...OLD, ...LEVELS, 'qe-old', 'module-old'],
        why: 'it knows no verdict between good and bad: every status but UpToDate is an error',
      },
      {
        says: 'refuses',
        of: ['signature-data-len-one-more'],
        why: 'it compares the length with that of the certification data',
      },
      {
        says: 'refuses',
        of: ['chain-reversed', 'chain-root-before-ca'],
        why: 'it takes the first certificate for the leaf, the second for the CA, the third for the root',
      },
      { says: 'refuses', of: ['chain-without-root', 'chain-der'], why: 'it wants three PEM certificates' },
      { says: 'refuses', of: ['chain-two-nuls'], why: 'it takes one NUL behind the chain, no more' },
      { says: 'refuses', of: ['binding-tail'], why: 'it compares all 64 bytes of the report data' },
      { says: 'refuses', of: ['tcb-info-reformatted'], why: 'it hashes the text that it was given' },
      {
        says: 'refuses',
        of: ['tdx-v4-processor'],
        why: 'it wants the common name of the Platform CA in every chain',
      },
      {
        says: 'accepts',
        of: ['td-debug', 'td-profiled', 'td-reserved-attribute'],
        why: 'policy: attributes are for its package `validate`, or for whoever calls it',
      },
      { says: 'accepts', of: ['leaf-with-flag'], why: 'it does not ask whether the leaf is an authority' },
      {
        says: 'accepts',
        of: [...DATES, 'pck-crl-future'],
        why: 'it looks at the end of validity, not at its beginning',
      },
    ],
    otherVersions: {
      '91f9a52': [
        {
          says: 'accepts',
          of: [...OLD, 'tcb-info-revoked'],
          why: 'it returns no error for the status of the platform, not even for Revoked',
        },
        {
          says: 'accepts',
          of: [
            'tdx-v5-body-2',
            'tdx-v5-body-3',
            'tdx-v5-body-3-service-td',
            'current-svn-unknown-module',
            'current-svn-old',
          ],
          why: 'it reads version 5 with bodies 2 and 3, and nothing of TEE_TCB_SVN2',
        },
        { says: 'refuses', of: ['launch-svn-old'], why: 'it reads version 5, and the SVN at launch is old' },
      ],
    },
  },
  {
    name: 'intel-qvl',
    what: "Intel's quote verification library, in C++, which its own services use",
    version: 'd12717e',
    run: 'by hand, on 2026-11-24: its four steps one after the other, our root as trusted root, the chain supplied where the quote has none',
    unread: [],
    unseen: [...LEVELS, 'tcb-info-unknown-status'],
    differs: [
      { says: 'accepts', of: LENGTHS, why: 'nothing signs the length, and it reads what the lengths inside say' },
      {
        says: 'accepts',
        of: ['inner-type-1', 'inner-type-3', 'inner-type-4'],
        why: 'it takes the chain from its caller then; its verification enclave takes type 5 only',
      },
      {
        says: 'accepts',
        of: ['td-debug', 'td-profiled', 'td-reserved-attribute', 'v3-debug'],
        why: 'policy: attributes are for whoever calls it',
      },
      {
        says: 'accepts',
        of: ['leaf-not-yet-valid', 'ca-not-yet-valid', ...DATES],
        why: 'it looks at the end of validity, not at its beginning',
      },
      { says: 'accepts', of: ['ca-without-flag', 'leaf-with-flag'], why: 'it looks at no basic constraints' },
      {
        says: 'accepts',
        of: ['tcb-info-reformatted'],
        why: 'it parses the document and serialises it without white space before it hashes',
      },
      { says: 'accepts', of: ['current-svn-old'], why: 'it asks for TEE_TCB_SVN2 only when the SVN at launch is old' },
      {
        says: 'refuses',
        of: ['chain-der', 'chain-without-root'],
        why: 'it wants three PEM certificates when it reads the chain from the quote',
      },
    ],
  },
];

/** What is to be expected of a profile, or of a defect in a profile. */
export function expectOf(standard: Standard, profile: string, name = profile): Expect {
  const said = VERIFIERS.flatMap(({ name: verifier, unread, unseen = [], differs }) => {
    if (unread.includes(profile) || unseen.includes(name)) return [];
    const verdict = differs.find(({ of }) => of.includes(name))?.says ?? standard;
    return verdict === 'either' ? [] : [[verifier, verdict] as const];
  });
  return { standard, ...Object.fromEntries(said) };
}
