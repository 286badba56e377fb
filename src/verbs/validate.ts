import { fieldAt } from '../engine/check.ts';
import { either, hexNumber } from '../engine/number.ts';
import {
  type Bits,
  type Layout,
  type OneOf,
  type Rest,
  type Row,
  type Struct,
  type Type,
  typeAt,
  type Union,
} from '../layout/vocabulary.ts';

/** One thing that is wrong with a document. */
export interface Issue {
  /** Where, as a JSON Pointer. */
  readonly instancePath: string;
  /** The name that the specification gives the field; of the whole document, the name of the structure. */
  readonly spec: string;
  /** What should be there. */
  readonly expected: string;
  /** All of it in one line. */
  readonly message: string;
}

/** A place in a document: the way to it, and the name of the field that it belongs to. */
interface Place {
  readonly around: Place | undefined;
  readonly key: string | number;
  readonly spec: string;
}
/** What has been found so far, the first thing of each place. */
type Issues = Map<string, Issue>;

type Json = unknown;
type Members = Readonly<Record<string, Json>>;

const isObject = (json: Json): json is Members => typeof json === 'object' && json !== null && !Array.isArray(json);
const inside = (json: Json, key: string): Json => (isObject(json) && Object.hasOwn(json, key) ? json[key] : undefined);
const below = (around: Place, key: string | number, spec = around.spec): Place => ({ around, key, spec });
const pointer = ({ around, key }: Place): string =>
  around ? `${pointer(around)}/${`${key}`.replaceAll('~', '~0').replaceAll('/', '~1')}` : '';

function say(issues: Issues, place: Place, expected: string, says = `must be ${expected}`): void {
  const instancePath = pointer(place);
  const { spec } = place;
  if (!issues.has(instancePath))
    issues.set(instancePath, { instancePath, spec, expected, message: `${instancePath || '/'} (${spec}): ${says}` });
}
const missing = (issues: Issues, place: Place, expected: string): void =>
  say(issues, place, expected, `is missing, must be ${expected}`);
function refuseOthers(issues: Issues, place: Place, json: Members, known: object): void {
  const what = 'no such field';
  for (const key of Object.keys(json))
    if (!Object.hasOwn(known, key)) say(issues, below(place, key), what, `is ${what}`);
}

const digits = (size: number): string => `0x and ${size * 2} lower-case hex digits`;
const PAIRS = 'lower-case hex digits in pairs';
const FLAGS = 'an array of different names of bits';
const isHex = (json: Json): json is string => typeof json === 'string' && /^[0-9a-f]*$/.test(json);
const isPairs = (json: Json): json is string => isHex(json) && json.length % 2 === 0;
const isNumber = (json: Json, size: number): boolean =>
  typeof json === 'string' && json.length === 2 + size * 2 && json.startsWith('0x') && isHex(json.slice(2));

/** What a region holds; of any other type, itself. */
const content = (type: Type): Exclude<Type, { kind: 'sized' }> => (type.kind === 'sized' ? type.of : type);

/** A number that selects, as it stands in the JSON of a struct. */
interface Tag {
  readonly names: readonly string[];
  readonly json: (tag: number | string) => number | string;
  /** Whether it is such a number at all. */
  readonly is: (json: Json) => boolean;
}
function tagAt(struct: Struct, path: string): Tag {
  const type = typeAt(struct.fields, path);
  const size = type?.kind === 'uint' || type?.kind === 'bits' ? type.size : 0;
  const names = type?.kind === 'bits' ? [...path.split('.'), 'raw'] : path.split('.');
  return type?.kind === 'uint' && size < 8
    ? { names, json: Number, is: (json) => isUint(json, size) }
    : { names, json: (tag) => hexNumber(BigInt(tag), size), is: (json) => isNumber(json, size) };
}
const at = (json: Json, { names }: Tag): Json => names.reduce(inside, json);
const isUint = (json: Json, size: number): boolean =>
  typeof json === 'number' && Number.isInteger(json) && json >= 0 && json < 256 ** size;

/** The case that the tag of a choice, in the JSON of the struct around it, has come to. */
const caseIn = (of: OneOf, struct: Struct, json: Json): Type | undefined => {
  const tag = tagAt(struct, of.by);
  const given = at(json, tag);
  return Object.entries(of.cases).find(([each]) => tag.json(each) === given)?.[1];
};
const unionTag = (of: Union, struct: Struct): Tag => tagAt(struct, fieldAt(struct, of.tag.offset) ?? of.tag.name);
/** The longest of the structs that has all its fields here; else the shortest. */
function bySizeIn(of: readonly Struct[], json: Json): Struct {
  const longest = [...of].sort((a, b) => Object.keys(b.fields).length - Object.keys(a.fields).length);
  const isHere = (each: Struct): boolean => Object.keys(each.fields).every((name) => inside(json, name) !== undefined);
  return longest.find(isHere) ?? longest.at(-1)!;
}

/** What a type is in JSON, in words. */
function inWords(type: Type, json: Json, struct?: Struct, around?: Json): string {
  const of = content(type);
  switch (of.kind) {
    case 'uint':
      return of.size === 8 ? digits(8) : `an integer from 0 to ${2 ** (8 * of.size) - 1}`;
    case 'bits':
      return 'an object with raw and flags';
    case 'bytes':
    case 'reserved':
      return `${of.size * 2} lower-case hex digits`;
    case 'rest':
      if (of.text) return 'an object with one of pem and hex';
      if (of.surplus !== undefined) return `nothing or ${of.surplus * 2} lower-case hex digits`;
      return `${PAIRS}${of.least > 0 ? ', not empty' : ''}`;
    case 'array':
      return typeof of.count === 'number' ? `an array of ${of.count}` : 'an array';
    case 'struct':
    case 'union':
      return `an object, ${of.name}`;
    case 'bySize':
      return `an object, ${bySizeIn(of.of, json).name}`;
    case 'oneOf': {
      const found = struct && caseIn(of, struct, around);
      return found ? inWords(found, json, struct, around) : PAIRS;
    }
  }
}

/** The place of a tag in a struct; undefined, and an issue, where nothing stands. */
function placeOf(issues: Issues, place: Place, struct: Struct, { names }: Tag, json: Json): Place | undefined {
  let here = place;
  let type: Type = struct;
  let given = json;
  for (const name of names) {
    if (!isObject(given)) {
      say(issues, here, inWords(type, given));
      return undefined;
    }
    const row: Row | undefined = type.kind === 'struct' ? type.fields[name] : undefined;
    const size = type.kind === 'bits' ? type.size : 8;
    type = row?.type ?? type;
    given = inside(given, name);
    here = below(here, name, row?.spec);
    if (given === undefined) {
      missing(issues, here, row ? inWords(type, given) : digits(size));
      return undefined;
    }
  }
  return here;
}

function checkBits(issues: Issues, place: Place, of: Bits, json: Json): void {
  if (!isObject(json)) return say(issues, place, inWords(of, json));
  const { raw, flags } = json;
  if (raw === undefined) missing(issues, below(place, 'raw'), digits(of.size));
  refuseOthers(issues, place, json, { raw, flags });
  if (raw !== undefined && !isNumber(raw, of.size)) say(issues, below(place, 'raw'), digits(of.size));
  if (flags === undefined) return;
  const list = below(place, 'flags');
  if (!Array.isArray(flags) || new Set(flags).size !== flags.length) say(issues, list, FLAGS);
  if (!Array.isArray(flags)) return;
  flags.forEach((name, i) => {
    if (typeof name !== 'string' || !Object.hasOwn(of.flags, name)) say(issues, below(list, i), 'the name of a bit');
  });
}

function checkRest(issues: Issues, place: Place, of: Rest, json: Json): void {
  const { text, least, surplus } = of;
  if (!text) {
    const isRight =
      isPairs(json) && json.length >= least * 2 && (surplus === undefined || !json || json.length === surplus * 2);
    return isRight ? undefined : say(issues, place, inWords(of, json));
  }
  if (!isObject(json)) return say(issues, place, inWords(of, json));
  const { pem, hex } = json;
  if (Object.keys(json).length !== 1) say(issues, place, inWords(of, json));
  refuseOthers(issues, place, json, { pem, hex });
  if (pem !== undefined && !(typeof pem === 'string' && /^\p{ASCII}*$/u.test(pem)))
    say(issues, below(place, 'pem'), 'ASCII text');
  if (hex !== undefined && !isPairs(hex)) say(issues, below(place, 'hex'), PAIRS);
}

function checkType(issues: Issues, place: Place, type: Type, json: Json): void {
  const of = content(type);
  const unless = (isRight: boolean): void => (isRight ? undefined : say(issues, place, inWords(of, json)));
  switch (of.kind) {
    case 'uint':
      return unless(of.size === 8 ? isNumber(json, 8) : isUint(json, of.size));
    case 'bytes':
    case 'reserved':
      return unless(isHex(json) && json.length === of.size * 2);
    case 'bits':
      return checkBits(issues, place, of, json);
    case 'rest':
      return checkRest(issues, place, of, json);
    case 'array':
      unless(Array.isArray(json) && (typeof of.count !== 'number' || json.length === of.count));
      if (Array.isArray(json)) json.forEach((item, i) => checkType(issues, below(place, i), of.of, item));
      return;
    case 'struct':
      return checkStruct(issues, place, of, json);
    case 'bySize':
      return checkStruct(issues, place, bySizeIn(of.of, json), json);
    case 'union':
      return checkUnion(issues, place, of, json);
    case 'oneOf':
      // The struct that holds both the tag and the choice says it.
      return;
  }
}

/** The tag of a choice, and what it has chosen. */
function checkChoice(issues: Issues, place: Place, struct: Struct, name: string, row: Row, json: Members): void {
  const of = content(row.type);
  if (of.kind !== 'oneOf') return;
  const tag = tagAt(struct, of.by);
  const tagPlace = placeOf(issues, place, struct, tag, json);
  const given = at(json, tag);
  const isBounded = row.type.kind === 'sized';
  const isMisplaced = of.misplaced.some((each) => tag.json(each) === given);
  const found = caseIn(of, struct, json);
  if (tagPlace && isMisplaced && isBounded) say(issues, tagPlace, 'a tag that has its place here');
  if (tagPlace && !found && !isBounded)
    say(issues, tagPlace, either(Object.keys(of.cases).map((each) => `${tag.json(each)}`)));
  const value = inside(json, name);
  if (value === undefined) return;
  const here = below(place, name, row.spec);
  if (found) checkType(issues, here, found, value);
  else if (isBounded && !isMisplaced && tag.is(given) && !isPairs(value)) say(issues, here, PAIRS);
}

function checkStruct(issues: Issues, place: Place, struct: Struct, json: Json): void {
  if (!isObject(json)) return say(issues, place, inWords(struct, json));
  const { fields, where } = struct;
  for (const path in where) {
    const tag = tagAt(struct, path);
    const wanted = tag.json(where[path]!);
    const tagPlace = placeOf(issues, place, struct, tag, json);
    if (tagPlace && at(json, tag) !== wanted) say(issues, tagPlace, `${wanted}`);
  }
  for (const name in fields) checkChoice(issues, place, struct, name, fields[name]!, json);
  for (const name in fields) {
    const { type, spec } = fields[name]!;
    if (inside(json, name) === undefined)
      missing(issues, below(place, name, spec), inWords(type, undefined, struct, json));
  }
  refuseOthers(issues, place, json, fields);
  for (const name in fields) {
    const { type, spec } = fields[name]!;
    const value = inside(json, name);
    if (value !== undefined) checkType(issues, below(place, name, spec), type, value);
  }
}

function checkUnion(issues: Issues, place: Place, of: Union, json: Json): void {
  if (!isObject(json)) return say(issues, place, inWords(of, json));
  const variants = Object.entries(of.cases).map(([each, struct]) => {
    const tag = unionTag(of, struct);
    return { struct, tag, has: tag.json(each) };
  });
  const chosen = variants.filter(({ tag, has }) => at(json, tag) === has);
  if (chosen.length === 0) {
    // Variants that have the tag in one place are named together.
    for (const { struct, tag } of variants) {
      const tagPlace = placeOf(issues, place, struct, tag, json);
      const same = variants.filter((each) => each.tag.names.join() === tag.names.join());
      if (tagPlace) say(issues, tagPlace, either(same.map(({ has }) => `${has}`)));
    }
  }
  for (const { struct } of chosen) checkStruct(issues, place, struct, json);
}

/**
 * Everything that is wrong with the canonical JSON of a layout by its schema; nothing when it is valid. Whether lengths
 * agree with what they measure, and flags with their number, only `fromJson` tells.
 */
export function validate(layout: Layout, json: unknown): Issue[] {
  const issues: Issues = new Map();
  checkType(issues, { around: undefined, key: '', spec: layout.name }, layout, json);
  return [...issues.values()];
}
