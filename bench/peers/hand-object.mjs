// Written by hand, the obvious way: a DataView per quote, and an object that holds every field as a subarray.
import { fail, quoteJson } from './reading.mjs';

export const name = 'by hand: object';
export const version = '-';

function header(dv, u8) {
  return {
    version: dv.getUint16(0, true),
    attestationKeyType: dv.getUint16(2, true),
    teeType: dv.getUint32(4, true),
    reserved: u8.subarray(8, 12),
    qeVendorId: u8.subarray(12, 28),
    userData: u8.subarray(28, 48),
  };
}

function tdReport(u8, at) {
  return {
    teeTcbSvn: u8.subarray(at, at + 16),
    mrseam: u8.subarray(at + 16, at + 64),
    mrsignerseam: u8.subarray(at + 64, at + 112),
    seamattributes: u8.subarray(at + 112, at + 120),
    tdattributes: u8.subarray(at + 120, at + 128),
    xfam: u8.subarray(at + 128, at + 136),
    mrtd: u8.subarray(at + 136, at + 184),
    mrconfigid: u8.subarray(at + 184, at + 232),
    mrowner: u8.subarray(at + 232, at + 280),
    mrownerconfig: u8.subarray(at + 280, at + 328),
    rtmr: [
      u8.subarray(at + 328, at + 376),
      u8.subarray(at + 376, at + 424),
      u8.subarray(at + 424, at + 472),
      u8.subarray(at + 472, at + 520),
    ],
    reportdata: u8.subarray(at + 520, at + 584),
  };
}

function sgxReport(dv, u8, at) {
  return {
    cpusvn: u8.subarray(at, at + 16),
    miscselect: dv.getUint32(at + 16, true),
    reserved1: u8.subarray(at + 20, at + 32),
    isvextprodid: u8.subarray(at + 32, at + 48),
    flags: u8.subarray(at + 48, at + 56),
    xfrm: u8.subarray(at + 56, at + 64),
    mrenclave: u8.subarray(at + 64, at + 96),
    reserved2: u8.subarray(at + 96, at + 128),
    mrsigner: u8.subarray(at + 128, at + 160),
    reserved3: u8.subarray(at + 160, at + 192),
    configid: u8.subarray(at + 192, at + 256),
    isvprodid: dv.getUint16(at + 256, true),
    isvsvn: dv.getUint16(at + 258, true),
    configsvn: dv.getUint16(at + 260, true),
    reserved4: u8.subarray(at + 262, at + 304),
    isvfamilyid: u8.subarray(at + 304, at + 320),
    reportdata: u8.subarray(at + 320, at + 384),
  };
}

export function open(u8) {
  const size = u8.length;
  if (size < 1226) fail('too short');
  const dv = new DataView(u8.buffer, u8.byteOffset, u8.byteLength);
  if (dv.getUint16(0, true) !== 4) fail('not version 4');
  if (dv.getUint32(4, true) !== 0x81) fail('not a TD');
  const signatureDataLen = dv.getUint32(632, true);
  if (signatureDataLen > size - 636) fail('signature data');
  const certType = dv.getUint16(764, true);
  const certSize = dv.getUint32(766, true);
  if (certType !== 6 || signatureDataLen < 590 || certSize !== signatureDataLen - 134) fail('certification data');
  const authSize = dv.getUint16(1218, true);
  if (authSize > certSize - 456) fail('QE authentication data');
  const at = 1220 + authSize;
  const innerSize = dv.getUint32(at + 2, true);
  if (innerSize !== certSize - 456 - authSize) fail('certificate chain');
  return {
    header: header(dv, u8),
    body: tdReport(u8, 48),
    signatureDataLen,
    signatureData: {
      quoteSignature: u8.subarray(636, 700),
      attestationKey: u8.subarray(700, 764),
      certType,
      certSize,
      qe: {
        report: sgxReport(dv, u8, 770),
        reportSignature: u8.subarray(1154, 1218),
        authData: u8.subarray(1220, at),
        certType: dv.getUint16(at, true),
        certData: u8.subarray(at + 6, at + 6 + innerSize),
      },
    },
    trailing: u8.subarray(636 + signatureDataLen),
  };
}

export { read5 } from './reading.mjs';

export function toJsonable(bytes) {
  return quoteJson(open(bytes));
}

export function decodeForEncode(bytes) {
  return open(bytes);
}

export function encodeInto(q, into) {
  const dv = new DataView(into.buffer, into.byteOffset, into.byteLength);
  const h = q.header;
  dv.setUint16(0, h.version, true);
  dv.setUint16(2, h.attestationKeyType, true);
  dv.setUint32(4, h.teeType, true);
  into.set(h.reserved, 8);
  into.set(h.qeVendorId, 12);
  into.set(h.userData, 28);
  const b = q.body;
  into.set(b.teeTcbSvn, 48);
  into.set(b.mrseam, 64);
  into.set(b.mrsignerseam, 112);
  into.set(b.seamattributes, 160);
  into.set(b.tdattributes, 168);
  into.set(b.xfam, 176);
  into.set(b.mrtd, 184);
  into.set(b.mrconfigid, 232);
  into.set(b.mrowner, 280);
  into.set(b.mrownerconfig, 328);
  into.set(b.rtmr[0], 376);
  into.set(b.rtmr[1], 424);
  into.set(b.rtmr[2], 472);
  into.set(b.rtmr[3], 520);
  into.set(b.reportdata, 568);
  const s = q.signatureData;
  const c = s.qe;
  const certSize = 456 + c.authData.length + c.certData.length;
  dv.setUint32(632, 134 + certSize, true);
  into.set(s.quoteSignature, 636);
  into.set(s.attestationKey, 700);
  dv.setUint16(764, s.certType, true);
  dv.setUint32(766, certSize, true);
  const r = c.report;
  into.set(r.cpusvn, 770);
  dv.setUint32(786, r.miscselect, true);
  into.set(r.reserved1, 790);
  into.set(r.isvextprodid, 802);
  into.set(r.flags, 818);
  into.set(r.xfrm, 826);
  into.set(r.mrenclave, 834);
  into.set(r.reserved2, 866);
  into.set(r.mrsigner, 898);
  into.set(r.reserved3, 930);
  into.set(r.configid, 962);
  dv.setUint16(1026, r.isvprodid, true);
  dv.setUint16(1028, r.isvsvn, true);
  dv.setUint16(1030, r.configsvn, true);
  into.set(r.reserved4, 1032);
  into.set(r.isvfamilyid, 1074);
  into.set(r.reportdata, 1090);
  into.set(c.reportSignature, 1154);
  dv.setUint16(1218, c.authData.length, true);
  into.set(c.authData, 1220);
  const at = 1220 + c.authData.length;
  dv.setUint16(at, c.certType, true);
  dv.setUint32(at + 2, c.certData.length, true);
  into.set(c.certData, at + 6);
  const end = at + 6 + c.certData.length;
  into.set(q.trailing, end);
  return end + q.trailing.length;
}

export function encode(q) {
  const { authData, certData } = q.signatureData.qe;
  const into = new Uint8Array(1226 + authData.length + certData.length + q.trailing.length);
  encodeInto(q, into);
  return into;
}
