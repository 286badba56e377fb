// Our side, over the built package, with the interface of a peer and what only we do.
import { readFileSync } from 'node:fs';
import { decode, encode as encodeStruct, encodeInto as encodeStructInto } from '../dist/codec.js';
import { toJson } from '../dist/json.js';
import { QuoteV4, TdReportBody10 } from '../dist/structs/index.js';
import { validate } from '../dist/validate.js';
import { edit, lens, view } from '../dist/view.js';
import { fold } from './peers/reading.mjs';

export const name = 'tdx-codec';
export const version = String(JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version);

export function open(bytes) {
  return view(QuoteV4, bytes);
}

const strict = { strict: true };
export function openStrict(bytes) {
  return view(QuoteV4, bytes, strict);
}

export function read5(v) {
  const { header, body } = v;
  return fold(header.version, header.teeType, body.mrtd[0], body.reportdata[0], v.signatureData.quoteSignature[0]);
}

export function toJsonable(bytes) {
  return toJson(QuoteV4, view(QuoteV4, bytes));
}

export function validateJson(json) {
  return validate(QuoteV4, json);
}

export function decodeForEncode(bytes) {
  return decode(QuoteV4, bytes);
}

export function encode(value) {
  return encodeStruct(QuoteV4, value);
}

export function encodeInto(value, into) {
  return encodeStructInto(QuoteV4, value, into);
}

/** For the scalar getters: whatever carries version, attestationKeyType and teeType. */
export function header(bytes) {
  return view(QuoteV4, bytes).header;
}

/** A value whose nested structs are ready bytes: what a quoting enclave has in hand. */
export function images(bytes) {
  const value = decode(QuoteV4, bytes);
  value.header = bytes.slice(0, 48);
  value.body = bytes.slice(48, 632);
  value.signatureData.qeCertificationData.certificationData.qeReport = bytes.slice(770, 1154);
  return value;
}

/** Writes a report data and a signature into a copy of a quote. */
export function stamp(copy, reportdata, signature) {
  const quote = edit(QuoteV4, copy);
  quote.body.reportdata = reportdata;
  quote.signatureData.quoteSignature = signature;
  return copy;
}

/** The body of a TD quote v4 begins behind its header. Report data alone has two places: SGX quotes have version 4, too. */
const BODY = 48;
const mrtd = lens(TdReportBody10, 'mrtd');
const reportdata = lens(TdReportBody10, 'reportdata');

export function filter(dataView, stride, count, wantedMrtd, wantedReportdata) {
  let found = 0;
  for (let i = 0, body = BODY; i < count; i++, body += stride) {
    if (mrtd.equals(dataView, body, wantedMrtd) && reportdata.equals(dataView, body, wantedReportdata)) found++;
  }
  return found;
}
