// The shipped schemas: well-formed, one for each structure, and true of every document.
import { Ajv2020 } from 'ajv/dist/2020.js';
import quoteV4 from 'tdx-codec/schemas/quote-v4.json' with { type: 'json' };
import { describe, expect, expectTypeOf, test } from 'vitest';
import { schemaOf } from '../../src/json.ts';
import { validate } from '../../src/validate.ts';
import { layouts } from '../layouts.ts';
import { documents } from './documents.ts';
import { ajv, cfworker, schemas } from './implementations.ts';

type Node = { readonly [key: string]: unknown };
const isNode = (it: unknown): it is Node => typeof it === 'object' && it !== null;

/** Every subschema that describes a whole object. */
function* objectsIn(schema: unknown): Generator<Node> {
  if (!isNode(schema)) return;
  if (schema['type'] === 'object' && schema['properties']) yield schema;
  for (const [key, value] of Object.entries(schema)) if (key !== 'if' && key !== 'allOf') yield* objectsIn(value);
}

test('there is one schema for each exported structure, one for evidence, and one for PCK certificates', () => {
  expect([...schemas.keys()].toSorted()).toEqual([...layouts.keys(), 'Evidence', 'Pck'].toSorted());
});

const draft = new Ajv2020({ strict: true });

describe.each([...schemas])('schema of %s', (_, schema) => {
  test('ajv in strict mode accepts it, and its draft does', () => {
    expect(draft.validateSchema(schema), JSON.stringify(draft.errors)).toBe(true);
    expect(() => ajv(schema.title)).not.toThrow();
  });

  test('has an address, a description, and no reference to another file', () => {
    expect(schema).toMatchObject({
      $id: expect.stringMatching(/^https:.*\.json$/),
      description: expect.stringMatching(/[.?]$/),
    });
    for (const [, reference = ''] of JSON.stringify(schema).matchAll(/"\$ref":"([^"]*)"/g)) {
      expect(reference).toMatch(/^#\/\$defs\/\w+$/);
    }
  });

  test('every object in it is closed', () => {
    for (const object of objectsIn(schema)) expect(object).toMatchObject({ additionalProperties: false });
  });
});

test.each([...schemas].filter(([, schema]) => 'properties' in schema))(
  'every field of %s is described',
  (_, schema) => {
    const { properties = {} } = schema as { properties?: Record<string, { description?: string }> };
    expect(Object.keys(properties).filter((field) => !properties[field]?.description)).toEqual([]);
  },
);

test('schemaOf gives the shipped schema without its words', () => {
  const layout = layouts.get('QuoteV4');
  const bare = JSON.parse(JSON.stringify(schemas.get('QuoteV4')), (key, value) =>
    key === 'description' || key === '$id' ? undefined : value,
  );
  expect(layout && schemaOf(layout)).toEqual(bare);
});

test('a schema is imported by the name of the package, with the types of its content', () => {
  expect(quoteV4).toEqual(schemas.get('QuoteV4'));
  expectTypeOf(quoteV4.properties.signatureDataLen.maximum).toEqualTypeOf<number>();
});

describe.each(documents)('$name', ({ layout, json }) => {
  test('its JSON is valid for ajv, for another implementation, and for validate', () => {
    const evidence = { kind: layout.name, value: json };
    expect(ajv(layout.name)(json)).toBe(true);
    expect(cfworker(layout.name)(json)).toBe(true);
    expect(validate(layout, json)).toEqual([]);
    expect(ajv('Evidence')(evidence)).toBe(true);
    expect(cfworker('Evidence')(evidence)).toBe(true);
  });
});

test('evidence of another kind than its value is refused', () => {
  const header = documents.find(({ layout }) => layout.name === 'QuoteHeader')?.json;
  for (const kind of ['TdReport', 'quoteheader', 4, null]) {
    expect(ajv('Evidence')({ kind, value: header })).toBe(false);
    expect(cfworker('Evidence')({ kind, value: header })).toBe(false);
  }
});
