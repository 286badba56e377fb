import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { pack } from '../../src/foundry/pack.ts';

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

  test('manifest.json names seed, profile, time and the SHA-256 of each other file', () => {
    const { sha256, ...rest } = json(files['manifest.json']);
    expect(rest).toEqual({ seed: 'test', profile: 'tdx-v4', now: 1767225600 });
    const others = Object.entries(files).filter(([name]) => name !== 'manifest.json');
    expect(sha256).toEqual(
      Object.fromEntries(others.map(([name, bytes]) => [name, createHash('sha256').update(bytes).digest('hex')])),
    );
  });

  test('quote.json holds kind and value', () => {
    expect(json(files['quote.json'])).toMatchObject({ kind: 'Quote', value: { header: { version: 4 } } });
  });

  test('an unknown profile is a TypeError that names those there are', () => {
    expect(() => pack({ seed: 'test', profile: 'tdx-v9' })).toThrow(/no profile tdx-v9; there are: tdx-v4 /);
  });
});
