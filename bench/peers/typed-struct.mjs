// typed-struct: one tail of variable length per struct, so a quote is three of them, one in the tail of the other.
// Literals (its way to check a constant) are not used: they overwrite the input while reading it.
import { Struct } from 'typed-struct';
import { fail, installed, quoteJson } from './reading.mjs';

const Header = new Struct('Header')
  .UInt16LE('version')
  .UInt16LE('attestationKeyType')
  .UInt32LE('teeType')
  .Buffer('reserved', 4)
  .Buffer('qeVendorId', 16)
  .Buffer('userData', 20)
  .compile();

const TdReport = new Struct('TdReport')
  .Buffer('teeTcbSvn', 16)
  .Buffer('mrseam', 48)
  .Buffer('mrsignerseam', 48)
  .Buffer('seamattributes', 8)
  .Buffer('tdattributes', 8)
  .Buffer('xfam', 8)
  .Buffer('mrtd', 48)
  .Buffer('mrconfigid', 48)
  .Buffer('mrowner', 48)
  .Buffer('mrownerconfig', 48)
  .Buffer('rtmr0', 48)
  .Buffer('rtmr1', 48)
  .Buffer('rtmr2', 48)
  .Buffer('rtmr3', 48)
  .Buffer('reportdata', 64)
  .compile();

const SgxReport = new Struct('SgxReport')
  .Buffer('cpusvn', 16)
  .UInt32LE('miscselect')
  .Buffer('reserved1', 12)
  .Buffer('isvextprodid', 16)
  .Buffer('flags', 8)
  .Buffer('xfrm', 8)
  .Buffer('mrenclave', 32)
  .Buffer('reserved2', 32)
  .Buffer('mrsigner', 32)
  .Buffer('reserved3', 32)
  .Buffer('configid', 64)
  .UInt16LE('isvprodid')
  .UInt16LE('isvsvn')
  .UInt16LE('configsvn')
  .Buffer('reserved4', 42)
  .Buffer('isvfamilyid', 16)
  .Buffer('reportdata', 64)
  .compile();

const SignatureData = new Struct('SignatureData')
  .Buffer('quoteSignature', 64)
  .Buffer('attestationKey', 64)
  .UInt16LE('certType')
  .UInt32LE('certSize')
  .Struct('report', SgxReport)
  .Buffer('reportSignature', 64)
  .UInt16LE('authSize')
  .compile();

const Quote = new Struct('Quote')
  .Struct('header', Header)
  .Struct('body', TdReport)
  .UInt32LE('signatureDataLen')
  .Struct('signatureData', SignatureData)
  .Buffer('rest')
  .compile();

const Certification = new Struct('Certification').UInt16LE('certType').UInt32LE('certSize').Buffer('rest').compile();

export const name = 'typed-struct';
export const version = installed('typed-struct');

export function open(bytes) {
  const quote = new Quote(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  const s = quote.signatureData;
  if (quote.header.version !== 4 || quote.header.teeType !== 0x81 || s.certType !== 6) fail('not a TD quote v4');
  const authSize = s.authSize;
  const certification = new Certification(quote.rest.subarray(authSize));
  const certSize = certification.certSize;
  if (quote.signatureDataLen !== 134 + s.certSize || s.certSize !== 456 + authSize + certSize) fail('lengths disagree');
  if (certification.rest.length < certSize) fail('truncated');
  return { quote, certification };
}

export function read5({ quote }) {
  const { header, body } = quote;
  return (
    (header.version +
      header.teeType * 3 +
      body.mrtd[0] * 4096 +
      body.reportdata[0] * 65536 +
      quote.signatureData.quoteSignature[0] * 4194304) |
    0
  );
}

export function toJsonable(bytes) {
  const { quote, certification } = open(bytes);
  const { header, body, signatureData: s } = quote;
  const { certSize } = certification;
  return quoteJson({
    header,
    body: Object.assign({ rtmr: [body.rtmr0, body.rtmr1, body.rtmr2, body.rtmr3] }, body),
    signatureData: {
      quoteSignature: s.quoteSignature,
      attestationKey: s.attestationKey,
      certType: s.certType,
      qe: {
        report: s.report,
        reportSignature: s.reportSignature,
        authData: quote.rest.subarray(0, s.authSize),
        certType: certification.certType,
        certData: certification.rest.subarray(0, certSize),
      },
    },
    trailing: certification.rest.subarray(certSize),
  });
}

export function decodeForEncode(bytes) {
  return open(bytes);
}

function assign(to, from) {
  for (const key in from) {
    const value = from[key];
    if (typeof value === 'number') to[key] = value;
    else if (Buffer.isBuffer(value)) to[key].set(value);
    else assign(to[key], value);
  }
}

export function encode({ quote, certification }) {
  const authSize = quote.signatureData.authSize;
  const to = new Quote(Quote.baseSize + authSize + Certification.baseSize + certification.rest.length);
  assign(to.header, quote.header);
  assign(to.body, quote.body);
  to.signatureDataLen = quote.signatureDataLen;
  assign(to.signatureData, quote.signatureData);
  to.rest.set(quote.rest.subarray(0, authSize));
  assign(new Certification(to.rest.subarray(authSize)), certification);
  return Quote.raw(to);
}
