// The declarations as values. A new struct needs no line here: whatever the index modules export is taken.
import { basename, dirname } from 'node:path';
import type { Bits, Layout } from '../../src/layout.ts';
import { DECLARATIONS } from './prose.ts';

const isOf = <T extends { readonly kind: string }>(it: unknown, ...kinds: readonly T['kind'][]): it is T =>
  typeof it === 'object' && it !== null && 'kind' in it && kinds.some((kind) => it.kind === kind);

/** `QuoteV4` is `quote-v4`, `TdReportBody15Ex` is `td-report-body15-ex`, `tdAttributes` is `td-attributes`. */
export const kebab = (name: string): string => name.replace(/(?<=[a-z0-9])(?=[A-Z])/g, '-').toLowerCase();

/** Every exported struct and union, and the named bits with the names of their constants. */
export async function readDeclarations(): Promise<{ layouts: readonly Layout[]; bits: ReadonlyMap<Bits, string> }> {
  const layouts = new Set<Layout>();
  const bits = new Map<Bits, string>();
  for (const path of DECLARATIONS) {
    const module: Record<string, unknown> = await import(`../../src/${basename(dirname(path))}/index.ts`);
    for (const [name, it] of Object.entries(module)) {
      if (isOf<Layout>(it, 'struct', 'union')) layouts.add(it);
      if (isOf<Bits>(it, 'bits')) bits.set(it, name);
    }
  }
  return { layouts: [...layouts], bits };
}
