// Where a cut can make a difference.
import { dump } from '../src/index.ts';
import type { Layout } from '../src/layout.ts';

/**
 * Lengths shorter than `end`: none, one byte less, either side of every place where a field begins or ends, and every 97th.
 * Between them lie bytes of one field, of which the last is as good as the others.
 */
export function cutsOf(layout: Layout, bytes: Uint8Array, end: number): readonly number[] {
  const places = dump(layout, bytes).flatMap(({ offset }) => [offset - 1, offset, offset + 1]);
  const strides = Array.from({ length: Math.ceil(end / 97) }, (_, i) => i * 97);
  return [...new Set([...places, ...strides, end - 1])].filter((size) => size >= 0 && size < end);
}
