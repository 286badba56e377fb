import { describe, expect, test } from 'vitest';
import { certify, forge, make, PROFILES, pemOf, recipe, testPki } from '../../src/foundry/index.ts';
import {
  CertificationData,
  decode,
  EcdsaSignatureData,
  edit,
  type Layout,
  LayoutError,
  meaning,
  QgsMsgHeader,
  Quote,
  QuoteHeader,
  QuoteV4,
  SgxReportBody,
  TdReport,
  TdReportBody15,
  TdxQuoteHdr,
  tdxModules,
  view,
} from '../../src/index.ts';
import { absent, bytesOf, entriesOf, isGenuine } from '../corpus.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const VERDICT = /\b(trust\w*|valid|verified|genuine|secure|safe|up.to.date|out.of.date)\b/i;

describe.runIf(absent === undefined)('meaning over the corpus', () => {
  const quotes = entriesOf('quote');

  test.each(quotes)(
    '%s: TEE, version, DEBUG and FMSPC are those of the manifest, or it cannot be read',
    (file, entry) => {
      const bytes = bytesOf(file);
      let it: ReturnType<typeof meaning>;
      try {
        it = meaning(Quote, bytes);
      } catch (error) {
        expect(error).toBeInstanceOf(LayoutError);
        expect(isGenuine(entry) && entry.malformed !== true).toBe(false);
        return;
      }
      const { summary, fields, notes } = it;
      expect(Object.values(summary)).not.toContain(undefined);
      for (const text of [...Object.values(fields), ...notes]) expect(text).not.toMatch(VERDICT);
      expect(summary.version).toBe(entry.version);
      // A body whose type is not known says nothing.
      if (entry.debug !== null && entry.debug !== undefined) expect(summary.debug).toBe(entry.debug);
      if (entry.tee) expect(summary.tee?.toLowerCase()).toBe(entry.tee);
      if (typeof entry.pckCa === 'string')
        expect(summary).toMatchObject({
          fmspc: entry.fmspc,
          ca: /Platform/.test(entry.pckCa) ? 'platform' : 'processor',
          pckNotAfter: entry.pckNotAfter?.replace('+00:00', 'Z'),
          pceid: '0000',
        });
      if (entry.debug) expect(notes[0]).toMatch(/can be debugged \(DEBUG\)/);
      expect(meaning(Quote, view(Quote, bytes))).toEqual(it);
      expect(meaning(Quote, decode(Quote, bytes))).toEqual(it);
    },
  );

  test('the summary of the worked example', () => {
    const { summary, fields, notes } = meaning(Quote, bytesOf('tdx-v4-coco-trustee-2.bin'));
    expect(Object.entries(summary).slice(0, 13)).toEqual([
      ['tee', 'TDX'],
      ['version', 4],
      ['debug', true],
      ['tdxModule', '1.0'],
      ['teeTcbSvn', '03000500000000000000000000000000'],
      ['attestationKey', 'ECDSA_P256'],
      ['certification', 'PCK_CERT_CHAIN'],
      ['fmspc', '50806f000000'],
      ['pceid', '0000'],
      ['pcesvn', 11],
      ['ca', 'platform'],
      ['pckNotBefore', '2023-02-07T08:02:55Z'],
      ['pckNotAfter', '2030-02-07T08:02:55Z'],
    ]);
    expect(fields).toMatchObject({
      'header.attestationKeyType': 'ECDSA_P256',
      'header.teeType': 'TDX',
      'header.qeVendorId': 'Intel',
      'header.userData': 'QE ID d099bfec0a477aa85a605dceabf2b108',
      'body.teeTcbSvn': 'TDX module 1.0, minor SVN 3; late microcode SVN 5',
      'body.tdattributes': 'DEBUG SEPT_VE_DISABLE',
      'body.rtmr[3]': 'zero',
    });
    expect(fields['body.mrtd']).toBeUndefined();
    expect(notes).toEqual(['The TD can be debugged (DEBUG): the host can read and change its memory.']);
  });

  // Which module it was says the table of Intel's source repository; which SVN, the quotes.
  test.each([
    ['tdx-v4-dstack-3.bin', /^0[0-9a-f]0[13]/],
    ['tdx-v5-coco-trustee-1.bin', /^0[0-9a-f]0[13]/],
  ])('%s: the module is the one whose MRSEAM Intel has published', (file, start) => {
    const { summary, fields } = meaning(Quote, bytesOf(file));
    const { body } = view(Quote, bytesOf(file));
    if (!('mrseam' in body)) throw new TypeError('no TD');
    expect(summary.teeTcbSvn).toMatch(start);
    expect(tdxModules[summary.tdxModule ?? '']).toBe(hex(body.mrseam));
    expect(fields['body.mrseam']).toBe(`TDX module ${summary.tdxModule}`);
  });

  test('every module of Intel that a genuine quote names has the series of its major SVN', () => {
    const seen = new Set<string>();
    for (const [file, entry] of quotes.filter(([, each]) => isGenuine(each) && each.tee === 'tdx' && !each.malformed)) {
      const { tdxModule = '', teeTcbSvn = '' } = meaning(Quote, bytesOf(file)).summary;
      expect([entry.file, tdxModule.slice(0, 3)]).toEqual([
        file,
        { '00': '1.0', '01': '1.5', '03': '2.0' }[teeTcbSvn.slice(2, 4)],
      ]);
      seen.add(tdxModule);
    }
    expect(seen.size).toBeGreaterThan(8);
  });

  test.each([
    ['sgx-v3-certtype1-openenclave-1.bin', 'PPID_CLEARTEXT'],
    ['sgx-v3-certtype3-fortanix-1.bin', 'PPID_RSA3072_OAEP'],
  ])('%s: what certification data of type 1 to 3 say, and no more', (file, certification) => {
    const { summary } = meaning(Quote, bytesOf(file));
    expect(summary).toMatchObject({ certification, pceid: '0000', pcesvn: expect.any(Number) });
    expect(Object.keys(summary)).not.toContain('fmspc');
    expect(Object.keys(summary)).not.toContain('ca');
  });

  test('a certificate that cannot be read is a note', () => {
    const { summary, notes } = meaning(Quote, bytesOf('bad-derived-tdx-v4-pem-corrupt-b64.bin'));
    expect(summary.fmspc).toBeUndefined();
    expect(notes.join()).toMatch(/^The PCK certificate cannot be read: .*certificates\[0\] @\d+: must be base64\.$/);
  });

  test('trailing bytes, updates under the TD and unknown numbers are noted', () => {
    const notesOf = (file: string) => meaning(Quote, bytesOf(file)).notes.join('\n');
    expect(notesOf('bad-derived-tdx-v4-trailing-nonzero.bin')).toContain(
      'The bytes behind the quote are not all zero.',
    );
    expect(notesOf('bad-derived-tdx-v4-vendor-flip.bin')).toMatch(
      /header\.qeVendorId is [0-9a-f]{32}, which has no name here\./,
    );
    expect(notesOf('bad-derived-tdx-v4-inner-cert-99.bin')).toContain(
      'certificationDataType is 99, which has no name here.',
    );
    expect(notesOf('bad-derived-tdx-v4-hdr-reserved.bin')).toContain('header.reserved is reserved, and not zero.');
  });
});

describe('meaning of forged evidence', () => {
  test.each(PROFILES.map(({ name }) => name))('%s: what it was forged from', (profile) => {
    const of = recipe({ seed: 'meaning', profile });
    const { quote, tdReport } = make(of);
    const { summary } = meaning(Quote, quote);
    const { platform, pck } = of.pki;
    expect(summary.tee).toBe(of.quote.shape.tee === 'tdx' ? 'TDX' : 'SGX');
    if (summary.certification === 'PCK_CERT_CHAIN')
      expect(summary).toMatchObject({
        fmspc: hex(platform.fmspc),
        ca: platform.ca,
        pcesvn: platform.pcesvn,
        pckNotBefore: new Date(pck.fields.notBefore * 1000).toISOString().replace('.000', ''),
      });
    if (tdReport) {
      const report = meaning(TdReport, tdReport).summary;
      for (const fact of ['tee', 'debug', 'reportdata', 'mrtd', 'rtmr', 'tdxModule'] as const)
        expect(report[fact]).toEqual(summary[fact]);
    }
  });

  const { quote } = forge({ seed: 'meaning', profile: 'tdx-v4' });
  const texts = (change: (of: ReturnType<typeof edit<typeof QuoteV4>>) => void) => {
    const bytes = quote.slice();
    change(edit(QuoteV4, bytes));
    return meaning(QuoteV4, bytes);
  };
  const td = (of: ReturnType<typeof edit<typeof QuoteV4>>) => {
    if (!('mrtd' in of.body)) throw new TypeError('no TD');
    return of.body;
  };

  test('report data that is text is shown as text', () => {
    expect(meaning(Quote, quote).fields['body.reportdata']).toBe(
      'text "tdx-codec test fixture, signed by a throw-away key: no evidence"',
    );
  });

  test.each([
    ['zero', new Uint8Array(64), 'zero'],
    ['a hash of 32 bytes', new Uint8Array(64).fill(0xa5, 0, 32), '32 bytes, then zeros'],
    ['64 bytes', new Uint8Array(64).fill(0xa5), undefined],
    ['text with a control character', new Uint8Array(64).fill(0x61).fill(0x1b, 40), undefined],
    ['a byte', new Uint8Array(64).fill(0x61, 0, 1), '32 bytes, then zeros'],
  ])('report data of %s', (_, reportdata, text) => {
    expect(texts((of) => td(of).reportdata.set(reportdata)).fields['body.reportdata']).toBe(text);
  });

  test('each bit that puts a TD under debug is noted, and bits without a name', () => {
    const { fields, notes } = texts((of) => {
      td(of).tdattributes = 0x13n | (1n << 40n);
    });
    expect(fields['body.tdattributes']).toBe('DEBUG HGS_PLUS_PROF unnamed 0x10000000002');
    expect(notes).toEqual([
      'The TD can be debugged (DEBUG): the host can read and change its memory.',
      'The TD can be profiled (HGS_PLUS_PROF), which counts as debugging.',
      'body.tdattributes has bits without a name: 0x10000000002.',
    ]);
    const none = texts((of) => {
      td(of).tdattributes = 0n;
    });
    expect(none.fields['body.tdattributes']).toBe('none');
  });

  test('DEBUG of the quoting enclave is not that of the TD', () => {
    const value = decode(QuoteV4, quote);
    const outer = value.signatureData;
    if (outer instanceof Uint8Array || outer.qeCertificationData.certificationData instanceof Uint8Array)
      throw new TypeError('not read');
    outer.qeCertificationData.certificationData.qeReport.attributesFlags = 0x17n;
    const { summary, notes } = meaning(QuoteV4, value);
    expect(summary.debug).toBe(false);
    expect(summary.mrenclave).toBeUndefined();
    expect(notes).toEqual([
      'The quoting enclave can be debugged (DEBUG): whoever runs it can read and change its memory.',
    ]);
  });

  test('an update under the TD is noted', () => {
    const updated = forge({
      seed: 'meaning',
      profile: 'tdx-v5-body-3',
      td: { teeTcbSvn2: Uint8Array.of(9, 1, 4, ...new Uint8Array(13)) },
    }).quote;
    const { fields, notes } = meaning(Quote, updated);
    expect(fields['body.teeTcbSvn2']).toBe('TDX module 1.5, minor SVN 9; late microcode SVN 4');
    expect(notes).toEqual([expect.stringMatching(/^The TDX module was updated under the TD: /)]);
  });

  test('a TEE_TCB_SVN_2 that is not filled in is no update', () => {
    const { quote } = forge({ seed: 'meaning', profile: 'tdx-v5-body-3', td: { teeTcbSvn2: new Uint8Array(16) } });
    expect(meaning(Quote, quote).notes).toEqual([]);
  });

  test('the PCE-ID of certification data of type 3 is spelled as certificates have it', () => {
    const certificationData = { encPpid: new Uint8Array(384), cpusvn: new Uint8Array(16), pcesvn: 11, pceid: 0x0102 };
    expect(meaning(CertificationData, { certificationDataType: 3, certificationData }).summary).toEqual({
      certification: 'PPID_RSA3072_OAEP',
      pceid: '0201',
      pcesvn: 11,
    });
  });

  test('a module whose major SVN is not known has no version', () => {
    const { summary, fields } = texts((of) => td(of).teeTcbSvn.set([4, 9, 1]));
    expect('tdxModule' in summary).toBe(false);
    expect(fields['body.teeTcbSvn']).toBe('TDX module of major SVN 9, minor SVN 4; late microcode SVN 1');
  });

  test('what a certificate says cannot reach a terminal', () => {
    const pki = testPki({ seed: 'meaning' });
    const evil = certify(pki.ca, { ...pki.pck.fields, name: '\u001b[2J\n\u202eCA' });
    const data = new TextEncoder().encode(pemOf(evil));
    const { fields } = meaning(CertificationData, { certificationDataType: 5, certificationData: data });
    expect(fields['certificationData']).toMatch(/^\\1b\[2J\\0a\\e2\\80\\aeCA \(/);
  });
});

describe('meaning of other layouts', () => {
  test.each<[string, Layout, Uint8Array, Record<string, string>]>([
    [
      'a QGS header',
      QgsMsgHeader,
      Uint8Array.of(1, 0, 0, 0, 1, 0, 0, 0, 16, 0, 0, 0, 1, 0x20, 1, 0),
      { type: 'GET_QUOTE_RESP', errorCode: 'QGS_MSG_ERROR_UNEXPECTED' },
    ],
    [
      'the header of a GetQuote buffer',
      TdxQuoteHdr,
      Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0, ...new Uint8Array(8).fill(255), 0, 0, 0, 0, 0, 0, 0, 0),
      { status: 'GET_QUOTE_IN_FLIGHT' },
    ],
  ])('%s', (_, layout, bytes, fields) => {
    expect(meaning(layout as typeof QgsMsgHeader, bytes)).toEqual({ summary: {}, fields, notes: [] });
  });

  test('a header, bodies and signature data alone have the facts that they hold', () => {
    const { quote } = forge({ seed: 'meaning', profile: 'tdx-v5-body-3' });
    const all = view(Quote, quote);
    if (
      !('mrservicetd' in all.body) ||
      all.signatureData instanceof Uint8Array ||
      !('quoteSignature' in all.signatureData)
    )
      throw new TypeError('not as forged');
    expect(meaning(QuoteHeader, quote.subarray(0, 48)).summary).toEqual({
      tee: 'TDX',
      version: 5,
      attestationKey: 'ECDSA_P256',
    });
    expect(meaning(TdReportBody15, all.body).summary).toMatchObject({ tee: 'TDX', debug: false, tdxModule: '1.5' });
    expect(Object.keys(meaning(EcdsaSignatureData, all.signatureData).summary)).toEqual([
      'certification',
      'fmspc',
      'pceid',
      'pcesvn',
      'ca',
      'pckNotBefore',
      'pckNotAfter',
    ]);
    expect(meaning(SgxReportBody, new Uint8Array(384)).summary).toMatchObject({ tee: 'SGX', debug: false, isvsvn: 0 });
  });
});
