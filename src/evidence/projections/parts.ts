import { LayoutError } from '../../engine/error.ts';
import { toHex } from '../../engine/hex.ts';
import type { PathOf, View, ViewOf } from '../../layout/vocabulary.ts';
import type { EcdsaSignatureData, Quote, SgxReportBody, TdReportBody15 } from '../../structs/index.ts';
import { TdReportBody10 } from '../../structs/index.ts';
import type { Json } from '../../verbs/json.ts';
import { span } from '../../verbs/locate.ts';
import { view } from '../../verbs/view.ts';

/** A quote of any version, opened in place. */
export type AnyQuote = View<typeof Quote>;
export type TdBody = View<typeof TdReportBody10>;
export type SgxBody = View<typeof SgxReportBody>;
export type Signature = View<typeof EcdsaSignatureData>;
export type Fields = { [name: string]: Json };

/** The bytes of a field in hex, numbers little-endian as they lie. */
export const hexAt = <T>(of: ViewOf<T, 'open' | 'known'>, path: PathOf<T>): string => toHex(span(of, path));

/** A format cannot say what this quote holds. */
export const beyond = (field: string, wanted: string): LayoutError =>
  new LayoutError('variant', `Quote.${field}`, undefined, `must be ${wanted} in this format, is something else`);

/** What the quote says about a TD: the part that TDX 1.0 has, and the whole where it is of TDX 1.5. */
export function tdBodyOf({ body }: AnyQuote): { base: TdBody; td15: View<typeof TdReportBody15> | undefined } {
  if (body instanceof Uint8Array || !('mrtd' in body) || 'vmid' in body) throw beyond('body', 'a TD report 1.0 or 1.5');
  if (!('mrservicetd' in body)) return { base: body, td15: undefined };
  return { base: view(TdReportBody10, span(body, 'teeTcbSvn', 'reportdata')), td15: body };
}

/** The signature data of a quote of version 4 or 5. */
export function signatureOf({ signatureData }: AnyQuote): Signature {
  if (signatureData instanceof Uint8Array || !('quoteSignature' in signatureData))
    throw beyond('signatureData', 'of attestation key type 2');
  return signatureData;
}

/** The certification data of type 6 in it. */
export function qeCertificationOf({ qeCertificationData }: Signature) {
  const { certificationData } = qeCertificationData;
  if (certificationData instanceof Uint8Array)
    throw beyond('signatureData.qeCertificationData.certificationData', 'a QE report');
  return certificationData;
}
