import { span } from '../../verbs/locate.ts';
import {
  type AnyQuote,
  beyond,
  type Fields,
  qeCertificationOf,
  type SgxBody,
  type Signature,
  signatureOf,
  type TdBody,
  tdBodyOf,
} from './parts.ts';

/** Standard base64 with padding. */
function base64(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

type Value = Uint8Array | readonly Uint8Array[] | number | Fields;

/** A message as protojson writes it: bytes in base64, and nothing for zero or for no bytes. */
function message(values: Readonly<Record<string, Value>>): Fields {
  const json: Fields = {};
  for (const [name, value] of Object.entries(values)) {
    if (value instanceof Uint8Array) {
      if (value.length > 0) json[name] = base64(value);
    } else if (Array.isArray(value)) json[name] = value.map(base64);
    else if (value !== 0) json[name] = value as number | Fields;
  }
  return json;
}

const sgxReport = (body: SgxBody): Fields =>
  message({
    cpuSvn: body.cpusvn,
    miscSelect: body.miscselect,
    reserved1: span(body, 'reserved1', 'isvextprodid'),
    attributes: span(body, 'attributesFlags', 'attributesXfrm'),
    mrEnclave: body.mrenclave,
    reserved2: body.reserved2,
    mrSigner: body.mrsigner,
    reserved3: span(body, 'reserved3', 'configid'),
    isvProdId: body.isvprodid,
    isvSvn: body.isvsvn,
    reserved4: span(body, 'configsvn', 'isvfamilyid'),
    reportData: body.reportdata,
  });

const tdReport = (body: TdBody, more: Readonly<Record<string, Value>> = {}): Fields =>
  message({
    teeTcbSvn: body.teeTcbSvn,
    mrSeam: body.mrseam,
    mrSignerSeam: body.mrsignerseam,
    seamAttributes: span(body, 'seamattributes'),
    tdAttributes: span(body, 'tdattributes'),
    xfam: span(body, 'xfam'),
    mrTd: body.mrtd,
    mrConfigId: body.mrconfigid,
    mrOwner: body.mrowner,
    mrOwnerConfig: body.mrownerconfig,
    rtmrs: body.rtmr,
    reportData: body.reportdata,
    ...more,
  });

function signedData(signature: Signature): Fields {
  const { quoteSignature, ecdsaAttestationKey, qeCertificationData: outer } = signature;
  const { qeReport, qeReportSignature, qeAuthenticationData, qeCertificationData } = qeCertificationOf(signature);
  const chain = message({
    certificateDataType: qeCertificationData.certificationDataType,
    size: qeCertificationData.size,
    pckCertChain: span(qeCertificationData, 'certificationData'),
  });
  const certificationData = message({
    qeReport: sgxReport(qeReport),
    qeReportSignature,
    qeAuthData: message({ parsedDataSize: qeAuthenticationData.size, data: qeAuthenticationData.data }),
    pckCertificateChainData: chain,
  });
  return message({
    signature: quoteSignature,
    ecdsaAttestationKey,
    certificationData: message({
      certificateDataType: outer.certificationDataType,
      size: outer.size,
      qeReportCertificationData: certificationData,
    }),
  });
}

/**
 * The messages QuoteV4 and QuoteV5 of go-tdx-guest, in the JSON of protocol buffers. Bytes 8 to 11 of the header are named
 * there the other way round than in version 3.
 */
export function goTdxGuest(quote: AnyQuote): Fields {
  if (!('teeType' in quote.header)) throw beyond('header.version', '4 or 5');
  const { header } = quote;
  const { base, td15 } = tdBodyOf(quote);
  const ends = {
    signedDataSize: quote.signatureDataLen,
    signedData: signedData(signatureOf(quote)),
    extraBytes: quote.trailing,
  };
  const head = message({
    version: header.version,
    attestationKeyType: header.attestationKeyType,
    teeType: header.teeType,
    pceSvn: header.reserved.subarray(0, 2),
    qeSvn: header.reserved.subarray(2),
    qeVendorId: header.qeVendorId,
    userData: header.userData,
  });
  if (!('bodyDescriptor' in quote)) return message({ header: head, tdQuoteBody: tdReport(base), ...ends });
  if (!td15) throw beyond('body', 'a TD report 1.5');
  const descriptor = message({
    tdQuoteBodyType: quote.bodyDescriptor.quoteBodyType,
    tdQuoteBodySize: quote.bodyDescriptor.size,
    tdQuoteBodyV5: tdReport(base, { teeTcbSvn2: td15.teeTcbSvn2, mrServiceTd: td15.mrservicetd }),
  });
  return message({ header: head, tdQuoteBodyDescriptor: descriptor, ...ends });
}
