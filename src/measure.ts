import { LayoutError, type LayoutErrorCode } from './error.ts';
import {
  type Agreement,
  type Bits,
  type Content,
  type Layout,
  type OneOf,
  rest,
  type Struct,
  sizeOf,
  type Type,
  type Union,
} from './layout.ts';

/*
 * The only bounds check. A layout is compiled once into linked steps, one for each variable part; one loop follows them
 * over the bytes and leaves behind where every variable part begins and ends, and which variants were chosen (the cuts).
 * Nothing reads a length or a tag a second time.
 */

/** A place in the bytes: so many bytes behind a cut. */
export interface Place {
  readonly cut: number;
  readonly delta: number;
}

/** A field, a struct or a variant at its place in one layout. */
export interface Node {
  readonly name: string;
  readonly parent: Node | undefined;
  readonly type: Type;
  readonly start: Place;
  /** The field's name in the specification. */
  readonly spec: string;
  end: Place;
  /** Of a struct: its fields. Of a choice: its variants, in order; bytes of an unknown tag come last. */
  readonly children: Node[];
  /** Of a choice: the bit of the picks at which the index of the chosen variant stands. */
  pick: number;
  /** Of a struct: cut n of the struct alone is cut n + shift here. */
  shift: number;
  /** Of a struct: bit n of its picks alone is bit n + turn here. */
  turn: number;
  /** The number decides the layout: it is a length, a tag or a constant. */
  decides: boolean;
}

/** A layout compiled for measuring. */
export interface Plan {
  readonly root: Node;
  /** How many cuts it takes. */
  readonly cuts: number;
  readonly open: Step;
  readonly strict: Step;
  /** What the bytes looked like lately; undefined where there is nothing to gain. */
  shape: Shape | undefined;
  /** How often they have looked different since. */
  unlike: number;
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
  readonly cuts: Int32Array;
  readonly end: number;
}

/** Where the layout begins. */
export const BASE = 0;
/** The indices of the chosen variants, four bits each. */
export const PICKS = 1;
const scratch = new Int32Array(64);
/** The cuts of the last measurement: byte positions, but for the picks. To be read before the next one. */
export let cuts: Readonly<Int32Array> = scratch;

/** The cuts of the last measurement, to keep. */
export const keptCuts = (layout: Layout): Readonly<Int32Array> =>
  cuts === scratch ? scratch.slice(0, planOf(layout).cuts) : cuts;

/** Forgets the last measurement, so that of a failing one only what it has reached is there. */
export function forget(): void {
  cuts = scratch.fill(-1);
}

/** The index of the variant that a node's choice has picked. */
export const picked = (picks: number, node: Node): number => (picks >>> node.pick) & 15;

/** The dotted path of a node, from the layout's name on. */
export function pathOf(node: Node): string {
  if (!node.parent) return node.name;
  return node.name === '' ? pathOf(node.parent) : `${pathOf(node.parent)}.${node.name}`;
}

const count = (n: number): string => `${n} byte${n === 1 ? '' : 's'}`;
/** `3, 4 or 5` */
export const either = (all: readonly (number | string)[]): string =>
  all.length < 2 ? `${all[0] ?? 'absent'}` : `${all.slice(0, -1).join(', ')} or ${all[all.length - 1]}`;
/** `0x` and as many digits as the bytes have. */
export const hexNumber = (value: bigint | number, size: number): string =>
  `0x${value.toString(16).padStart(size * 2, '0')}`;

/** Reads an unsigned number of up to 4 bytes. The caller has checked that they are there. */
export function readUint(bytes: Uint8Array, at: number, size: number, bigEndian: boolean): number {
  let value = 0;
  for (let i = 0; i < size; i++) value = value * 256 + (bytes[bigEndian ? at + i : at + size - 1 - i] ?? 0);
  return value;
}
/** Reads eight bytes. The caller has checked that they are there. */
export const readBig = (bytes: Uint8Array, at: number): bigint =>
  (BigInt(readUint(bytes, at + 4, 4, false)) << 32n) | BigInt(readUint(bytes, at, 4, false));

/* ---- compiling ---- */

/** What a step does, behind its lead. */
enum Does {
  /** Nothing more. */
  Pass,
  /** Holds a number against a constant. */
  Equal,
  /** Runs a test that only strict reading makes. */
  Test,
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
interface Step {
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
  test: Test | undefined;
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
  /** Tags that are known, but refused here; and whether unknown ones keep their bytes. */
  misplaced: readonly number[];
  opaque: boolean;
  /** Of items: the size of each. Of a peek: the bytes that must be there. */
  size: number;
  next: Step | undefined;
}

/** A variant, or the one content of a region. */
interface Case {
  readonly tag: number;
  /** The fewest bytes that it takes, and whether it always takes just these. */
  readonly least: number;
  readonly exact: boolean;
  /** Where to go on inside it; undefined where all bytes of the region are taken as they are. */
  first: Step | undefined;
}

type Test = (bytes: Uint8Array) => void;

interface Emission {
  readonly strict: boolean;
  /** The step whose `next` is the next one to be made. */
  last: Step | undefined;
  run: Node[];
  tests: Pick<Step, 'does' | 'node' | 'value' | 'test'>[];
  here: Place;
  /** The last cut and the next free bit of the picks. */
  taken: number;
  bits: number;
}

const nodeFor = (to: Emission, name: string, spec: string, parent: Node | undefined, type: Type): Node => ({
  name,
  spec,
  parent,
  type,
  start: to.here,
  end: to.here,
  children: [],
  pick: 0,
  shift: 0,
  turn: 0,
  decides: false,
});

const take = (to: Emission): number => ++to.taken;
const moved = ({ cut, delta }: Place, by: number): Place => ({ cut, delta: delta + by });
const atOf = ({ cut, delta }: Place): number => cuts[cut]! + delta;

/** A number's place and width, as a step holds it. */
const spot = ({ start, type }: Node): readonly [cut: number, delta: number, width: number] => {
  const size = sizeOf(type) ?? 0;
  return [start.cut, start.delta, type.kind === 'uint' && type.bigEndian ? 0 : size === 2 || size === 4 ? size : 0];
};

/** Adds a step, behind the fields of fixed size that are still to be moved over, and behind the tests that they wait for. */
function push(to: Emission, does: Does, node: Node, more: Partial<Step> = {}): Step {
  const nodes = to.run;
  const lead = nodes[0] ? to.here.delta - nodes[0].start.delta : 0;
  const { tests } = to;
  to.run = [];
  to.tests = [];
  const tag = more.tag ?? node;
  const length = more.length ?? node;
  const [tagCut, tagDelta, tagWidth] = spot(tag);
  const [lengthCut, lengthDelta, lengthWidth] = spot(length);
  const none = {
    value: 0,
    test: undefined,
    pick: 0,
    cut: 0,
    cases: [],
    known: 0,
    misplaced: [],
    opaque: false,
    size: 1,
  };
  const places = { tag, tagCut, tagDelta, tagWidth, length, lengthCut, lengthDelta, lengthWidth };
  const make = (own: Partial<Step> & { does: Does; node: Node; lead: number }): Step => {
    const step: Step = { nodes, ...none, ...places, next: undefined, ...own };
    if (to.last) to.last.next = step;
    to.last = step;
    return step;
  };
  if (tests.length === 0) return make({ ...more, does, node, lead });
  tests.forEach((test, i) => {
    const [cut, delta, width] = spot(test.node);
    make({ ...test, tag: test.node, tagCut: cut, tagDelta: delta, tagWidth: width, lead: i === 0 ? lead : 0 });
  });
  return make({ ...more, does, node, lead: 0 });
}

/** The node that a dotted path below `within` names. */
export function find(within: Node, path: string): Node | undefined {
  let node: Node | undefined = within;
  for (const name of path.split('.')) node = node?.children.find((child) => child.name === name);
  return node;
}

/** What a type is inside the region that holds it. */
export const content = (type: Type): Content => (type.kind === 'sized' ? type.of : type);

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
      emitRest(to, node, 1);
      if (type.surplus !== undefined) testSurplus(to, node, type.surplus);
      break;
    case 'array':
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
  if (!to.strict) return;
  if (type.kind === 'reserved') to.tests.push({ does: Does.Test, node, value: 0, test: zero(node) });
  if (type.kind === 'bits') to.tests.push({ does: Does.Test, node, value: 0, test: knownBits(node, type) });
}

function emitStruct(to: Emission, node: Node, type: Struct): void {
  node.shift = to.taken - PICKS;
  node.turn = to.bits;
  for (const [name, row] of Object.entries(type.fields)) {
    const child = nodeFor(to, name, row.spec, node, row.type);
    node.children.push(child);
    emit(to, child, row.type);
    for (const [path, value] of Object.entries(type.where)) {
      const constant = path === name || path.startsWith(`${name}.`) ? find(node, path) : undefined;
      if (!constant) continue;
      constant.decides = true;
      to.tests.push({ does: Does.Equal, node: constant, value: value | 0, test: undefined });
    }
    if (type.length !== undefined && (type.length === name || type.length.startsWith(`${name}.`))) {
      push(to, Does.Bound, node, { length: referred(child, type.length) });
    }
  }
  if (to.strict) for (const agreement of type.agree) testAgreement(to, node, agreement);
  if (type.length !== undefined) push(to, Does.Leave, node);
}

function testAgreement(to: Emission, node: Node, { field, by, is }: Agreement): void {
  const subject = find(node, field);
  const key = by === undefined ? undefined : find(node, by);
  if (subject) to.tests.push({ does: Does.Test, node: subject, value: 0, test: agreed(subject, key, by ?? '', is) });
}

function testSurplus(to: Emission, node: Node, size: number): void {
  to.tests.push({ does: Does.Test, node, value: 0, test: noneOr(node, size) });
  if (to.strict) to.tests.push({ does: Does.Test, node, value: 0, test: zero(node) });
}

function emitRest(to: Emission, node: Node, size: number): void {
  const cut = take(to);
  push(to, Does.Rest, node, { cut, size });
  to.here = { cut, delta: 0 };
}

function emitBySize(to: Emission, node: Node, structs: readonly Struct[]): void {
  const pick = pickIn(to);
  const cut = take(to);
  node.pick = pick;
  push(to, Does.Fit, node, { cut, pick, cases: structs.map((struct) => caseOf(0, struct, undefined)) });
  const { here } = to;
  for (const variant of structs) {
    const child = nodeFor(to, '', '', node, variant);
    node.children.push(child);
    emit(to, child, variant);
    to.run = [];
    to.tests = [];
    to.here = here;
  }
  to.here = { cut, delta: 0 };
}

function pickIn(to: Emission): number {
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
    Object.assign(to, { here, taken, bits, last: start });
    const child = nodeFor(to, '', '', node, type);
    node.children.push(child);
    if (type.kind === 'rest' && meet === Does.Leave) {
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
  const pick = pickIn(to);
  const cut = take(to);
  node.pick = pick;
  const known = Object.entries(type.cases);
  const step = push(to, Does.Choose, node, { tag, pick, known: known.length });
  const before = to.here;
  const { cases, ends } = variants(to, node, known, Does.Join, cut);
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
  for (const child of node.children) markAt(child, start);
}

/** The number at a place decides the layout, whatever it is called. */
function markAt(node: Node, place: Place): void {
  if (node.type.kind === 'uint' || node.type.kind === 'bits') {
    if (node.start.cut === place.cut && node.start.delta === place.delta) node.decides = true;
  }
  for (const child of node.children) markAt(child, place);
}

function emitSized(to: Emission, node: Node, length: Node, of: Type): void {
  const cut = take(to);
  if (of.kind === 'oneOf') {
    const tag = referred(node, of.by);
    const pick = pickIn(to);
    node.pick = pick;
    const known = Object.entries(of.cases);
    const about = { tag, length, pick, cut, known: known.length, misplaced: of.misplaced, opaque: !to.strict };
    const step = push(to, Does.ChooseAndEnter, node, about);
    const { cases, ends } = variants(to, node, [...known, ['-1', rest]], Does.Leave, cut);
    step.cases = cases;
    meet(to, [step, ...ends]);
  } else {
    const step = push(to, Does.Enter, node, { length, cut });
    const start = { next: undefined as Step | undefined };
    const ends: Step[] = [];
    if (of.kind !== 'rest') {
      to.last = start as Step;
      emit(to, node, of);
      ends.push(push(to, Does.Leave, node));
    }
    step.cases = [caseOf(0, of, start.next)];
    meet(to, [step, ...ends]);
  }
  to.here = { cut, delta: 0 };
}

function compile(layout: Layout, strict: boolean): { root: Node; first: Step; cuts: number } {
  const start = { next: undefined as Step | undefined };
  const to: Emission = {
    strict,
    last: start as Step,
    run: [],
    tests: [],
    here: { cut: BASE, delta: 0 },
    taken: PICKS,
    bits: 0,
  };
  const root = nodeFor(to, layout.name, layout.name, undefined, layout);
  emit(to, root, layout);
  const end = push(to, Does.End, root);
  return { root, first: start.next ?? end, cuts: to.taken === PICKS ? 1 : to.taken + 1 };
}

/** The plan of a layout, compiled at its first use. */
export function planOf(layout: Layout): Plan {
  const { memo } = layout;
  if (memo.measure === undefined) {
    const { root, first, cuts } = compile(layout, false);
    memo.measure = {
      root,
      cuts,
      open: first,
      strict: compile(layout, true).first,
      shape: undefined,
      unlike: 0,
    } satisfies Plan;
  }
  return memo.measure as Plan;
}

/* ---- running ---- */

/** The ends of the regions around the one that is being measured. */
const ends = new Int32Array(16);

/**
 * Checks that every declared length fits, from byte `from` on, and leaves the positions in {@link cuts}.
 * Gives the end of the layout. With `prefix`, bytes may follow it.
 */
export function measure(plan: Plan, bytes: Uint8Array, from: number, strict: boolean, prefix: boolean): number {
  let end = bytes.length;
  const { shape } = plan;
  if (shape !== undefined && shape.length === end && !strict && from === 0 && looksLike(shape, bytes)) {
    cuts = shape.cuts;
    return shape.end;
  }
  if (end > 0x7fffffff)
    throw new LayoutError('length', plan.root.name, 0, `must be at most 2147483647 bytes, is ${end}`);
  cuts = scratch;
  let step: Step | undefined = strict ? plan.strict : plan.open;
  let pos = from;
  let picks = 0;
  let depth = 0;
  scratch[BASE] = from;
  scratch[PICKS] = 0;
  while (step !== undefined) {
    if (step.lead > end - pos) throw truncated(step, pos, end);
    pos += step.lead;
    let inner: Case | undefined;
    switch (step.does) {
      case Does.ChooseAndEnter:
      case Does.Choose: {
        const at = scratch[step.tagCut]! + step.tagDelta;
        const tag =
          step.tagWidth === 2 ? u16At(bytes, at) : step.tagWidth === 4 ? i32At(bytes, at) : wide(step.tag, bytes, at);
        const cases: readonly Case[] = step.cases;
        const known: number = step.known;
        let i = 0;
        while (i < known && cases[i]!.tag !== tag) i++;
        if (i === known) mayBeUnknown(step, bytes, at);
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
        pos = end;
        scratch[step.cut] = end;
        break;
      case Does.Equal: {
        const at = scratch[step.tagCut]! + step.tagDelta;
        const is =
          step.tagWidth === 2 ? u16At(bytes, at) : step.tagWidth === 4 ? i32At(bytes, at) : wide(step.tag, bytes, at);
        if (is !== step.value)
          throw fail('constant', step.node, at, `must be ${step.value >>> 0}, is ${shown(step.tag, bytes, at)}`);
        break;
      }
      case Does.Test:
        step.test!(bytes);
        break;
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
      const size =
        step.lengthWidth === 4
          ? i32At(bytes, at)
          : step.lengthWidth === 2
            ? u16At(bytes, at)
            : wide(step.length, bytes, at);
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
  if (!strict && from === 0 && plan.cuts > 1 && pos === end && (plan.unlike++ & 255) === 0)
    plan.shape = shapeOf(plan, bytes);
  return pos;
}

/** Whether these bytes, which have the shape's length, have all of its numbers. */
function looksLike(shape: Shape, bytes: Uint8Array): boolean {
  const { fours, twos } = shape;
  for (let i = 0; i < fours.length; i += 2) if (i32At(bytes, fours[i]!) !== fours[i + 1]) return false;
  for (let i = 0; i < twos.length; i += 2) if (u16At(bytes, twos[i]!) !== twos[i + 1]) return false;
  return true;
}

/** The shape of bytes that have just been measured. */
function shapeOf(plan: Plan, bytes: Uint8Array): Shape {
  const runs: [from: number, to: number][] = [];
  const visit = (node: Node): void => {
    const { kind } = content(node.type);
    if (kind === 'oneOf' || kind === 'union' || kind === 'bySize') {
      const child = node.children[picked(cuts[PICKS]!, node)];
      if (child) visit(child);
    } else if (node.decides) {
      const last = runs[runs.length - 1];
      if (last?.[1] === atOf(node.start)) last[1] = atOf(node.end);
      else runs.push([atOf(node.start), atOf(node.end)]);
    }
    if (kind === 'struct') for (const child of node.children) visit(child);
  };
  visit(plan.root);
  const fours: number[] = [];
  const twos: number[] = [];
  for (const [from, to] of runs) {
    if (to - from < 4) {
      for (const at of to - from === 3 ? [from, from + 1] : [Math.max(to - 2, 0)]) twos.push(at, u16At(bytes, at));
      continue;
    }
    for (let at = from; at < to; at += 4) {
      const place = Math.min(at, to - 4);
      fours.push(place, i32At(bytes, place));
    }
  }
  return {
    length: bytes.length,
    fours: Int32Array.from(fours),
    twos: Int32Array.from(twos),
    cuts: cuts.slice(0, plan.cuts),
    end: bytes.length,
  };
}

const fail = (code: LayoutErrorCode, node: Node, at: number, says: string): LayoutError =>
  new LayoutError(code, pathOf(node), at - cuts[BASE]!, says);

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

/** Where a struct ends by its own account. `pos` is behind its length. */
function bound({ node, length }: Step, bytes: Uint8Array, pos: number, end: number): number {
  const from = atOf(node.start);
  const at = atOf(length.start);
  const size = wide(length, bytes, at) >>> 0;
  if (size < pos - from) throw fail('length', length, at, `must be at least ${pos - from}, is ${size}`);
  if (size > end - from) throw short(node, from, size, end - from);
  return from + size;
}

const uneven = ({ node, size }: Step, pos: number, end: number): LayoutError =>
  fail('length', node, pos, `must be a multiple of ${count(size)}, is ${end - pos}`);

/** The index of the variant that is as long as the region. */
function fitting({ node, cases }: Step, pos: number, end: number): number {
  const index = cases.findIndex((each) => each.least === end - pos);
  if (index < 0)
    throw fail('length', node, pos, `must be ${either(cases.map((each) => each.least))} bytes, is ${end - pos}`);
  return index;
}

/** An unknown tag: fine where its bytes are kept. */
function mayBeUnknown({ tag, cases, known, misplaced, opaque }: Step, bytes: Uint8Array, at: number): void {
  const value = shown(tag, bytes, at);
  if (opaque && !misplaced.some((each) => each === value)) return;
  const width = sizeOf(tag.type);
  const tags = cases.slice(0, known).map((each) => (width === 8 ? hexNumber(each.tag >>> 0, 8) : each.tag >>> 0));
  throw fail('variant', tag, at, `must be ${either(tags)}, is ${value}`);
}

/** The number at a node, as a message shows it. */
function shown({ type }: Node, bytes: Uint8Array, at: number): number | string {
  const size = sizeOf(type) ?? 0;
  return size === 8
    ? hexNumber(readBig(bytes, at), 8)
    : readUint(bytes, at, size, type.kind === 'uint' && type.bigEndian);
}

const u16At = (bytes: Uint8Array, at: number): number => bytes[at]! | (bytes[at + 1]! << 8);
const i32At = (bytes: Uint8Array, at: number): number =>
  bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
/** What stands for a number of 8 bytes that does not fit 4: the tag and the length of nothing. */
const HUGE = -0x80000000;
/** Reads a number of any width and order into 32 bits. */
function wide({ type }: Node, bytes: Uint8Array, at: number): number {
  const size = sizeOf(type) ?? 0;
  if (size === 8 && readUint(bytes, at + 4, 4, false) !== 0) return HUGE;
  return readUint(bytes, at, Math.min(size, 4), type.kind === 'uint' && type.bigEndian) | 0;
}

/* ---- tests of fields that are there ---- */

const zero =
  (node: Node): Test =>
  (bytes) => {
    const at = atOf(node.start);
    const end = atOf(node.end);
    for (let i = at; i < end; i++) {
      if (bytes[i] !== 0)
        throw fail('reserved', node, at, `must be zero, byte ${i - at} is ${hexNumber(bytes[i]!, 1)}`);
    }
  };

const noneOr =
  (node: Node, size: number): Test =>
  () => {
    const at = atOf(node.start);
    const is = atOf(node.end) - at;
    if (is !== 0 && is !== size) throw fail('length', node, at, `must be 0 or ${size} bytes, is ${is}`);
  };

const agreed =
  (node: Node, key: Node | undefined, by: string, is: Agreement['is']): Test =>
  (bytes) => {
    const at = atOf(node.start);
    const found = shown(node, bytes, at);
    const belongs = key === undefined ? 0 : Number(shown(key, bytes, atOf(key.start)));
    const wanted = typeof is === 'number' ? is : is[belongs];
    if (wanted === undefined || wanted === found) return;
    throw fail('constant', node, at, `must be ${wanted}${key ? ` with ${by} ${belongs}` : ''}, is ${found}`);
  };

function knownBits(node: Node, { size, flags }: Bits): Test {
  let known = 0n;
  for (const { position } of Object.values(flags)) known |= 1n << BigInt(position);
  return (bytes) => {
    const at = atOf(node.start);
    const unknown = (size === 8 ? readBig(bytes, at) : BigInt(readUint(bytes, at, 4, false))) & ~known;
    if (unknown !== 0n) throw fail('reserved', node, at, `must have no unknown bit, has ${hexNumber(unknown, size)}`);
  };
}
