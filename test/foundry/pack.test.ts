import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { DEFECTS } from '../../src/foundry/defects/index.ts';
import { type Files, fixturesIn, pack, packAll } from '../../src/foundry/pack.ts';
import { PROFILES } from '../../src/foundry/profiles.ts';
import { VERIFIERS } from '../../src/foundry/verifiers.ts';

const json = (bytes: Uint8Array | undefined): Record<string, unknown> =>
  JSON.parse(Buffer.from(bytes ?? []).toString());
const tdFiles = ['quote.bin', 'quote.json', 'tdreport.bin', 'root.pem', 'root.der', 'collateral.json', 'manifest.json'];

describe('pack', () => {
  const files = pack({ seed: 'test', profile: 'tdx-v4' });

  test('a fixture of a TD has seven files', () => {
    expect(Object.keys(files)).toEqual(tdFiles);
  });

  test('a fixture of an enclave has no tdreport.bin', () => {
    expect(Object.keys(pack({ seed: 'test', profile: 'sgx-v3' }))).toEqual(
      tdFiles.filter((name) => name !== 'tdreport.bin'),
    );
  });

  test('collateral.json has the keys that verifiers take', () => {
    expect(Object.keys(json(files['collateral.json']))).toEqual([
      'pck_crl_issuer_chain',
      'root_ca_crl',
      'pck_crl',
      'tcb_info_issuer_chain',
      'tcb_info',
      'tcb_info_signature',
      'qe_identity_issuer_chain',
      'qe_identity',
      'qe_identity_signature',
    ]);
  });

  test('the chain of the PCK certificate is beside a quote that does not carry it', () => {
    const leaf = json(pack({ seed: 'test', profile: 'tdx-v4-leaf' })['collateral.json']);
    expect(String(leaf['pck_certificate_chain']).match(/BEGIN CERTIFICATE/g)).toHaveLength(3);
  });

  test('manifest.json names seed, profile, time, what verifiers say, and the SHA-256 of each other file', () => {
    const { sha256, versions, ...rest } = json(files['manifest.json']);
    expect(rest).toEqual({
      seed: 'test',
      profile: 'tdx-v4',
      now: 1767225600,
      what: PROFILES[0]?.what,
      expect: {
        standard: 'accepts',
        'dcap-qvl': 'accepts',
        '@phala/dcap-qvl': 'accepts',
        'go-tdx-guest': 'refuses',
        'intel-qvl': 'accepts',
      },
    });
    expect(versions).toEqual(Object.fromEntries(VERIFIERS.map(({ name, version }) => [name, version])));
    const others = Object.entries(files).filter(([name]) => name !== 'manifest.json');
    expect(sha256).toEqual(
      Object.fromEntries(others.map(([name, bytes]) => [name, createHash('sha256').update(bytes).digest('hex')])),
    );
  });

  test("go-tdx-guest accepts under Intel's names what it refuses under ours", () => {
    const { names, expect: verdicts } = json(
      pack({ seed: 'test', profile: 'tdx-v4', names: 'intel' })['manifest.json'],
    );
    expect([names, verdicts]).toEqual(['intel', PROFILES[0]?.expect]);
  });

  test('a verifier that does not read a profile has no verdict, and no version', () => {
    const { expect: verdicts, versions } = json(pack({ seed: 'test', profile: 'sgx-v4' })['manifest.json']);
    expect(verdicts).toEqual({ standard: 'accepts', 'intel-qvl': 'accepts' });
    expect(versions).toEqual({ 'intel-qvl': 'd12717e' });
  });

  test('quote.json holds kind and value', () => {
    expect(json(files['quote.json'])).toMatchObject({ kind: 'Quote', value: { header: { version: 4 } } });
  });

  test('an unknown profile is a TypeError that names those there are', () => {
    expect(() => pack({ seed: 'test', profile: 'tdx-v9' })).toThrow(/no profile tdx-v9; there are: tdx-v4 /);
  });
});

describe('packAll', () => {
  // toEqual looks at bytes one by one, which takes seconds for all of them.
  const isSame = (a?: Uint8Array, b?: Uint8Array) => a !== undefined && b !== undefined && Buffer.compare(a, b) === 0;
  const merge = (all: Iterable<Files>): Files => Object.assign({}, ...all);
  const fixtures = merge(packAll({ seed: 'test' }));

  test('it makes every profile and every defect, each in a folder of its own', () => {
    const folders = new Set(Object.keys(fixtures).map((path) => path.slice(0, path.indexOf('/'))));
    expect([...folders]).toEqual([...PROFILES, ...DEFECTS].map(({ name }) => name));
    expect(fixturesIn('fixture')).toBe(folders.size);
  });

  test.each(['tdx-v4', 'chain-other-root', 'tcb-info-edited', 'report-mac-zero'])(
    '%s has the files that it has alone',
    (name) => {
      const defect = DEFECTS.find((each) => each.name === name);
      const alone = pack({ seed: 'test', profile: defect?.profile ?? name, defect });
      const together = Object.entries(fixtures).filter(([path]) => path.startsWith(`${name}/`));
      expect(Object.fromEntries(together.map(([path, bytes]) => [path.slice(name.length + 1), bytes]))).toEqual(alone);
    },
  );

  describe('as the tests of dcap-qvl read it', () => {
    const tree = merge(packAll({ seed: 'test', layout: 'dcap-qvl' }));
    const names = new Set(Object.keys(tree).flatMap((path) => /^samples\/([^/]+)\//.exec(path)?.[1] ?? []));

    test('a sample has three files, and one root is for all', () => {
      expect(names.size).toBe(fixturesIn('dcap-qvl'));
      expect(Object.keys(tree).length).toBe(3 * names.size + 1);
      expect(tree['certs/root_ca.der']).toEqual(fixtures['tdx-v4/root.der']);
      for (const name of names)
        expect([name, isSame(tree[`samples/${name}/quote.bin`], fixtures[`${name}/quote.bin`])]).toEqual([name, true]);
    });

    test('every sample hangs on that root', () => {
      for (const name of names)
        expect([name, isSame(fixtures[`${name}/root.der`], tree['certs/root_ca.der'])]).toEqual([name, true]);
    });

    test('expected.json says what dcap-qvl says', () => {
      expect(json(tree['samples/td-debug/expected.json'])).toEqual({
        description: 'the TD can be debugged',
        should_succeed: false,
        expected_error: 'Verification failed',
      });
      expect(json(tree['samples/outer-type-99/expected.json'])).toMatchObject({ should_succeed: true });
      expect(json(tree['samples/module-old/expected.json'])).toMatchObject({ should_succeed: true });
      expect(json(tree['samples/sgx-v4/expected.json'])).toMatchObject({ should_succeed: false });
    });
  });
});
