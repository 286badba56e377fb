import { describe, expect, test } from 'vitest';
import { bitString, octets, oid, sequence, tagged, unsigned } from '../../src/foundry/der.ts';
import { certify, pemOf, testPki } from '../../src/foundry/index.ts';
import { Quote } from '../../src/structs/index.ts';
import { pckExtension, pckOf, view, x509 } from '../../src/view.ts';
import { absent, bytesOf, entriesOf, isGenuine } from '../corpus.ts';
import { blocks, blocksIn } from './chains.ts';
import { faultOf } from './fault.ts';
import { hasOpenssl, printed } from './openssl.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const byte = (number: number): string => number.toString(16).padStart(2, '0');
const ascii = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

describe.runIf(absent === undefined && hasOpenssl)('every certificate of the corpus', () => {
  const all = hasOpenssl ? printed(blocks) : [];
  const read = blocks.map((block) => x509(ascii(block)));

  test('is read by openssl too', () => {
    expect(blocks.length).toBeGreaterThan(110);
    expect(all.length).toBe(blocks.length);
  });

  test('has the names, the serial number, the dates, the key, the signature and the addresses that openssl prints', () => {
    // Two were tampered with by those who published them: their keys are no points of the curve.
    expect(all.filter(({ publicKey }) => publicKey === '').length).toBeLessThanOrEqual(2);
    const ours = read.map((certificate, i) => ({
      subject: certificate.subject.text,
      issuer: certificate.issuer.text,
      serial: hex(certificate.serial),
      notBefore: certificate.notBefore.toISOString(),
      notAfter: certificate.notAfter.toISOString(),
      publicKey: all[i]?.publicKey === '' ? '' : hex(certificate.publicKey),
      signatureDer: hex(certificate.signatureDer),
      urls: certificate.crlDistributionPoints,
      sgx: all[i]?.sgx,
    }));
    expect(ours).toEqual(all);
  });

  test('says of its platform what openssl finds in its SGX extension', () => {
    const leaves = blocks.filter((_, i) => (all[i]?.sgx.size ?? 0) > 0);
    expect(leaves.length).toBeGreaterThan(100);
    for (const [i, block] of blocks.entries()) {
      const sgx = all[i]?.sgx;
      if (!sgx || sgx.size === 0) continue;
      const { tcb, configuration, platformInstanceId, ...of } = pckExtension(ascii(block));
      const components = tcb.components.map((svn, n) => [`2.${n + 1}`, byte(svn)]);
      const flag = (is: boolean): string => (is ? '255' : '0');
      const ours = {
        '1': hex(of.ppid),
        ...Object.fromEntries(components),
        '2.17': byte(tcb.pcesvn),
        '2.18': hex(tcb.cpusvn),
        '3': hex(of.pceid),
        '4': hex(of.fmspc),
        '5': byte(of.sgxType),
        ...(platformInstanceId ? { '6': hex(platformInstanceId) } : {}),
        ...(configuration
          ? {
              '7.1': flag(configuration.dynamicPlatform),
              '7.2': flag(configuration.cachedKeys),
              '7.3': flag(configuration.smtEnabled),
            }
          : {}),
      };
      const theirs = Object.fromEntries([...sgx].filter(([oid]) => oid !== '2' && oid !== '7'));
      expect(ours).toEqual(theirs);
    }
  });
});

describe.runIf(absent === undefined)('the chain of every genuine quote', () => {
  const P256 = { name: 'ECDSA', namedCurve: 'P-256' };
  const quotes = entriesOf('quote').filter(([, entry]) => isGenuine(entry) && entry.malformed !== true);
  const holding = quotes.filter(([file]) => blocksIn(file).length > 0).map(([file]) => file);

  test('is there', () => expect(holding.length).toBeGreaterThan(100));

  test.each(holding)('of %s verifies with the parts that x509 hands out', async (file) => {
    const { chain } = pckOf(view(Quote, bytesOf(file)));
    for (const certificate of chain) {
      const issuer = chain.find(({ subject }) => hex(subject.der) === hex(certificate.issuer.der));
      if (!issuer) throw new TypeError(`no certificate of ${certificate.issuer.text}`);
      const key = await crypto.subtle.importKey('spki', issuer.spki, P256, false, ['verify']);
      const { signature, tbs } = certificate;
      expect(await crypto.subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, key, signature, tbs)).toBe(true);
    }
  });
});

const { pck } = testPki({ seed: 'x509' });
const der = pck.certificate;

describe('x509', () => {
  test('shares the memory of the DER', () => {
    const of = x509(der);
    for (const part of [of.der, of.tbs, of.serial, of.spki, of.publicKey, of.signatureDer, of.subject.der])
      expect(part.buffer).toBe(der.buffer);
    for (const { value } of of.extensions) expect(value.buffer).toBe(der.buffer);
  });

  test('takes PEM with anything around the block, a Node Buffer and shared memory', () => {
    const plain = JSON.stringify(x509(der));
    const shared = new Uint8Array(new SharedArrayBuffer(der.length));
    shared.set(der);
    expect(JSON.stringify(x509(ascii(`subject=PCK\n${pemOf(pck)}\n\0`)))).toBe(plain);
    expect(JSON.stringify(x509(Buffer.from(der)))).toBe(plain);
    expect(JSON.stringify(x509(shared))).toBe(plain);
    expect(Object.getPrototypeOf(x509(Buffer.from(der)).tbs)).toBe(Uint8Array.prototype);
  });

  test('keeps a common name as it is and escapes it in the line of text', () => {
    const of = x509(certify({ name: 'a, "b" \u001b[31m\u202e', key: pck.key }, pck.fields).certificate);
    expect(of.issuer.commonName).toBe('a, "b" \u001b[31m\u202e');
    expect(of.issuer.text).toBe(String.raw`CN=a\, \"b\" \1b[31m\e2\80\ae, O=tdx-codec test keys\, not Intel`);
  });

  test('quotes no more than the start of a long object identifier', () => {
    const long = oid(`0.1${'.1'.repeat(4000)}`);
    const extension = sequence(long, octets(new Uint8Array()));
    const text = hex(der);
    const list = text.indexOf('a38202dd308202d9');
    const tbs = Buffer.from(text.slice(8, list), 'hex').subarray(4);
    const content = sequence(Uint8Array.from([...tbs, ...tagged(3, sequence(extension, extension))]));
    const rest = Buffer.from(text.slice(text.lastIndexOf('300a06082a')), 'hex');
    const { code, message } = faultOf(() => x509(sequence(content, Uint8Array.from(rest))));
    expect([code, message.length < 200]).toEqual(['variant', true]);
    expect(message).toContain('must not repeat the extension 0.1.1.1.1.1');
  });

  const parts = (() => {
    const text = hex(der);
    const end = text.lastIndexOf('300a06082a8648ce3d040302');
    return {
      tbs: Uint8Array.from(Buffer.from(text.slice(8, end), 'hex')),
      algorithm: Uint8Array.from(Buffer.from(text.slice(end, end + 24), 'hex')),
    };
  })();
  const signedBy = (r: Uint8Array, s: Uint8Array) =>
    sequence(parts.tbs, parts.algorithm, bitString(sequence(unsigned(r), unsigned(s))));

  test('pads r and s to 32 bytes each', () => {
    const { signature } = x509(signedBy(Uint8Array.of(5), Uint8Array.of(0x87, 0x65)));
    expect(hex(signature)).toBe(`${'00'.repeat(31)}05${'00'.repeat(30)}8765`);
    expect(hex(x509(signedBy(new Uint8Array(32).fill(0xff), new Uint8Array(1))).signature)).toBe(
      'ff'.repeat(32) + '00'.repeat(32),
    );
  });

  test('refuses an r that does not fit 32 bytes, and a serial number that does not fit 20', () => {
    expect(faultOf(() => x509(signedBy(new Uint8Array(33).fill(1), Uint8Array.of(1))))).toMatchObject({
      code: 'range',
      path: 'Certificate.signatureValue',
    });
    const serial = new Uint8Array(21).fill(1);
    expect(faultOf(() => x509(certify(pck, { ...pck.fields, serial }).certificate))).toMatchObject({
      code: 'length',
      message: expect.stringContaining('serialNumber must be at most 20 bytes, is 21'),
    });
  });

  test('refuses two blocks of PEM', () => {
    expect(() => x509(ascii(pemOf(pck, pck)))).toThrow('Certificate: must be one, are 2');
  });

  test('fails with a LayoutError at every length', () => {
    for (let end = 0; end < der.length; end++) {
      const cut = faultOf(() => x509(der.subarray(0, end)));
      expect([end, cut.code]).toEqual([end, 'truncated']);
    }
    const longer = Uint8Array.from([...der, 0]);
    expect(faultOf(() => x509(longer))).toMatchObject({ code: 'trailing', path: 'Certificate', offset: der.length });
  });

  const TBS = 'Certificate.tbsCertificate';
  const URI = '.distributionPoint.fullName.uniformResourceIdentifier';
  const notBefore = hex(ascii(`${x509(der).notBefore.toISOString().slice(2, 19).replace(/\D/g, '')}Z`));
  test.each([
    ['an indefinite length', '3082', '3080', 'length', 'Certificate'],
    ['a longer length than needed', 'a003020102', 'a003028101', 'length', `${TBS}.version`],
    ['version 2', 'a003020102', 'a003020101', 'constant', `${TBS}.version`],
    ['a negative serial number', '021462', '0214e2', 'range', `${TBS}.serialNumber`],
    ['RSA signatures', '2a8648ce3d040302', '2a8648ce3d040303', 'variant', 'Certificate.signatureAlgorithm'],
    ['a time of thirteen months', notBefore, hex(ascii('251301000000Z')), 'range', `${TBS}.validity.notBefore`],
    ['the 29th of February 2025', notBefore, hex(ascii('250229000000Z')), 'range', `${TBS}.validity.notBefore`],
    ['a time without a Z', notBefore, hex(ascii('2502280000000')), 'range', `${TBS}.validity.notBefore`],
    ['another curve', '2a8648ce3d030107', '2a8648ce3d030101', 'variant', `${TBS}.subjectPublicKeyInfo.algorithm`],
    ['a compressed point', '03420004', '03420002', 'constant', `${TBS}.subjectPublicKeyInfo.subjectPublicKey`],
    ['unused bits in the key', '03420004', '03420104', 'range', `${TBS}.subjectPublicKeyInfo.subjectPublicKey`],
    ['a boolean of 1', '0603551d0f0101ff', '0603551d0f010101', 'range', `${TBS}.extensions[3].critical`],
    ['a boolean that says the default', '0603551d0f0101ff', '0603551d0f010100', 'constant', `${TBS}.extensions[3]`],
    ['an extension twice', '0603551d0e', '0603551d1f', 'variant', `${TBS}.extensions[2]`],
    ['a name that is a number', '0c22', '0222', 'type', `${TBS}.issuer[0][0].value`],
    ['a name that is no UTF-8', '0c2274', '0c22ff', 'type', `${TBS}.issuer[0][0].value`],
    ['an address that is no ASCII', '862b68', '862bff', 'type', `${TBS}.extensions[1].extnValue[0]${URI}`],
  ])('refuses %s', (_, was, is, code, path) => {
    const text = hex(der);
    expect(text).toContain(was);
    const at = path === 'Certificate.signatureAlgorithm' ? text.lastIndexOf(was) : text.indexOf(was);
    const edited = Buffer.from(text.slice(0, at) + is + text.slice(at + was.length), 'hex');
    expect(faultOf(() => x509(edited))).toMatchObject({ code, path });
  });
});

describe('a block of PEM', () => {
  const [head = '', body = '', tail = ''] = pemOf(pck).split(/(?<=BEGIN CERTIFICATE-----)|(?=-----END)/);
  const pem = (base64: string) => ascii(head + base64 + tail);

  test('may have any white space between its digits', () => {
    const spaced = body.replaceAll('\n', '').split('').join(' \t\r\n');
    expect(hex(x509(pem(spaced)).der)).toBe(hex(der));
  });

  const dense = body.replaceAll('\n', '');
  test.each([
    ['another character', `${dense.slice(0, 50)}-${dense.slice(51)}`, 'type', 77],
    ['base64url', `${dense.slice(0, 50)}_${dense.slice(51)}`, 'type', 77],
    ['a digit behind the padding', `${dense.slice(0, 8)}==${dense.slice(8)}`, 'type', 37],
    ['a digit too many', `A${dense}`, 'length', undefined],
    ['padding too much', `${dense}=`, 'length', undefined],
    ['nothing in it', '', 'truncated', 0],
  ])('with %s is refused', (_, base64, code, offset) => {
    const fault = faultOf(() => x509(pem(base64)));
    expect(fault).toMatchObject({ code, path: 'Certificate', ...(offset === undefined ? {} : { offset }) });
  });

  test.each([
    ['QQ==', 'QR=='],
    ['QUI=', 'QUJ='],
  ])('whose spare bits are not zero is refused: %s passes, %s does not', (zero, one) => {
    expect(faultOf(() => x509(pem(zero))).code).not.toBe('range');
    expect(faultOf(() => x509(pem(one)))).toMatchObject({ code: 'range', path: 'Certificate' });
  });
});
