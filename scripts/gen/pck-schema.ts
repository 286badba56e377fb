// The schema of what pckJson gives: of the SGX extension, from the table of object identifiers and the words in it.
import { readFileSync } from 'node:fs';
import { configuration, type Member, sgxExtension, tcb } from '../../src/evidence/pck/oids.ts';
import type { JsonSchema } from '../../src/verbs/schema.ts';

const TABLE = 'src/evidence/pck/oids.ts';

const hex = (least: number, most = least): JsonSchema => ({
  type: 'string',
  pattern: least === most ? `^[0-9a-f]{${2 * least}}$` : `^([0-9a-f]{2}){${least},${most}}$`,
});

function shapeOf(member: Member): JsonSchema {
  switch (member.type) {
    case 'OCTET STRING':
      return hex(member.size);
    case 'INTEGER':
    case 'ENUMERATED':
      return { type: 'integer', minimum: 0, maximum: member.most };
    default:
      return { type: 'boolean' };
  }
}

const closed = (properties: JsonSchema, optional: readonly string[] = []): JsonSchema => ({
  type: 'object',
  properties,
  required: Object.keys(properties).filter((name) => !optional.includes(name)),
  additionalProperties: false,
});

/** `id` is where it can be read in a browser. */
export function pckSchema(id: string): JsonSchema {
  const words = new Map(
    [...readFileSync(TABLE, 'utf8').matchAll(/\/\*\* (.*) \*\/\s+(\w+): +\{ oid/g)].map(([, text = '', name = '']) => [
      name,
      text,
    ]),
  );
  const described = (name: string, member: Member, value: JsonSchema): JsonSchema => ({
    title: member.spec,
    description: words.get(name) ?? '',
    ...value,
  });
  const rows = (table: Readonly<Record<string, Member>>): JsonSchema =>
    Object.fromEntries(Object.entries(table).map(([name, member]) => [name, described(name, member, shapeOf(member))]));
  const time = { type: 'string', pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$' };
  const { component, ...numbers } = tcb;
  const components = {
    title: component.spec,
    description: 'Security version numbers of the 16 components of the TCB.',
    type: 'array',
    items: shapeOf(component),
    minItems: 16,
    maxItems: 16,
  };
  const extension = {
    ...rows(sgxExtension),
    tcb: described('tcb', sgxExtension.tcb, closed({ components, ...rows(numbers) })),
    configuration: described('configuration', sgxExtension.configuration, closed(rows(configuration))),
  };
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: id,
    title: 'Pck',
    description:
      'What a PCK certificate says, as pckJson gives it. PPID and platform instance name one machine. Nothing in it is verified.',
    ...closed(
      {
        certificate: {
          description: 'The certificate, without the bytes that only a verifier needs.',
          ...closed({
            subject: { description: 'Whose key it is, as one line.', type: 'string' },
            issuer: { description: 'Who signed it, by its own words, as one line.', type: 'string' },
            serial: { description: 'Serial number.', ...hex(1, 20) },
            notBefore: { description: 'The first second of its validity.', ...time },
            notAfter: { description: 'The last second of its validity.', ...time },
            crlDistributionPoints: {
              description: "Addresses of the issuer's revocation list.",
              type: 'array',
              items: { type: 'string' },
            },
            publicKey: { description: 'A point on P-256: 04, then x and y.', ...hex(65) },
          }),
        },
        extension: { description: 'Its SGX extension.', ...closed(extension, ['platformInstanceId', 'configuration']) },
        ca: {
          description: "Which CA certifies the platform, by the issuer's name.",
          enum: ['platform', 'processor'],
        },
      },
      ['ca'],
    ),
  };
}
