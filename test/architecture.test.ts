// The picture of docs/design.md, read from the import lines; and the rule by which fields get their names.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { Struct } from '../src/layout.ts';
import { layouts, structsIn } from './layouts.ts';

const src = fileURLToPath(new URL('../src', import.meta.url));

interface Import {
  readonly from: string;
  /** `structs/quote-v4.ts`, or the name of a package. */
  readonly to: string;
  readonly onlyTypes: boolean;
}

const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'))
  .toSorted();

const imports: readonly Import[] = files.flatMap((from) => {
  const text = readFileSync(join(src, from), 'utf8');
  const lines = text.matchAll(/^(?:import|export)\s(type\s)?(?:[^;'"]*?\sfrom\s)?['"]([^'"]+)['"]/gm);
  const dynamic = text.matchAll(/\bimport\(\s*()['"]([^'"]+)['"]/g);
  return [...lines, ...dynamic].map(([, type, specifier = '']) => ({
    from,
    to: specifier.startsWith('.') ? relative(src, join(src, dirname(from), specifier)) : specifier,
    onlyTypes: type !== undefined,
  }));
});

/** The folders, lowest first: each imports from those in front of it and from itself. '' are the entry points. */
const LAYERS: readonly (readonly string[])[] = [
  ['layout'],
  ['structs'],
  ['uapi'],
  ['engine'],
  ['verbs'],
  ['evidence'],
  ['device', 'foundry'],
  [''],
  ['cli'],
];
const folderOf = (file: string): string => (file.includes('/') ? file.split('/')[0]! : '');
const layerOf = (file: string): number => LAYERS.findIndex((folders) => folders.includes(folderOf(file)));
const DECLARATIONS = /^(structs|uapi)\//;
const MACHINERY = /^(engine|verbs)\//;

const shown = (those: readonly Import[]): string[] => those.map(({ from, to }) => `${from} -> ${to}`);
const from = (files: RegExp) => imports.filter((each) => files.test(each.from));

describe('imports', () => {
  test('are found', () => {
    expect(imports).toContainEqual({ from: 'structs/quote-v4.ts', to: 'layout/vocabulary.ts', onlyTypes: false });
    expect(imports).toContainEqual({ from: 'verbs/codec.ts', to: 'restructure', onlyTypes: false });
  });

  test('lead to files that are there', () => {
    const lost = imports.filter(({ to }) => to.endsWith('.ts') && !files.includes(to));
    expect(shown(lost)).toEqual([]);
  });

  test('every folder has its layer', () => {
    expect(files.filter((file) => layerOf(file) < 0)).toEqual([]);
  });

  test('go down: from a folder to those below it, types too', () => {
    const up = imports.filter(({ from, to }) => to.endsWith('.ts') && layerOf(to) > layerOf(from));
    expect(shown(up)).toEqual([]);
  });

  test('go to no folder beside: the foundry may use the device, the device for its simulation the foundry', () => {
    const beside = imports.filter(
      ({ from, to }) => to.endsWith('.ts') && layerOf(from) === layerOf(to) && folderOf(from) !== folderOf(to),
    );
    expect(shown(beside).filter((each) => !each.startsWith('device/simulated'))).toEqual([]);
  });

  test('of engine and verbs: never a declaration', () => {
    expect(shown(from(MACHINERY).filter(({ to }) => DECLARATIONS.test(to)))).toEqual([]);
  });

  test('of the engine: never a verb, not even its types', () => {
    expect(shown(from(/^engine\//).filter(({ to }) => !/^(engine|layout)\//.test(to)))).toEqual([]);
  });

  test('restructure is known to verbs/codec.ts only', () => {
    expect(shown(imports.filter(({ to }) => to === 'restructure'))).toEqual(['verbs/codec.ts -> restructure']);
  });

  test('Node is known to the command and to what says node in its name', () => {
    const wrong = imports.filter(
      (each) => each.to.startsWith('node:') && !/^cli\/|^device\/.*node/.test(each.from) && !each.onlyTypes,
    );
    expect(shown(wrong)).toEqual([]);
  });

  test('other packages are known to the foundry, which signs, and their hashes to identify, which answers at once', () => {
    const packages = imports.filter(({ to }) => !to.endsWith('.ts') && !to.startsWith('node:') && to !== 'restructure');
    const wrong = packages.filter(
      ({ from, to }) =>
        !/^(foundry|device)\//.test(from) && !(from.startsWith('evidence/identify/') && to === '@noble/hashes/sha2.js'),
    );
    expect(shown(wrong)).toEqual([]);
  });

  test('run in no circle', () => {
    const circles: string[] = [];
    const done = new Set<string>();
    const visit = (file: string, path: readonly string[]): void => {
      if (path.includes(file)) circles.push([...path.slice(path.indexOf(file)), file].join(' -> '));
      if (path.includes(file) || done.has(file)) return;
      for (const each of imports) if (each.from === file && !each.onlyTypes) visit(each.to, [...path, file]);
      done.add(file);
    };
    for (const file of files) visit(file, []);
    expect(circles).toEqual([]);
  });
});

describe('what only some may do', () => {
  const having = (pattern: RegExp) =>
    files.filter((file) => !file.includes('.generated.') && pattern.test(readFileSync(join(src, file), 'utf8')));

  test('declarations compute nothing: no function, no loop, no condition', () => {
    const computing = having(/\bfunction\b|=> ?\{|\bfor \(|\bif \(/).filter((file) => DECLARATIONS.test(file));
    expect(computing).toEqual([]);
  });

  test('no module has a variable: nothing that a call leaves behind can change another', () => {
    expect(having(/^(export )?(let|var)\b/m)).toEqual([]);
  });

  test('no file knows a global of Node, but those that may import it', () => {
    const knowing = having(/\b(process\.|Buffer\.(from|alloc|concat)|require\()/);
    expect(knowing.filter((file) => !/^cli\/|^device\/.*node/.test(file))).toEqual([]);
  });
});

/* ---- names ---- */

/**
 * The field's name from its identifier in the specification: split where that prints a separator, lower camel case.
 * An identifier all in capitals is one word.
 */
function localName(spec: string): string {
  const words = spec.split(/[\s_.,-]+/).filter((word) => word !== '');
  return words
    .map((word, i) => {
      // Names of C that are camel case already keep their humps.
      const low = /^[a-z]+[A-Z]/.test(word) ? word : word.toLowerCase();
      return i === 0 ? low[0]?.toLowerCase() + low.slice(1) : low[0]?.toUpperCase() + low.slice(1);
    })
    .join('');
}

/** A quote of version 3 calls its parts as the later versions do, so that `Quote` has one name for each of them. */
const EXCEPT: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  QuoteV3: {
    'ISV Enclave Report': 'body',
    'Quote Signature Data Length': 'signatureDataLen',
    'Quote Signature Data': 'signatureData',
  },
};

const everyStruct = new Map<string, Struct>();
for (const layout of layouts.values()) for (const struct of structsIn(layout)) everyStruct.set(struct.name, struct);

describe('names', () => {
  test.each([
    ['MRCONFIGID', 'mrconfigid'],
    ['TEE_TCB_SVN', 'teeTcbSvn'],
    ['TEE_TCB_SVN_2', 'teeTcbSvn2'],
    ['QE Vendor ID', 'qeVendorId'],
    ['ATTRIBUTES.FLAGS', 'attributesFlags'],
    ['in_len', 'inLen'],
    ['REPORTDATA', 'reportdata'],
  ])('%s is called %s', (spec, local) => {
    expect(localName(spec)).toBe(local);
  });

  test.each([...everyStruct])('fields of %s follow from the specification', (name, { fields }) => {
    const specs = Object.values(fields).map(({ spec }) => EXCEPT[name]?.[spec] ?? localName(spec));
    const seen: Record<string, number> = {};
    const wanted = specs.map((name) => {
      if (specs.filter((other) => other === name).length === 1) return name;
      seen[name] = (seen[name] ?? 0) + 1;
      return `${name}${seen[name]}`;
    });
    expect(Object.keys(fields)).toEqual(wanted);
  });

  test('structs are nouns in PascalCase, without _STRUCT, _t or struct', () => {
    for (const name of everyStruct.keys()) {
      expect(name).toMatch(/^[A-Z][A-Za-z0-9]*$/);
      expect(name).not.toMatch(/struct/i);
    }
  });

  test('one name means one struct', () => {
    for (const layout of layouts.values())
      for (const struct of structsIn(layout)) expect(everyStruct.get(struct.name)).toBe(struct);
  });
});
