import type { Layout } from '../../src/layout.ts';
import { type Descriptions, type JsonSchema, schemaOf, when } from '../../src/verbs/schema.ts';
import { kebab, readDeclarations } from './declarations.ts';
import type { Part } from './part.ts';
import { pckSchema } from './pck-schema.ts';
import { readProse } from './prose.ts';

const FOLDER = 'schemas';
/** Where a published package can be read in a browser. */
const idOf = (name: string): string => `https://unpkg.com/tdx-codec/schemas/${name}.json`;

/** The schema of any of the layouts, named: what the command prints. Each one stands in $defs under its name. */
function evidenceSchema(layouts: readonly Layout[], descriptions: Descriptions): JsonSchema {
  const definitions: JsonSchema = {};
  const names: string[] = [];
  for (const layout of layouts) {
    const { $schema: _, $defs, ...own } = schemaOf(layout, { descriptions });
    Object.assign(definitions, $defs, { [layout.name]: own });
    names.push(layout.name);
  }
  names.sort();
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: idOf('evidence'),
    title: 'Evidence',
    description:
      'What `tdx-codec decode` prints: which structure it is, and its canonical JSON. Nothing in it is verified.',
    type: 'object',
    properties: {
      kind: { description: 'The name of the structure.', enum: names },
      value: { description: 'Its canonical JSON.' },
    },
    required: ['kind', 'value'],
    additionalProperties: false,
    allOf: names.map((name) =>
      when(
        { properties: { kind: { const: name } }, required: ['kind'] },
        { properties: { value: { $ref: `#/$defs/${name}` } } },
      ),
    ),
    $defs: Object.fromEntries(Object.entries(definitions).sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

/** schemas: one for each exported structure, and one for whatever the command prints. */
export const schemas: Part = {
  name: 'schemas',
  owns: [FOLDER],
  async files() {
    const { layouts } = await readDeclarations();
    const descriptions = readProse();
    const file = (name: string, schema: JsonSchema): [string, string] => [
      `${FOLDER}/${name}.json`,
      `${JSON.stringify(schema, undefined, 2)}\n`,
    ];
    return new Map([
      ...layouts.map((layout): [string, string] => {
        const name = kebab(layout.name);
        return file(name, schemaOf(layout, { id: idOf(name), descriptions }));
      }),
      file('evidence', evidenceSchema(layouts, descriptions)),
      file('pck', pckSchema(idOf('pck'))),
    ]);
  },
};
