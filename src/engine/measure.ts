import { sizeOf } from '../layout/vocabulary.ts';
import { BASE, type Cuts, cutsOf, PICKS } from './cuts.ts';
import { LayoutError } from './error.ts';
import { content, fail, type Node, noVariant, type Place, shown } from './node.ts';
import { count, either, i32At, readUint, u16At } from './number.ts';
import { hold, type Rule, rulesOf } from './strict.ts';

/*
 * The only bounds check. A layout is compiled once into linked steps, one for each variable part (plan.ts); one loop
 * follows them over the bytes and leaves behind where every variable part begins and ends, and which variants were
 * chosen. Nothing reads a length or a tag a second time.
 */

/** A layout compiled for measuring. */
export interface Plan {
  readonly root: Node;
  /** How many cuts it takes. */
  readonly cuts: number;
  readonly first: Step;
  /** What bytes have looked like lately, by the low bits of their length. */
  readonly shapes: readonly Shape[][];
  /** How often bytes looked like none of them. */
  unlike: number;
  /** What strict reading asks besides; collected when it is first asked. */
  rules: readonly Rule[] | undefined;
}

/**
 * What one measurement depended on: the length of the bytes and every number that decides where something lies, as
 * pairs of place and value, of four bytes and of two. Bytes that agree in all of it have the same cuts. Quotes of one
 * platform usually do.
 */
interface Shape {
  readonly length: number;
  readonly fours: Int32Array;
  readonly twos: Int32Array;
  readonly cuts: Cuts;
}

/** The most cuts that a layout may take, and the most regions that may lie in one another. */
export const MOST_CUTS = 64;
export const MOST_REGIONS = 16;
const scratch = new Int32Array(MOST_CUTS);
const at0 = cutsOf(scratch, 1);
/** The cuts of the last measurement. To be read before the next one. */
export let cuts: Cuts = at0;

/** Forgets the last measurement, so that of a failing one only what it has reached is there. */
export function forget(): void {
  scratch.fill(-1);
}

/** The cuts of a measurement that has failed, as far as it came: -1 where it has not been. */
export const reached = (plan: Plan): Cuts => cutsOf(scratch, plan.cuts);

/** What a step does, behind its lead. */
export const enum Does {
  /** Nothing more. */
  Pass,
  /** Holds a number against a constant. */
  Equal,
  /** Makes sure that a tag is there before anything looks at it; moves nowhere. */
  Peek,
  /** Takes the rest of the region. */
  Rest,
  /** Takes the rest of the region, if it is as long as one of the variants. */
  Fit,
  /** Chooses a variant by its tag and goes on inside it. */
  Choose,
  /** Marks where a chosen variant ended. */
  Join,
  /** Enters a region of declared length. */
  Enter,
  /** Chooses a variant and enters its region. */
  ChooseAndEnter,
  /** Leaves a region, which must be used up. */
  Leave,
  /** Makes a region of the struct around it, as long as the struct says of itself. */
  Bound,
  /** Is the end of the layout. */
  End,
}

/** All steps have one shape: the loop reads them without asking what they are. */
export interface Step {
  does: Does;
  /** Bytes of fixed size in front, and the fields that they are. */
  lead: number;
  nodes: readonly Node[];
  /** The field that the step is about. */
  node: Node;
  /** The number that it reads first: tag or constant. Width 0: neither 2 nor 4 bytes, little-endian. */
  tag: Node;
  tagCut: number;
  tagDelta: number;
  tagWidth: number;
  value: number;
  /** The length of the region. */
  length: Node;
  lengthCut: number;
  lengthDelta: number;
  lengthWidth: number;
  /** The bit of the picks and the cut that it writes. */
  pick: number;
  cut: number;
  /** The variants; `known` of them have a tag. */
  cases: readonly Case[];
  known: number;
  /** Tags that are refused although unknown ones keep their bytes; undefined where unknown ones are refused, too. */
  misplaced: readonly number[] | undefined;
  /** Of items: the size of each. Of a peek: the bytes that must be there. */
  size: number;
  /** Of a rest: the one length that it may have besides none, or 0 for any. */
  surplus: number;
  /** Of a rest: the fewest bytes that it has. */
  fewest: number;
  next: Step | undefined;
}

/** A variant, or the one content of a region. */
export interface Case {
  readonly tag: number;
  /** The fewest bytes that it takes, and whether it always takes just these. */
  readonly least: number;
  readonly exact: boolean;
  /** Where to go on inside it; undefined where all bytes of the region are taken as they are. */
  first: Step | undefined;
}

/** The ends of the regions around the one that is being measured. */
const ends = new Int32Array(MOST_REGIONS);

/**
 * Checks that every declared length fits, and leaves the positions in {@link cuts}. Gives the end of the layout.
 * With `prefix`, bytes may follow it.
 */
export function measure(plan: Plan, bytes: Uint8Array, strict: boolean, prefix: boolean): number {
  const end = walk(plan, bytes, prefix);
  if (strict) {
    plan.rules ??= rulesOf(plan.root);
    hold(plan.rules, bytes, cuts);
  }
  return end;
}

function walk(plan: Plan, bytes: Uint8Array, prefix: boolean): number {
  let end = bytes.length;
  const shapes = plan.shapes[end & 15]!;
  for (let i = 0; i < shapes.length; i++) {
    const shape = shapes[i]!;
    if (shape.length === end && looksLike(shape, bytes)) {
      cuts = shape.cuts;
      return end;
    }
  }
  if (end > 0x7fffffff)
    throw new LayoutError('length', plan.root.name, 0, `must be at most 2147483647 bytes, is ${end}`);
  let step: Step | undefined = plan.first;
  let pos = 0;
  let picks = 0;
  let depth = 0;
  scratch[BASE] = 0;
  scratch[PICKS] = 0;
  noted = 0;
  while (step !== undefined) {
    if (step.lead > end - pos) throw truncated(step, pos, end);
    pos += step.lead;
    let inner: Case | undefined;
    switch (step.does) {
      case Does.ChooseAndEnter:
      case Does.Choose: {
        const at = scratch[step.tagCut]! + step.tagDelta;
        const tag = decisive(step.tag, step.tagWidth, bytes, at);
        const cases: readonly Case[] = step.cases;
        const known: number = step.known;
        let i = 0;
        while (i < known && cases[i]!.tag !== tag) i++;
        if (i === known) unknown(step, bytes, at);
        scratch[PICKS] = picks |= i << step.pick;
        inner = cases[i]!;
        if (step.does === Does.Choose) {
          step = cases[i]!.first;
          continue;
        }
        break;
      }
      case Does.Enter:
        inner = step.cases[0]!;
        break;
      case Does.Leave:
        if (pos !== end) throw left(step.node, pos, end - pos);
        end = ends[--depth]!;
        break;
      case Does.Join:
        scratch[step.cut] = pos;
        break;
      case Does.Rest:
        if (step.size !== 1 && (end - pos) % step.size !== 0) throw uneven(step, pos, end);
        if (step.fewest > end - pos) throw short(step.node, pos, step.fewest, end - pos);
        if (step.surplus !== 0 && end !== pos && end - pos !== step.surplus) throw odd(step, pos, end);
        pos = end;
        scratch[step.cut] = end;
        break;
      case Does.Equal: {
        const at = scratch[step.tagCut]! + step.tagDelta;
        if (decisive(step.tag, step.tagWidth, bytes, at) !== step.value)
          throw fail('constant', step.node, at, `must be ${step.value >>> 0}, is ${shown(step.tag, bytes, at)}`);
        break;
      }
      case Does.Bound:
        ends[depth++] = end;
        end = bound(step, bytes, pos, end);
        break;
      case Does.Peek:
        if (step.size > end - pos) throw absent(step, pos, end);
        break;
      case Does.Fit:
        scratch[PICKS] = picks |= fitting(step, pos, end) << step.pick;
        pos = end;
        scratch[step.cut] = end;
        break;
      default:
    }
    if (inner !== undefined) {
      const at = scratch[step.lengthCut]! + step.lengthDelta;
      const size = decisive(step.length, step.lengthWidth, bytes, at);
      if (size < inner.least || size > end - pos || (inner.exact && size !== inner.least)) {
        throw badLength(step, inner, size >>> 0, at, pos, end);
      }
      scratch[step.cut] = pos + size;
      if (inner.first === undefined) {
        pos += size;
      } else {
        ends[depth++] = end;
        end = pos + size;
        step = inner.first;
        continue;
      }
    }
    step = step.next;
  }
  if (pos !== end && !prefix) throw left(plan.root, pos, end - pos);
  cuts = plan.cuts > 1 ? cutsOf(scratch, plan.cuts) : at0;
  if (plan.cuts > 1 && pos === end) learn(plan, shapes, end);
  return pos;
}

/**
 * The numbers that the walk has read, as pairs of place and value; of two bytes, the place is negative. A shape is made
 * of them, not of the bytes, so that memory which somebody else writes meanwhile cannot give a shape the cuts of another.
 */
const notes = new Int32Array(4 * MOST_CUTS);
/** How many of {@link notes} there are; as many as there can be, or more, where a number of another width has been read. */
let noted = 0;

/** Reads a number that decides where something lies, and notes it. */
function decisive(node: Node, width: number, bytes: Uint8Array, at: number): number {
  const value = width === 4 ? i32At(bytes, at) : width === 2 ? u16At(bytes, at) : wide(node, bytes, at);
  notes[noted] = width === 2 ? ~at : at;
  notes[noted + 1] = value;
  noted += width === 0 ? notes.length : 2;
  return value;
}

/** Learning a shape costs as much as a few measurements: once for each place, then rarely. */
function learn(plan: Plan, shapes: Shape[], length: number): void {
  if (noted >= notes.length) return;
  const isFull = shapes.length === 8;
  if (isFull && (plan.unlike++ & 1023) !== 0) return;
  const fours: number[] = [];
  const twos: number[] = [];
  // From the last one on: bytes of the same length that differ at all differ in the length of their last part.
  for (let i = noted - 2; i >= 0; i -= 2) {
    const at = notes[i]!;
    if (at < 0) twos.push(~at, notes[i + 1]!);
    else fours.push(at, notes[i + 1]!);
  }
  const shape: Shape = { length, fours: Int32Array.from(fours), twos: Int32Array.from(twos), cuts };
  shapes[isFull ? (plan.unlike >> 10) & 7 : shapes.length] = shape;
}

/** Whether these bytes, which have the shape's length, have all of its numbers. */
function looksLike(shape: Shape, bytes: Uint8Array): boolean {
  const { fours, twos } = shape;
  for (let i = 0; i < fours.length; i += 2) if (i32At(bytes, fours[i]!) !== fours[i + 1]) return false;
  for (let i = 0; i < twos.length; i += 2) if (u16At(bytes, twos[i]!) !== twos[i + 1]) return false;
  return true;
}

const short = (node: Node, at: number, size: number, there: number): LayoutError =>
  fail('truncated', node, at, `needs ${count(size)}, ${there} left`);

const left = (node: Node, at: number, more: number): LayoutError =>
  fail('trailing', node, at, `must end here, ${count(more)} more`);

/** The first field of a lead that does not fit any more. */
function truncated({ nodes }: Step, pos: number, end: number): LayoutError {
  const run = nodes[0]!.start.delta;
  const node = nodes.find((each) => pos + each.start.delta - run + (sizeOf(each.type) ?? 0) > end)!;
  const start = pos + node.start.delta - run;
  if (node.type.kind !== 'array') return short(node, start, sizeOf(node.type) ?? 0, end - start);
  const each = sizeOf(node.type.of) ?? 1;
  const item = Math.floor((end - start) / each);
  const at = start + item * each;
  return short({ ...node, name: `${node.name}[${item}]` }, at, each, end - at);
}

function absent({ node, size }: Step, pos: number, end: number): LayoutError {
  const width = sizeOf(node.type) ?? 0;
  const at = pos + size - width;
  return short(node, at, width, Math.max(end - at, 0));
}

function badLength(
  { node, length }: Step,
  { least, exact }: Case,
  size: number,
  at: number,
  pos: number,
  end: number,
): LayoutError {
  return size < least || (exact && size !== least)
    ? fail('length', length, at, `must be ${exact ? '' : 'at least '}${least}, is ${size}`)
    : short(node, pos, size, end - pos);
}

const reachedAt = ({ cut, delta }: Place): number => scratch[cut]! + delta;

/** Where a struct ends by its own account. `pos` is behind its length. */
function bound({ node, length, lengthWidth }: Step, bytes: Uint8Array, pos: number, end: number): number {
  const from = reachedAt(node.start);
  const at = reachedAt(length.start);
  const size = decisive(length, lengthWidth, bytes, at) >>> 0;
  if (size < pos - from) throw fail('length', length, at, `must be at least ${pos - from}, is ${size}`);
  if (size > end - from) throw short(node, from, size, end - from);
  return from + size;
}

const uneven = ({ node, size }: Step, pos: number, end: number): LayoutError =>
  fail('length', node, pos, `must be a multiple of ${count(size)}, is ${end - pos}`);

const odd = ({ node, surplus }: Step, pos: number, end: number): LayoutError =>
  fail('length', node, pos, `must be 0 or ${surplus} bytes, is ${end - pos}`);

/** The index of the variant that is as long as the region. */
function fitting({ node, cases }: Step, pos: number, end: number): number {
  const index = cases.findIndex((each) => each.least === end - pos);
  if (index < 0)
    throw fail('length', node, pos, `must be ${either(cases.map((each) => each.least))} bytes, is ${end - pos}`);
  return index;
}

/** An unknown tag: fine where its bytes are kept. */
function unknown({ node, tag, misplaced }: Step, bytes: Uint8Array, at: number): void {
  const type = content(node.type);
  const value = shown(tag, bytes, at);
  if (misplaced?.every((each) => each !== Number(value))) return;
  if (type.kind === 'oneOf' || type.kind === 'union') throw fail('variant', tag, at, noVariant(type, value));
}

/** What stands for a number of 8 bytes that does not fit 4: the tag and the length of nothing. */
const HUGE = -0x80000000;
/** Reads a number of any width and order into 32 bits. */
function wide({ type }: Node, bytes: Uint8Array, at: number): number {
  const size = sizeOf(type) ?? 0;
  if (size === 8 && readUint(bytes, at + 4, 4, false) !== 0) return HUGE;
  return readUint(bytes, at, Math.min(size, 4), type.kind === 'uint' && type.bigEndian) | 0;
}
