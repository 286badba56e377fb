import { DEFECTS, type Difference, PROFILES, VERIFIERS, type Verifier } from '../../src/foundry/index.ts';
import type { Part } from './part.ts';

const FILE = 'docs/verifiers.md';

const code = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(', ');
const row = (...cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
const table = (titles: readonly string[], rows: readonly string[]): string[] => [
  row(...titles),
  row(...titles.map(() => '---')),
  ...rows,
  '',
];

const versionOf = ({ name, version }: Verifier): string => `${name} ${version}`;

/** Fixtures on which a verifier does not say what the documents ask for, and all that are open. */
const disputed = [...PROFILES, ...DEFECTS].filter(({ expect }) =>
  VERIFIERS.some(({ name }) => expect[name] !== undefined && expect[name] !== expect.standard),
);

function disputedRow(of: (typeof disputed)[number]): string {
  const { name, what, expect } = of;
  const says = VERIFIERS.map((verifier) => {
    const said = expect[verifier.name];
    if (said === undefined) return '–';
    return said === expect.standard || expect.standard === 'either' ? said : `**${said}**`;
  });
  const rule = 'harm' in of ? (of.why ?? of.harm) : 'a good quote';
  return row(`\`${name}\`: ${what}`, expect.standard, ...says, rule);
}

const differences = (all: readonly Difference[]): string[] =>
  table(
    ['It', 'these', 'because'],
    all.map(({ says, of, why }) => row(says, code(of), why)),
  );

function section(verifier: Verifier): string[] {
  const { what, run, unread, unseen = [], differs, otherVersions = {} } = verifier;
  return [
    `## ${versionOf(verifier)}`,
    '',
    `${what[0]?.toUpperCase()}${what.slice(1)}. Run ${run}.`,
    ...(unread.length > 0 ? ['', `It does not read the profiles ${code(unread)}, nor their defects.`] : []),
    ...(unseen.length > 0 ? ['', `Not run on ${code(unseen)}.`] : []),
    '',
    ...differences(differs),
    ...Object.entries(otherVersions).flatMap(([version, other]) => [
      `Version ${version} says otherwise:`,
      '',
      ...differences(other),
    ]),
  ];
}

/** docs/verifiers.md, from the catalogue. */
export const verifiers: Part = {
  name: 'verifiers',
  owns: [FILE],
  files() {
    const lines = [
      '# What verifiers say',
      '',
      '<!-- Written by npm run gen from src/foundry/verifiers.ts and src/foundry/defects. -->',
      '',
      `\`tdx-codec forge\` makes ${PROFILES.length} good quotes and ${DEFECTS.length} with one thing wrong. Four programs have judged them, each with the root, the`,
      'collateral and the time of the fixture. This page says on which of them they disagree, with the documents or with each',
      'other, and why. On all others they agree.',
      '',
      'Right is what the documents ask for, the second column: `refuses`, `accepts`, `downgrades` (a status below UpToDate), or',
      '`either`, where they leave it open and nobody is wrong. What is bold is something else. Where a reason begins with',
      '"policy", the program leaves a decision to its caller, who then has to take it. A dash: it does not read such a quote, or',
      'was not run on it.',
      '',
      'Test your own verifier with these in particular: what one program gets wrong, another does, too.',
      '',
      ...table(
        ['Fixture', 'Documents', ...VERIFIERS.map(versionOf), 'The rule, or what is at stake'],
        disputed.map(disputedRow),
      ),
      ...VERIFIERS.flatMap(section),
      '## Notes',
      '',
      '- go-tdx-guest compares the common names of certificates with those of Intel and refuses all others, so it was run on',
      '  fixtures made with `--names intel`. It compares the FMSPC as text, too: v0.3.1 refuses every platform whose FMSPC has a',
      '  letter in it, since certificate and TCB info write it in different cases. Fixtures under those names have none.',
      '- It panics on some malformed quotes (length of the signature data 0, length of the authentication data past the end).',
      '  That counts as refusing here; in a service it ends the process.',
      '- Of a TDREPORT nobody was asked: only the quoting enclave of the machine that made it can check its MAC.',
      '',
    ];
    return new Map([[FILE, lines.join('\n')]]);
  },
};
