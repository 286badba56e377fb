import { LayoutError } from '../engine/error.ts';
import { difference } from '../evidence/report/difference.ts';
import type { View } from '../layout/vocabulary.ts';
import { Quote } from '../structs/quote.ts';
import { TdReport } from '../structs/td-report.ts';
import { TDX_REPORT_LEN } from '../uapi/tdx-guest.ts';
import { equals, span } from '../verbs/locate.ts';
import { view } from '../verbs/view.ts';
import { DeviceError, type Where } from './error.ts';

/** A quote of a TD whose signature can be looked at. */
type TdQuote = Extract<View<typeof Quote>, { header: { teeType: number } }>;

function opened(bytes: Uint8Array, where: Where): TdQuote {
  try {
    const quote = view(Quote, bytes);
    if ('teeType' in quote.header) return quote as TdQuote;
  } catch (cause) {
    if (!(cause instanceof LayoutError)) throw cause;
    throw new DeviceError('malformed', { ...where, cause }, `the answer is no quote: ${cause.message}`);
  }
  throw new DeviceError('malformed', where, 'the answer is a quote of version 3, which no TD has');
}

const P256 = { name: 'ECDSA', namedCurve: 'P-256' };

/** Whether the quote's signature is that of the attestation key in it. Whose key that is remains open. */
async function isSigned(quote: TdQuote): Promise<boolean> {
  const { signatureData } = quote;
  if (!('quoteSignature' in signatureData)) return false;
  const point = Uint8Array.of(4, ...signatureData.ecdsaAttestationKey);
  const signature = new Uint8Array(signatureData.quoteSignature);
  const signed = new Uint8Array(span(quote, 'header', 'body'));
  try {
    const key = await crypto.subtle.importKey('raw', point, P256, false, ['verify']);
    return await crypto.subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, key, signature, signed);
  } catch {
    // A point that is not on the curve.
    return false;
  }
}

/**
 * Throws unless the bytes are a quote of a TD that answers what was asked for: 64 bytes of report data, or the TDREPORT that
 * they are in, all of whose fields are then compared; and unless the signature is that of the key in the quote.
 * Catches what was mixed up, cut or overwritten on the way. Who certifies the key, and whether the TD is one to rely on,
 * is for a verifier to find out.
 *
 * @throws DeviceError `malformed` or `mismatch`.
 */
export async function checkQuote(bytes: Uint8Array, asked: Uint8Array, where: Where): Promise<void> {
  const quote = opened(bytes, where);
  if (asked.length === TDX_REPORT_LEN) {
    const differs = difference(view(TdReport, asked), quote);
    if (differs !== undefined)
      throw new DeviceError('mismatch', where, `the quote is not of this TDREPORT: ${differs} differs`);
  } else if (!('mrtd' in quote.body) || !equals(quote, 'body.reportdata', asked)) {
    throw new DeviceError('mismatch', where, 'the quote does not carry the report data');
  }
  if (!(await isSigned(quote)))
    throw new DeviceError('mismatch', where, 'the signature of the quote is not that of the key in it');
}
