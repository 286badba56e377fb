import { isBytes, plain } from '../engine/bytes.ts';
import { measure, planOf } from '../engine/measure.ts';
import { isView, marksOf, nodeOf } from '../engine/opened.ts';
import { isChoice, itemsIn, type Marks, type Node, pickAt } from '../engine/tree.ts';
import type { Encodable, Reading, ViewOf } from '../layout/infer.ts';
import type { Layout, Type } from '../layout/vocabulary.ts';
import { encode } from './codec.ts';
import type { Json } from './json.ts';
import { jsonIn } from './to-json.ts';

/** A field that has no fields of its own, in the canonical JSON of its layout. */
export interface Leaf {
  /** From the layout on: `body.rtmr[2]`. */
  readonly path: string;
  /** The struct that declares it, and its name there: `TdReportBody10.rtmr`. */
  readonly field: string;
  /** How it is declared. */
  readonly type: Type;
  readonly json: Json;
}

/** The leaves below a node, in the order of the bytes. */
function* below(node: Node, marks: Marks, path: string, field: string): Generator<Leaf> {
  const { type } = node;
  if (type.kind === 'struct') {
    for (const child of node.children)
      yield* below(child, marks, path === '' ? child.name : `${path}.${child.name}`, `${type.name}.${child.name}`);
  } else if (isChoice(node)) {
    yield* below(node.children[pickAt(marks, node)]!, marks, path, field);
  } else if (node.item) {
    for (const [i, item] of itemsIn(node, marks).entries()) yield* below(node.item.root, item, `${path}[${i}]`, field);
  } else if (type.kind === 'array') {
    const items = jsonIn(node, marks) as readonly Json[];
    yield* items.map((json, i) => ({ path: `${path}[${i}]`, field, type: type.of, json }));
  } else {
    yield { path, field, type, json: jsonIn(node, marks) };
  }
}

/** The leaves of a value, a view or bytes; of bytes, errors say where. */
export function leavesOf<L extends Layout>(layout: L, it: ViewOf<L, Reading> | Encodable<L>): Leaf[] {
  if (isView(it)) return [...below(nodeOf(it), marksOf(it), '', layout.name)];
  const plan = planOf(layout);
  const marks = measure(plan, plain(isBytes(it) ? it : encode<Layout>(layout, it as Encodable<Layout>)), false);
  return [...below(plan.tree.root, marks, '', layout.name)];
}
