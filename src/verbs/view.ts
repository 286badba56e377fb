import { measure } from '../engine/measure.ts';
import { planOf } from '../engine/plan.ts';
import type { Layout, PathOf, Reading, View, ViewOf } from '../layout/vocabulary.ts';
import { locate, openView, plain, stateOf } from './accessors.ts';

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
  const own = plain(bytes);
  measure(planOf(layout), own, options?.strict === true, false);
  return openView(layout, own);
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
  const own = plain(bytes);
  const end = measure(planOf(layout), own, options?.strict === true, true);
  return [openView(layout, own), own.subarray(end)];
}

type AnyView = ViewOf<unknown, Reading>;
/** Every path into a view; into a view of a union, those of all its structs. */
export type PathIn<V> = V extends ViewOf<infer T, Reading> ? PathOf<T> : never;

/**
 * Where a field lies, in bytes from the start of what the outermost view was opened on.
 *
 * @throws LayoutError `variant` when the field belongs to a variant that is not here.
 */
export function offsetOf<V extends AnyView>(of: V, path: PathIn<V>): { offset: number; length: number } {
  const { from, to } = locate(of, path);
  return { offset: from, length: to - from };
}

/** The bytes from the first byte of one field to the last byte of another, in place: what a signature covers. */
export function span<V extends AnyView>(of: V, first: PathIn<V>, last: PathIn<V> = first): Uint8Array {
  const { from } = locate(of, first);
  const { to } = locate(of, last);
  return stateOf(of).$bytes.subarray(from, Math.max(from, to));
}

/** Whether a field holds exactly these bytes. Allocates nothing; its time does not depend on the content. */
export function equals<V extends AnyView>(of: V, path: PathIn<V>, wanted: Uint8Array): boolean {
  const { from, to } = locate(of, path);
  const bytes = stateOf(of).$bytes;
  if (wanted.length !== to - from) return false;
  let differs = 0;
  for (let i = 0; i < wanted.length; i++) differs |= (bytes[from + i] ?? 256) ^ (wanted[i] ?? 256);
  return differs === 0;
}
