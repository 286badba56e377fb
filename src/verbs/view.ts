import { plain } from '../engine/bytes.ts';
import { measure, planOf } from '../engine/measure.ts';
import { placeAt } from '../engine/tree.ts';
import type { View } from '../layout/infer.ts';
import type { Layout } from '../layout/vocabulary.ts';
import { openerOf } from './classes.ts';

/** How strictly to read. */
export interface Options {
  /** Refuse what a specification does not name: reserved bytes that are not zero, unknown bits, unknown tags. */
  readonly strict?: boolean;
}

/**
 * Opens bytes in place. Every declared length is checked, nothing is copied: the view aliases the caller's memory, so
 * that memory must not be writable by anybody hostile.
 *
 * @throws LayoutError when a declared length does not fit.
 */
export function view<L extends Layout>(
  layout: L,
  bytes: Uint8Array,
  options: Options & { strict: true },
): View<L, 'known'>;
export function view<L extends Layout>(layout: L, bytes: Uint8Array, options?: Options): View<L>;
export function view(layout: Layout, bytes: Uint8Array, options?: Options): unknown {
  const marks = measure(planOf(layout), plain(bytes), options?.strict === true);
  return openerOf(layout)(marks);
}

/** Opens the layout at the start of the bytes and gives it with the bytes that follow. */
export function viewPrefix<L extends Layout>(
  layout: L,
  bytes: Uint8Array,
  options: Options & { strict: true },
): [view: View<L, 'known'>, rest: Uint8Array];
export function viewPrefix<L extends Layout>(
  layout: L,
  bytes: Uint8Array,
  options?: Options,
): [view: View<L>, rest: Uint8Array];
export function viewPrefix(layout: Layout, bytes: Uint8Array, options?: Options): [unknown, Uint8Array] {
  const plan = planOf(layout);
  const marks = measure(plan, plain(bytes), options?.strict === true, true);
  return [openerOf(layout)(marks), marks[0].subarray(placeAt(marks, plan.tree.root.end))];
}
