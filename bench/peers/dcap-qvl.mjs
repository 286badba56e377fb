// @phala/dcap-qvl, the JavaScript edition: its parser only, without any verification. It copies every field, keeps the QE report
// as bytes, and drops what follows the signature data.
import qvl from '@phala/dcap-qvl';
import { fold, hex, installed, text } from './reading.mjs';

const { Quote } = qvl;

export const name = '@phala/dcap-qvl';
export const version = installed('@phala/dcap-qvl');

export function open(bytes) {
  return Quote.parse(bytes);
}

export function read5(q) {
  const body = q.report.asTd10();
  return fold(q.header.version, q.header.teeType, body.mrTd[0], body.reportData[0], q.authData.data.ecdsaSignature[0]);
}

export function toJsonable(bytes) {
  const q = open(bytes);
  const h = q.header;
  const b = q.report.asTd10();
  const s = q.authData.data;
  const c = s.qeReportData;
  return {
    header: {
      version: h.version,
      attestationKeyType: h.attestationKeyType,
      teeType: h.teeType,
      qeSvn: h.qeSvn,
      pceSvn: h.pceSvn,
      qeVendorId: hex(h.qeVendorId),
      userData: hex(h.userData),
    },
    body: {
      teeTcbSvn: hex(b.teeTcbSvn),
      mrseam: hex(b.mrSeam),
      mrsignerseam: hex(b.mrSignerSeam),
      seamattributes: hex(b.seamAttributes),
      tdattributes: hex(b.tdAttributes),
      xfam: hex(b.xfam),
      mrtd: hex(b.mrTd),
      mrconfigid: hex(b.mrConfigId),
      mrowner: hex(b.mrOwner),
      mrownerconfig: hex(b.mrOwnerConfig),
      rtmr: [hex(b.rtMr0), hex(b.rtMr1), hex(b.rtMr2), hex(b.rtMr3)],
      reportdata: hex(b.reportData),
    },
    signatureData: {
      quoteSignature: hex(s.ecdsaSignature),
      attestationKey: hex(s.ecdsaAttestationKey),
      certType: s.certificationData.certType,
      qe: {
        reportBytes: hex(c.qeReport),
        reportSignature: hex(c.qeReportSignature),
        authData: hex(c.qeAuthData),
        certType: c.certificationData.certType,
        pem: text(c.certificationData.body),
      },
    },
  };
}
