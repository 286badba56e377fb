// Layouts as Standard Schema and Standard JSON Schema.
import type { StandardJSONSchemaV1, StandardSchemaV1 } from '@standard-schema/spec';
import { expect, expectTypeOf, test } from 'vitest';
import { decode } from '../../src/codec.ts';
import { type JsonOf, schemaOf, standard, toJson } from '../../src/json.ts';
import { QuoteHeader } from '../../src/structs/index.ts';

const bytes = Uint8Array.from({ length: 48 }, (_, i) => i);
const header = decode(QuoteHeader, bytes);
const json = toJson(QuoteHeader, header);
const schema = standard(QuoteHeader);

/** Whoever takes schemas of any library. */
function parsed<S extends StandardSchemaV1>(any: S, given: unknown): StandardSchemaV1.InferOutput<S> {
  const result = any['~standard'].validate(given);
  if (result instanceof Promise) throw new TypeError('asynchronous');
  if (result.issues) throw new TypeError(result.issues.map(({ message }) => message).join());
  return result.value as StandardSchemaV1.InferOutput<S>;
}

test('a consumer of Standard Schema gets the value, typed', () => {
  const value = parsed(schema, json);
  expectTypeOf(value).toEqualTypeOf<QuoteHeader>();
  expectTypeOf<StandardSchemaV1.InferInput<typeof schema>>().toEqualTypeOf<JsonOf<typeof QuoteHeader>>();
  expect(value).toEqual(header);
});

test('what is wrong is an issue with the keys that lead to it', () => {
  expect(schema['~standard'].validate({ ...json, userData: 'ff' })).toEqual({
    issues: [{ message: 'QuoteHeader.userData: must be 40 hex digits, is 2', path: ['userData'] }],
  });
  expect(schema['~standard'].validate(undefined)).toMatchObject({ issues: [{ path: [] }] });
});

test('it names its version and its vendor', () => {
  expect(schema['~standard']).toMatchObject({ version: 1, vendor: 'tdx-codec' });
});

test('Standard JSON Schema gives the schema of the input; the output has none', () => {
  const converter: StandardJSONSchemaV1.Converter = schema['~standard'].jsonSchema;
  expect(converter.input({ target: 'draft-2020-12' })).toEqual(schemaOf(QuoteHeader));
  expect(() => converter.input({ target: 'openapi-3.0' })).toThrow(TypeError);
  expect(() => converter.output({ target: 'draft-2020-12' })).toThrow(/bytes and bigints/);
});
