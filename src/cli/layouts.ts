import * as all from '../index.ts';
import type { Layout } from '../layout/vocabulary.ts';

const isLayout = (it: unknown): it is Layout =>
  typeof it === 'object' && it !== null && 'kind' in it && (it.kind === 'struct' || it.kind === 'union');

/** Every layout that the library offers, by its name. */
export const layouts: ReadonlyMap<string, Layout> = new Map(
  Object.values<unknown>(all)
    .filter(isLayout)
    .map((layout) => [layout.name, layout]),
);

/** What JSON calls a layout: by the union that it belongs to, if there is one. */
export function kindOf(layout: Layout): string {
  for (const each of layouts.values())
    if (each.kind === 'union' && Object.values(each.cases).some((one) => one === layout)) return each.name;
  return layout.name;
}
