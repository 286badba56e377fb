// What evidence is wrapped in, by the descriptions of those who wrap it.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { elementAt } from '../../src/evidence/identify/certificate.ts';
import { type Identified, identify } from '../../src/evidence/identify.ts';
import { bytesOf, entries } from '../corpus.ts';
import { byteString, certificate, der, hcl, LEAST, made, pem, quote, report } from './made.ts';

const same = (it: Identified, bytes: Uint8Array): boolean => Buffer.compare(it.bytes, bytes) === 0;

describe('an Azure HCL report', () => {
  const data = '{"keys":[],"user-data":"00"}';

  for (const [hash, type] of [
    ['sha256', '01'],
    ['sha384', '02'],
    ['sha512', '03'],
  ] as const)
    it(`has its runtime data checked against REPORTDATA by ${hash}`, () => {
      const it = identify(hcl(data, { hash, type }));
      expect([it.kind, it.layout?.name, it.offset, it.findings]).toEqual(['AzureHclReport', 'TdReport', 32, []]);
      expect(it.notes[1]).toMatch(
        /^REPORTDATA of the TDREPORT is the SHA-\d+ of the 28 bytes of HclReport\.variableData\.$/,
      );
      expect(it.inside).toMatchObject({ kind: 'TdReport', offset: 32, inside: undefined });
    });

  const edits: readonly (readonly [fact: string, at: number, hex: string, finding: string])[] = [
    ['other data', 1240, '00', 'REPORTDATA of the TDREPORT is not the SHA-256 of HclReport.variableData.'],
    ['other REPORTDATA', 32 + 128, '00', 'REPORTDATA of the TDREPORT is not the SHA-256 of HclReport.variableData.'],
    [
      'REPORTDATA that goes on',
      32 + 191,
      '01',
      'REPORTDATA of the TDREPORT is not the SHA-256 of HclReport.variableData.',
    ],
    ['an unknown hash', 1228, '07', 'HclReport.reportDataHashType at byte 1228 is 7, where 1, 2 and 3 are known.'],
    [
      'data past the end',
      1232,
      'ffff0000',
      'Broken: HclReport.variableData at byte 1236 needs 65535 bytes, 1364 left.',
    ],
    ['another data size', 1216, '31', 'HclReport.dataSize at byte 1216 is 49, but 20 and the variable data are 48.'],
    [
      'another report size',
      8,
      '00000000',
      'HclReport.reportSize at byte 8 is 0, but header, report and data are 1264.',
    ],
    [
      'something behind the TDREPORT',
      1060,
      '0101',
      'HclReport.hwReport goes on behind the TDREPORT: 160 bytes, 2 of them not zero.',
    ],
    ['something behind the data', 2599, '01', 'HclReport.fill: 1336 bytes, 1 of them not zero.'],
    [
      'reserved bytes',
      20,
      '01',
      'Strict reading refuses it: HclReport.reserved at byte 20 must be zero, byte 0 is 0x01.',
    ],
    ['another version', 4, '03', 'Strict reading refuses it: HclReport.version at byte 4 must be 2, is 3.'],
    ['DEBUG in the report', 32 + 512, '01', 'DEBUG is set in TdReport.tdinfo.attributes: the TD is under debug.'],
  ];
  for (const [fact, at, hex, finding] of edits)
    it(`is odd with ${fact}`, () => {
      const bytes = hcl(data);
      bytes.write(hex, at, 'hex');
      const it = identify(bytes);
      expect(it.kind).toBe('AzureHclReport');
      expect(it.findings).toContain(finding);
    });

  it('is one too when it is cut behind the TDREPORT, or holds another report', () => {
    expect(identify(hcl(data).subarray(0, 1056)).findings).toEqual([
      'Broken: HclReport.hwReport at byte 32 needs 1184 bytes, 1024 left.',
    ]);
    const other = made(2600, { 0: '48434c41', 32: '02' });
    expect(identify(other)).toMatchObject({ kind: 'AzureHclReport', layout: undefined, inside: undefined });
    expect(identify(other).notes[0]).toBe('It holds no TDREPORT: at byte 32 stands 2, so rather SEV-SNP.');
  });

  it('is found in the JSON of CoCo, as base64url and as a list of numbers', () => {
    const bytes = hcl(data);
    for (const hcl_report of [bytes.toString('base64url'), `${bytes.toString('base64url')}==`, [...bytes]]) {
      const it = identify(JSON.stringify({ version: 1, tpm_quote: { signature: '00' }, hcl_report }));
      expect([it.kind, it.offset, it.notes[0]]).toEqual(['AzureHclReport', 32, 'JSON: taken from .hcl_report.']);
    }
  });
});

/** Those who put something in front of the quote. */
const FRONT: readonly string[] = ['Open Enclave', 'dstack, versioned'];

describe('an RA-TLS certificate', () => {
  const extensions: readonly (readonly [fact: string, oid: string, shown: string, wrap: (quote: Buffer) => Buffer])[] =
    [
      ['rats-tls and Gramine', '2a864886f84d8a3906', '1.2.840.113741.1337.6 (rats-tls, Gramine)', (it) => it],
      ['Gramine as written', '06092a864886f84d8a3906', '0.6.9.42.840.113741.1337.6 (Gramine)', (it) => it],
      [
        'TCG DICE',
        '678105050409',
        '2.23.133.5.4.9 (TCG DICE)',
        (it) => Buffer.concat([Buffer.from('d9ea6082', 'hex'), byteString(it), byteString(Buffer.alloc(51, 0xa1))]),
      ],
      [
        'Open Enclave',
        '2a864886f7140a0101',
        '1.2.840.113556.10.1.1 (Open Enclave)',
        (it) => Buffer.concat([Buffer.from('0100000002000000ca04000000000000', 'hex'), it]),
      ],
      ['Privasys', '2a864886f84d0105050106', '1.2.840.113741.1.5.5.1.6 (Privasys)', (it) => it],
      ['dstack', '2b0601040183e73d0101', '1.3.6.1.4.1.62397.1.1 (dstack)', (it) => der(0x04, it)],
      [
        'dstack, versioned',
        '2b0601040183e73d0108',
        '1.3.6.1.4.1.62397.1.8 (dstack)',
        (it) => der(0x04, Buffer.from('00002913', 'hex'), it),
      ],
      ['nobody that is known', '2a0304', '1.2.3.4', (it) => it],
    ];
  for (const [fact, oid, shown, wrap] of extensions)
    it(`of ${fact} gives its quote and names the extension`, () => {
      const bytes = certificate(['551d0e', Buffer.alloc(20)], [oid, wrap(quote())]);
      const it = identify(bytes);
      expect([it.kind, it.layout?.name, it.findings]).toEqual(['RaTlsCertificate', 'QuoteV4', []]);
      expect(it.offset).toBe(bytes.indexOf(quote()));
      expect(same(it, bytes.subarray(it.offset, it.offset + LEAST))).toBe(true);
      expect(it.notes[0]).toContain(`in extension ${shown}, from byte ${it.offset} on.`);
      expect(it.inside?.offset).toBe(it.offset);
      // What is wrapped as its users do is no quote with something unknown in front.
      expect(it.notes.some((note) => note.includes('no part of it'))).toBe(FRONT.includes(fact));
    });

  it('says of a second piece of evidence that it is there too', () => {
    const bytes = certificate(['2a864886f84d8a3906', quote(1300)], ['678105050409', quote()]);
    expect(identify(bytes).notes).toContain('In extension 2.23.133.5.4.9 (TCG DICE) there is a quote too.');
  });

  it('is found in PEM, and behind other certificates', () => {
    const bytes = certificate(['2a864886f84d8a3906', quote()]);
    const text = `leaf\n${pem('CERTIFICATE', certificate(['551d0e', Buffer.alloc(20)]))}${pem('CERTIFICATE', bytes)}`;
    for (const input of [text, Buffer.from(text), text.replaceAll('\n', '\r\n')]) {
      const it = identify(input);
      expect([it.kind, it.offset, it.notes[0]]).toEqual([
        'RaTlsCertificate',
        bytes.indexOf(quote()),
        'PEM: block 2, CERTIFICATE.',
      ]);
    }
  });

  it('may mark its extension as critical', () => {
    const bytes = certificate(['2a864886f84d8a3906', quote()]);
    const oid = Buffer.from('06092a864886f84d8a3906', 'hex');
    const at = bytes.indexOf(oid);
    const critical = Buffer.concat([oid, der(0x01, Buffer.of(0xff)), der(0x04, quote())]);
    // The lengths of all that is around it grow by 3, and all of them take 2 bytes.
    const longer = Buffer.concat([bytes.subarray(0, at), critical, bytes.subarray(at + oid.length + 4 + LEAST)]);
    for (const outer of [0, 4, bytes.indexOf(Buffer.from('a382', 'hex'))])
      longer.writeUInt16BE(longer.readUInt16BE(outer + 2) + 3, outer + 2);
    for (const inner of [at - 8, at - 4]) longer.writeUInt16BE(longer.readUInt16BE(inner + 2) + 3, inner + 2);
    expect(identify(longer)).toMatchObject({ kind: 'RaTlsCertificate', offset: longer.indexOf(quote()) });
  });

  it('is looked into as far as its 256th extension', () => {
    const others = (many: number) => Array.from({ length: many }, () => ['551d0e', Buffer.alloc(20)] as const);
    expect(identify(certificate(...others(255), ['2a0304', quote()])).kind).toBe('RaTlsCertificate');
    expect(identify(certificate(...others(256), ['2a0304', quote()])).kind).toBe('Der');
  });

  it('has its extensions among its first ten parts', () => {
    const empty = der(0x30);
    const extensions = der(0xa3, der(0x30, der(0x30, der(0x06, Buffer.of(0x2a)), der(0x04, quote()))));
    const unique = (many: number) => Array.from({ length: many }, () => der(0x81, Buffer.of(0)));
    const signed = (many: number) =>
      der(0x30, der(0x30, der(0x02, Buffer.of(1)), empty, empty, empty, empty, empty, ...unique(many), extensions));
    expect(identify(signed(3)).kind).toBe('RaTlsCertificate');
    expect(identify(signed(4)).kind).toBe('Der');
  });

  const elements: readonly (readonly [fact: string, hex: string, to: number | undefined])[] = [
    ['a short length', '300200ff', 4],
    ['a long length', '308200020102', 6],
    ['a length past the end', '300300ff', undefined],
    ['no definite length', '3080000000', undefined],
    ['a length of 5 bytes', '30850000000000', undefined],
    ['a long tag', '3f8101020000', undefined],
    ['a length that is cut', '3082', undefined],
    ['nothing behind its tag', '30', undefined],
  ];
  for (const [fact, hex, to] of elements)
    it(`is made of elements: one with ${fact} ends ${to === undefined ? 'nowhere' : `at ${to}`}`, () => {
      const bytes = Buffer.from(hex, 'hex');
      expect(elementAt(bytes, 0, bytes.length)?.to).toBe(to);
    });

  it('is no more than DER without evidence in it', () => {
    const it = identify(certificate(['2a864886f84d010d01', Buffer.alloc(300, 0x30)]));
    expect([it.kind, it.notes]).toEqual(['Der', ['A DER sequence, such as a certificate.']]);
  });

  it('whose lengths are wrong is no certificate, and nothing is thrown', () => {
    const bytes = certificate(['2a864886f84d8a3906', quote()]);
    for (let at = 0; at < bytes.indexOf(quote()); at++)
      for (const value of [0x00, 0x80, 0x84, 0xff]) {
        const edited = Buffer.from(bytes);
        edited[at] = value;
        expect(['Quote', 'Der', 'RaTlsCertificate', 'unknown']).toContain(identify(edited).kind);
      }
  });

  const openssl = spawnSync('openssl', ['version']).status === 0;
  if (!openssl) console.warn('SKIPPED: a certificate of openssl, since there is no openssl');
  it.skipIf(!openssl)('made by openssl gives its quote', () => {
    const folder = mkdtempSync(join(tmpdir(), 'tdx-codec-identify-'));
    try {
      const config = join(folder, 'req.cnf');
      const extension = `1.2.840.113741.1337.6=DER:${quote().toString('hex')}`;
      writeFileSync(
        config,
        `[req]\ndistinguished_name=name\nx509_extensions=more\nprompt=no\n[name]\nCN=RA-TLS\n[more]\n${extension}\nbasicConstraints=critical,CA:FALSE\n`,
      );
      const out = join(folder, 'certificate.pem');
      const key = [
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:P-256',
        '-nodes',
        '-keyout',
        join(folder, 'key.pem'),
      ];
      const { status, stderr } = spawnSync('openssl', ['req', '-x509', '-config', config, '-out', out, ...key]);
      expect([status, stderr.toString()].slice(0, 1)).toEqual([0]);
      const it = identify(readFileSync(out));
      expect([it.kind, it.layout?.name, it.findings]).toEqual(['RaTlsCertificate', 'QuoteV4', []]);
      expect(same(it, quote())).toBe(true);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('PEM', () => {
  it('around a quote is undone, whatever its label', () => {
    for (const label of ['QUOTE', 'SGX QUOTE', 'TDX QUOTE 4']) {
      const it = identify(pem(label, quote()));
      expect([it.kind, it.offset, it.notes]).toEqual(['Quote', 0, [`PEM: block 1, ${label}.`]]);
    }
  });
  it('without an end is read as far as it goes', () => {
    expect(identify(pem('QUOTE', quote()).replace(/-----END.*/s, '')).kind).toBe('Quote');
  });
  it('without evidence in it is named by its labels, each counted', () => {
    const text = pem('CERTIFICATE', Buffer.of(0x30, 0)).repeat(2) + pem('EC PRIVATE KEY', Buffer.of(1));
    expect(identify(text)).toMatchObject({
      kind: 'Pem',
      notes: ['PEM blocks: 2 x CERTIFICATE, 1 x EC PRIVATE KEY.'],
    });
  });
});

describe('Open Enclave', () => {
  it('says when the size in the header of a report is not that of the quote', () => {
    const bytes = Buffer.concat([Buffer.from('0100000002000000cb04000000000000', 'hex'), quote()]);
    expect(identify(bytes)).toMatchObject({
      kind: 'OpenEnclaveEvidence',
      offset: 16,
      findings: ['Broken: report_size at byte 8 is 1227, but behind the header there are 1226 bytes.'],
    });
  });
  it('gives the quote of evidence, and says how many bytes of claims follow it', () => {
    const format = '8ba70286c1cf11edafa10242ac120002';
    const bytes = Buffer.concat([made(32, { 0: '03000000', 4: format, 24: 'da04' }), quote(), Buffer.alloc(16, 0xaa)]);
    expect(identify(bytes)).toMatchObject({
      kind: 'OpenEnclaveEvidence',
      offset: 32,
      notes: [
        'Open Enclave evidence of format TDX_QUOTE_ECDSA.',
        'The quote starts at byte 32; what stands in front is no part of it.',
        'Behind the quote stand 16 bytes of claims.',
      ],
    });
    expect(identify(bytes).bytes.length).toBe(LEAST);
  });
  it('gives the report of an enclave on the same machine', () => {
    const enclave = made(432, { 48: '07', 64: 'aa' });
    const bytes = Buffer.concat([made(16, { 0: '0100000001000000b001' }), enclave]);
    expect(identify(bytes)).toMatchObject({
      kind: 'OpenEnclaveEvidence',
      offset: 16,
      layout: { name: 'SgxReportBody' },
    });
  });
});

describe('CBOR', () => {
  it('is looked into 63 lists deep', () => {
    const nested = (times: number) => Buffer.concat([Buffer.alloc(times, 0x81), byteString(quote())]);
    expect(identify(nested(63))).toMatchObject({ kind: 'CborEvidence', offset: 68 });
    expect(identify(nested(64))).toMatchObject({ kind: 'Quote', offset: 69 });
  });
  it('may leave the ends of its lists and strings to a break', () => {
    const bytes = Buffer.concat([Buffer.from('9f5f', 'hex'), byteString(quote()), Buffer.from('ffff', 'hex')]);
    expect(identify(bytes)).toMatchObject({ kind: 'CborEvidence', offset: 7 });
  });
  for (const [fact, hex] of [
    ['a break without a list', 'ff'],
    ['a number that ends nowhere', '1f'],
    ['a reserved length', '1c'],
    ['a list with more items than bytes', '9a00100000'],
  ] as const)
    it(`with ${fact} is none, and the quote is found for itself`, () => {
      const bytes = Buffer.concat([Buffer.of(0x82), byteString(quote()), Buffer.from(hex, 'hex')]);
      expect(identify(bytes).kind).toBe('Quote');
    });
});

describe('JSON', () => {
  const hex = quote().toString('hex');
  const base64 = quote().toString('base64');
  const documents: readonly (readonly [fact: string, json: unknown, path: string])[] = [
    ['CoCo', { quote: base64, cc_eventlog: null }, '.quote'],
    [
      'Intel Trust Authority',
      { tdx: { runtime_data: null, quote: base64, verifier_nonce: { val: 'aaaa', iat: 'bbbb', signature: 'c' } } },
      '.tdx.quote',
    ],
    [
      'dstack',
      { quote: hex, event_log: JSON.stringify([{ imr: 0, digest: 'ab'.repeat(48) }]), report_data: 'ab'.repeat(64) },
      '.quote',
    ],
    [
      'Azure Attestation',
      { quote: quote().toString('base64url'), runtimeData: { data: 'e30', dataType: 'JSON' } },
      '.quote',
    ],
    ['a name nobody knows', { xyz: [1, { deep: [hex] }] }, '.xyz[1].deep[0]'],
    ['a list of numbers', { td_quote: [...quote()] }, '.td_quote'],
    ['JSON in JSON', { body: JSON.stringify({ quote: hex }) }, '.body'],
    ['a bare string', base64, 'a string'],
    ['a name of strangers', { '\u001b[31m\u202e\n': hex }, '.\\u001b[31m\\u{202e}\\n'],
    ['a long name', { outermost: { ['quote'.repeat(1000)]: hex } }, '...quotequotequoteq...'],
  ];
  for (const [fact, json, path] of documents)
    it(`of ${fact} gives its quote and says where it stands`, () => {
      for (const text of [JSON.stringify(json), `\ufeff${JSON.stringify(json, undefined, 2)}\n`]) {
        const it = identify(text);
        expect([it.kind, it.notes[0]]).toEqual(['Quote', `JSON: taken from ${path}.`]);
        expect(same(it, quote())).toBe(true);
      }
    });

  const logs = entries.length > 0;
  it.skipIf(!logs)('of a real guest agent gives its quote', () => {
    for (const file of ['dstack-quote-report.json', 'dstack-tdx-lite-getquote.json'])
      expect(identify(bytesOf(`../eventlogs/${file}`))).toMatchObject({ kind: 'Quote', layout: { name: 'QuoteV4' } });
  });

  it('that is cut is not recognised, and it is said so', () => {
    const it = identify(JSON.stringify({ quote: hex }).slice(0, 2000));
    expect([it.kind, it.findings]).toEqual(['unknown', ['It begins like JSON, but is none: it may be cut.']]);
  });
});

describe('inside', () => {
  it('is the evidence of a message, of a buffer, and of what is wrapped around them', () => {
    const request = Buffer.concat([Buffer.from('010001000000000018040000000000000004000000000000', 'hex'), report()]);
    const buffer = Buffer.concat([
      Buffer.from('010000000000000000000000000000001c04000000000000', 'hex'),
      Buffer.from('00000418', 'hex'),
      request,
    ]);
    expect(identify(request).inside).toMatchObject({ kind: 'TdReport', offset: 24, findings: [] });
    const it = identify(JSON.stringify({ data: buffer.toString('hex') }));
    expect(it).toMatchObject({ kind: 'GetQuoteBuffer', inside: { kind: 'QgsMessage', offset: 24 } });
    expect(it.inside?.inside).toMatchObject({ kind: 'TdReport', offset: 52 });
    expect(identify(quote()).inside).toBeUndefined();
  });

  it('has its findings said of the whole too', () => {
    const bad = report();
    bad[512] = 1;
    const request = Buffer.concat([Buffer.from('010001000000000018040000000000000004000000000000', 'hex'), bad]);
    const { findings, inside } = identify(request);
    expect(findings).toEqual([
      'TdReport.reportmacstruct.teeInfoHash is not the SHA-384 of TdReport.tdinfo, the 512 bytes at byte 512.',
      'DEBUG is set in TdReport.tdinfo.attributes: the TD is under debug.',
    ]);
    expect(inside?.findings).toEqual(findings);
  });
});
