import { plain } from '../engine/bytes.ts';
import { LayoutError } from '../engine/error.ts';
import { measure, planOf, unmarked } from '../engine/measure.ts';
import { exactIn, hexNumber } from '../engine/number.ts';
import { isChoice, itemsIn, type Marks, type Node, pickAt, placeAt } from '../engine/tree.ts';
import { flagsOf } from '../layout/flags.ts';
import { type Layout, sizeOf, type Type } from '../layout/vocabulary.ts';
import type { Options } from './view.ts';

/** One field of an annotated hexdump. */
export interface DumpRow {
  /** Bytes from the start. */
  readonly offset: number;
  /** The field's bytes, shared; of an error, what is left of them. */
  readonly bytes: Uint8Array;
  /** Where in the layout, from its name on. */
  readonly path: string;
  /** The field's name in the specification. */
  readonly spec: string;
  /** What a number means; empty for bytes. */
  readonly value: string;
  /** Set on the last row when the bytes do not fit the layout. */
  readonly error?: LayoutError;
}

/** A number as people read it, with the names of its bits. */
function meaning(type: Type, bytes: Uint8Array): string {
  if (type.kind !== 'uint' && type.kind !== 'bits') return '';
  const raw = exactIn(type, bytes, 0);
  return type.kind === 'uint' ? String(raw) : [hexNumber(raw, type.size), ...flagsOf(type, raw)].join(' ');
}

/** The rows of a node up to `limit`, or to the first field that has not been measured; gives whether those are all. */
function* rowsOf(node: Node, marks: Marks, path: string, limit: number): Generator<DumpRow, boolean> {
  const { type, spec } = node;
  if (isChoice(node)) {
    const child = node.children[pickAt(marks, node)];
    return child !== undefined && (yield* rowsOf(child, marks, path, limit));
  }
  if (type.kind === 'struct') {
    for (const child of node.children) if (!(yield* rowsOf(child, marks, `${path}.${child.name}`, limit))) return false;
    return true;
  }
  if (!isReached(node, marks)) return false;
  if (node.item) {
    for (const [i, item] of itemsIn(node, marks).entries())
      if (!(yield* rowsOf(node.item.root, item, `${path}[${i}]`, limit))) return false;
    return true;
  }
  const from = placeAt(marks, node.start);
  const to = placeAt(marks, node.end);
  const row = (at: number, end: number, path: string, of: Type): DumpRow => {
    const bytes = marks[0].subarray(at, end);
    return { offset: at, bytes, path, spec, value: meaning(of, bytes) };
  };
  if (type.kind !== 'array') {
    if (to < from || to > limit) return false;
    yield row(from, to, path, type);
    return true;
  }
  const each = sizeOf(type.of) ?? 1;
  const end = Math.min(to, limit);
  for (let at = from, i = 0; at + each <= end; at += each, i++) yield row(at, at + each, `${path}[${i}]`, type.of);
  return end === to;
}

/** Whether a measurement has come so far that it knows where a node lies. */
const isReached = ({ start, end, mark, item }: Node, marks: Marks): boolean =>
  item && mark > 0 ? Array.isArray(marks[mark]) : marks[start.mark] !== -1 && marks[end.mark] !== -1;

/**
 * The fields of the bytes in the order in which they lie, for an annotated hexdump. Of bytes that do not fit the layout,
 * the fields in front of the failing one, and last a row with the error.
 */
export function dump(layout: Layout, bytes: Uint8Array, options?: Options): DumpRow[] {
  const own = plain(bytes);
  const plan = planOf(layout);
  const { root } = plan.tree;
  const marks = unmarked(plan.tree, own, 0);
  let error: LayoutError | undefined;
  try {
    measure(plan, own, options?.strict === true, false, marks);
  } catch (caught) {
    if (!(caught instanceof LayoutError)) throw caught;
    error = caught;
  }
  const offset = error?.offset ?? own.length;
  const rows = [...rowsOf(root, marks, root.name, Math.min(offset, own.length))];
  if (error) rows.push({ offset, bytes: own.subarray(offset), path: error.path, spec: '', value: '', error });
  return rows;
}
