import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { pem } from '../../src/foundry/der.ts';
import { pemOf, testPki } from '../../src/foundry/pki.ts';
import { attestationKeyOf } from '../../src/foundry/quote.ts';
import { derive } from '../../src/foundry/seed.ts';

const folder = mkdtempSync(join(tmpdir(), 'tdx-codec-pki-'));
afterAll(() => rmSync(folder, { recursive: true }));

function findOpenssl(): boolean {
  try {
    execFileSync('openssl', ['version']);
    return true;
  } catch {
    console.warn('SKIPPED: the checks with openssl, since there is no openssl');
    return false;
  }
}
const hasOpenssl = findOpenssl();

/** openssl's last word on a certificate, or its complaint. */
function verify(leaf: string, untrusted: string, lists: string, root: string, at: number): string {
  const files = Object.entries({ leaf, untrusted, lists, root }).map(([name, text]) => {
    const path = join(folder, `${name}.pem`);
    writeFileSync(path, text);
    return [name, path] as const;
  });
  const { leaf: leafFile = '', ...paths } = Object.fromEntries(files);
  const options = [
    '-CAfile',
    paths['root'] ?? '',
    '-untrusted',
    paths['untrusted'] ?? '',
    '-CRLfile',
    paths['lists'] ?? '',
  ];
  try {
    return execFileSync(
      'openssl',
      ['verify', '-x509_strict', '-crl_check_all', '-attime', String(at), ...options, leafFile],
      { encoding: 'utf8', stdio: 'pipe' },
    );
  } catch (error) {
    return String((error as { stderr: string }).stderr);
  }
}

describe.each(['platform', 'processor'] as const)('PKI of a %s', (platform) => {
  const pki = testPki({ seed: 'pki', platform });
  const lists = pem('X509 CRL', pki.rootCrl) + pem('X509 CRL', pki.pckCrl);
  const chain = pemOf(pki.ca, pki.root);

  const withOpenssl = test.skipIf(!hasOpenssl);
  withOpenssl('openssl verifies the PCK chain against both revocation lists', () => {
    expect(verify(pemOf(pki.pck), chain, lists, pemOf(pki.root), pki.now)).toMatch(/: OK\n$/);
  });

  withOpenssl('openssl verifies the TCB signing certificate', () => {
    expect(verify(pemOf(pki.tcbSigning), chain, lists, pemOf(pki.root), pki.now)).toMatch(/: OK\n$/);
  });

  withOpenssl('openssl finds the lists out of date after 30 days', () => {
    expect(verify(pemOf(pki.pck), chain, lists, pemOf(pki.root), pki.now + 30 * 86_400)).toMatch(/CRL has expired/);
  });

  test('X509Certificate of Node reads the PCK leaf', () => {
    const leaf = new X509Certificate(pki.pck.certificate);
    const authority = new X509Certificate(pki.ca.certificate);
    expect(leaf.subject).toMatch(/^CN=tdx-codec test SGX PCK Certificate\nO=/);
    expect(leaf.checkIssued(authority)).toBe(true);
    expect(leaf.verify(authority.publicKey)).toBe(true);
    expect(leaf.ca).toBe(false);
    expect(leaf.publicKey.asymmetricKeyDetails?.namedCurve).toBe('prime256v1');
    expect(BigInt(`0x${leaf.serialNumber}`)).toBe(BigInt(`0x${Buffer.from(pki.pck.serial).toString('hex')}`));
  });

  test('the SGX extension holds what the platform has, as DER', () => {
    const { ppid, cpusvn, fmspc, instanceId } = pki.platform;
    const der = Buffer.from(pki.pck.certificate).toString('hex');
    const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
    const has = (arc: string, value: string) => {
      const id = `2a864886f84d010d01${arc}`;
      return der.includes(`06${(id.length / 2).toString(16).padStart(2, '0')}${id}${value}`);
    };
    expect(has('01', `0410${hex(ppid)}`)).toBe(true);
    cpusvn.forEach((svn, i) => {
      expect(has(`02${hex(Uint8Array.of(i + 1))}`, `0201${hex(Uint8Array.of(svn))}`)).toBe(true);
    });
    expect(has('0211', '02010b')).toBe(true);
    expect(has('0212', `0410${hex(cpusvn)}`)).toBe(true);
    expect(has('03', '04020000')).toBe(true);
    expect(has('04', `0406${hex(fmspc)}`)).toBe(true);
    const isPlatform = platform === 'platform';
    expect(has('05', isPlatform ? '0a0101' : '0a0100')).toBe(true);
    expect(has('06', `0410${hex(instanceId)}`)).toBe(isPlatform);
    for (const setting of ['0701', '0702', '0703']) expect(has(setting, '0101ff')).toBe(isPlatform);
  });

  test('every name says "test"', () => {
    for (const { certificate } of [pki.root, pki.ca, pki.pck, pki.tcbSigning]) {
      const { subject, issuer } = new X509Certificate(certificate);
      expect([subject, issuer].every((name) => /test/.test(name) && !/Intel Corporation/.test(name))).toBe(true);
    }
  });

  describe("under Intel's names", () => {
    const named = testPki({ seed: 'pki', platform, names: 'intel' });
    const certificates = [named.root, named.ca, named.pck, named.tcbSigning].map(
      (it) => new X509Certificate(it.certificate),
    );

    test('common names and places are those of Intel', () => {
      const authority = platform === 'platform' ? 'Platform' : 'Processor';
      expect(certificates.map(({ subject }) => /^CN=(.*)$/m.exec(subject)?.[1])).toEqual([
        'Intel SGX Root CA',
        `Intel SGX PCK ${authority} CA`,
        'Intel SGX PCK Certificate',
        'Intel SGX TCB Signing',
      ]);
      for (const { subject } of certificates) expect(subject).toMatch(/\nL=Santa Clara\nST=CA\nC=US$/);
    });

    test('the organisation of every subject and issuer says "test"', () => {
      for (const { subject, issuer } of certificates)
        for (const name of [subject, issuer]) expect(name).toMatch(/^O=tdx-codec test keys\\, not Intel$/m);
    });

    test('the FMSPC has no letter', () => {
      expect(Buffer.from(named.platform.fmspc).toString('hex')).toMatch(/^[0-9]{12}$/);
    });

    test('it shares no certificate with the PKI of the same seed under the names of the project', () => {
      expect(named.root.certificate).not.toEqual(pki.root.certificate);
      expect(named.root.key).toEqual(pki.root.key);
    });

    withOpenssl('openssl verifies the PCK chain against both revocation lists', () => {
      const own = pem('X509 CRL', named.rootCrl) + pem('X509 CRL', named.pckCrl);
      expect(verify(pemOf(named.pck), pemOf(named.ca, named.root), own, pemOf(named.root), named.now)).toMatch(
        /: OK\n$/,
      );
    });
  });
});

describe('seeds', () => {
  const of = (seed: string) => testPki({ seed });

  test('the same seed gives the same certificates and lists', () => {
    expect(of('a')).toEqual(of('a'));
  });

  test('two seeds share no key and no serial number', () => {
    const texts = ['a', 'b'].flatMap((seed) => {
      const { root, ca, pck, tcbSigning } = of(seed);
      const certified = [root, ca, pck, tcbSigning].flatMap(({ key, serial }) => [
        key.secretKey,
        key.publicKey,
        serial,
      ]);
      const attesting = (['sgx', 'tdx'] as const).map((tee) => attestationKeyOf(seed, tee).publicKey);
      return [...certified, ...attesting, derive(seed, 'tdreport mac', 32)].map((bytes) =>
        Buffer.from(bytes).toString('hex'),
      );
    });
    expect(new Set(texts).size).toBe(texts.length);
  });

  test('years past 2049 are written as generalized times', () => {
    const { root } = testPki({ seed: 'a', now: 2_500_000_000 });
    expect(new X509Certificate(root.certificate).validTo).toMatch(/2069/);
  });
});
