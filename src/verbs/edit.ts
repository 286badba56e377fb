import { plain } from '../engine/bytes.ts';
import { checkBytes, checkNumber, kindOf } from '../engine/check.ts';
import { LayoutError } from '../engine/error.ts';
import { measure, planOf } from '../engine/measure.ts';
import { exactIn, writeUint } from '../engine/number.ts';
import { gone, marksOf, type Opened } from '../engine/opened.ts';
import { isChoice, isNumber, type Marks, type Node, pathOf, pickAt, placeAt, type Tree } from '../engine/tree.ts';
import type { Edit } from '../layout/infer.ts';
import type { Layout } from '../layout/vocabulary.ts';
import { openerOf, type Setters } from './classes.ts';

type Setter = (this: Opened, value: unknown) => void;

const setters: Setters = (node, tree) => {
  if (isChoice(node)) return choiceSetter(node, tree);
  if (isNumber(node)) return numberSetter(node, tree.decisive.has(node));
  const { type } = node;
  if (type.kind === 'array') return type.of.kind === 'bytes' ? itemsSetter(node, type.of.size) : undefined;
  return type.kind === 'struct' ? undefined : bytesSetter(node);
};

/** Where a field begins, if it is still there to its end. */
function room(node: Node, marks: Marks): number {
  const at = placeAt(marks, node.start);
  const end = placeAt(marks, node.end);
  if (end > marks[0].length) gone(node, marks, at, end - at);
  return at;
}

const sizeIn = (node: Node, marks: Marks): number => placeAt(marks, node.end) - placeAt(marks, node.start);

/** A number that decides where other fields lie keeps its value. */
function numberSetter(node: Node & { type: { kind: 'uint' | 'bits' } }, decides: boolean): Setter {
  const { type } = node;
  const path = pathOf(node);
  return function (value) {
    checkNumber(value, type.size, path);
    const marks = marksOf(this);
    const at = room(node, marks);
    const is = exactIn(type, marks[0], at);
    if (decides && value !== is)
      throw new LayoutError('constant', path, at, `decides the layout and must stay ${is}, is given ${value}`);
    writeUint(marks[0], at, type.size, type.kind === 'uint' && type.bigEndian, value);
  };
}

function bytesSetter(node: Node): Setter {
  const path = pathOf(node);
  return function (value) {
    const marks = marksOf(this);
    checkBytes(value, sizeIn(node, marks), path);
    marks[0].set(value, room(node, marks));
  };
}

function itemsSetter(node: Node, each: number): Setter {
  const path = pathOf(node);
  return function (value) {
    const marks = marksOf(this);
    const items = sizeIn(node, marks) / each;
    if (!Array.isArray(value)) throw new LayoutError('type', path, undefined, `must be an array, is ${kindOf(value)}`);
    const given: readonly unknown[] = value;
    if (given.length !== items)
      throw new LayoutError('length', path, undefined, `must be ${items} items, is ${given.length}`);
    // Copies, since an item may lie in what is written.
    const checked = Array.from(given, (item, i) => {
      checkBytes(item, each, `${path}[${i}]`);
      return item.slice();
    });
    const at = room(node, marks);
    checked.forEach((item, i) => {
      marks[0].set(item, at + i * each);
    });
  };
}

function choiceSetter(node: Node, tree: Tree): Setter {
  const variants = node.children.map((child) => setters(child, tree));
  return function (value) {
    const set = variants[pickAt(marksOf(this), node)];
    if (!set) throw new TypeError(`${pathOf(node)} is not assigned as a whole, but field by field`);
    set.call(this, value);
  };
}

/**
 * Opens bytes in place for writing: a view whose fields can be assigned. Every assignment is checked (kind, length,
 * range) and writes through to the caller's bytes. Lengths, tags and constants keep their values, so that nothing can
 * change size.
 *
 * @throws LayoutError when a declared length does not fit.
 */
export function edit<L extends Layout>(layout: L, bytes: Uint8Array): Edit<L>;
export function edit(layout: Layout, bytes: Uint8Array): unknown {
  return openerOf(layout, setters)(measure(planOf(layout), plain(bytes), false));
}
