// The two JSON Schema implementations that the shipped files are held against.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Validator } from '@cfworker/json-schema';
import { Ajv2020 } from 'ajv/dist/2020.js';

const folder = fileURLToPath(new URL('../../schemas/', import.meta.url));

interface Schema {
  readonly $id: string;
  readonly title: string;
}
/** The shipped schemas, by the name of the structure. */
export const schemas: ReadonlyMap<string, Schema> = new Map(
  readdirSync(folder).map((file) => {
    const schema: Schema = JSON.parse(readFileSync(folder + file, 'utf8'));
    return [schema.title, schema];
  }),
);

type Accepts = (json: unknown) => boolean;
const remembered = (make: (schema: Schema) => Accepts): ((name: string) => Accepts) => {
  const known = new Map<string, Accepts>();
  return (name) => {
    const schema = schemas.get(name);
    if (!schema) throw new Error(`no schema of ${name}`);
    const accepts = known.get(name) ?? make(schema);
    known.set(name, accepts);
    return accepts;
  };
};

/** What ajv says, in strict mode, each schema alone. */
export const ajv = remembered((schema) => new Ajv2020({ strict: true }).compile(schema));
/** What the other implementation says. */
export const cfworker = remembered((schema) => {
  const validator = new Validator(schema, '2020-12', true);
  return (json) => validator.validate(json).valid;
});
