// `tdx-codec forge`, built (`npm test` builds first).
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DEFECTS } from '../../src/foundry/defects/index.ts';
import { fixturesIn, pack } from '../../src/foundry/pack.ts';
import { PROFILES } from '../../src/foundry/profiles.ts';

const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const run = promisify(execFile);

const folder = mkdtempSync(join(tmpdir(), 'tdx-codec-forge-'));
afterAll(() => rmSync(folder, { recursive: true }));
beforeAll(() => {
  if (!existsSync(main)) throw new Error('there is no dist/: npm run build');
});

interface Outcome {
  stdout: string;
  stderr: string;
  code?: number;
}
const forge = (...args: string[]): Promise<Outcome> =>
  run(process.execPath, [main, 'forge', ...args]).catch((error: Outcome) => error);
const file = (dir: string, name: string) => readFileSync(join(folder, dir, name));

describe('tdx-codec forge', () => {
  test('writes the files of the pack, byte for byte', async () => {
    await forge('--seed', 'cli', '--profile', 'tdx-v4', '-o', join(folder, 'good'));
    const wanted = pack({ seed: 'cli', profile: 'tdx-v4' });
    expect(readdirSync(join(folder, 'good')).toSorted()).toEqual(Object.keys(wanted).toSorted());
    for (const [name, bytes] of Object.entries(wanted)) expect(file('good', name).equals(bytes)).toBe(true);
  });

  test('--defect takes the profile from the defect', async () => {
    await forge('--seed', 'cli', '--defect', 'v3-debug', '-o', join(folder, 'bad'));
    expect(JSON.parse(file('bad', 'manifest.json').toString())).toMatchObject({
      profile: 'sgx-v3',
      defect: 'v3-debug',
    });
  });

  test('a quote that nobody can read has no quote.json', async () => {
    await forge('--seed', 'cli', '--defect', 'version-6', '-o', join(folder, 'unreadable'));
    expect(readdirSync(join(folder, 'unreadable'))).not.toContain('quote.json');
  });

  test('options set fields of quote and TDREPORT', async () => {
    const rtmr = 'ab'.repeat(48);
    const dir = join(folder, 'fields');
    const fields = ['--report-data', '0xC0FFEE', '--mrtd', rtmr, '--rtmr2', rtmr, '--td-attributes', '0x50000000'];
    await forge('--seed', 'cli', '--profile', 'tdx-v4', '-o', dir, '--now', '1800000000', ...fields);
    const body = JSON.parse(file('fields', 'quote.json').toString()).value.body;
    expect(body.reportdata).toBe(`c0ffee${'00'.repeat(61)}`);
    expect(body.mrtd).toBe(rtmr);
    expect(body.rtmr[2]).toBe(rtmr);
    expect(body.rtmr[1]).not.toBe(rtmr);
    expect(body.tdattributes.flags).toEqual(['SEPT_VE_DISABLE', 'PKS']);
    expect(file('fields', 'tdreport.bin').subarray(528, 576).toString('hex')).toBe(rtmr);
    expect(JSON.parse(file('fields', 'manifest.json').toString()).now).toBe(1_800_000_000);
  });

  test('--list --json shows profiles and defects', async () => {
    const { profiles, defects } = JSON.parse((await forge('--list', '--json')).stdout);
    expect(profiles[0]).toEqual({
      name: 'tdx-v4',
      version: 4,
      tee: 'tdx',
      body: 'TdReportBody10',
      certificationTypes: [6, 5],
      expect: PROFILES[0]?.expect,
      what: PROFILES[0]?.what,
    });
    expect(profiles.length).toBe(PROFILES.length);
    expect(defects.map(({ name }: { name: string }) => name)).toEqual(DEFECTS.map(({ name }) => name));
    expect(defects[0]).toMatchObject({
      parser: { code: 'length' },
      expect: { standard: 'refuses', 'go-tdx-guest': 'refuses' },
    });
  });

  test('--list shows profiles and defects apart, in lines of at most 100 characters', async () => {
    const { stdout } = await forge('--list');
    const [profiles = '', defects = ''] = stdout.split(/^(?=\d+ defects: )/m);
    expect(profiles).toMatch(/^23 profiles: good quotes\n\n {2}tdx-v4 +TD, version 4, as /);
    expect(defects).toMatch(/^\d+ defects: one thing wrong each.*\n\nIn the quote\n\n {2}signature-data-len-zero /);
    expect(defects).toMatch(/ \(either\)\n/);
    expect(defects.match(/^In the .*$/gm)).toEqual(['In the quote', 'In the collateral', 'In the TDREPORT']);
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
    for (const { name } of [...PROFILES, ...DEFECTS]) expect(stdout).toContain(`\n  ${name}`);
    expect((await forge('--list', 'profiles')).stdout).toBe(`${profiles.trimEnd()}\n`);
    expect((await forge('--list', 'defects')).stdout).toBe(defects);
    expect(Object.keys(JSON.parse((await forge('--list', 'defects', '--json')).stdout))).toEqual(['defects']);
  });

  test('--all makes every fixture in less than 20 seconds, and says no word of progress into a pipe', async () => {
    const began = performance.now();
    const { stdout, stderr } = await forge('--seed', 'cli', '--all', '--names', 'intel', '-o', join(folder, 'all'));
    expect(performance.now() - began).toBeLessThan(20_000);
    expect([stdout, stderr]).toEqual([`${fixturesIn('fixture')} fixtures in ${join(folder, 'all')}\n`, '']);
    expect(readdirSync(join(folder, 'all')).length).toBe(PROFILES.length + DEFECTS.length);
    const wanted = pack({ seed: 'cli', profile: 'tdx-v4', names: 'intel' });
    for (const [name, bytes] of Object.entries(wanted)) expect(file('all/tdx-v4', name).equals(bytes)).toBe(true);
  });

  test('--layout dcap-qvl makes samples and their root, at the time that it is given', async () => {
    const dir = join(folder, 'samples');
    const { stdout } = await forge('--seed', 'cli', '--layout', 'dcap-qvl', '--now', '1800000000', '-o', dir);
    expect(stdout).toBe(`${fixturesIn('dcap-qvl')} fixtures in ${dir}\n`);
    expect(readdirSync(dir).toSorted()).toEqual(['certs', 'samples']);
    expect(readdirSync(join(dir, 'samples/tdx-v4')).toSorted()).toEqual([
      'collateral.json',
      'expected.json',
      'quote.bin',
    ]);
    const tcbInfo = JSON.parse(file('samples/samples/tdx-v4', 'collateral.json').toString()).tcb_info;
    expect(JSON.parse(tcbInfo).issueDate).toBe('2027-01-14T08:00:00Z');
  });

  test.each([
    [['--profile', 'tdx-v4', '-o', 'x'], 'forge needs --seed and -o DIR'],
    [['--seed', 's', '-o', 'x'], 'which profile?'],
    [['--seed', 's', '-o', 'x', '--profile', 'tdx-v9'], 'no profile tdx-v9'],
    [['--seed', 's', '-o', 'x', '--defect', 'none'], 'no defect none'],
    [['--seed', 's', '-o', 'x', '--profile', 'sgx-v3', '--defect', 'td-debug'], 'is one of profile tdx-v4'],
    [['--seed', 's', '-o', 'x', '--profile', 'sgx-v3', '--mrtd', '00'], '--mrtd is a field of a TD'],
    [['--seed', 's', '-o', 'x', '--profile', 'tdx-v4', '--report-data', 'zz'], 'wants bytes in hex'],
    [['--seed', 's', '-o', 'x', '--profile', 'tdx-v4', '--now', 'soon'], 'wants a number'],
    [['--seed', 's', '-o', 'x', '--profile', 'tdx-v4', '--names', 'real'], '--names is test or intel, not real'],
    [['--seed', 's', '-o', 'x', '--all', '--layout', 'tar'], '--layout is fixture or dcap-qvl, not tar'],
    [['--seed', 's', '-o', 'x', '--all', '--profile', 'tdx-v4'], '--profile is for one fixture'],
    [['--seed', 's', '-o', 'x', '--all', '--rtmr0', 'ab'], '--rtmr0 is for one fixture'],
    [['--seed', 's', '--all'], 'forge needs --seed and -o DIR'],
    [['--list', 'verifiers'], '--list takes profiles or defects, not verifiers'],
    [['tdx-v4'], 'tdx-v4 is too much'],
  ])('%j ends with exit code 1', async (args, message) => {
    const { code, stderr, stdout } = await forge(...args);
    expect(code).toBe(1);
    expect(stderr).toContain(message);
    expect(stdout).toBe('');
  });

  test('a field of the wrong length ends with exit code 2 and the LayoutError', async () => {
    const { code, stderr } = await forge('--seed', 's', '--profile', 'tdx-v4', '-o', join(folder, 'x'), '--mrtd', '00');
    expect([code, stderr]).toEqual([2, 'TdReportBody10.mrtd: must be 48 bytes, is 1\n']);
  });
});
