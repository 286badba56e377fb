import { describe, expect, test } from 'vitest';
import { decode } from '../../src/codec.ts';
import * as der from '../../src/foundry/der.ts';
import { certify, forge, pemOf, testPki } from '../../src/foundry/index.ts';
import { Quote, QuoteV4 } from '../../src/structs/index.ts';
import { certificationOf, pckExtension, pckJson, pckOf, view } from '../../src/view.ts';
import { absent, bytesOf, entriesOf } from '../corpus.ts';
import { ajv, cfworker } from '../schemas/implementations.ts';
import { faultOf } from './fault.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const ascii = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
const fromCorpus = (file: string) => view(Quote, bytesOf(file));
const DATA = 'signatureData.qeCertificationData';
const INNER = `${DATA}.certificationData.qeCertificationData`;

describe.runIf(absent === undefined)('pckOf over the corpus', () => {
  const holding = entriesOf('quote').filter(([, { pckCa }]) => typeof pckCa === 'string');

  test('there are quotes to read', () => expect(holding.length).toBeGreaterThan(130));

  test.each(holding)('%s: FMSPC, CA and end of validity are those of the manifest', (file, entry) => {
    const { certificate, extension, ca } = pckOf(fromCorpus(file));
    expect(certificate.issuer.commonName).toBe(entry.pckCa);
    expect(ca).toBe(/(Platform|Processor)/.exec(entry.pckCa ?? '')?.[1]?.toLowerCase());
    expect(certificate.notAfter).toEqual(new Date(entry.pckNotAfter ?? ''));
    expect(hex(extension.fmspc)).toBe(entry.fmspc);
    expect([...extension.tcb.cpusvn]).toEqual(extension.tcb.components);
    expect(extension.platformInstanceId === undefined).toBe(ca === 'processor');
    expect(extension.configuration === undefined).toBe(ca === 'processor');
  });

  test.each(holding)('%s: its JSON is valid for two implementations of JSON Schema', (file) => {
    const json = JSON.parse(JSON.stringify(pckJson(pckOf(fromCorpus(file)))));
    expect([ajv('Pck')(json), cfworker('Pck')(json)]).toEqual([true, true]);
  });

  // Read by hand in shared/spec/12, section 4.
  test('the JSON of the worked example', () => {
    expect(pckJson(pckOf(fromCorpus('tdx-v4-coco-trustee-2.bin')))).toMatchObject({
      certificate: {
        subject: 'CN=Intel SGX PCK Certificate, O=Intel Corporation, L=Santa Clara, ST=CA, C=US',
        issuer: 'CN=Intel SGX PCK Platform CA, O=Intel Corporation, L=Santa Clara, ST=CA, C=US',
        serial: '99c1712024a45e82ef4f19be96bf52ea98e95b19',
        notBefore: '2023-02-07T08:02:55Z',
        notAfter: '2030-02-07T08:02:55Z',
      },
      extension: {
        ppid: 'df4c32a9d8d86009aaf380ec43cfcefb',
        tcb: {
          components: [5, 5, 13, 2, 3, 1, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0],
          pcesvn: 11,
          cpusvn: '05050d02030100030000000000000000',
        },
        pceid: '0000',
        fmspc: '50806f000000',
        sgxType: 1,
        platformInstanceId: '021ac64d355ba904e2d5948d228d5482',
        configuration: { dynamicPlatform: true, cachedKeys: true, smtEnabled: true },
      },
      ca: 'platform',
    });
  });

  test.each(['reversed', 'crlf', 'no-tail', 'leaf-only'])('the leaf of a chain that is %s is the same', (how) => {
    const { certificate } = pckOf(fromCorpus('tdx-v4-coco-trustee-2.bin'));
    const { certificate: found } = pckOf(fromCorpus(`bad-derived-tdx-v4-pem-${how}.bin`));
    expect(hex(found.subject.der)).toBe(hex(certificate.subject.der));
    expect(found.extensions.some(({ oid }) => oid === '1.2.840.113741.1.13.1')).toBe(true);
  });

  test('certificates in DER, root first, are read in a copy', () => {
    const quote = fromCorpus('bad-certdata-tdx-v4-intel-qvl-1.bin');
    const { chain, ca } = pckOf(quote);
    expect(chain.map(({ subject }) => subject.commonName)).toEqual([
      'Intel SGX Root CA',
      'Intel SGX PCK Processor CA',
      'Intel SGX PCK Certificate',
    ]);
    expect(ca).toBe('processor');
  });

  test.each([
    ['sgx-v3-certtype1-intel-qvl-1.bin', 1, 16, 'PpidClearTextShort'],
    ['sgx-v3-certtype1-openenclave-1.bin', 1, 16, 'PpidClearText'],
    ['sgx-v3-certtype3-fortanix-1.bin', 3, 384, 'PpidRsa3072'],
    ['syn-sgx-v3-certtype2-1.bin', 2, 256, 'PpidRsa2048'],
  ])('%s names its platform by certification data of type %i', (file, type, size) => {
    const bytes = bytesOf(file);
    const quote = view(Quote, bytes);
    const { certificationDataType, certificationData } = certificationOf(quote);
    if (certificationData instanceof Uint8Array) throw new TypeError('not read');
    const ppid = 'encPpid' in certificationData ? certificationData.encPpid : certificationData.ppid;
    const raw = Buffer.from(bytes.buffer);
    // Version 3: fixed parts, authentication data behind its length, then type and size.
    const at = 436 + 578 + raw.readUInt16LE(436 + 576);
    expect([certificationDataType, raw.readUInt16LE(at)]).toEqual([type, type]);
    expect(hex(ppid)).toBe(raw.subarray(at + 6, at + 6 + size).toString('hex'));
    expect(hex(certificationData.cpusvn)).toBe(raw.subarray(at + 6 + size, at + 22 + size).toString('hex'));
    expect(certificationData.pcesvn).toBe(raw.readUInt16LE(at + 22 + size));
    if ('pceid' in certificationData) expect(certificationData.pceid).toBe(raw.readUInt16LE(at + 24 + size));
    expect(faultOf(() => pckOf(quote)).message).toBe(
      `QuoteV3.${DATA}.certificationDataType: must be 4 or 5 to hold a PCK certificate, is ${type}`,
    );
  });

  test.each([
    ['bad-derived-tdx-v4-pem-corrupt-b64.bin', 'type', `QuoteV4.${INNER}.certificationData.certificates[0]`],
    ['bad-derived-tdx-v4-pem-empty.bin', 'missing', `QuoteV4.${INNER}.certificationData`],
    ['bad-certdata-sgx-v4-intel-dcap-1.bin', 'missing', `QuoteV4.${INNER}.certificationData`],
    ['bad-derived-tdx-v4-outer-cert-99.bin', 'variant', `QuoteV4.${DATA}.certificationDataType`],
    ['bad-derived-tdx-v4-inner-cert-99.bin', 'variant', `QuoteV4.${INNER}.certificationDataType`],
    ['bad-derived-tdx-v4-akt-3.bin', 'variant', 'QuoteV4.header.attestationKeyType'],
    ['bad-derived-sgx-v3-akt-3.bin', 'variant', 'QuoteV3.header.attestationKeyType'],
  ])('%s has none: %s at %s', (file, code, path) => {
    expect(faultOf(() => pckOf(fromCorpus(file)))).toMatchObject({ code, path });
  });
});

const pki = testPki({ seed: 'pck' });
const { platform, ca } = pki;

describe('pckOf of a forged quote', () => {
  const { quote } = forge({ seed: 'pck', profile: 'tdx-v4' });
  const withChain = (chain: string) => {
    const value = decode(QuoteV4, quote);
    if (value.signatureData instanceof Uint8Array) throw new TypeError('not read');
    const outer = value.signatureData.qeCertificationData.certificationData;
    if (outer instanceof Uint8Array) throw new TypeError('not read');
    outer.qeCertificationData.certificationData = ascii(chain);
    return value;
  };

  test('reads a value as it reads a view', () => {
    expect(pckOf(decode(Quote, quote))).toEqual(pckOf(view(Quote, quote)));
    expect(pckOf(decode(QuoteV4, quote))).toEqual(pckOf(view(QuoteV4, quote, { strict: true })));
  });

  test('says of the platform what it was forged from', () => {
    const { extension, certificate, ca: kind, chain } = pckOf(view(Quote, quote));
    expect(extension).toMatchObject({
      ppid: platform.ppid,
      fmspc: platform.fmspc,
      platformInstanceId: platform.instanceId,
      tcb: { components: [...platform.cpusvn], pcesvn: platform.pcesvn },
    });
    expect(certificate.notAfter.getTime()).toBe(pki.pck.fields.notAfter * 1000);
    expect([kind, chain.length, chain[0]]).toEqual(['platform', 3, certificate]);
    expect(extension.fmspc.buffer).toBe(certificate.der.buffer);
  });

  test('finds the leaf at any place, and refuses two of them', () => {
    expect(pckOf(withChain(pemOf(pki.root, pki.pck, ca))).certificate.serial).toEqual(pki.pck.serial);
    const fault = faultOf(() => pckOf(withChain(pemOf(pki.pck, ca, pki.pck))));
    expect(fault.message).toBe(`QuoteV4.${INNER}.certificationData: must hold one PCK certificate, holds 2`);
    expect(faultOf(() => pckOf(withChain(pemOf(ca, pki.root)))).message).toBe(
      `QuoteV4.${INNER}.certificationData: holds 2 certificates, none with the SGX extension (1.2.840.113741.1.13.1)`,
    );
  });

  test('names the certificate, the field and the offset in its DER of what is wrong', () => {
    const broken = { ...pki.pck, certificate: pki.pck.certificate.slice() };
    const at = Buffer.from(broken.certificate).indexOf(Buffer.from('2a864886f84d010d01020302', 'hex')) + 11;
    broken.certificate[at] = 0x04;
    const path = `QuoteV4.${INNER}.certificationData.certificates[1].tbsCertificate.extensions[5].extnValue`;
    expect(faultOf(() => pckOf(withChain(pemOf(ca, broken))))).toMatchObject({
      code: 'type',
      path: `${path}[1].tcb[2].components[2]`,
      offset: at,
    });
  });
});

describe('the SGX extension', () => {
  const SGX = '1.2.840.113741.1.13.1';
  type Element = Uint8Array<ArrayBuffer>;
  const entry = (arc: string, value: Element): Element => der.sequence(der.oid(`${SGX}.${arc}`), value);
  const bytes = (size: number, value = 7): Element => der.octets(new Uint8Array(size).fill(value));
  const tcb = (change: Readonly<Record<string, Element | undefined>> = {}): Element => {
    const svns = Array.from({ length: 16 }, (_, i): [string, Element] => [`2.${i + 1}`, der.integer(i)]);
    const all = { ...Object.fromEntries(svns), '2.17': der.integer(300), '2.18': bytes(16), ...change };
    return der.sequence(...Object.entries(all).flatMap(([arc, value]) => (value ? [entry(arc, value)] : [])));
  };
  const flags = (...bits: Element[]): Element => der.sequence(...bits.map((bit, i) => entry(`7.${i + 1}`, bit)));
  const usual = (): Record<string, Element | undefined> => ({
    '1': bytes(16),
    '2': tcb(),
    '3': bytes(2),
    '4': bytes(6),
    '5': der.enumerated(1),
    '6': bytes(16),
    '7': flags(der.boolean(true), der.boolean(false), der.boolean(true)),
  });
  const certificateWith = (sgxExtension: Uint8Array): Uint8Array =>
    certify(ca, { ...pki.pck.fields, sgxExtension }).certificate;
  const made = (change: Readonly<Record<string, Element | undefined>>): Uint8Array =>
    certificateWith(
      der.sequence(
        ...Object.entries({ ...usual(), ...change }).flatMap(([arc, value]) => (value ? [entry(arc, value)] : [])),
      ),
    );
  const VALUE = 'Certificate.tbsCertificate.extensions[5].extnValue';

  test('is read by object identifier in any order, and what is not in the table is passed over', () => {
    const entries = Object.entries(usual()).flatMap(([arc, value]) => (value ? [entry(arc, value)] : []));
    const odd = [entry('9', der.sequence()), ...entries.toReversed(), der.sequence(der.oid('1.2.3'), bytes(1))];
    expect(pckExtension(certificateWith(der.sequence(...odd)))).toEqual(pckExtension(made({})));
    expect(pckExtension(made({}))).toMatchObject({
      tcb: { components: Array.from({ length: 16 }, (_, i) => i), pcesvn: 300 },
      configuration: { dynamicPlatform: true, cachedKeys: false, smtEnabled: true },
    });
  });

  test('has no keys for the members that it lacks', () => {
    const keys = Object.keys(pckExtension(made({ '6': undefined, '7': undefined })));
    expect(keys).toEqual(['ppid', 'tcb', 'pceid', 'fmspc', 'sgxType']);
  });

  test.each([
    ['PPID', '1', 'PPID'],
    ['TCB', '2', 'TCB'],
    ['PCE-ID', '3', 'PCE-ID'],
    ['FMSPC', '4', 'FMSPC'],
    ['SGX Type', '5', 'SGX Type'],
  ])('without %s is refused', (_, arc, spec) => {
    expect(faultOf(() => pckExtension(made({ [arc]: undefined })))).toMatchObject({
      code: 'missing',
      path: VALUE,
      message: expect.stringContaining(`has no ${spec} (${SGX}.${arc})`),
    });
  });

  test.each(Array.from({ length: 18 }, (_, i) => `2.${i + 1}`))('whose TCB lacks %s is refused', (arc) => {
    const fault = faultOf(() => pckExtension(made({ '2': tcb({ [arc]: undefined }) })));
    expect(fault).toMatchObject({ code: 'missing', path: `${VALUE}[1].tcb` });
    expect(fault.message).toContain(`(${SGX}.${arc})`);
  });

  test.each<[string, Record<string, Element>, string, string]>([
    ['a PPID of 15 bytes', { '1': bytes(15) }, 'length', '[0].ppid'],
    ['a PPID that is an integer', { '1': der.integer(5) }, 'type', '[0].ppid'],
    ['an FMSPC of 7 bytes', { '4': bytes(7) }, 'length', '[3].fmspc'],
    ['a PCE-ID of no bytes', { '3': bytes(0) }, 'length', '[2].pceid'],
    ['an SGX type that is an integer', { '5': der.integer(1) }, 'type', '[4].sgxType'],
    ['a negative SGX type', { '5': der.enumerated(0x80) }, 'range', '[4].sgxType'],
    ['a component of 256', { '2': tcb({ '2.3': der.integer(256) }) }, 'range', '[1].tcb[2].components[2]'],
    ['a component as octets', { '2': tcb({ '2.16': bytes(1) }) }, 'type', '[1].tcb[15].components[15]'],
    ['a PCESVN of 65536', { '2': tcb({ '2.17': der.integer(65536) }) }, 'range', '[1].tcb[16].pcesvn'],
    ['a CPUSVN of 17 bytes', { '2': tcb({ '2.18': bytes(17) }) }, 'length', '[1].tcb[17].cpusvn'],
    ['a TCB that is a set', { '2': der.set() }, 'type', '[1].tcb'],
    ['a flag that is an integer', { '7': flags(der.integer(1)) }, 'type', '[6].configuration[0].dynamicPlatform'],
    ['two flags only', { '7': flags(der.boolean(true), der.boolean(true)) }, 'missing', '[6].configuration'],
    ['an instance of 8 bytes', { '6': bytes(8) }, 'length', '[5].platformInstanceId'],
  ])('with %s is refused', (_, change, code, path) => {
    expect(faultOf(() => pckExtension(made(change)))).toMatchObject({ code, path: VALUE + path });
  });

  const twice = (arc: string, value: Element): Uint8Array => {
    const all = Object.entries(usual()).flatMap(([each, one]) => (one ? [entry(each, one)] : []));
    return certificateWith(der.sequence(...all, entry(arc, value)));
  };
  test.each<[string, Uint8Array, string, string]>([
    ['FMSPC twice', twice('4', bytes(6)), 'variant', '[7]'],
    ['an unknown member twice', twice('9', bytes(6)), 'none', ''],
    [
      'a component twice',
      made({ '2': der.sequence(entry('2.1', der.integer(1)), entry('2.1', der.integer(1))) }),
      'variant',
      '[1].tcb[1]',
    ],
    [
      'a pair of three',
      certificateWith(der.sequence(der.sequence(der.oid(`${SGX}.1`), bytes(16), bytes(1)))),
      'trailing',
      '[0]',
    ],
    ['a pair of one', certificateWith(der.sequence(der.sequence(der.oid(`${SGX}.1`)))), 'truncated', '[0].ppid'],
    ['a value behind it', certificateWith(Uint8Array.from([...der.sequence(), 5, 0])), 'trailing', ''],
    ['nothing in it', certificateWith(new Uint8Array()), 'truncated', ''],
    ['an empty list', certificateWith(der.sequence()), 'missing', ''],
  ])('with %s', (_, certificate, code, path) => {
    if (code === 'none') return expect(pckExtension(certificate).sgxType).toBe(1);
    expect(faultOf(() => pckExtension(certificate))).toMatchObject({ code, path: VALUE + path });
  });

  test('is missing in a CA', () => {
    expect(faultOf(() => pckExtension(ca.certificate))).toMatchObject({
      code: 'missing',
      message: `Certificate @0: has no SGX extension (${SGX})`,
    });
  });

  test('nested 1,000 deep is refused at the second level', () => {
    let deep: Uint8Array = new Uint8Array();
    for (let i = 0; i < 1000; i++) deep = der.sequence(Uint8Array.from(deep));
    expect(faultOf(() => pckExtension(certificateWith(deep)))).toMatchObject({ code: 'type', path: `${VALUE}[0].oid` });
  });
});
