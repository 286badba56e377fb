// typed-binary: its own byte arrays have fixed lengths, so the variable ones are schemas of ours, as its guide proposes.
import * as bin from 'typed-binary';
import { fail, installed, quoteJson } from './reading.mjs';

/** Bytes after their length. */
class Prefixed extends bin.Schema {
  constructor(length) {
    super();
    this.length = length;
  }

  read(input) {
    return bin.u8Array(this.length.read(input)).read(input);
  }

  write(output, value) {
    this.length.write(output, value.length);
    output.writeSlice(value);
  }

  measure(value, measurer = new bin.Measurer()) {
    return value === bin.MaxValue ? measurer.unbounded : this.length.measure(value.length, measurer).add(value.length);
  }
}

const header = bin.object({
  version: bin.u16,
  attestationKeyType: bin.u16,
  teeType: bin.u32,
  reserved: bin.u8Array(4),
  qeVendorId: bin.u8Array(16),
  userData: bin.u8Array(20),
});

const tdReport = bin.object({
  teeTcbSvn: bin.u8Array(16),
  mrseam: bin.u8Array(48),
  mrsignerseam: bin.u8Array(48),
  seamattributes: bin.u8Array(8),
  tdattributes: bin.u8Array(8),
  xfam: bin.u8Array(8),
  mrtd: bin.u8Array(48),
  mrconfigid: bin.u8Array(48),
  mrowner: bin.u8Array(48),
  mrownerconfig: bin.u8Array(48),
  rtmr: bin.arrayOf(bin.u8Array(48), 4),
  reportdata: bin.u8Array(64),
});

const sgxReport = bin.object({
  cpusvn: bin.u8Array(16),
  miscselect: bin.u32,
  reserved1: bin.u8Array(12),
  isvextprodid: bin.u8Array(16),
  flags: bin.u8Array(8),
  xfrm: bin.u8Array(8),
  mrenclave: bin.u8Array(32),
  reserved2: bin.u8Array(32),
  mrsigner: bin.u8Array(32),
  reserved3: bin.u8Array(32),
  configid: bin.u8Array(64),
  isvprodid: bin.u16,
  isvsvn: bin.u16,
  configsvn: bin.u16,
  reserved4: bin.u8Array(42),
  isvfamilyid: bin.u8Array(16),
  reportdata: bin.u8Array(64),
});

const quote = bin.object({
  header,
  body: tdReport,
  signatureDataLen: bin.u32,
  signatureData: bin.object({
    quoteSignature: bin.u8Array(64),
    attestationKey: bin.u8Array(64),
    certType: bin.u16,
    certSize: bin.u32,
    qe: bin.object({
      report: sgxReport,
      reportSignature: bin.u8Array(64),
      authData: new Prefixed(bin.u16),
      certType: bin.u16,
      certData: new Prefixed(bin.u32),
    }),
  }),
});

export const name = 'typed-binary';
export const version = installed('typed-binary');

export function open(bytes) {
  const input = new bin.BufferReader(bytes.buffer, { byteOffset: bytes.byteOffset, endianness: 'little' });
  const q = quote.read(input);
  const { certSize, qe } = q.signatureData;
  const end = input.currentByteOffset - bytes.byteOffset;
  if (q.header.version !== 4 || q.header.teeType !== 0x81 || q.signatureData.certType !== 6) fail('not a TD quote v4');
  if (q.signatureDataLen !== 134 + certSize || certSize !== 456 + qe.authData.length + qe.certData.length)
    fail('lengths disagree');
  if (end > bytes.length) fail('truncated');
  q.trailing = bytes.slice(end);
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
  const size = quote.measure(value).size;
  const bytes = new Uint8Array(size + value.trailing.length);
  quote.write(new bin.BufferWriter(bytes.buffer, { endianness: 'little' }), value);
  bytes.set(value.trailing, size);
  return bytes;
}
