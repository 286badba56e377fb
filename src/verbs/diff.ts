import type { Encodable, Layout, Reading, ViewOf } from '../layout/vocabulary.ts';
import type { Json } from './json.ts';
import { leavesOf } from './leaves.ts';

/** A field in which two readings of one layout differ. */
export interface DifferingField {
  /** From the layout on: `body.rtmr[2]`. */
  readonly path: string;
  /** What the first has there, in canonical JSON; undefined where it has no such field. */
  readonly a: Json | undefined;
  /** What the second has there. */
  readonly b: Json | undefined;
}

/**
 * The fields in which two values, views or bytes of one layout differ, lengths and trailing bytes included, in the order
 * of the first; [] when they are the same. Of two quotes of different versions, the fields that only one has differ too.
 *
 * @throws LayoutError when either does not fit the layout.
 * @example
 * diff(Quote, before, after).map(({ path }) => path); // ['body.rtmr[2]', 'signatureData.quoteSignature']
 */
export function diff<L extends Layout>(
  layout: L,
  a: NoInfer<ViewOf<L, Reading> | Encodable<L>>,
  b: NoInfer<ViewOf<L, Reading> | Encodable<L>>,
): DifferingField[] {
  const read = (of: typeof a): Map<string, Json> =>
    new Map(leavesOf<L>(layout, of).map(({ path, json }) => [path, json]));
  const [first, second] = [read(a), read(b)];
  return [...new Set([...first.keys(), ...second.keys()])].flatMap((path) => {
    const [one, other] = [first.get(path), second.get(path)];
    return JSON.stringify(one) === JSON.stringify(other) ? [] : { path, a: one, b: other };
  });
}
