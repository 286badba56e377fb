// A document changed in one place to a wrong type, length or range is refused everywhere, and the place is named.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { standard } from '../../src/json.ts';
import { validate } from '../../src/validate.ts';
import { failureOf } from '../leaves.ts';
import { fromJson } from '../verbs.ts';
import { at, changed, pathsIn, without } from './changes.ts';
import { type Document, documents, ofVectors } from './documents.ts';
import { ajv, cfworker } from './implementations.ts';

type Key = string | number;

/** Arrays of any length. */
const OPEN = new Set<Key | undefined>(['flags', 'idList']);

/** Wrong values for what stands in one place, each with what it is; none that might be right there. */
function wrongFor(value: unknown, path: readonly Key[]): [what: string, wrong: unknown][] {
  const kinds: [string, unknown, boolean][] = [
    ['null', null, false],
    ['true', true, false],
    ['a number', 7, typeof value === 'number'],
    ['text', 'zz', typeof value === 'string'],
    ['an array', [], Array.isArray(value)],
    ['an object', {}, typeof value === 'object'],
  ];
  const types = kinds.flatMap(([what, wrong, isRight]): [string, unknown][] => (isRight ? [] : [[what, wrong]]));
  if (typeof value === 'number')
    return [...types, ['negative', -1], ['a fraction', value + 0.5], ['too large', 2 ** 32], ['huge', 1e300]];
  if (Array.isArray(value))
    return OPEN.has(path.at(-1)) ? types : [...types, ['one too many', [...value, value[0]]], ['none', []]];
  if (typeof value !== 'string') return [...types, ['empty', {}]];
  if (path.at(-1) === 'pem') return [...types, ['not ASCII', `${value}\u00e9`], ['half a pair', `${value}\ud800`]];
  if (path.at(-2) === 'flags') return [...types, ['no such flag', `${value}_`], ['of the prototype', 'constructor']];
  const cased: [string, unknown][] = /[a-f]/.test(value) ? [['upper case', value.toUpperCase()]] : [];
  return [
    ...types,
    ...cased,
    ['a digit more', `${value}0`],
    ['no digit', `${value}zz`],
    ['with a prefix', `0x${value}`],
    ['with a space', ` ${value}`],
    ['with a line feed', `${value}\n`],
  ];
}

const dotted = (name: string, path: readonly Key[]): string =>
  name + path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${key}`)).join('');
const pointer = (path: readonly Key[]): string => path.map((key) => `/${key}`).join('');

/** Arrays without a count, and objects whose emptiness has another place, are named by what is in them. */
function expectRefused({ layout, json }: Document, path: readonly Key[], what: string, wrong: unknown): void {
  const bad = changed(json, path, wrong);
  const about = `${dotted(layout.name, path)} is ${what}`;
  const failure = failureOf(() => fromJson(layout, bad));
  expect(failure, about).toBeDefined();
  const isInside = what === 'empty' || what === 'one too many';
  if (isInside) expect(failure?.path.startsWith(dotted(layout.name, path)), about).toBe(true);
  else expect(failure?.path, about).toBe(dotted(layout.name, path));
  expect(ajv(layout.name)(bad), about).toBe(false);
  expect(cfworker(layout.name)(bad), about).toBe(false);
  const places = validate(layout, bad).map(({ instancePath }) => instancePath);
  if (isInside) expect(places.every((place) => place.startsWith(pointer(path))) && places.length > 0, about).toBe(true);
  else expect(places, about).toEqual([pointer(path)]);
  expect(standard(layout)['~standard'].validate(bad).issues?.[0]?.path, about).toEqual(
    isInside ? expect.arrayContaining([...path]) : path,
  );
}

const shortest = new Map(
  ofVectors
    .toSorted((a, b) => JSON.stringify(b.json).length - JSON.stringify(a.json).length)
    .map((document) => [document.layout.name, document]),
);

describe.each([...shortest.values()])('$name', (document) => {
  test('every place, changed to every wrong kind of thing, is refused by name', () => {
    let tried = 0;
    for (const path of pathsIn(document.json)) {
      for (const [what, wrong] of wrongFor(at(document.json, path), path)) {
        expectRefused(document, path, what, wrong);
        tried++;
      }
    }
    expect(tried).toBeGreaterThan(0);
  });

  test('a key that is missing, and one that nobody knows, is refused by name', () => {
    const objects = [[], ...pathsIn(document.json)].filter((path) => {
      const it = at(document.json, path);
      return typeof it === 'object' && it !== null && !Array.isArray(it);
    });
    for (const path of objects) {
      for (const key of Object.keys(at(document.json, path) as object)) {
        // Flags are for reading.
        if (key === 'flags') continue;
        const bad = without(document.json, [...path, key]);
        expect(ajv(document.layout.name)(bad), key).toBe(false);
        expect(cfworker(document.layout.name)(bad), key).toBe(false);
        expect(
          failureOf(() => fromJson(document.layout, bad)),
          key,
        ).toBeDefined();
        expect(validate(document.layout, bad).length, key).toBeGreaterThan(0);
      }
      const bad = changed(document.json, [...path, 'unheard'], 0);
      expect(failureOf(() => fromJson(document.layout, bad))?.path).toBe(
        dotted(document.layout.name, [...path, 'unheard']),
      );
      expect(ajv(document.layout.name)(bad)).toBe(false);
      expect(cfworker(document.layout.name)(bad)).toBe(false);
      expect(validate(document.layout, bad).map((issue) => issue.instancePath)).toContain(
        pointer([...path, 'unheard']),
      );
    }
  });
});

const named = new Map(documents.map((document) => [document.name, document]));

test('any document, changed anywhere, is refused by name', () => {
  // Names and numbers, no documents: a failure is printed whole, and a document is long.
  const place = fc.tuple(fc.constantFrom(...named.keys()), fc.nat(), fc.nat());
  fc.assert(
    fc.property(place, ([name, nthPath, nthChange]) => {
      const document = named.get(name);
      if (!document) return;
      const paths = [...pathsIn(document.json)];
      const path = paths[nthPath % paths.length] ?? [];
      const changes = wrongFor(at(document.json, path), path);
      const [what, wrong] = changes[nthChange % changes.length] ?? ['null', null];
      expectRefused(document, path, what, wrong);
    }),
    { numRuns: 1000 },
  );
});
