// Each spelling of a quote against what another parser reads in the same bytes, and against what the others have recorded.
import { readFileSync } from 'node:fs';
import qvl from '@phala/dcap-qvl';
import { describe, expect, test } from 'vitest';
import { project, quoteFormats } from '../../src/evidence/project.ts';
import { Quote } from '../../src/structs/index.ts';
import { view } from '../../src/view.ts';
import { absent, bytesOf, entries } from '../corpus.ts';
import { positives, bytesOf as vectorBytes } from '../golden.ts';
import { failureOf } from '../leaves.ts';

type Read = { readonly [name: string]: Read };
type Parsed = {
  header: Read;
  report: { type: string; data: Read; isSgx(): boolean };
  authData: { version: number; data: Read };
};
const parse = (bytes: Uint8Array): Parsed => qvl.Quote.parse(bytes) as unknown as Parsed;

const hex = (bytes: unknown): string => Buffer.from(bytes as Uint8Array).toString('hex');
const base64 = (bytes: unknown): string => Buffer.from(bytes as Uint8Array).toString('base64');
const little = (number: unknown, size: number): string => {
  const bytes = Buffer.alloc(size);
  bytes.writeUIntLE(Number(number), 0, size);
  return bytes.toString('hex');
};

/** The other parser's objects in its Rust edition's spelling. */
function snake(it: unknown): unknown {
  if (it instanceof Uint8Array) return hex(it);
  if (typeof it !== 'object' || it === null) return it;
  return Object.fromEntries(
    Object.entries(it).map(([name, value]) => [
      name.replace(/[A-Z]/g, (upper) => `_${upper.toLowerCase()}`),
      snake(value),
    ]),
  );
}
const VARIANT: Record<string, string> = { sgx: 'SgxEnclave', td10: 'TD10', td15: 'TD15' };

const quotes = entries
  .filter(({ kind, malformed, file }) => kind === 'quote' && !malformed && file.endsWith('.bin'))
  .map(({ file }) => ({ name: file, bytes: bytesOf(file) }));
const samples = positives
  .filter(([name]) => /^quote-v[345]\/(sample|clean)/.test(name))
  .map(([name, vector]) => ({ name, bytes: vectorBytes(name, vector) }));
const parsed = [...quotes, ...samples].flatMap((quote) => {
  try {
    return [{ ...quote, theirs: parse(quote.bytes) }];
  } catch {
    return [];
  }
});
const ofTd = parsed.filter(({ theirs }) => !theirs.report.isSgx());

test(absent ?? 'the other parser reads most of the corpus', ({ skip }) => {
  if (absent) return skip(absent);
  expect(ofTd.length).toBeGreaterThan(50);
  expect(parsed.length).toBeGreaterThan(quotes.length * 0.9);
});

describe.each(parsed)('$name', ({ bytes, theirs }) => {
  test('dcap-qvl has every field as @phala/dcap-qvl reads it', () => {
    expect(project('dcap-qvl', bytes)).toEqual({
      header: snake(theirs.header),
      report: { [VARIANT[theirs.report.type] ?? '']: snake(theirs.report.data) },
      auth_data: { [`V${theirs.authData.version}`]: snake(theirs.authData.data) },
    });
  });

  test('a view gives the same as its bytes', () => {
    expect(project('dcap-qvl', view(Quote, bytes))).toEqual(project('dcap-qvl', bytes));
  });
});

describe.each(ofTd)('$name', ({ bytes, theirs }) => {
  const body = theirs.report.data['base'] ?? theirs.report.data;
  const td15 = theirs.report.data['base'] && theirs.report.data;
  const attributes = Buffer.from(body['tdAttributes'] as unknown as Uint8Array).readBigUInt64LE();
  const bit = (n: bigint): boolean => ((attributes >> n) & 1n) === 1n;

  test('trust-authority has the measurements and attributes that @phala/dcap-qvl reads', () => {
    expect(project('trust-authority', bytes)).toEqual({
      tdx_tee_tcb_svn: hex(body['teeTcbSvn']),
      tdx_mrseam: hex(body['mrSeam']),
      tdx_mrsignerseam: hex(body['mrSignerSeam']),
      tdx_seam_attributes: hex(body['seamAttributes']),
      tdx_td_attributes: hex(body['tdAttributes']),
      tdx_xfam: hex(body['xfam']),
      tdx_mrtd: hex(body['mrTd']),
      tdx_mrconfigid: hex(body['mrConfigId']),
      tdx_mrowner: hex(body['mrOwner']),
      tdx_mrownerconfig: hex(body['mrOwnerConfig']),
      tdx_rtmr0: hex(body['rtMr0']),
      tdx_rtmr1: hex(body['rtMr1']),
      tdx_rtmr2: hex(body['rtMr2']),
      tdx_rtmr3: hex(body['rtMr3']),
      tdx_report_data: hex(body['reportData']),
      tdx_seamsvn: (body['teeTcbSvn'] as unknown as Uint8Array)[0],
      tdx_td_attributes_debug: bit(0n),
      tdx_td_attributes_septve_disable: bit(28n),
      tdx_td_attributes_protection_keys: bit(30n),
      tdx_td_attributes_key_locker: bit(31n),
      tdx_td_attributes_perfmon: bit(63n),
      tdx_is_debuggable: bit(0n),
    });
  });

  test('trustee has the fields that @phala/dcap-qvl reads, as the hex of their bytes', () => {
    const { header } = theirs;
    expect(project('trustee', bytes)).toEqual({
      quote: {
        header: {
          version: little(header['version'], 2),
          att_key_type: little(header['attestationKeyType'], 2),
          tee_type: little(header['teeType'], 4),
          reserved: little(header['qeSvn'], 2) + little(header['pceSvn'], 2),
          vendor_id: hex(header['qeVendorId']),
          user_data: hex(header['userData']),
        },
        ...(Number(header['version']) === 5 && {
          type: hex(bytes.subarray(48, 50)),
          size: hex(bytes.subarray(50, 54)),
        }),
        body: {
          tcb_svn: hex(body['teeTcbSvn']),
          mr_seam: hex(body['mrSeam']),
          mrsigner_seam: hex(body['mrSignerSeam']),
          seam_attributes: hex(body['seamAttributes']),
          td_attributes: hex(body['tdAttributes']),
          xfam: hex(body['xfam']),
          mr_td: hex(body['mrTd']),
          mr_config_id: hex(body['mrConfigId']),
          mr_owner: hex(body['mrOwner']),
          mr_owner_config: hex(body['mrOwnerConfig']),
          rtmr_0: hex(body['rtMr0']),
          rtmr_1: hex(body['rtMr1']),
          rtmr_2: hex(body['rtMr2']),
          rtmr_3: hex(body['rtMr3']),
          report_data: hex(body['reportData']),
          ...(td15 && { tee_tcb_svn2: hex(td15['teeTcbSvn2']), mr_servicetd: hex(td15['mrServiceTd']) }),
        },
      },
      td_attributes: {
        debug: bit(0n),
        key_locker: bit(31n),
        perfmon: bit(63n),
        protection_keys: bit(30n),
        septve_disable: bit(28n),
      },
      report_data: hex(body['reportData']),
      init_data: hex(body['mrConfigId']),
    });
  });

  test.each(Number(theirs.header['version']) === 5 && !td15 ? [] : [[bytes]])(
    'go-tdx-guest has the fields that @phala/dcap-qvl reads, bytes in base64',
    () => {
      const said = project('go-tdx-guest', bytes) as unknown as Read;
      const theirBody = {
        teeTcbSvn: base64(body['teeTcbSvn']),
        mrSeam: base64(body['mrSeam']),
        mrSignerSeam: base64(body['mrSignerSeam']),
        seamAttributes: base64(body['seamAttributes']),
        tdAttributes: base64(body['tdAttributes']),
        xfam: base64(body['xfam']),
        mrTd: base64(body['mrTd']),
        mrConfigId: base64(body['mrConfigId']),
        mrOwner: base64(body['mrOwner']),
        mrOwnerConfig: base64(body['mrOwnerConfig']),
        rtmrs: [0, 1, 2, 3].map((i) => base64(body[`rtMr${i}`])),
        reportData: base64(body['reportData']),
        ...(td15 && { teeTcbSvn2: base64(td15['teeTcbSvn2']), mrServiceTd: base64(td15['mrServiceTd']) }),
      };
      expect(td15 ? said['tdQuoteBodyDescriptor']?.['tdQuoteBodyV5'] : said['tdQuoteBody']).toEqual(theirBody);
      const auth = theirs.authData.data;
      const inner = auth['qeReportData'];
      expect(said['signedData']).toMatchObject({
        signature: base64(auth['ecdsaSignature']),
        ecdsaAttestationKey: base64(auth['ecdsaAttestationKey']),
        certificationData: {
          certificateDataType: auth['certificationData']?.['certType'],
          qeReportCertificationData: {
            qeReportSignature: base64(inner?.['qeReportSignature']),
            pckCertificateChainData: { pckCertChain: base64(inner?.['certificationData']?.['body']) },
          },
        },
      });
      const { qeReport } = said['signedData']?.['certificationData']?.['qeReportCertificationData'] ?? {};
      const report = Object.values(qeReport ?? {}).filter((value) => typeof value === 'string');
      for (const part of report)
        expect(hex(inner?.['qeReport'])).toContain(Buffer.from(String(part), 'base64').toString('hex'));
      expect(JSON.stringify(said)).not.toMatch(/:(0|""|null)[,}]/);
    },
  );
});

const recorded = process.env['TDX_CORPUS'] ?? new URL('../../../shared/corpus', import.meta.url).pathname;
test(absent ?? 'trustee has what trustee itself has recorded for one of its quotes', ({ skip }) => {
  if (absent) return skip(absent);
  const claims = JSON.parse(readFileSync(`${recorded}/files/tdx-v4-coco-trustee-2.peer-trustee-claims.json`, 'utf8'));
  expect(claims).toMatchObject(project('trustee', bytesOf('tdx-v4-coco-trustee-2.bin')));
});

test('a quote that a format cannot say throws variant, bytes that are no quote what view throws', () => {
  const sgx = parsed.find(({ theirs }) => theirs.report.isSgx());
  for (const format of quoteFormats) {
    if (sgx && format !== 'dcap-qvl') {
      expect(failureOf(() => project(format, sgx.bytes))).toMatchObject({
        code: 'variant',
        path: expect.stringMatching(/^Quote\./),
      });
    }
    expect(failureOf(() => project(format, new Uint8Array(3)))).toEqual(
      failureOf(() => view(Quote, new Uint8Array(3))),
    );
  }
});
