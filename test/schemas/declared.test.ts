// `validate` reads declarations, schemas are written from them: over any declaration the two accept the same documents.
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { schemaOf } from '../../src/json.ts';
import { tdxModuleAbi } from '../../src/layout/specs.ts';
import {
  array,
  at,
  bit,
  bits,
  bySize,
  bytes,
  type Layout,
  next,
  oneOf,
  pemChain,
  reserved,
  rest,
  sized,
  some,
  struct,
  surplus,
  u8,
  u16,
  u64,
  union,
} from '../../src/layout.ts';
import { validate } from '../../src/validate.ts';
import { changesTo } from './changes.ts';

const source = tdxModuleAbi('a structure of a test');
const about = { source };
const Flags = bits(u64, { LOW: bit(0, '1.0'), HIGH: bit(63, '1.5') });
const Short = struct('Short', { source, size: 2 }, { a: at(0, u16, 'A') });
const Long = struct('Long', { source, size: 3 }, { a: at(0, u16, 'A'), b: at(2, u8, 'B') });
const Head = struct('Head', { source, size: 9 }, { kind: at(0, u8, 'KIND'), mask: at(1, u64, 'MASK') });

const layouts: readonly (readonly [Layout, unknown])[] = [
  [
    struct('ByNumber', about, {
      head: at(0, Head, 'HEAD'),
      length: at(9, u8, 'LENGTH'),
      open: at(10, oneOf('head.mask', { 1: Short, 2: bytes(2) }), 'OPEN'),
      closed: at(12, sized('length', oneOf('head.kind', { 1: Short, 2: pemChain }, [9])), 'CLOSED'),
    }),
    { head: { kind: 1, mask: '0x0000000000000002' }, length: 2, open: 'ffff', closed: { a: 1 } },
  ],
  [
    struct('ByBits', about, {
      flags: at(0, Flags, 'FLAGS'),
      each: at(8, oneOf('flags', { 0: array(Short, 2), 1: array(Flags, 1) }), 'EACH'),
    }),
    { flags: { raw: '0x0000000000000001', flags: ['LOW'] }, each: [{ raw: '0x8000000000000000', flags: ['HIGH'] }] },
  ],
  [
    struct(
      'Ends',
      { source, where: { version: 4 } },
      {
        version: at(0, u8, 'VERSION'),
        shortLen: at(1, u8, 'SHORT_LEN'),
        restLen: at(2, u8, 'REST_LEN'),
        zero: at(3, reserved(1), 'ZERO'),
        short: at(4, sized('shortLen', bySize(Short, Long)), 'SHORT'),
        some: next(sized('restLen', some), 'SOME'),
        end: next(surplus(4), 'END'),
      },
    ),
    { version: 4, shortLen: 3, restLen: 1, zero: '00', short: { a: 1, b: 2 }, some: 'ff', end: '00000000' },
  ],
  [struct('Text', about, { text: at(0, pemChain, 'TEXT') }), { text: { pem: 'a' } }],
  [struct('Rest', about, { rest: at(0, rest, 'REST') }), { rest: 'ff' }],
  [
    union(
      'Nested',
      source,
      { name: 'kind', offset: 0, of: u8 },
      {
        1: struct('Flat', { source, where: { kind: 1 }, size: 2 }, { kind: at(0, u8, 'KIND'), b: at(1, u8, 'B') }),
        2: struct('Deep', { source, size: 9 }, { head: at(0, Head, 'HEAD') }),
      },
    ),
    { head: { kind: 2, mask: '0x0000000000000000' } },
  ],
];

describe.each(layouts.map(([layout, json]) => ({ name: layout.name, layout, json })))('$name', ({ layout, json }) => {
  const accepts = new Ajv2020({ strict: true }).compile(schemaOf(layout));

  test('validate finds nothing in a document of it', () => {
    expect(validate(layout, json)).toEqual([]);
    expect(accepts(json)).toBe(true);
  });

  test('validate and the schema refuse the same changes', () => {
    const refused = changesTo(json).map(([what, changed]) => {
      expect(validate(layout, changed).length > 0, `${what}: ${JSON.stringify(changed)}`).toBe(!accepts(changed));
      return validate(layout, changed).length;
    });
    expect(refused.filter((count) => count > 0).length).toBeGreaterThan(refused.length / 2);
  });
});
