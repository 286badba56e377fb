// restructure, declared by hand and used bare: no checks but its own.
import * as r from 'restructure';
import { installed, quoteJson } from './reading.mjs';

const b = (n) => new r.Buffer(n);
const rest = {
  decode: (stream) => stream.readBuffer(stream.length - stream.pos),
  size: (value) => value.length,
  encode: (stream, value) => stream.writeBuffer(value),
};

const Header = new r.Struct({
  version: r.uint16le,
  attestationKeyType: r.uint16le,
  teeType: r.uint32le,
  reserved: b(4),
  qeVendorId: b(16),
  userData: b(20),
});

const TdReport = new r.Struct({
  teeTcbSvn: b(16),
  mrseam: b(48),
  mrsignerseam: b(48),
  seamattributes: b(8),
  tdattributes: b(8),
  xfam: b(8),
  mrtd: b(48),
  mrconfigid: b(48),
  mrowner: b(48),
  mrownerconfig: b(48),
  rtmr: new r.Array(b(48), 4),
  reportdata: b(64),
});

const SgxReport = new r.Struct({
  cpusvn: b(16),
  miscselect: r.uint32le,
  reserved1: b(12),
  isvextprodid: b(16),
  flags: b(8),
  xfrm: b(8),
  mrenclave: b(32),
  reserved2: b(32),
  mrsigner: b(32),
  reserved3: b(32),
  configid: b(64),
  isvprodid: r.uint16le,
  isvsvn: r.uint16le,
  configsvn: r.uint16le,
  reserved4: b(42),
  isvfamilyid: b(16),
  reportdata: b(64),
});

const QuoteV4 = new r.Struct({
  header: Header,
  body: TdReport,
  signatureDataLen: r.uint32le,
  signatureData: new r.Struct({
    quoteSignature: b(64),
    attestationKey: b(64),
    certType: r.uint16le,
    certSize: r.uint32le,
    qe: new r.Struct({
      report: SgxReport,
      reportSignature: b(64),
      authSize: r.uint16le,
      authData: b('authSize'),
      certType: r.uint16le,
      certSize: r.uint32le,
      certData: b('certSize'),
    }),
  }),
  trailing: rest,
});

export const name = 'restructure';
export const version = installed('restructure');

export function open(bytes) {
  return QuoteV4.fromBuffer(bytes);
}

export { read5 } from './reading.mjs';

export function toJsonable(bytes) {
  return quoteJson(open(bytes));
}

export function decodeForEncode(bytes) {
  return open(bytes);
}

export function encode(value) {
  return QuoteV4.toBuffer(value);
}

export function encodeInto(value, into) {
  const stream = new r.EncodeStream(into);
  QuoteV4.encode(stream, value);
  return stream.pos;
}
