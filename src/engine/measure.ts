import { type Layout, type OneOf, type Struct, sizeOf, type Union } from '../layout/vocabulary.ts';
import { below, type LayoutError } from './error.ts';
import { fail, noVariant, shownAt } from './fail.ts';
import { count, either, numberIn, u16At, u32At } from './number.ts';
import { type Rule, rulesOf } from './strict.ts';
import { leastOf, type Marks, type Node, type NumberNode, pathOf, placeAt, type Tree, treeOf } from './tree.ts';

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

/** Fields of fixed size, one behind the other, and the constants that can be looked at behind them. */
interface Run {
  readonly fields: Node[];
  size: number;
  readonly constants: Held[];
  isHeld: boolean;
}

/** A number with one right value. */
interface Held {
  readonly number: Spot;
  readonly value: number;
}

/** Part of a layout while it is compiled: its steps, and the fields that none of them has moved over yet. */
interface Part {
  readonly steps: Step[];
  run: Run;
}

const begin = (): Part => ({ steps: [], run: { fields: [], size: 0, constants: [], isHeld: false } });

/** Adds a step, which moves over the run. */
function add(to: Part, make: (run: Run) => Step): void {
  to.steps.push(make(to.run));
  to.run = begin().run;
}

function finish({ steps, run }: Part): Step {
  if (run.fields.length > 0 || steps.length === 0)
    steps.push((bytes, marks, at, end) => pass(run, bytes, marks, at, end));
  return chain(steps);
}

/** Steps one behind the other. In a loop, each would cost the look at another. */
function chain(steps: readonly Step[]): Step {
  const [first, second, third, ...more] = steps;
  if (!first || !second) return first ?? ((_, __, at) => at);
  if (!third) return (bytes, marks, at, end) => second(bytes, marks, first(bytes, marks, at, end), end);
  const then = chain([third, ...more]);
  return (bytes, marks, at, end) => then(bytes, marks, second(bytes, marks, first(bytes, marks, at, end), end), end);
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
      add(to, (run) => choice(run, node, type));
      break;
    case 'bySize':
      add(to, (run) => fitting(run, node, type.of));
      break;
    case 'rest':
      add(to, (run) => remainder(run, node, 1, type.least, type.surplus));
      break;
    case 'array': {
      const each = sizeOf(type.of) ?? 0;
      if (node.mark > 0) add(to, (run) => list(run, node, planOf(type.of as Struct), type.count));
      else if (node.count) add(to, (run) => counted(run, node, each));
      else if (type.count === undefined) add(to, (run) => remainder(run, node, each, 0, undefined));
      else addFixed(to.run, node);
      break;
    }
    default:
      addFixed(to.run, node);
  }
}

function addFixed(run: Run, node: Node): void {
  run.fields.push(node);
  run.size += sizeOf(node.type) ?? 0;
}

function addConstant(run: Run, constant: Held): void {
  run.constants.push(constant);
  run.isHeld = true;
}

function addStruct(to: Part, node: Node): void {
  const { ownLength, children, constants } = node;
  let part = to;
  for (const child of children) {
    if (child.length) add(part, (run) => region(run, child));
    else addContent(part, child);
    for (const { node: number, value, field } of constants)
      if (field === child) addConstant(part.run, { number: spotOf(number), value });
    if (ownLength && isIn(ownLength, child)) part = begin();
  }
  if (!ownLength) return;
  const inner = finish(part);
  add(to, (run) => bounded(run, node, ownLength, inner));
}

const isIn = (node: Node, around: Node): boolean =>
  node === around || (node.parent !== undefined && isIn(node.parent, around));

/* ---- what steps do ---- */

/*
 * Each step is one closure over plain numbers, and calls as little as it can: V8 inlines the small functions below into
 * it, but not a step into another, since all steps of one kind share their code and so the knowledge of what they call.
 */

/** Moves over a run. */
function pass(run: Run, bytes: Uint8Array, marks: Marks, at: number, end: number): number {
  if (run.size > end - at) throw truncated(run, at, end);
  if (run.isHeld) hold(run, bytes, marks);
  return at + run.size;
}

function hold({ constants }: Run, bytes: Uint8Array, marks: Marks): void {
  for (let i = 0; i < constants.length; i++) {
    const { number, value } = constants[i]!;
    if (read(number, bytes, marks) !== value) throw wrong(number.node, value, bytes, marks);
  }
}

/** A number that a measurement reads: its place, and its width where it is 2 or 4 bytes, little-endian. */
interface Spot {
  readonly node: NumberNode;
  readonly mark: number;
  readonly delta: number;
  readonly width: number;
}
const spotOf = (node: NumberNode): Spot => {
  const { type, start } = node;
  const isUsual = (type.size === 2 || type.size === 4) && !(type.kind === 'uint' && type.bigEndian);
  return { node, mark: start.mark, delta: start.delta, width: isUsual ? type.size : 0 };
};

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

/** Takes all bytes that are left. */
function remainder(run: Run, node: Node, each: number, least: number, surplus: number | undefined): Step {
  const { mark } = node.end;
  const isAnything = each === 1 && least === 0 && surplus === undefined;
  return (bytes, marks, at, end) => {
    const from = pass(run, bytes, marks, at, end);
    if (!isAnything) suit(node, from, end - from, each, least, surplus);
    marks[mark] = end;
    return end;
  };
}

function suit(node: Node, at: number, size: number, each: number, least: number, surplus: number | undefined): void {
  if (size % each !== 0) throw fail('length', node, at, `must be a multiple of ${count(each)}, is ${size}`);
  if (size < least) throw short(node, at, least, size);
  if (surplus !== undefined && size !== 0 && size !== surplus)
    throw fail('length', node, at, `must be 0 or ${surplus} bytes, is ${size}`);
}

/** Takes as many items of one size as an earlier number says. */
function counted(run: Run, node: Node, each: number): Step {
  const { mark } = node.end;
  const number = spotOf(node.count!);
  return (bytes, marks, at, end) => {
    const from = pass(run, bytes, marks, at, end);
    const size = read(number, bytes, marks) * each;
    const isShort = size > end - from;
    marks[mark] = isShort ? end - ((end - from) % each) : from + size;
    if (isShort) throw shortItem(node, from, end);
    return from + size;
  };
}

/** Measures items one by one, each as the struct that it is. */
function list(run: Run, node: Node, { tree, step }: Plan, fixed: number | string | undefined): Step {
  const number = node.count && spotOf(node.count);
  const isVarying = node.end.mark !== node.start.mark;
  return (bytes, marks, at, end) => {
    let here = pass(run, bytes, marks, at, end);
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
  const size = sizeOf(type);
  const isAnything = type.kind === 'rest' && type.surplus === undefined;
  return { least: leastOf(type), most: size ?? Infinity, step: isAnything ? undefined : whole(node) };
}

/** Enters a region of declared length, which must be used up. */
function region(run: Run, node: Node): Step {
  if (node.type.kind === 'oneOf') return chosenRegion(run, node, node.type);
  const length = spotOf(node.length!);
  const filling = fillingOf(node);
  return (bytes, marks, at, end) => {
    const from = pass(run, bytes, marks, at, end);
    return fill(node, length, filling, bytes, marks, from, end);
  };
}

/** A region whose content an earlier number selects; of an unknown tag it keeps the bytes. */
function chosenRegion(run: Run, node: Node, type: OneOf): Step {
  const length = spotOf(node.length!);
  const tag = spotOf(node.tag!);
  const tags = Object.keys(type.cases).map(Number);
  const fillings = node.children.map(fillingOf);
  const { mark } = node;
  return (bytes, marks, at, end) => {
    const from = pass(run, bytes, marks, at, end);
    const index = indexIn(tags, read(tag, bytes, marks));
    marks[mark] = index;
    if (index === tags.length) place(tag, type, bytes, marks);
    return fill(node, length, fillings[index]!, bytes, marks, from, end);
  };
}

/** Fills a region. */
function fill(
  node: Node,
  length: Spot,
  filling: Filling,
  bytes: Uint8Array,
  marks: Marks,
  from: number,
  end: number,
): number {
  const size = read(length, bytes, marks);
  const { step } = filling;
  if (size < filling.least || size > filling.most || size > end - from)
    throw badLength(node, length.node, filling, size, marks, from, end);
  const to = from + size;
  marks[node.end.mark] = to;
  if (step === undefined) return to;
  const reached = step(bytes, marks, from, to);
  if (reached !== to) throw trailing(node, reached, to - reached);
  return to;
}

/** A region that a struct makes of itself by its own account of its length. */
function bounded(run: Run, node: Node, own: NumberNode, inner: Step): Step {
  const length = spotOf(own);
  return (bytes, marks, at, end) => {
    const here = pass(run, bytes, marks, at, end);
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
function choice(run: Run, node: Node, type: OneOf | Union): Step {
  const tag = spotOf(node.tag!);
  const tags = Object.keys(type.cases).map(Number);
  const steps = node.children.map(whole);
  const ahead = type.kind === 'union' ? type.tag.offset + type.tag.of.size : 0;
  const end = sizeOf(type) === undefined ? node.end.mark : 0;
  const { mark } = node;
  return (bytes, marks, at, limit) => {
    const from = pass(run, bytes, marks, at, limit);
    if (ahead > limit - from) throw absent(tag.node, placeAt(marks, tag.node.start), limit);
    const index = indexIn(tags, read(tag, bytes, marks));
    if (index === tags.length) throw unknown(tag.node, type, bytes, marks);
    marks[mark] = index;
    const to = steps[index]!(bytes, marks, from, limit);
    if (end > 0) marks[end] = to;
    return to;
  };
}

/** Chooses the variant that is as long as what is left. */
function fitting(run: Run, node: Node, structs: readonly Struct[]): Step {
  const sizes = structs.map((struct) => struct.size ?? 0);
  const steps = node.children.map(whole);
  return (bytes, marks, at, end) => {
    const from = pass(run, bytes, marks, at, end);
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

const trailing = (node: Node, at: number, more: number): LayoutError =>
  fail('trailing', node, at, `must end here, ${count(more)} more`);

/** The first field of a run that does not fit. */
function truncated({ fields }: Run, at: number, end: number): LayoutError {
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
  length: NumberNode,
  { least, most }: Filling,
  size: number,
  marks: Marks,
  from: number,
  end: number,
): LayoutError {
  if (size >= least && size <= most) return short(node, from, size, end - from);
  const says = `must be ${most === least ? '' : 'at least '}${least}, is ${size}`;
  return fail('length', length, placeAt(marks, length.start), says);
}

/** An unknown tag keeps its bytes, unless it is known to have no place here. */
function place(tag: Spot, type: OneOf, bytes: Uint8Array, marks: Marks): void {
  if (type.misplaced.includes(read(tag, bytes, marks))) throw unknown(tag.node, type, bytes, marks);
}

const wrong = (node: NumberNode, value: number, bytes: Uint8Array, marks: Marks): LayoutError =>
  fail('constant', node, placeAt(marks, node.start), `must be ${value}, is ${shownAt(node, bytes, marks)}`);

const unknown = (tag: NumberNode, type: OneOf | Union, bytes: Uint8Array, marks: Marks): LayoutError =>
  fail('variant', tag, placeAt(marks, tag.start), noVariant(type, shownAt(tag, bytes, marks)));

/* ---- plans ---- */

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
  if (bytes.length > 0x7fffffff) throw fail('length', root, 0, `must be at most 2147483647 bytes, is ${bytes.length}`);
  const end = plan.step(bytes, marks, 0, bytes.length);
  if (end !== bytes.length && !prefix) throw trailing(root, end, bytes.length - end);
  if (strict) {
    plan.rules ??= rulesOf(root);
    for (const rule of plan.rules) rule(bytes, marks);
  }
  return marks;
}
