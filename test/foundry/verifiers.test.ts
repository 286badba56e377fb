// What the catalogue says of verifiers, held against what was seen of them, and against the documents.
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { DEFECTS } from '../../src/foundry/defects/index.ts';
import { PROFILES } from '../../src/foundry/profiles.ts';
import { VERIFIERS } from '../../src/foundry/verifiers.ts';

const all = [...PROFILES, ...DEFECTS];
const named = (name: string) => {
  const found = all.find((each) => each.name === name);
  if (!found) throw new TypeError(`no ${name}`);
  return found;
};
const sorted = (names: readonly string[]) => [...names].toSorted();
const whose = (standard: string) =>
  DEFECTS.filter(({ expect: { standard: is } }) => is === standard).map(({ name }) => name);

describe.each(VERIFIERS.map((verifier) => [verifier.name, verifier] as const))('%s', (name, verifier) => {
  const { differs, unread, unseen = [], otherVersions = {} } = verifier;

  test('its lists name fixtures that there are', () => {
    const others = Object.values(otherVersions).flat();
    for (const each of [...differs, ...others].flatMap(({ of }) => of))
      expect(all.map((it) => it.name)).toContain(each);
    for (const each of unseen) expect(DEFECTS.map((it) => it.name)).toContain(each);
    for (const each of unread) expect(PROFILES.map((it) => it.name)).toContain(each);
  });

  test('it says one thing of each', () => {
    const names = differs.flatMap(({ of }) => of);
    expect(sorted([...new Set(names)])).toEqual(sorted(names));
  });

  test('what is said to differ differs, or is open', () => {
    for (const { says, of } of differs) for (const each of of) expect(named(each).expect.standard).not.toBe(says);
  });

  test('it decides what the documents leave open, unless it does not read it', () => {
    for (const { name: defect, profile } of DEFECTS.filter(({ expect: { standard } }) => standard === 'either'))
      expect([defect, named(defect).expect[name] !== undefined]).toEqual([defect, !unread.includes(profile)]);
  });
});

describe('where the documents decide', () => {
  test('what a documented rule makes legal is not refused', () => {
    expect(sorted(whose('either'))).toEqual(
      sorted([
        'chain-der',
        'chain-without-root',
        'current-svn-old',
        'leaf-with-flag',
        'qe-identity-future',
        'signature-data-len-one-more',
        'tcb-info-future',
        'tcb-info-reformatted',
        'v3-certification-size-one-less',
      ]),
    );
    expect(sorted(whose('accepts'))).toEqual(
      sorted([
        'binding-tail',
        'chain-crlf',
        'chain-no-newline',
        'chain-reversed',
        'chain-root-before-ca',
        'chain-text-between',
        'chain-two-nuls',
        'quote-signature-other-half',
        'report-debug',
        'td-unknown-xfam',
      ]),
    );
  });

  test("where Intel's library says something else, or something open, the defect gives the rule", () => {
    const differs = DEFECTS.filter(({ expect: { standard, 'intel-qvl': intel } }) => intel && intel !== standard);
    for (const { name, why } of differs) expect([name, why]).toEqual([name, expect.any(String)]);
    expect(differs.length).toBeGreaterThan(15);
  });
});

describe('observed verdicts', () => {
  const file = new URL('../../../shared/verdicts/intel-qvl.json', import.meta.url);
  const lacks = existsSync(file)
    ? ''
    : "SKIPPED: the catalogue against Intel's verdicts, since there is no ../shared/verdicts";
  if (lacks) console.warn(lacks);

  test.skipIf(lacks !== '')("the column of Intel's library is what it was seen to say", () => {
    interface Seen {
      readonly name: string;
      readonly 'intel-qvl': string | null;
    }
    const seen: readonly Seen[] = JSON.parse(readFileSync(file, 'utf8'));
    const both = seen.filter(({ name }) => all.some((each) => each.name === name));
    expect(both.length).toBe(seen.length);
    for (const { name, 'intel-qvl': said } of both)
      expect([name, named(name).expect['intel-qvl']]).toEqual([name, said ?? undefined]);
  });
});
