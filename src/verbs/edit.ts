import { checkBytes, checkNumber, kindOf } from '../engine/check.ts';
import { LayoutError } from '../engine/error.ts';
import { measure } from '../engine/measure.ts';
import { content, pathOf } from '../engine/node.ts';
import { readBig, readUint, writeUint } from '../engine/number.ts';
import { planOf } from '../engine/plan.ts';
import { type Edit, type Layout, sizeOf } from '../layout/vocabulary.ts';
import { type Cut, gone, openView, placeIn, plain, type Setters } from './accessors.ts';

const setters: Setters = (node, context) => {
  const path = pathOf(context);
  const { decides } = context;
  const type = content(node.type);
  const start = (view: Cut): number => placeIn(view, node.start);
  const end = (view: Cut): number => placeIn(view, node.end);
  /** Where the field begins, if it is still there to its end. */
  const room = (view: Cut): number => {
    const at = start(view);
    if (end(view) > view.$bytes.length) gone(view, at, end(view) - at);
    return at;
  };
  switch (type.kind) {
    case 'uint':
    case 'bits': {
      const bigEndian = type.kind === 'uint' && type.bigEndian;
      return function (value) {
        checkNumber(value, type.size, path);
        const at = room(this);
        if (decides)
          keep(
            path,
            at,
            value,
            type.size === 8 ? readBig(this.$bytes, at) : readUint(this.$bytes, at, type.size, bigEndian),
          );
        writeUint(this.$bytes, at, type.size, bigEndian, value);
      };
    }
    case 'bytes':
    case 'reserved':
    case 'rest':
      return function (value) {
        checkBytes(value, end(this) - start(this), path);
        this.$bytes.set(value, room(this));
      };
    case 'array': {
      if (type.of.kind !== 'bytes') return undefined;
      const each = sizeOf(type.of) ?? 0;
      return function (value) {
        const items = (end(this) - start(this)) / each;
        if (!Array.isArray(value))
          throw new LayoutError('type', path, undefined, `must be an array, is ${kindOf(value)}`);
        const given: readonly unknown[] = value;
        if (given.length !== items)
          throw new LayoutError('length', path, undefined, `must be ${items} items, is ${given.length}`);
        // Copies, since an item may lie in what is written.
        const checked = Array.from(given, (item, i) => {
          checkBytes(item, each, `${path}[${i}]`);
          return item.slice();
        });
        const at = room(this);
        checked.forEach((item, i) => {
          this.$bytes.set(item, at + i * each);
        });
      };
    }
    default:
      return undefined;
  }
};

/** A number that decides where other fields lie keeps its value. */
function keep(path: string, at: number, value: number | bigint, is: number | bigint): void {
  if (value !== is)
    throw new LayoutError('constant', path, at, `decides the layout and must stay ${is}, is given ${value}`);
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
  const own = plain(bytes);
  measure(planOf(layout), own, false, false);
  return openView(layout, own, setters);
}
