// kaitai-struct, compiled ahead from quote_v4.ksy by compile-ksy.mjs.
import KaitaiStream from 'kaitai-struct/KaitaiStream.js';
import compiled from './quote_v4.generated.cjs';
import { fold, installed, quoteJson } from './reading.mjs';

const { QuoteV4 } = compiled;

export const name = 'kaitai-struct';
export const version = installed('kaitai-struct');

export function open(bytes) {
  return new QuoteV4(new KaitaiStream(bytes));
}

export { read5 } from './reading.mjs';

/** The header, the body and the first signature only: the certificate chain may be cut. */
export function least5(bytes) {
  const q = new QuoteV4.FiveFields(new KaitaiStream(bytes));
  return fold(q.header.version, q.header.teeType, q.body.mrtd[0], q.body.reportdata[0], q.quoteSignature[0]);
}

export function toJsonable(bytes) {
  return quoteJson(open(bytes));
}
