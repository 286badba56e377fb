import type { Infer, Reading, View } from '../../layout/vocabulary.ts';
import type { Quote } from '../../structs/quote.ts';
import { copied, type ReadableReport } from './copied.ts';
import { same } from './same.ts';

type Content = Uint8Array | readonly Uint8Array[] | bigint | number;

/** Where two fields differ: nowhere, in all of it, or in an item of it. */
function difference(a: Content, b: Content): '' | `[${number}]` | undefined {
  if (a instanceof Uint8Array) return b instanceof Uint8Array && same(a, b) ? undefined : '';
  if (typeof a !== 'object') return a === b ? undefined : '';
  if (typeof b !== 'object' || b instanceof Uint8Array) return '';
  const item = a.findIndex((bytes, i) => difference(bytes, b[i] ?? 0) !== undefined);
  return item < 0 ? undefined : `[${item}]`;
}

/**
 * Whether a quote is about the same TD in the same state as a TDREPORT: undefined, or the path of the first field of
 * the quote that differs. Compares every field of the quote's body that a quoting enclave takes from a report; the
 * enclave's choice of quote version is {@link projectReport}'s business. A quote that agrees is not genuine for that:
 * no signature is looked at.
 */
export function agrees(
  report: ReadableReport,
  quote: View<typeof Quote, Reading> | Infer<typeof Quote>,
): string | undefined {
  const { header, body } = quote;
  if (!('teeType' in header)) return 'header.version';
  if (header.teeType !== 0x81) return 'header.teeType';
  if (!('mrtd' in body)) return 'bodyDescriptor.quoteBodyType';
  const wanted = copied(report);
  const found: Readonly<Partial<Record<keyof typeof wanted, Content>>> = body;
  for (const name of Object.keys(wanted) as (keyof typeof wanted)[]) {
    const field = found[name];
    const where = field === undefined ? undefined : difference(wanted[name], field);
    if (where !== undefined) return `body.${name}${where}`;
  }
  return undefined;
}
