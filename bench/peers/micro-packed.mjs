// micro-packed: lengths are prefixes, so they are checked on decode and computed on encode.
import * as P from 'micro-packed';
import { installed, quoteJson } from './reading.mjs';

const header = P.struct({
  version: P.U16LE,
  attestationKeyType: P.U16LE,
  teeType: P.U32LE,
  reserved: P.bytes(4),
  qeVendorId: P.bytes(16),
  userData: P.bytes(20),
});

const tdReport = P.struct({
  teeTcbSvn: P.bytes(16),
  mrseam: P.bytes(48),
  mrsignerseam: P.bytes(48),
  seamattributes: P.bytes(8),
  tdattributes: P.bytes(8),
  xfam: P.bytes(8),
  mrtd: P.bytes(48),
  mrconfigid: P.bytes(48),
  mrowner: P.bytes(48),
  mrownerconfig: P.bytes(48),
  rtmr: P.array(4, P.bytes(48)),
  reportdata: P.bytes(64),
});

const sgxReport = P.struct({
  cpusvn: P.bytes(16),
  miscselect: P.U32LE,
  reserved1: P.bytes(12),
  isvextprodid: P.bytes(16),
  flags: P.bytes(8),
  xfrm: P.bytes(8),
  mrenclave: P.bytes(32),
  reserved2: P.bytes(32),
  mrsigner: P.bytes(32),
  reserved3: P.bytes(32),
  configid: P.bytes(64),
  isvprodid: P.U16LE,
  isvsvn: P.U16LE,
  configsvn: P.U16LE,
  reserved4: P.bytes(42),
  isvfamilyid: P.bytes(16),
  reportdata: P.bytes(64),
});

const quote = P.struct({
  header,
  body: tdReport,
  signatureData: P.prefix(
    P.U32LE,
    P.struct({
      quoteSignature: P.bytes(64),
      attestationKey: P.bytes(64),
      certType: P.U16LE,
      qe: P.prefix(
        P.U32LE,
        P.struct({
          report: sgxReport,
          reportSignature: P.bytes(64),
          authData: P.bytes(P.U16LE),
          certType: P.U16LE,
          certData: P.bytes(P.U32LE),
        }),
      ),
    }),
  ),
  trailing: P.bytes(null),
});

export const name = 'micro-packed';
export const version = installed('micro-packed');

export function open(bytes) {
  const q = quote.decode(bytes);
  if (q.header.version !== 4 || q.header.teeType !== 0x81 || q.signatureData.certType !== 6)
    throw new Error('not a TD quote v4');
  return q;
}

export { read5 } from './reading.mjs';

export function toJsonable(bytes) {
  return quoteJson(open(bytes));
}

export function decodeForEncode(bytes) {
  return open(bytes);
}

export function encode(value) {
  return quote.encode(value);
}
