import { fieldAt } from '../engine/check.ts';
import { hexNumber } from '../engine/number.ts';
import {
  type Bits,
  type BySize,
  content,
  type Layout,
  type OneOf,
  type Rest,
  type Struct,
  type Type,
  typeAt,
  type Union,
} from '../layout/vocabulary.ts';
import type { Json } from './json.ts';

/** A JSON Schema, draft 2020-12. */
export type JsonSchema = { [keyword: string]: Json };

/** What structures and their fields mean, in words. */
export interface Descriptions {
  /** By the name of the structure. */
  readonly structs: ReadonlyMap<string, { readonly doc: string; readonly fields: Readonly<Record<string, string>> }>;
}

/** What a schema says besides the shape. */
export interface SchemaOptions {
  /** The address by which others refer to it. */
  readonly id?: string;
  /** The words for structs, fields and bits. */
  readonly descriptions?: Descriptions;
}

/** What is being described: the words, and the definitions so far. */
interface Context {
  readonly descriptions: Descriptions | undefined;
  readonly definitions: Map<string, { readonly layout: Layout; schema: JsonSchema }>;
}

const text = (pattern: string): JsonSchema => ({ type: 'string', pattern });
const numberText = (size: number): JsonSchema => text(`^0x[0-9a-f]{${size * 2}}$`);
// No group that captures: of such a group, V8 keeps every repetition, and long texts overflow its stack.
const anyHex = text('^(?:[0-9a-f]{2})*$');
/** Engines such as Go's repeat a part at most 1000 times. */
const hex = (size: number): JsonSchema =>
  size > 500 ? { ...anyHex, minLength: size * 2, maxLength: size * 2 } : text(`^[0-9a-f]{${size * 2}}$`);
const uint = (size: number): JsonSchema => ({ type: 'integer', minimum: 0, maximum: 2 ** (8 * size) - 1 });
const closed = (properties: JsonSchema, required: string[]): JsonSchema => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});
/** Parts: the condition, what holds under it, and what holds otherwise. */
export const when = (...parts: JsonSchema[]): JsonSchema =>
  Object.fromEntries(parts.map((part, i) => [['if', 'then', 'else'][i] ?? '', part]));

/** Holds for objects that have something at the path for which `what` holds. */
function having(path: readonly string[], what: JsonSchema): JsonSchema {
  const [name = '', ...more] = path;
  return { type: 'object', properties: { [name]: more.length === 0 ? what : having(more, what) }, required: [name] };
}

/** A number that selects a variant, as JSON has it. */
interface Tag {
  readonly path: readonly string[];
  /** Any such number. */
  readonly schema: JsonSchema;
  /** The one that is written so in the declaration. */
  readonly json: (tag: string | number) => Json;
}

function tagAt(struct: Struct, path: string): Tag {
  const type = typeAt(struct.fields, path);
  const names = path.split('.');
  if (type?.kind !== 'uint' && type?.kind !== 'bits') throw new TypeError(`${struct.name}.${path}: is no number`);
  const { kind, size } = type;
  const asText = { schema: numberText(size), json: (tag: string | number) => hexNumber(BigInt(tag), size) };
  if (kind === 'bits') return { path: [...names, 'raw'], ...asText };
  return size === 8 ? { path: names, ...asText } : { path: names, schema: uint(size), json: Number };
}

function bitsSchema({ size, flags }: Bits): JsonSchema {
  const names = Object.keys(flags);
  const items = names.length === 0 ? { maxItems: 0 } : { items: { type: 'string', enum: names }, uniqueItems: true };
  return closed({ raw: numberText(size), flags: { type: 'array', ...items } }, ['raw']);
}

function restSchema({ text: isText, least, surplus }: Rest): JsonSchema {
  if (surplus !== undefined) return text(`^(?:[0-9a-f]{${surplus * 2}})?$`);
  if (!isText) return least === 0 ? anyHex : text(`^(?:[0-9a-f]{2}){${least},}$`);
  const either = { pem: text('^[\\u0000-\\u007f]*$'), hex: anyHex };
  return { ...closed(either, []), minProperties: 1, maxProperties: 1 };
}

/** A reference to the definition of a layout, which is made at the first one. */
function refer(layout: Layout, context: Context): JsonSchema {
  const { name } = layout;
  const known = context.definitions.get(name);
  if (known && known.layout !== layout) throw new TypeError(`two layouts have the name ${name}`);
  if (!known) {
    const definition = { layout, schema: {} };
    context.definitions.set(name, definition);
    definition.schema = layoutSchema(layout, context);
  }
  return { $ref: `#/$defs/${name}` };
}

function typeSchema(type: Type, context: Context): JsonSchema {
  const of = content(type);
  switch (of.kind) {
    case 'uint':
      return of.size === 8 ? numberText(8) : uint(of.size);
    case 'bits':
      return bitsSchema(of);
    case 'bytes':
    case 'reserved':
      return hex(of.size);
    case 'rest':
      return restSchema(of);
    case 'array': {
      const length = typeof of.count !== 'number' ? {} : { minItems: of.count, maxItems: of.count };
      return { type: 'array', items: typeSchema(of.of, context), ...length };
    }
    case 'struct':
    case 'union':
      return refer(of, context);
    case 'bySize':
      return bySizeSchema(of, context);
    case 'oneOf':
      // The struct that holds both the tag and the choice says it.
      return {};
  }
}

/** The rules that a choice brings to the struct around it: one for each tag, and one for all others. */
function choiceRules(struct: Struct, name: string, of: OneOf, isBounded: boolean, context: Context): JsonSchema[] {
  const tag = tagAt(struct, of.by);
  const known = Object.keys(of.cases).map(tag.json);
  const holds = (what: JsonSchema): JsonSchema => ({ properties: { [name]: what } });
  const rules = Object.entries(of.cases).map(([each, type]) =>
    when(having(tag.path, { const: tag.json(each) }), holds(typeSchema(type, context))),
  );
  if (!isBounded) return [having(tag.path, { enum: known }), ...rules];
  const misplaced = of.misplaced.map(tag.json);
  const refused = misplaced.length === 0 ? [] : [having(tag.path, { not: { enum: misplaced } })];
  const unknown = { ...tag.schema, not: { enum: [...known, ...misplaced] } };
  return [...refused, ...rules, when(having(tag.path, unknown), holds(anyHex))];
}

function structSchema(struct: Struct, context: Context): JsonSchema {
  const docs = context.descriptions?.structs.get(struct.name)?.fields ?? {};
  const rules = Object.entries(struct.where).map(([path, value]) => {
    const tag = tagAt(struct, path);
    return having(tag.path, { const: tag.json(value) });
  });
  const properties: JsonSchema = {};
  for (const [name, { type }] of Object.entries(struct.fields)) {
    const description = docs[name] ? { description: docs[name] } : {};
    properties[name] = { ...description, ...typeSchema(type, context) };
    const of = content(type);
    if (of.kind === 'oneOf') rules.push(...choiceRules(struct, name, of, type.kind === 'sized', context));
  }
  return { ...closed(properties, Object.keys(properties)), ...(rules.length > 0 && { allOf: rules }) };
}

/** The struct with the most fields that are all there; else the one with the fewest. */
function bySizeSchema({ of }: BySize, context: Context): JsonSchema {
  const [last, ...longer] = [...of].sort((a, b) => Object.keys(a.fields).length - Object.keys(b.fields).length);
  const least = last ? refer(last, context) : {};
  return longer.reduce<JsonSchema>((otherwise, struct) => {
    const names = Object.keys(struct.fields);
    const all = { type: 'object', properties: Object.fromEntries(names.map((name) => [name, true])), required: names };
    return when(all, refer(struct, context), otherwise);
  }, least);
}

function unionSchema(union: Union, context: Context): JsonSchema {
  const variants = Object.entries(union.cases).map(([each, struct]) => {
    const tag = tagAt(struct, fieldAt(struct, union.tag.offset) ?? union.tag.name);
    return { ...tag, has: tag.json(each), struct };
  });
  const [first, ...others] = variants;
  const isOnePath = others.every(({ path }) => path.join('.') === first?.path.join('.'));
  const known: JsonSchema =
    first && isOnePath
      ? having(first.path, { enum: variants.map(({ has }) => has) })
      : { anyOf: variants.map(({ path, has }) => having(path, { const: has })) };
  const rules = variants.map(({ path, has, struct }) => when(having(path, { const: has }), refer(struct, context)));
  return { type: 'object', allOf: [known, ...rules] };
}

function layoutSchema(layout: Layout, context: Context): JsonSchema {
  const doc = context.descriptions?.structs.get(layout.name)?.doc;
  const shape = layout.kind === 'struct' ? structSchema(layout, context) : unionSchema(layout, context);
  return { title: layout.name, ...(doc && { description: doc }), ...shape };
}

/**
 * The JSON Schema (draft 2020-12) of a layout's canonical JSON. It stands alone and admits nothing that it does not name.
 * Lengths that must agree with what they measure, and flags with their number, are beyond it: `fromJson` holds them too.
 */
export function schemaOf(layout: Layout, options: SchemaOptions = {}): JsonSchema {
  const context: Context = { descriptions: options.descriptions, definitions: new Map() };
  const schema = layoutSchema(layout, context);
  const definitions = [...context.definitions].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    ...(options.id !== undefined && { $id: options.id }),
    ...schema,
    ...(definitions.length > 0 && {
      $defs: Object.fromEntries(definitions.map(([name, { schema }]) => [name, schema])),
    }),
  };
}
