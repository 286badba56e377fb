// Each structure, each of its rows and each named bit is explained where it is declared.
import { expect, test } from 'vitest';
import { readProse } from '../../scripts/gen/prose.ts';

const { structs, bits } = readProse();
const mute = (name: string, doc: string, rows: Readonly<Record<string, string>>): string[] =>
  [[name, doc], ...Object.entries(rows).map(([row, words]) => [`${name}.${row}`, words])].flatMap(
    ([path = '', words]) => (words === '' ? path : []),
  );

test('every structure and every row has a sentence', () => {
  expect(structs.size).toBeGreaterThan(10);
  expect([...structs].flatMap(([name, { doc, fields }]) => mute(name, doc, fields))).toEqual([]);
});

test('every set of bits and every bit has a sentence', () => {
  expect(bits.size).toBeGreaterThan(3);
  expect([...bits].flatMap(([name, { doc, flags }]) => mute(name, doc, flags))).toEqual([]);
});
