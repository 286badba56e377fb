// `tdx-codec forge`, built (`npm test` builds first).
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DEFECTS } from '../../src/foundry/defects/index.ts';
import { pack } from '../../src/foundry/pack.ts';
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
      dcapQvl: true,
      what: PROFILES[0]?.what,
    });
    expect(profiles.length).toBe(PROFILES.length);
    expect(defects.map(({ name }: { name: string }) => name)).toEqual(DEFECTS.map(({ name }) => name));
    expect(defects[0]).toMatchObject({ parser: { code: 'length' }, verifier: 'refuses' });
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
