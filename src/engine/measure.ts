import { type Layout, type OneOf, type Rest, type Struct, sizeOf, type Union } from '../layout/vocabulary.ts';
import { below, type LayoutError } from './error.ts';
import { fail, noVariant, shownAt } from './fail.ts';
import { count, either, numberIn, u16At, u32At } from './number.ts';
import { type Rule, rulesOf } from './strict.ts';
import {
  type Constant,
  isPlain,
  leastOf,
  type Marks,
  type Node,
  type NumberNode,
  pathOf,
  placeAt,
  type Tree,
  treeOf,
} from './tree.ts';

/*
 * The only bounds check. A layout's tree is compiled once into steps, one for each part of varying size. A step moves
 * over the fields of fixed size in front of its part, reads the length or the tag, and marks where the part ends. Nothing
 * reads a length or a tag a second time.
 */

/** Goes on from the byte `at`, in a region that ends at `end`, and gives the byte that it has come to. */
type Step = (bytes: Uint8Array, marks: Marks, at: number, end: number) => number;

/** A layout compiled for measuring. */
export interface Plan {
  readonly tree: Tree;
  readonly step: Step;
  /** What strict reading asks besides; compiled when it is first asked. */
  rules: readonly Rule[] | undefined;
}

/** Fields of fixed size, one behind the other, that a step moves over before it looks at its own part. */
interface Lead {
  readonly fields: readonly Node[];
  readonly size: number;
}

/** Part of a layout while it is compiled: its steps, and what none of them has moved over or looked at yet. */
interface Part {
  readonly steps: Step[];
  fields: Node[];
  constants: Constant[];
}

const begin = (): Part => ({ steps: [], fields: [], constants: [] });

/** Adds a step. Constants are looked at once the fields around them have been moved over. */
function add(to: Part, make: (lead: Lead) => Step): void {
  for (const each of to.constants) to.steps.push(constant(take(to), each));
  to.constants = [];
  to.steps.push(make(take(to)));
}

function take(from: Part): Lead {
  const { fields } = from;
  from.fields = [];
  return { fields, size: fields.reduce((sum, { type }) => sum + (sizeOf(type) ?? 0), 0) };
}

function finish(part: Part): Step {
  const { steps, fields, constants } = part;
  if (fields.length > 0 || constants.length > 0 || steps.length === 0) add(part, passing);
  return chain(steps);
}

/** Steps one behind the other. In a loop, each would cost the look at another. */
function chain([first, second, third, fourth, ...more]: readonly Step[]): Step {
  if (!first) return (_, __, at) => at;
  if (!second) return first;
  if (!third) return (bytes, marks, at, end) => second(bytes, marks, first(bytes, marks, at, end), end);
  if (!fourth)
    return (bytes, marks, at, end) => third(bytes, marks, second(bytes, marks, first(bytes, marks, at, end), end), end);
  const last = chain([fourth, ...more]);
  return (bytes, marks, at, end) =>
    last(bytes, marks, third(bytes, marks, second(bytes, marks, first(bytes, marks, at, end), end), end), end);
}

/** Compiles what stands alone: what fills a region, or a variant. */
function whole(node: Node): Step {
  const part = begin();
  addContent(part, node);
  return finish(part);
}

function addContent(to: Part, node: Node): void {
  const { type } = node;
  switch (type.kind) {
    case 'struct':
      addStruct(to, node);
      break;
    case 'oneOf':
    case 'union':
      add(to, (lead) => choice(lead, node, type));
      break;
    case 'bySize':
      add(to, (lead) => fitting(lead, node, type.of));
      break;
    case 'rest':
      add(to, (lead) => remainder(lead, node, type));
      break;
    case 'array':
      if (node.mark > 0) add(to, (lead) => list(lead, node, planOf(type.of as Struct), type.count));
      else if (typeof type.count !== 'number') add(to, (lead) => row(lead, node, sizeOf(type.of) ?? 0));
      else to.fields.push(node);
      break;
    default:
      to.fields.push(node);
  }
}

function addStruct(to: Part, node: Node): void {
  const { ownLength, children, constants } = node;
  let part = to;
  for (const child of children) {
    if (child.length) add(part, (lead) => region(lead, child));
    else addContent(part, child);
    part.constants.push(...constants.filter(({ field }) => field === child));
    if (ownLength && isIn(ownLength, child)) part = begin();
  }
  if (!ownLength) return;
  const inner = finish(part);
  add(to, (lead) => bounded(lead, node, ownLength, inner));
}

const isIn = (node: Node, around: Node): boolean =>
  node === around || (node.parent !== undefined && isIn(node.parent, around));

/* ---- what steps do ---- */

/*
 * A step is a closure over its layout's numbers. V8 inlines the small functions below into it, but no step into another:
 * all steps of one kind share their code, and so what V8 has learnt about whom they call.
 */

/** A number that a measurement reads: its place, and its width where it is 2 or 4 bytes, little-endian. */
interface Spot {
  readonly node: NumberNode;
  readonly mark: number;
  readonly delta: number;
  readonly width: number;
}
function spotOf(node: NumberNode): Spot {
  const { type, start } = node;
  const isUsual = (type.size === 2 || type.size === 4) && !(type.kind === 'uint' && type.bigEndian);
  return { node, mark: start.mark, delta: start.delta, width: isUsual ? type.size : 0 };
}

/** The value of a number that has been moved over. */
function read(number: Spot, bytes: Uint8Array, marks: Marks): number {
  const at = (marks[number.mark] as number) + number.delta;
  if (number.width === 4) return u32At(bytes, at);
  return number.width === 2 ? u16At(bytes, at) : numberIn(number.node.type, bytes, at);
}

/** The index of a tag, or how many there are. */
function indexIn(tags: readonly number[], tag: number): number {
  let i = 0;
  while (i < tags.length && tags[i] !== tag) i++;
  return i;
}

/** Does nothing but move over the fields in front. */
function passing({ fields, size: ahead }: Lead): Step {
  return (_, __, at, end) => {
    if (ahead > end - at) throw truncated(fields, at, end);
    return at + ahead;
  };
}

/** Looks at a number that has one right value. */
function constant({ fields, size: ahead }: Lead, { node, value }: Constant): Step {
  const number = spotOf(node);
  return (bytes, marks, at, end) => {
    if (ahead > end - at) throw truncated(fields, at, end);
    if (read(number, bytes, marks) !== value) throw wrong(node, value, bytes, marks);
    return at + ahead;
  };
}

/** Takes all bytes that are left. */
function remainder({ fields, size: ahead }: Lead, node: Node, { least, surplus = -1 }: Rest): Step {
  const { mark } = node.end;
  return (_, marks, at, end) => {
    if (ahead > end - at) throw truncated(fields, at, end);
    const from = at + ahead;
    const size = end - from;
    if (size < least) throw short(node, from, least, size);
    if (surplus >= 0 && size > 0 && size !== surplus)
      throw fail('length', node, from, `must be 0 or ${surplus} bytes, is ${size}`);
    marks[mark] = end;
    return end;
  };
}

/** Takes items of one size: as many as an earlier number says, or as many as are left. */
function row({ fields, size: ahead }: Lead, node: Node, each: number): Step {
  const { mark } = node.end;
  const number = node.count && spotOf(node.count);
  return (bytes, marks, at, end) => {
    if (ahead > end - at) throw truncated(fields, at, end);
    const from = at + ahead;
    const size = number ? read(number, bytes, marks) * each : end - from;
    const isShort = size > end - from;
    if (!isShort && size % each !== 0)
      throw fail('length', node, from, `must be a multiple of ${count(each)}, is ${size}`);
    marks[mark] = isShort ? end - ((end - from) % each) : from + size;
    if (isShort) throw shortItem(node, from, end);
    return from + size;
  };
}

/** Measures items one by one, each as the struct that it is. */
function list(
  { fields, size: ahead }: Lead,
  node: Node,
  { tree, step }: Plan,
  fixed: number | string | undefined,
): Step {
  const number = node.count && spotOf(node.count);
  const isVarying = node.end.mark !== node.start.mark;
  return (bytes, marks, at, end) => {
    if (ahead > end - at) throw truncated(fields, at, end);
    let here = at + ahead;
    const total = number ? read(number, bytes, marks) : fixed;
    const items: Marks[] = [];
    marks[node.mark] = items;
    try {
      while (total === undefined ? here < end : items.length < Number(total)) {
        const own = unmarked(tree, bytes, here);
        items.push(own);
        here = step(bytes, own, here, end);
      }
    } catch (error) {
      throw below(error, tree.root.name, `${pathOf(node)}[${items.length - 1}]`);
    }
    if (isVarying) marks[node.end.mark] = here;
    return here;
  };
}

/** What can fill a region; no step where any bytes will do. */
interface Filling {
  readonly least: number;
  readonly most: number;
  readonly step: Step | undefined;
}

function fillingOf(node: Node): Filling {
  const { type } = node;
  const isAnything = type.kind === 'rest' && type.surplus === undefined;
  return { least: leastOf(type), most: sizeOf(type) ?? MOST, step: isAnything ? undefined : whole(node) };
}

/** Enters a region of declared length, which must be used up. */
function region({ fields, size: ahead }: Lead, node: Node): Step {
  if (node.type.kind === 'oneOf') return chosenRegion({ fields, size: ahead }, node, node.type);
  const length = spotOf(node.length!);
  const until = node.end.mark;
  const filling = fillingOf(node);
  const { least, most, step } = filling;
  return (bytes, marks, at, end) => {
    if (ahead > end - at) throw truncated(fields, at, end);
    const from = at + ahead;
    const size = read(length, bytes, marks);
    if (size < least || size > most || size > end - from) throw badLength(node, filling, size, marks, from, end);
    const to = from + size;
    marks[until] = to;
    if (step !== undefined) used(node, step(bytes, marks, from, to), to);
    return to;
  };
}

/** A region whose content an earlier number selects; of an unknown tag it keeps the bytes. */
function chosenRegion({ fields, size: ahead }: Lead, node: Node, type: OneOf): Step {
  const length = spotOf(node.length!);
  const tag = spotOf(node.tag!);
  const tags = Object.keys(type.cases).map(Number);
  const fillings = node.children.map(fillingOf);
  const until = node.end.mark;
  const { mark } = node;
  return (bytes, marks, at, end) => {
    if (ahead > end - at) throw truncated(fields, at, end);
    const from = at + ahead;
    const index = indexIn(tags, read(tag, bytes, marks));
    if (index === tags.length) keep(tag, type, bytes, marks);
    marks[mark] = index;
    const filling = fillings[index]!;
    const size = read(length, bytes, marks);
    if (size < filling.least || size > filling.most || size > end - from)
      throw badLength(node, filling, size, marks, from, end);
    const to = from + size;
    marks[until] = to;
    const { step } = filling;
    if (step !== undefined) used(node, step(bytes, marks, from, to), to);
    return to;
  };
}

/** A region that a struct makes of itself by its own account of its length. */
function bounded({ fields, size: ahead }: Lead, node: Node, own: NumberNode, inner: Step): Step {
  const length = spotOf(own);
  return (bytes, marks, at, end) => {
    if (ahead > end - at) throw truncated(fields, at, end);
    const here = at + ahead;
    const from = placeAt(marks, node.start);
    const size = read(length, bytes, marks);
    if (size < here - from)
      throw fail('length', own, placeAt(marks, own.start), `must be at least ${here - from}, is ${size}`);
    if (size > end - from) throw short(node, from, size, end - from);
    const reached = inner(bytes, marks, here, from + size);
    if (reached !== from + size) throw trailing(node, reached, from + size - reached);
    return reached;
  };
}

/** Chooses a variant by its tag. The tag of a union lies ahead, inside whichever variant it selects. */
function choice({ fields, size: ahead }: Lead, node: Node, type: OneOf | Union): Step {
  const tag = spotOf(node.tag!);
  const tags = Object.keys(type.cases).map(Number);
  const variants = node.children.map((child) => ({
    size: isPlain(child.type) ? (sizeOf(child.type) ?? -1) : -1,
    step: whole(child),
  }));
  const tagEnd = type.kind === 'union' ? type.tag.offset + type.tag.of.size : 0;
  const until = sizeOf(type) === undefined ? node.end.mark : 0;
  const { mark } = node;
  return (bytes, marks, at, end) => {
    if (ahead > end - at) throw truncated(fields, at, end);
    const from = at + ahead;
    if (tagEnd > end - from) throw absent(tag.node, placeAt(marks, tag.node.start), end);
    const index = indexIn(tags, read(tag, bytes, marks));
    if (index === tags.length) throw unknown(tag.node, type, bytes, marks);
    marks[mark] = index;
    const { size, step } = variants[index]!;
    const to = size >= 0 && size <= end - from ? from + size : step(bytes, marks, from, end);
    if (until > 0) marks[until] = to;
    return to;
  };
}

/** Chooses the variant that is as long as what is left. */
function fitting({ fields, size: ahead }: Lead, node: Node, structs: readonly Struct[]): Step {
  const sizes = structs.map((struct) => struct.size ?? 0);
  const steps = node.children.map(whole);
  return (bytes, marks, at, end) => {
    if (ahead > end - at) throw truncated(fields, at, end);
    const from = at + ahead;
    const index = sizes.indexOf(end - from);
    if (index < 0) throw fail('length', node, from, `must be ${either(sizes)} bytes, is ${end - from}`);
    marks[node.mark] = index;
    marks[node.end.mark] = end;
    return steps[index]!(bytes, marks, from, end);
  };
}

/* ---- what is wrong ---- */

const short = (node: Node, at: number, size: number, left: number): LayoutError =>
  fail('truncated', node, at, `needs ${count(size)}, ${left} left`);

/** Holds a region to its end. */
function used(node: Node, at: number, end: number): void {
  if (at !== end) throw trailing(node, at, end - at);
}

const trailing = (node: Node, at: number, more: number): LayoutError =>
  fail('trailing', node, at, `must end here, ${count(more)} more`);

/** The first field of a run that does not fit. */
function truncated(fields: readonly Node[], at: number, end: number): LayoutError {
  let start = at;
  const field = fields.find((each) => {
    const size = sizeOf(each.type) ?? 0;
    if (start + size > end) return true;
    start += size;
    return false;
  })!;
  return field.type.kind === 'array'
    ? shortItem(field, start, end)
    : short(field, start, sizeOf(field.type) ?? 0, end - start);
}

/** The first item of an array that does not fit. */
function shortItem(node: Node, start: number, end: number): LayoutError {
  const each = node.type.kind === 'array' ? (sizeOf(node.type.of) ?? 1) : 1;
  const item = Math.floor((end - start) / each);
  const at = start + item * each;
  return fail('truncated', node, at, `needs ${count(each)}, ${end - at} left`, item);
}

const absent = (tag: NumberNode, at: number, end: number): LayoutError =>
  short(tag, at, tag.type.size, Math.max(end - at, 0));

function badLength(
  node: Node,
  { least, most }: Filling,
  size: number,
  marks: Marks,
  from: number,
  end: number,
): LayoutError {
  if (size >= least && (size <= most || most === MOST)) return short(node, from, size, end - from);
  const says = `must be ${most === least ? '' : 'at least '}${least}, is ${size}`;
  return fail('length', node.length!, placeAt(marks, node.length!.start), says);
}

/** An unknown tag keeps its bytes, unless it is known to have no place here. */
function keep(tag: Spot, type: OneOf, bytes: Uint8Array, marks: Marks): void {
  if (type.misplaced.includes(read(tag, bytes, marks))) throw unknown(tag.node, type, bytes, marks);
}

const wrong = (node: NumberNode, value: number, bytes: Uint8Array, marks: Marks): LayoutError =>
  fail('constant', node, placeAt(marks, node.start), `must be ${value}, is ${shownAt(node, bytes, marks)}`);

const unknown = (tag: NumberNode, type: OneOf | Union, bytes: Uint8Array, marks: Marks): LayoutError =>
  fail('variant', tag, placeAt(marks, tag.start), noVariant(type, shownAt(tag, bytes, marks)));

/* ---- plans ---- */

/** The most bytes that are measured: what a signed number of 32 bits holds, which V8 counts with. */
const MOST = 0x7fffffff;

/** The plan of a layout, compiled at its first use. */
export function planOf(layout: Layout): Plan {
  layout.memo.plan ??= compile(layout);
  return layout.memo.plan as Plan;
}

function compile(layout: Layout): Plan {
  const tree = treeOf(layout);
  return { tree, step: whole(tree.root), rules: undefined };
}

/** The marks of something that begins at a byte and has not been measured yet. */
export function unmarked(tree: Tree, bytes: Uint8Array, at: number): Marks {
  const marks = tree.unmarked.slice() as Marks;
  marks[0] = bytes;
  marks[1] = at;
  return marks;
}

/**
 * Measures bytes, or under `prefix` their beginning. Of a measurement that fails, `marks` has what was reached.
 *
 * @throws LayoutError when a declared length does not fit, a tag selects nothing, or strict reading refuses something.
 */
export function measure(
  plan: Plan,
  bytes: Uint8Array,
  strict: boolean,
  prefix = false,
  marks = unmarked(plan.tree, bytes, 0),
): Marks {
  const { root } = plan.tree;
  if (bytes.length > MOST) throw fail('length', root, 0, `must be at most ${MOST} bytes, is ${bytes.length}`);
  const end = plan.step(bytes, marks, 0, bytes.length);
  if (end !== bytes.length && !prefix) throw trailing(root, end, bytes.length - end);
  if (strict) {
    plan.rules ??= rulesOf(root);
    for (const rule of plan.rules) rule(bytes, marks);
  }
  return marks;
}
