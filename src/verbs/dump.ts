import { type Cuts, cutAt } from '../engine/cuts.ts';
import { LayoutError } from '../engine/error.ts';
import { cuts, forget, measure, reached } from '../engine/measure.ts';
import { content, type Node, pathOf, picked } from '../engine/node.ts';
import { hexNumber, readBig, readUint } from '../engine/number.ts';
import { planOf } from '../engine/plan.ts';
import { flagsOf } from '../layout/flags.ts';
import { type Layout, sizeOf, type Type } from '../layout/vocabulary.ts';
import { plain } from './accessors.ts';
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
  if (type.kind === 'uint')
    return String(type.size === 8 ? readBig(bytes, 0) : readUint(bytes, 0, type.size, type.bigEndian));
  if (type.kind !== 'bits') return '';
  const raw = type.size === 8 ? readBig(bytes, 0) : readUint(bytes, 0, 4, false);
  return [hexNumber(raw, type.size), ...flagsOf(type, raw)].join(' ');
}

function* rowsOf(node: Node, cuts: Cuts, bytes: Uint8Array, limit: number): Generator<DumpRow> {
  const type = content(node.type);
  if (type.kind === 'oneOf' || type.kind === 'union' || type.kind === 'bySize') {
    const child = node.children[picked(cuts.picks, node)];
    if (child) yield* rowsOf(child, cuts, bytes, limit);
    return;
  }
  if (type.kind === 'struct') {
    const { children } = node.children.length > 0 ? node : planOf(type).root;
    for (const child of children) yield* rowsOf(child, cuts, bytes, limit);
    return;
  }
  const base = cutAt(cuts, node.start.cut);
  const last = cutAt(cuts, node.end.cut);
  const from = base + node.start.delta;
  const to = last + node.end.delta;
  if (base < 0 || last < 0 || to > limit || to < from) return;
  const each = type.kind === 'array' ? (sizeOf(type.of) ?? 1) : to - from;
  const path = pathOf(node);
  if (type.kind === 'array' && to === from) return;
  for (let at = from, i = 0; at < to || at === from; at += each, i++) {
    const own = bytes.subarray(at, at + each);
    const item = type.kind === 'array' ? `${path}[${i}]` : path;
    yield {
      offset: at,
      bytes: own,
      path: item,
      spec: node.spec,
      value: meaning(type.kind === 'array' ? type.of : type, own),
    };
    if (each === 0) return;
  }
}

/**
 * The fields of the bytes in the order in which they lie, for an annotated hexdump. Of bytes that do not fit the layout,
 * the fields in front of the failing one, and last a row with the error.
 */
export function dump(layout: Layout, bytes: Uint8Array, options?: Options): DumpRow[] {
  const own = plain(bytes);
  const plan = planOf(layout);
  let error: LayoutError | undefined;
  let found: Cuts | undefined;
  forget();
  try {
    measure(plan, own, false, false);
    found = cuts;
    if (options?.strict) measure(plan, own, true, false);
  } catch (caught) {
    if (!(caught instanceof LayoutError)) throw caught;
    error = caught;
  }
  const limit = error?.offset ?? own.length;
  const rows = [...rowsOf(plan.root, found ?? reached(plan), own, limit)];
  if (error) rows.push({ offset: limit, bytes: own.subarray(limit), path: error.path, spec: '', value: '', error });
  return rows;
}
