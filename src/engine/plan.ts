import { type Layout, type OneOf, rest, type Struct, sizeOf, type Type, type Union } from '../layout/vocabulary.ts';
import { BASE, PICKS } from './cuts.ts';
import { type Case, Does, MOST_CUTS, MOST_REGIONS, type Plan, type Step } from './measure.ts';
import { content, find, type Node, type Place, pathOf } from './node.ts';

/* Compiles a layout into the steps that measure.ts follows, and into the nodes that say where its fields then lie. */

/** The end of a struct of varying size, among its own cuts. */
const END = PICKS + 1;

interface Emission {
  /** The step whose `next` is the next one to be made. */
  last: Step | undefined;
  run: Node[];
  constants: Pick<Step, 'does' | 'node' | 'value'>[];
  here: Place;
  /** The cut at which what comes next has to end, since it is the last in a region; 0 for none. */
  closes: number;
  /** The last cut and the next free bit of the picks. */
  taken: number;
  bits: number;
  /** How many regions are around. */
  depth: number;
}

const nodeFor = (to: Emission, name: string, spec: string, parent: Node | undefined, type: Type): Node => ({
  name,
  spec,
  parent,
  type,
  start: to.here,
  end: to.here,
  children: [],
  tag: undefined,
  pick: 0,
  shift: 0,
  turn: 0,
  decides: false,
});

/** The cut for the end of what comes next: that of the region around it where it is the last inside, else a new one. */
const take = (to: Emission): number => (to.closes === 0 ? ++to.taken : to.closes);
const moved = ({ cut, delta }: Place, by: number): Place => ({ cut, delta: delta + by });
/** A number's place and width, as a step holds it. */
const spot = ({ start, type }: Node): readonly [cut: number, delta: number, width: number] => {
  const size = sizeOf(type) ?? 0;
  return [start.cut, start.delta, type.kind === 'uint' && type.bigEndian ? 0 : size === 2 || size === 4 ? size : 0];
};

/** Adds a step, behind the fields of fixed size that are still to be moved over, and behind the constants that stand in them. */
function push(to: Emission, does: Does, node: Node, more: Partial<Step> = {}): Step {
  const nodes = to.run;
  const lead = nodes[0] ? to.here.delta - nodes[0].start.delta : 0;
  const { constants } = to;
  to.run = [];
  to.constants = [];
  const tag = more.tag ?? node;
  const length = more.length ?? node;
  const [tagCut, tagDelta, tagWidth] = spot(tag);
  const [lengthCut, lengthDelta, lengthWidth] = spot(length);
  const none = {
    value: 0,
    pick: 0,
    cut: 0,
    cases: [],
    known: 0,
    misplaced: undefined,
    size: 1,
    surplus: 0,
    fewest: 0,
  };
  const places = { tag, tagCut, tagDelta, tagWidth, length, lengthCut, lengthDelta, lengthWidth };
  const make = (own: Partial<Step> & { does: Does; node: Node; lead: number }): Step => {
    const step: Step = { nodes, ...none, ...places, next: undefined, ...own };
    if (to.last) to.last.next = step;
    to.last = step;
    return step;
  };
  if (constants.length === 0) return make({ ...more, does, node, lead });
  constants.forEach((constant, i) => {
    const [cut, delta, width] = spot(constant.node);
    make({ ...constant, tag: constant.node, tagCut: cut, tagDelta: delta, tagWidth: width, lead: i === 0 ? lead : 0 });
  });
  return make({ ...more, does, node, lead: 0 });
}

/** The struct around a node, past the choices and regions between them. */
const around = (node: Node): Node | undefined =>
  content(node.type).kind === 'struct' ? node : node.parent && around(node.parent);

function referred(node: Node, path: string): Node {
  const target = node.parent && find(around(node.parent) ?? node.parent, path);
  if (!target) throw new TypeError(`${pathOf(node)}: refers to ${path}, which is not there`);
  target.decides = true;
  return target;
}

/** The fewest bytes that a type can take. */
function least(type: Type): number {
  switch (type.kind) {
    case 'struct':
      return Object.values(type.fields).reduce((sum, row) => sum + least(row.type), 0);
    case 'oneOf':
    case 'union':
      return Math.min(...Object.values(type.cases).map(least));
    case 'bySize':
      return Math.min(...type.of.map(least));
    case 'sized':
      return type.of.kind === 'oneOf' || type.of.kind === 'bySize' ? 0 : least(type.of);
    case 'rest':
      return type.least;
    default:
      return sizeOf(type) ?? 0;
  }
}

/** Whether a type has the same fields in the same places whatever the bytes, and no number with one right value. */
function isFlat(type: Type): boolean {
  switch (type.kind) {
    case 'struct':
      return (
        type.size !== undefined &&
        type.agree.length + Object.keys(type.where).length === 0 &&
        Object.values(type.fields).every((row) => isFlat(row.type))
      );
    case 'array':
      return isFlat(type.of);
    default:
      return type.kind !== 'oneOf' && type.kind !== 'union' && type.kind !== 'bySize';
  }
}
const unfit = (node: Node, what: string): TypeError =>
  new TypeError(`${pathOf(node)}: ${what} can have no choice, no length and no number with one right value`);

function emit(to: Emission, node: Node, type: Type): void {
  switch (type.kind) {
    case 'struct':
      emitStruct(to, node, type);
      break;
    case 'union':
      emitUnion(to, node, type);
      break;
    case 'oneOf':
      emitChoice(to, node, type, referred(node, type.by));
      break;
    case 'sized':
      emitSized(to, node, referred(node, type.by), type.of);
      break;
    case 'bySize':
      emitBySize(to, node, type.of);
      break;
    case 'rest':
      emitRest(to, node, 1, type.surplus, type.least);
      break;
    case 'array':
      if (!isFlat(type.of) || sizeOf(type.of) === 0) throw unfit(node, 'an item');
      if (type.count === undefined) emitRest(to, node, sizeOf(type.of) ?? 1);
      else emitLeaf(to, node, type);
      break;
    default:
      emitLeaf(to, node, type);
  }
  node.end = to.here;
}

function emitLeaf(to: Emission, node: Node, type: Type): void {
  to.run.push(node);
  to.here = moved(to.here, sizeOf(type) ?? 0);
}

function emitStruct(to: Emission, node: Node, type: Struct): void {
  // The end of a struct comes first among its cuts, so that they are in the same order wherever it stands.
  const isOpen = type.size === undefined;
  if (isOpen && to.closes !== to.taken) to.closes = ++to.taken;
  const { closes } = to;
  node.shift = closes - END;
  node.turn = to.bits;
  const rows = Object.entries(type.fields);
  rows.forEach(([name, row], i) => {
    const child = nodeFor(to, name, row.spec, node, row.type);
    node.children.push(child);
    to.closes = isOpen && i === rows.length - 1 && type.length === undefined ? closes : 0;
    emit(to, child, row.type);
    for (const [path, value] of Object.entries(type.where)) {
      const constant = path === name || path.startsWith(`${name}.`) ? find(node, path) : undefined;
      if (!constant) continue;
      constant.decides = true;
      to.constants.push({ does: Does.Equal, node: constant, value: value | 0 });
    }
    if (type.length !== undefined && (type.length === name || type.length.startsWith(`${name}.`))) {
      deeper(to, node);
      push(to, Does.Bound, node, { length: referred(child, type.length) });
    }
  });
  to.closes = 0;
  if (type.length !== undefined) {
    to.depth--;
    push(to, Does.Leave, node);
  }
}

function emitRest(to: Emission, node: Node, size: number, surplus = 0, fewest = 0): void {
  const cut = take(to);
  push(to, Does.Rest, node, { cut, size, surplus, fewest });
  to.here = { cut, delta: 0 };
}

function emitBySize(to: Emission, node: Node, structs: readonly Struct[]): void {
  if (!structs.every(isFlat)) throw unfit(node, 'a variant by size');
  const names = structs.map((struct) => Object.keys(struct.fields).sort().join());
  if (new Set(names).size < names.length) throw new TypeError(`${pathOf(node)}: two variants have the same fields`);
  const pick = pickIn(to, node, structs.length);
  const cut = take(to);
  node.pick = pick;
  push(to, Does.Fit, node, { cut, pick, cases: structs.map((struct) => caseOf(0, struct, undefined)) });
  const { here } = to;
  for (const variant of structs) {
    const child = nodeFor(to, '', '', node, variant);
    node.children.push(child);
    emit(to, child, variant);
    to.run = [];
    to.here = here;
  }
  to.here = { cut, delta: 0 };
}

function deeper(to: Emission, node: Node): void {
  if (++to.depth > MOST_REGIONS) throw new TypeError(`${pathOf(node)}: lies in more than ${MOST_REGIONS} regions`);
}

function pickIn(to: Emission, node: Node, variants: number): number {
  if (variants > 15) throw new TypeError(`${pathOf(node)}: has ${variants} variants, can have 15`);
  to.bits += 4;
  return to.bits - 4;
}

const caseOf = (tag: number, type: Type, first: Step | undefined): Case => ({
  tag: tag | 0,
  least: least(type),
  exact: sizeOf(type) !== undefined,
  first,
});

type Tagged = readonly (readonly [tag: string, type: Type])[];

/** Emits each variant from the same place, each chain of steps led back to `meet`. */
function variants(to: Emission, node: Node, types: Tagged, meet: Does, cut: number): { cases: Case[]; ends: Step[] } {
  const { here, taken, bits } = to;
  const ends: Step[] = [];
  let most = taken;
  let mostBits = bits;
  const cases = types.map(([tag, type]) => {
    const start = { next: undefined as Step | undefined };
    Object.assign(to, { here, taken, bits, last: start, closes: cut });
    const child = nodeFor(to, '', '', node, type);
    if (type.kind === 'sized') throw new TypeError(`${pathOf(node)}: a region in a choice wants a struct around it`);
    node.children.push(child);
    if (type.kind === 'rest' && type.surplus === undefined && meet === Does.Leave) {
      child.end = { cut, delta: 0 };
      return caseOf(Number(tag), type, undefined);
    }
    emit(to, child, type);
    ends.push(push(to, meet, node, { cut }));
    most = Math.max(most, to.taken);
    mostBits = Math.max(mostBits, to.bits);
    return caseOf(Number(tag), type, start.next);
  });
  Object.assign(to, { taken: most, bits: mostBits });
  return { cases, ends };
}

function emitChoice(to: Emission, node: Node, type: OneOf | Union, tag: Node): void {
  const fixed = sizeOf(type);
  const known = Object.entries(type.cases);
  const pick = pickIn(to, node, known.length);
  const cut = fixed === undefined ? take(to) : 0;
  node.pick = pick;
  node.tag = tag;
  const step = push(to, Does.Choose, node, { tag, pick, known: known.length });
  const before = to.here;
  const { cases, ends } = variants(to, node, known, fixed === undefined ? Does.Join : Does.Pass, cut);
  step.cases = cases;
  meet(to, ends);
  to.here = fixed === undefined ? { cut, delta: 0 } : moved(before, fixed);
}

/** All of these go on with whatever step is made next. */
function meet(to: Emission, ends: readonly Step[]): void {
  to.last = {
    set next(step: Step | undefined) {
      for (const end of ends) end.next = step;
    },
  } as Step;
}

/** The tag of a union lies inside whichever variant it selects. */
function emitUnion(to: Emission, node: Node, type: Union): void {
  const { name, offset, of } = type.tag;
  const start = moved(to.here, offset);
  const tag: Node = { ...nodeFor(to, name, name, node, of), start, end: moved(start, of.size) };
  push(to, Does.Peek, tag, { size: offset + of.size });
  emitChoice(to, node, type, tag);
  for (const child of node.children)
    if (!markAt(child, start, of.size)) throw new TypeError(`${pathOf(child)}: has no number where its tag is`);
}

/** The number at a place decides the layout, whatever it is called. */
function markAt(node: Node, place: Place, size: number): boolean {
  const isTag =
    node.type.kind === 'uint' &&
    node.type.size === size &&
    node.start.cut === place.cut &&
    node.start.delta === place.delta;
  if (isTag) node.decides = true;
  return isTag || node.children.some((child) => markAt(child, place, size));
}

function emitSized(to: Emission, node: Node, length: Node, of: Type): void {
  const cut = take(to);
  deeper(to, node);
  if (of.kind === 'oneOf') {
    const tag = referred(node, of.by);
    const known = Object.entries(of.cases);
    const pick = pickIn(to, node, known.length);
    node.pick = pick;
    node.tag = tag;
    const about = { tag, length, pick, cut, known: known.length, misplaced: of.misplaced };
    const step = push(to, Does.ChooseAndEnter, node, about);
    const { cases, ends } = variants(to, node, [...known, ['-1', rest]], Does.Leave, cut);
    step.cases = cases;
    meet(to, [step, ...ends]);
  } else {
    const step = push(to, Does.Enter, node, { length, cut });
    const start = { next: undefined as Step | undefined };
    const ends: Step[] = [];
    if (of.kind !== 'rest' || of.surplus !== undefined) {
      Object.assign(to, { last: start, closes: cut });
      emit(to, node, of);
      ends.push(push(to, Does.Leave, node));
    }
    step.cases = [caseOf(0, of, start.next)];
    meet(to, [step, ...ends]);
  }
  to.depth--;
  to.here = { cut, delta: 0 };
}

function compile(layout: Layout): Plan {
  const start = { next: undefined as Step | undefined };
  const to: Emission = {
    last: start as Step,
    run: [],
    constants: [],
    here: { cut: BASE, delta: 0 },
    closes: 0,
    taken: PICKS,
    bits: 0,
    depth: 0,
  };
  const root = nodeFor(to, layout.name, layout.name, undefined, layout);
  emit(to, root, layout);
  const end = push(to, Does.End, root);
  if (to.taken >= MOST_CUTS || to.bits > 32)
    throw new TypeError(`${layout.name}: has more than ${MOST_CUTS - 2} parts of varying size, or 8 choices in a row`);
  return {
    root,
    first: start.next ?? end,
    cuts: to.taken === PICKS && to.bits === 0 ? 1 : to.taken + 1,
    shapes: Array.from({ length: 16 }, () => []),
    unlike: 0,
    rules: undefined,
  };
}

/** The plan of a layout, compiled at its first use. */
export function planOf(layout: Layout): Plan {
  layout.memo.measure ??= compile(layout);
  return layout.memo.measure as Plan;
}
