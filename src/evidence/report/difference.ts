import type { ReadableQuote } from '../pck/pck-of.ts';
import { copied, type ReadableReport } from './copied.ts';
import { same } from './same.ts';

type Content = Uint8Array | readonly Uint8Array[] | bigint | number;

/** Where two fields differ: nowhere, in all of it, or in an item of it. */
function placeOf(a: Content, b: Content): '' | `[${number}]` | undefined {
  if (a instanceof Uint8Array) return b instanceof Uint8Array && same(a, b) ? undefined : '';
  if (typeof a !== 'object') return a === b ? undefined : '';
  if (typeof b !== 'object' || b instanceof Uint8Array) return '';
  const item = a.findIndex((bytes, i) => placeOf(bytes, b[i] ?? 0) !== undefined);
  return item < 0 ? undefined : `[${item}]`;
}

/**
 * The path of the first field in which a quote does not say what a TDREPORT says, or undefined where it says the same:
 * both are then about one TD in one state. Compares every field of the quote's body that a quoting enclave takes from a
 * report; the enclave's choice of quote version is {@link projectReport}'s business. A quote without a difference is not
 * genuine for that: no signature is looked at.
 */
export function difference(report: ReadableReport, quote: ReadableQuote): string | undefined {
  const { header, body } = quote;
  if (!('teeType' in header)) return 'header.version';
  if (header.teeType !== 0x81) return 'header.teeType';
  if (!('mrtd' in body)) return 'bodyDescriptor.quoteBodyType';
  const wanted = copied(report);
  const found: Readonly<Partial<Record<keyof typeof wanted, Content>>> = body;
  for (const name of Object.keys(wanted) as (keyof typeof wanted)[]) {
    const field = found[name];
    const where = field === undefined ? undefined : placeOf(wanted[name], field);
    if (where !== undefined) return `body.${name}${where}`;
  }
  return undefined;
}
