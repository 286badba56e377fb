// What the stand-ins answer: files that are named by the report data, in hex.
import { createPrivateKey, randomBytes, sign } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encode } from '../../src/codec.ts';
import { framed } from '../../src/device/framing.ts';
import { toHex } from '../../src/engine/hex.ts';
import { attestationKeyOf, quote, reportMac, tdReport, testPki, testTd } from '../../src/foundry/index.ts';
import { QgsGetQuoteResp } from '../../src/structs/qgs-get-quote.ts';
import { QuoteV4 } from '../../src/structs/quote-v4.ts';
import { offsetOf, view } from '../../src/view.ts';

const seed = 'stand-in';
const pki = testPki({ seed });

const modelReport = tdReport(seed, testTd(), { version: 0, tcbInfo: '1.5', cpusvn: pki.platform.cpusvn });

/** A TDREPORT over the report data, as the machine of the stand-ins makes it. */
export function reportOf(reportdata: Uint8Array): Uint8Array<ArrayBuffer> {
  const made = new Uint8Array(modelReport);
  made.set(reportdata, 128);
  made.set(reportMac(seed, made), 224);
  return made;
}

const model = quote(pki, { shape: { version: 4, tee: 'tdx', body: 'TdReportBody10' } });
const opened = view(QuoteV4, model);
const REPORTDATA = offsetOf(opened, 'body.reportdata').offset;
// The signature covers all before its own length, and follows that.
const { offset: SIGNED, length: LENGTH } = offsetOf(opened, 'signatureDataLen');
const { secretKey, publicKey } = attestationKeyOf(seed, 'tdx');
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');
const [x, y] = [text(publicKey.subarray(0, 32)), text(publicKey.subarray(32))];
const key = createPrivateKey({ key: { kty: 'EC', crv: 'P-256', x, y, d: text(secretKey) }, format: 'jwk' });

/** Its quote, and zeros behind it. The foundry signs in JavaScript, too slowly for thousands. */
export function quoteOf(reportdata: Uint8Array, zeros = 0): Uint8Array<ArrayBuffer> {
  const made = new Uint8Array(model.length + zeros);
  made.set(model);
  made.set(reportdata, REPORTDATA);
  made.set(sign('sha256', made.subarray(0, SIGNED), { key, dsaEncoding: 'ieee-p1363' }), SIGNED + LENGTH);
  return made;
}

/** The message in which a QGS sends it, behind its length. */
function replyOf(quote: Uint8Array): Uint8Array {
  const header = { majorVersion: 1, minorVersion: 1, type: 1, errorCode: 0 };
  return framed(encode(QgsGetQuoteResp, { header, selectedId: new Uint8Array(), quote }));
}

/** The folder of answers. */
export class Answers {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
    mkdirSync(folder, { recursive: true });
  }

  /** Makes the stand-in answer with these bytes, whatever they are. */
  write(reportdata: Uint8Array, kind: 'quote' | 'reply' | 'report', bytes: Uint8Array): void {
    writeFileSync(join(this.folder, `${toHex(reportdata)}.${kind}`), bytes);
  }

  /** Report data that nobody has used, with its quote. */
  fresh(zeros = 0): { reportdata: Uint8Array; quote: Uint8Array } {
    const reportdata = new Uint8Array(randomBytes(64));
    const quote = quoteOf(reportdata, zeros);
    this.write(reportdata, 'quote', quote);
    return { reportdata, quote };
  }

  /** The same, with its TDREPORT, and the quote as a QGS sends it. */
  freshReport(zeros = 0): { reportdata: Uint8Array; report: Uint8Array; quote: Uint8Array } {
    const { reportdata, quote } = this.fresh(zeros);
    const report = reportOf(reportdata);
    this.write(reportdata, 'report', report);
    this.write(reportdata, 'reply', replyOf(quote));
    return { reportdata, report, quote };
  }
}
