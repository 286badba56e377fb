// binary-parser: compiles its parser at run time, with new Function.
import { Parser } from 'binary-parser';
import { installed, quoteJson } from './reading.mjs';

const start = () => new Parser().endianness('little');

const header = start()
  .uint16('version', { assert: 4 })
  .uint16('attestationKeyType')
  .uint32('teeType', { assert: 0x81 })
  .buffer('reserved', { length: 4 })
  .buffer('qeVendorId', { length: 16 })
  .buffer('userData', { length: 20 });

const tdReport = start()
  .buffer('teeTcbSvn', { length: 16 })
  .buffer('mrseam', { length: 48 })
  .buffer('mrsignerseam', { length: 48 })
  .buffer('seamattributes', { length: 8 })
  .buffer('tdattributes', { length: 8 })
  .buffer('xfam', { length: 8 })
  .buffer('mrtd', { length: 48 })
  .buffer('mrconfigid', { length: 48 })
  .buffer('mrowner', { length: 48 })
  .buffer('mrownerconfig', { length: 48 })
  .array('rtmr', { type: start().buffer('', { length: 48 }), length: 4 })
  .buffer('reportdata', { length: 64 });

const sgxReport = start()
  .buffer('cpusvn', { length: 16 })
  .uint32('miscselect')
  .buffer('reserved1', { length: 12 })
  .buffer('isvextprodid', { length: 16 })
  .buffer('flags', { length: 8 })
  .buffer('xfrm', { length: 8 })
  .buffer('mrenclave', { length: 32 })
  .buffer('reserved2', { length: 32 })
  .buffer('mrsigner', { length: 32 })
  .buffer('reserved3', { length: 32 })
  .buffer('configid', { length: 64 })
  .uint16('isvprodid')
  .uint16('isvsvn')
  .uint16('configsvn')
  .buffer('reserved4', { length: 42 })
  .buffer('isvfamilyid', { length: 16 })
  .buffer('reportdata', { length: 64 });

const qe = start()
  .nest('report', { type: sgxReport })
  .buffer('reportSignature', { length: 64 })
  .uint16('authSize')
  .buffer('authData', { length: 'authSize' })
  .uint16('certType')
  .uint32('certSize')
  .buffer('certData', { length: 'certSize' });

const signatureData = start()
  .buffer('quoteSignature', { length: 64 })
  .buffer('attestationKey', { length: 64 })
  .uint16('certType', { assert: 6 })
  .uint32('certSize')
  .nest('qe', { type: qe });

const quote = start()
  .nest('header', { type: header })
  .nest('body', { type: tdReport })
  .uint32('signatureDataLen')
  .nest('signatureData', { type: signatureData })
  .buffer('trailing', { readUntil: 'eof' });

export const name = 'binary-parser';
export const version = installed('binary-parser');

export function open(bytes) {
  return quote.parse(bytes);
}

export { read5 } from './reading.mjs';

export function toJsonable(bytes) {
  return quoteJson(open(bytes));
}
