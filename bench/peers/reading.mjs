// What the peers share: their interface, the five fields, and the walk from a decoded quote to JSON.
// Every peer names its fields alike, so that "to JSON" differs only by what a peer needs to get at them.
import { readFileSync } from 'node:fs';

/**
 * @typedef {object} Peer
 * @property {string} name
 * @property {string} version installed version, or '-' for code written here
 * @property {(bytes: Uint8Array) => any} open every check the peer makes
 * @property {(opened: any) => number} read5 version, TEE type, first bytes of mrtd, reportdata and quote signature
 * @property {(bytes: Uint8Array) => object} toJsonable hex for bytes, text for the certificate chain
 * @property {(bytes: Uint8Array) => number} [least5] read5 by the least work the peer allows, fewer checks included
 * @property {(bytes: Uint8Array) => any} [decodeForEncode]
 * @property {(value: any) => Uint8Array} [encode]
 * @property {(value: any, into: Uint8Array) => number} [encodeInto]
 */

/** @param {string} name */
export function installed(name) {
  const json = new URL(`../../node_modules/${name}/package.json`, import.meta.url);
  return String(JSON.parse(readFileSync(json, 'utf8')).version);
}

/** Five fields in one number, each with its own weight, so that swapped fields show. */
export function fold(version, teeType, mrtd0, reportdata0, signature0) {
  return (version + teeType * 3 + mrtd0 * 4096 + reportdata0 * 65536 + signature0 * 4194304) | 0;
}

/** @param {Uint8Array} u8 */
export function hex(u8) {
  return Buffer.from(u8.buffer, u8.byteOffset, u8.length).toString('hex');
}

/** @param {Uint8Array} u8 */
export function text(u8) {
  return Buffer.from(u8.buffer, u8.byteOffset, u8.length).toString('latin1');
}

export function headerJson(h) {
  return {
    version: h.version,
    attestationKeyType: h.attestationKeyType,
    teeType: h.teeType,
    reserved: hex(h.reserved),
    qeVendorId: hex(h.qeVendorId),
    userData: hex(h.userData),
  };
}

export function bodyJson(b) {
  return {
    teeTcbSvn: hex(b.teeTcbSvn),
    mrseam: hex(b.mrseam),
    mrsignerseam: hex(b.mrsignerseam),
    seamattributes: hex(b.seamattributes),
    tdattributes: hex(b.tdattributes),
    xfam: hex(b.xfam),
    mrtd: hex(b.mrtd),
    mrconfigid: hex(b.mrconfigid),
    mrowner: hex(b.mrowner),
    mrownerconfig: hex(b.mrownerconfig),
    rtmr: [hex(b.rtmr[0]), hex(b.rtmr[1]), hex(b.rtmr[2]), hex(b.rtmr[3])],
    reportdata: hex(b.reportdata),
  };
}

function sgxReportJson(r) {
  return {
    cpusvn: hex(r.cpusvn),
    miscselect: r.miscselect,
    reserved1: hex(r.reserved1),
    isvextprodid: hex(r.isvextprodid),
    flags: hex(r.flags),
    xfrm: hex(r.xfrm),
    mrenclave: hex(r.mrenclave),
    reserved2: hex(r.reserved2),
    mrsigner: hex(r.mrsigner),
    reserved3: hex(r.reserved3),
    configid: hex(r.configid),
    isvprodid: r.isvprodid,
    isvsvn: r.isvsvn,
    configsvn: r.configsvn,
    reserved4: hex(r.reserved4),
    isvfamilyid: hex(r.isvfamilyid),
    reportdata: hex(r.reportdata),
  };
}

export function quoteJson(q) {
  const s = q.signatureData;
  const c = s.qe;
  return {
    header: headerJson(q.header),
    body: bodyJson(q.body),
    signatureData: {
      quoteSignature: hex(s.quoteSignature),
      attestationKey: hex(s.attestationKey),
      certType: s.certType,
      qe: {
        report: sgxReportJson(c.report),
        reportSignature: hex(c.reportSignature),
        authData: hex(c.authData),
        certType: c.certType,
        pem: text(c.certData),
      },
    },
    trailing: hex(q.trailing),
  };
}

/** For objects of byte arrays nested as above. */
export function read5(q) {
  return fold(
    q.header.version,
    q.header.teeType,
    q.body.mrtd[0],
    q.body.reportdata[0],
    q.signatureData.quoteSignature[0],
  );
}

/** @returns {never} */
export function fail(what) {
  throw new RangeError(what);
}
