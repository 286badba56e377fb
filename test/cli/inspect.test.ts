import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { run, sample, samplePath } from './command.ts';

const least = fileURLToPath(new URL('../vectors/quote-v4/least-sgx.bin', import.meta.url));

describe('inspect', () => {
  it('shows a quote as in inspect.txt', async () => {
    const { code, out, err } = run(['inspect', least]);
    expect([code, err]).toEqual([0, '']);
    await expect(out).toMatchFileSnapshot('inspect.txt');
  });

  it('names fields, flags, certificates and padding of the bundled quote', () => {
    const { code, out } = run(['inspect', samplePath]);
    expect(code).toBe(0);
    expect(out).toMatch(/^Quote \(QuoteV4\), 4662 bytes\n {2}Padded: the quote ends at byte 4592;/);
    expect(out).toMatch(/\n {4}tdattributes +0x0000000010000000 {2}SEPT_VE_DISABLE\n/);
    expect(out).toMatch(/\n {10}certificationData +3 certificates, PEM, of \d+, \d+, \d+ bytes\n/);
    expect(out).toMatch(/\n {2}trailing +70 zero bytes\n/);
    expect(out).toMatch(/\n 636 {2}([0-9a-f]{2} ){15}[0-9a-f]{2} {2}quoteSignature\n/);
  });

  it('of bytes that fail shows all in front of the failing field, then the error, and exits with 2', () => {
    const { code, out, err } = run(['inspect', '-'], sample.subarray(0, 700));
    expect([code, err]).toEqual([2, 'QuoteV4.signatureData @636: needs 3956 bytes, 64 left\n']);
    expect(out).toMatch(/\n {2}signatureDataLen +3956 = 0xf74\n/);
    expect(out).toMatch(/\n 636 {2}([0-9a-f]{2} ){16} signatureData: does not fit\n/);
    expect(run(['inspect', '-'], sample.subarray(0, 1)).err).toBe(
      'tdx-codec: standard input: not recognised, 1 byte.\n',
    );
  });

  it('writes no colours into a pipe, and no line beyond 100 columns', () => {
    const { out } = run(['inspect', samplePath], '', { TERM: 'xterm-256color' });
    expect(out).not.toContain('\x1b');
    expect(out.split('\n').filter((line) => line.length > 100)).toEqual([]);
  });

  it('names what has no layout, and exits with 0', () => {
    const pem = '-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n';
    expect(run(['inspect', '-'], pem)).toMatchObject({
      code: 0,
      err: '',
      out: 'PEM, 59 bytes\n  PEM blocks: 1 x CERTIFICATE.\n',
    });
  });

  it('shows every byte of a quote once', () => {
    const rows = run(['inspect', least])
      .out.split('\n')
      .map((line) => /^ *\d+ {2}((?:[0-9a-f]{2} ?){1,16})/.exec(line)?.[1] ?? '');
    expect(rows.join('').replaceAll(' ', '')).toBe(readFileSync(least).toString('hex'));
  });

  it.each([60, 80, 120])('fits %i columns and breaks no hash but behind 32 digits', (width) => {
    const { out } = run(['inspect', samplePath], '', { COLUMNS: `${width}` });
    expect(out.split('\n').filter((line) => line.length > width && !/signatureData\./.test(line))).toEqual([]);
    const mrtd = /\n {4}mrtd((?:\s+[0-9a-f]{8,})+)/.exec(out)?.[1]?.split(/\s+/).filter(Boolean) ?? [];
    expect(mrtd.join('')).toBe(sample.subarray(184, 232).toString('hex'));
    for (const row of mrtd) expect(row.length % 32).toBe(0);
  });

  it('gives summary, notes and value as data', () => {
    const { code, out } = run(['inspect', '--json', samplePath]);
    expect(code).toBe(0);
    const { kind, layout, size, summary, value } = JSON.parse(out) as Record<string, unknown>;
    expect([kind, layout, size]).toEqual(['Quote', 'QuoteV4', 4662]);
    expect(summary).toMatchObject({
      tee: 'TDX',
      version: 4,
      debug: false,
      fmspc: '00a07e570100',
      pceid: '0000',
      ca: 'platform',
    });
    expect(value).toEqual((JSON.parse(run(['decode', samplePath]).out) as { value: unknown }).value);
  });
});
