// Written by hand, the obvious way to be lazy: a class over a DataView of its own, lengths checked once, fields read when asked for.
// It is the stricter of the two DataView peers, and the one the targets are held against.
import { bodyJson, fail, fold, headerJson, hex, text } from './reading.mjs';

export const name = 'by hand: DataView';
export const version = '-';

class Quote {
  constructor(u8) {
    const size = u8.length;
    if (size < 1226) fail('too short');
    const dv = new DataView(u8.buffer, u8.byteOffset, u8.byteLength);
    if (dv.getUint16(0, true) !== 4) fail('not version 4');
    if (dv.getUint32(4, true) !== 0x81) fail('not a TD');
    const signatureDataLen = dv.getUint32(632, true);
    if (signatureDataLen > size - 636) fail('signature data');
    const certSize = dv.getUint32(766, true);
    if (dv.getUint16(764, true) !== 6 || signatureDataLen < 590 || certSize !== signatureDataLen - 134)
      fail('certification data');
    const authSize = dv.getUint16(1218, true);
    if (authSize > certSize - 456) fail('QE authentication data');
    if (dv.getUint32(1222 + authSize, true) !== certSize - 456 - authSize) fail('certificate chain');
    this.u8 = u8;
    this.dv = dv;
    this.cut = 1220 + authSize;
    this.end = 636 + signatureDataLen;
  }

  get version() {
    return this.dv.getUint16(0, true);
  }

  get attestationKeyType() {
    return this.dv.getUint16(2, true);
  }

  get teeType() {
    return this.dv.getUint32(4, true);
  }

  get reserved() {
    return this.u8.subarray(8, 12);
  }

  get qeVendorId() {
    return this.u8.subarray(12, 28);
  }

  get userData() {
    return this.u8.subarray(28, 48);
  }

  get teeTcbSvn() {
    return this.u8.subarray(48, 64);
  }

  get mrseam() {
    return this.u8.subarray(64, 112);
  }

  get mrsignerseam() {
    return this.u8.subarray(112, 160);
  }

  get seamattributes() {
    return this.u8.subarray(160, 168);
  }

  get tdattributes() {
    return this.u8.subarray(168, 176);
  }

  get xfam() {
    return this.u8.subarray(176, 184);
  }

  get mrtd() {
    return this.u8.subarray(184, 232);
  }

  get mrconfigid() {
    return this.u8.subarray(232, 280);
  }

  get mrowner() {
    return this.u8.subarray(280, 328);
  }

  get mrownerconfig() {
    return this.u8.subarray(328, 376);
  }

  get rtmr0() {
    return this.u8.subarray(376, 424);
  }

  get rtmr1() {
    return this.u8.subarray(424, 472);
  }

  get rtmr2() {
    return this.u8.subarray(472, 520);
  }

  get rtmr3() {
    return this.u8.subarray(520, 568);
  }

  get reportdata() {
    return this.u8.subarray(568, 632);
  }

  get rtmr() {
    return [this.rtmr0, this.rtmr1, this.rtmr2, this.rtmr3];
  }

  get quoteSignature() {
    return this.u8.subarray(636, 700);
  }

  get attestationKey() {
    return this.u8.subarray(700, 764);
  }

  get certType() {
    return this.dv.getUint16(764, true);
  }

  get qeCpusvn() {
    return this.u8.subarray(770, 786);
  }

  get qeMiscselect() {
    return this.dv.getUint32(786, true);
  }

  get qeReserved1() {
    return this.u8.subarray(790, 802);
  }

  get qeIsvextprodid() {
    return this.u8.subarray(802, 818);
  }

  get qeFlags() {
    return this.u8.subarray(818, 826);
  }

  get qeXfrm() {
    return this.u8.subarray(826, 834);
  }

  get qeMrenclave() {
    return this.u8.subarray(834, 866);
  }

  get qeReserved2() {
    return this.u8.subarray(866, 898);
  }

  get qeMrsigner() {
    return this.u8.subarray(898, 930);
  }

  get qeReserved3() {
    return this.u8.subarray(930, 962);
  }

  get qeConfigid() {
    return this.u8.subarray(962, 1026);
  }

  get qeIsvprodid() {
    return this.dv.getUint16(1026, true);
  }

  get qeIsvsvn() {
    return this.dv.getUint16(1028, true);
  }

  get qeConfigsvn() {
    return this.dv.getUint16(1030, true);
  }

  get qeReserved4() {
    return this.u8.subarray(1032, 1074);
  }

  get qeIsvfamilyid() {
    return this.u8.subarray(1074, 1090);
  }

  get qeReportdata() {
    return this.u8.subarray(1090, 1154);
  }

  get qeReportSignature() {
    return this.u8.subarray(1154, 1218);
  }

  get authData() {
    return this.u8.subarray(1220, this.cut);
  }

  get innerCertType() {
    return this.dv.getUint16(this.cut, true);
  }

  get certData() {
    return this.u8.subarray(this.cut + 6, this.end);
  }

  get trailing() {
    return this.u8.subarray(this.end);
  }
}

export function open(bytes) {
  return new Quote(bytes);
}

export function read5(q) {
  return fold(q.version, q.teeType, q.mrtd[0], q.reportdata[0], q.quoteSignature[0]);
}

export function toJsonable(bytes) {
  const q = open(bytes);
  return {
    header: headerJson(q),
    body: bodyJson(q),
    signatureData: {
      quoteSignature: hex(q.quoteSignature),
      attestationKey: hex(q.attestationKey),
      certType: q.certType,
      qe: {
        report: {
          cpusvn: hex(q.qeCpusvn),
          miscselect: q.qeMiscselect,
          reserved1: hex(q.qeReserved1),
          isvextprodid: hex(q.qeIsvextprodid),
          flags: hex(q.qeFlags),
          xfrm: hex(q.qeXfrm),
          mrenclave: hex(q.qeMrenclave),
          reserved2: hex(q.qeReserved2),
          mrsigner: hex(q.qeMrsigner),
          reserved3: hex(q.qeReserved3),
          configid: hex(q.qeConfigid),
          isvprodid: q.qeIsvprodid,
          isvsvn: q.qeIsvsvn,
          configsvn: q.qeConfigsvn,
          reserved4: hex(q.qeReserved4),
          isvfamilyid: hex(q.qeIsvfamilyid),
          reportdata: hex(q.qeReportdata),
        },
        reportSignature: hex(q.qeReportSignature),
        authData: hex(q.authData),
        certType: q.innerCertType,
        pem: text(q.certData),
      },
    },
    trailing: hex(q.trailing),
  };
}
