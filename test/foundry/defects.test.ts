import { createHash } from 'node:crypto';
import { QuoteVerifier } from '@phala/dcap-qvl';
import { describe, expect, test } from 'vitest';
import { decode } from '../../src/codec.ts';
import type { Fails } from '../../src/foundry/defects/defect.ts';
import { DEFECTS } from '../../src/foundry/defects/index.ts';
import { type Fixture, forge, make, recipe, spoil } from '../../src/foundry/forge.ts';
import { PROFILES } from '../../src/foundry/profiles.ts';
import { reportMac } from '../../src/foundry/td-report.ts';
import { Quote, TdReport } from '../../src/structs/index.ts';
import { LayoutError, view } from '../../src/view.ts';

// Keys and signatures take longer than all the checks: what several fixtures have in common is made once.
const seed = 'defects';
const found = <T>(map: ReadonlyMap<string, T>, name: string): T => {
  const it = map.get(name);
  if (!it) throw new TypeError(`no ${name}`);
  return it;
};
const recipes = new Map(PROFILES.map((profile) => [profile.name, recipe({ seed, profile })]));
const goodOf = new Map([...recipes].map(([name, good]) => [name, make(good)]));
const made = new Map(
  DEFECTS.map((defect) => [defect.name, spoil(found(recipes, defect.profile), defect, found(goodOf, defect.profile))]),
);

function errorOf(read: () => unknown): LayoutError | 'decodes' {
  try {
    read();
    return 'decodes';
  } catch (error) {
    if (error instanceof LayoutError) return error;
    throw error;
  }
}

/** Where the signature data of the good quote ends. */
function endOf(profile: string): number {
  const { quote } = found(goodOf, profile);
  return quote.length - view(Quote, quote).trailing.length;
}

function expected(says: Fails, profile: string): object {
  const offset = typeof says.offset === 'number' ? says.offset : endOf(profile) - says.offset.beforeEnd;
  return { code: says.code, path: says.path, offset };
}

function dcapQvl({ root, quote, collateral, now }: Fixture): string {
  try {
    const { status } = QuoteVerifier.newWithRootCa(Buffer.from(root)).verify(Buffer.from(quote), collateral, now);
    return status === 'UpToDate' ? 'accepts' : 'downgrades';
  } catch {
    return 'refuses';
  }
}

/** What checks kind, reserved bytes, digests and MAC of a TDREPORT, written from the specification. */
function accepts(report: Buffer): boolean {
  const sha384 = (from: number, to: number) => createHash('sha384').update(report.subarray(from, to)).digest();
  return (
    report.length === 1024 &&
    report[0] === 0x81 &&
    [0, 1].includes(report.readUInt8(1)) &&
    [0, 1, 3].includes(report.readUInt8(2)) &&
    [report.subarray(3, 16), report.subarray(192, 224), report.subarray(495, 512)].every((part) =>
      part.every((byte) => byte === 0),
    ) &&
    [0x1ffn, 0x301ffn].includes(report.readBigUInt64LE(256)) &&
    sha384(256, 495).equals(report.subarray(32, 80)) &&
    sha384(512, 1024).equals(report.subarray(80, 128)) &&
    Buffer.from(reportMac(seed, report)).equals(report.subarray(224, 256))
  );
}

test('the catalogue has more than 120 defects, each under a name of its own', () => {
  const names = DEFECTS.map(({ name }) => name);
  expect(names.length).toBeGreaterThan(120);
  expect(new Set(names).size).toBe(names.length);
});

test.each(['leaf-expired', 'version-6', 'report-tcb-hash-of-256'])('%s comes out of forge as it does here', (name) => {
  const defect = found(new Map(DEFECTS.map((each) => [each.name, each])), name);
  expect(forge({ seed, profile: defect.profile, defect })).toEqual(found(made, name));
});

describe.each(DEFECTS.map((defect) => [defect.name, defect] as const))('%s', (_, defect) => {
  const { profile } = defect;
  const good = found(goodOf, profile);
  const bad = found(made, defect.name);
  const [layout, bytes] =
    defect.in === 'tdreport' ? ([TdReport, bad.tdReport] as const) : ([Quote, bad.quote] as const);
  const given = bytes ?? new Uint8Array(0);

  test('it differs from the good fixture', () => {
    expect(bad).not.toEqual(good);
    if (defect.in === 'collateral') expect(bad.quote).toEqual(good.quote);
  });

  test(`a parser ${defect.parser === 'decodes' ? 'decodes it' : `fails with ${defect.parser.code}`}`, () => {
    const says = defect.parser === 'decodes' ? 'decodes' : expect.objectContaining(expected(defect.parser, profile));
    expect(errorOf(() => view(layout, given))).toEqual(says);
    expect(errorOf(() => decode(layout, given))).toEqual(says);
  });

  test(`a strict parser ${defect.strict ? `fails with ${defect.strict.code}` : 'says the same'}`, () => {
    const strict = defect.strict ?? defect.parser;
    const says = strict === 'decodes' ? 'decodes' : expect.objectContaining(expected(strict, profile));
    expect(errorOf(() => view(layout, given, { strict: true }))).toEqual(says);
  });

  if (defect.in === 'tdreport') {
    test(`what checks TDREPORTs ${defect.expect.standard} it`, () => {
      expect(accepts(Buffer.from(given)) ? 'accepts' : 'refuses').toBe(defect.expect.standard);
    });
  } else {
    test(`@phala/dcap-qvl ${defect.expect['@phala/dcap-qvl']} it`, () => {
      expect(dcapQvl(bad)).toBe(defect.expect['@phala/dcap-qvl']);
    });
  }
});
