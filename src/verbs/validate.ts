import { fieldAt } from '../engine/check.ts';
import { either } from '../engine/number.ts';
import type { Layout, OneOf, Struct, Type, Union } from '../layout/vocabulary.ts';
import { validators } from './validators.generated.ts';

/*
 * The schemas as functions that were compiled when the package was made: nothing is compiled here, so they run where eval
 * is forbidden and cost nothing at the start.
 */

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

/** A function that the schema compiler made. */
export interface Validator {
  (json: unknown): boolean;
  /** What the last call found; the schema compiler decides its form. */
  readonly errors?: readonly Finding[] | null;
}
interface Finding {
  readonly instancePath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** What stands at a place: its type, and the struct and the object around it, where its tag is. */
interface Place {
  readonly spec: string;
  readonly type: Type | string;
  readonly struct: Struct | undefined;
  readonly around: unknown;
  readonly json: unknown;
}

const inside = (json: unknown, key: string): unknown =>
  typeof json === 'object' && json !== null && Object.hasOwn(json, key)
    ? (json as Readonly<Record<string, unknown>>)[key]
    : undefined;
const at = (json: unknown, path: string): unknown => path.split('.').reduce(inside, json);

/** Whether a tag in JSON is the one of a declaration. Of named bits, their number counts. */
function isTag(json: unknown, tag: string): boolean {
  const number = inside(json, 'raw') ?? json;
  return typeof number === 'string'
    ? /^0x[0-9a-f]{1,16}$/.test(number) && BigInt(number) === BigInt(tag)
    : number === Number(tag);
}

const caseIn = (cases: OneOf['cases'] | Union['cases'], tagOf: (type: Type) => unknown): Type | undefined =>
  Object.entries(cases).find(([tag, type]) => isTag(tagOf(type), tag))?.[1];

/** The type that a choice has come to here. */
function chosen({ type, struct, around, json, spec }: Place): Type | string {
  if (typeof type === 'string') return type;
  switch (type.kind) {
    case 'sized':
      return chosen({ type: type.of, struct, around, json, spec });
    case 'oneOf': {
      const found = caseIn(type.cases, () => at(around, type.by));
      return found ? chosen({ type: found, struct, around, json, spec }) : 'lower-case hex digits in pairs';
    }
    case 'union':
      return caseIn(type.cases, (each) => at(json, tagPath(type, each))) ?? Object.values(type.cases)[0] ?? type;
    case 'bySize': {
      const longest = [...type.of].sort((a, b) => Object.keys(b.fields).length - Object.keys(a.fields).length);
      const isHere = (each: Struct) => Object.keys(each.fields).every((name) => inside(json, name) !== undefined);
      return longest.find(isHere) ?? longest.at(-1) ?? type;
    }
    default:
      return type;
  }
}
const tagPath = (union: Union, struct: Type): string =>
  (struct.kind === 'struct' && fieldAt(struct, union.tag.offset)) || union.tag.name;

function step(place: Place, key: string): Place {
  const type = chosen(place);
  const json = inside(place.json, key);
  const next = { spec: place.spec, struct: undefined, around: place.json, json };
  if (typeof type === 'string') return { ...next, type: type === FLAGS ? 'the name of a bit' : UNKNOWN };
  if (type.kind === 'struct') {
    const row = type.fields[key];
    return row ? { ...next, spec: row.spec, type: row.type, struct: type } : { ...next, type: UNKNOWN };
  }
  if (type.kind === 'array') return { ...next, type: type.of };
  if (type.kind === 'rest' && key === 'pem') return { ...next, type: 'ASCII text' };
  if (type.kind === 'rest' && key === 'hex') return { ...next, type: { ...type, text: false } };
  if (type.kind === 'bits' && key === 'raw') return { ...next, type: digits(type.size) };
  if (type.kind === 'bits' && key === 'flags') return { ...next, type: FLAGS };
  return { ...next, type: UNKNOWN };
}

const UNKNOWN = 'no such field';
const FLAGS = 'an array of different names of bits';
const digits = (size: number): string => `0x and ${size * 2} lower-case hex digits`;

/** What a type is in JSON, in words. */
function inWords(type: Type | string): string {
  if (typeof type === 'string') return type;
  switch (type.kind) {
    case 'uint':
      return type.size === 8 ? digits(8) : `an integer from 0 to ${2 ** (8 * type.size) - 1}`;
    case 'bits':
      return 'an object with raw and flags';
    case 'bytes':
    case 'reserved':
      return `${type.size * 2} lower-case hex digits`;
    case 'rest':
      if (type.text) return 'an object with one of pem and hex';
      if (type.surplus !== undefined) return `nothing or ${type.surplus * 2} lower-case hex digits`;
      return `lower-case hex digits in pairs${type.least > 0 ? ', not empty' : ''}`;
    case 'array':
      return type.count === undefined ? 'an array' : `an array of ${type.count}`;
    case 'struct':
    case 'union':
      return `an object, ${type.name}`;
    default:
      return 'an object';
  }
}

/** A constant or a tag that the schema asks for, else what the type is. */
function expectation({ keyword, params }: Finding, place: Place): string {
  if (keyword === 'const') return String(params['allowedValue']);
  if (keyword === 'enum' && Array.isArray(params['allowedValues']) && typeof place.type !== 'string')
    return either(params['allowedValues'].map(String));
  if (keyword === 'not') return 'a tag that has its place here';
  return inWords(typeof place.type === 'object' && place.type.kind === 'union' ? place.type : chosen(place));
}

/** The key that a finding is about, where it is reported on the object around it. */
const keyOf = ({ params }: Finding): unknown => params['missingProperty'] ?? params['additionalProperty'];

function issueOf(layout: Layout, json: unknown, finding: Finding): Issue {
  const key = keyOf(finding);
  const escaped = typeof key === 'string' ? `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}` : '';
  const instancePath = finding.instancePath + escaped;
  const keys = instancePath
    .split('/')
    .slice(1)
    .map((each) => each.replaceAll('~1', '/').replaceAll('~0', '~'));
  const start: Place = { spec: layout.name, type: layout, struct: undefined, around: undefined, json };
  const place = keys.reduce(step, start);
  const expected = expectation(finding, place);
  const says =
    expected === UNKNOWN
      ? `is ${UNKNOWN}`
      : finding.keyword === 'required'
        ? `is missing, must be ${expected}`
        : `must be ${expected}`;
  return { instancePath, spec: place.spec, expected, message: `${instancePath || '/'} (${place.spec}): ${says}` };
}

/**
 * Everything that is wrong with the canonical JSON of an exported structure by its schema; nothing when it is valid.
 * Whether lengths agree with what they measure, and flags with their number, only `fromJson` tells.
 *
 * @throws TypeError for a layout that the package does not export.
 */
export function validate(layout: Layout, json: unknown): Issue[] {
  const validator = Object.hasOwn(validators, layout.name) ? validators[layout.name] : undefined;
  if (!validator) throw new TypeError(`there is no validator for ${layout.name}`);
  if (validator(json)) return [];
  const issues = new Map<string, Issue>();
  for (const finding of validator.errors ?? []) {
    // Says only that one of the others was found under a condition.
    if (finding.keyword === 'if') continue;
    const issue = issueOf(layout, json, finding);
    if (!issues.has(issue.instancePath)) issues.set(issue.instancePath, issue);
  }
  return [...issues.values()];
}
