// node scripts/ts.mjs scripts/c-header.ts      prints the declarations as a C header
//
// Packed structs, with an assertion on every offset and size: what a C compiler accepts is laid out as the tables say.
import { pathToFileURL } from 'node:url';
import { type Layout, type Struct, sizeOf, type Type } from '../src/layout.ts';
import * as structs from '../src/structs/index.ts';
import * as uapi from '../src/uapi/index.ts';

const isStruct = (it: unknown): it is Struct =>
  typeof it === 'object' && it !== null && 'kind' in it && it.kind === 'struct';

/** Whether C can lay it out: all of fixed size, but for bytes at the very end. */
const isFixed = ({ fields, size }: Struct): boolean =>
  size !== undefined || Object.values(fields).every(({ type }) => type.kind === 'rest' || sizeOf(type) !== undefined);

/** The structs among the exports of src/structs and src/uapi that C can lay out. */
export const fixedStructs: readonly Struct[] = [structs, uapi]
  .flatMap((module): unknown[] => Object.values(module))
  .filter(isStruct)
  .filter(isFixed);

/** The C type of a field, and what follows its name. */
function typeOf(type: Type): [type: string, suffix: string] {
  switch (type.kind) {
    case 'uint':
    case 'bits':
      return [`uint${type.size * 8}_t`, ''];
    case 'bytes':
    case 'reserved':
      return ['uint8_t', `[${type.size}]`];
    case 'rest':
      return ['uint8_t', '[]'];
    case 'array': {
      const [of, suffix] = typeOf(type.of);
      return [of, `[${type.count}]${suffix}`];
    }
    case 'struct':
      return [`struct ${type.name}`, ''];
    case 'union':
      return [`union ${type.name}`, ''];
    case 'oneOf': {
      const members = Object.entries(type.cases).map(([tag, each]) => {
        const [of, suffix] = typeOf(each);
        return `${of} case${tag}${suffix};`;
      });
      return [`union __attribute__((packed)) { ${members.join(' ')} }`, ''];
    }
    default:
      throw new Error(`C has no fixed layout for ${type.kind}`);
  }
}

/** The structs and unions that a type holds. */
function inside(type: Type): readonly Layout[] {
  switch (type.kind) {
    case 'struct':
    case 'union':
      return [type];
    case 'array':
      return inside(type.of);
    case 'oneOf':
      return Object.values(type.cases).flatMap(inside);
    default:
      return [];
  }
}

function declare(layout: Layout, done: Set<Layout>): string[] {
  if (done.has(layout)) return [];
  done.add(layout);
  const { name, size } = layout;
  const members =
    layout.kind === 'struct'
      ? Object.entries(layout.fields).map(([field, { type, offset = 0 }]) => ({ field, type, offset }))
      : Object.entries(layout.cases).map(([tag, type]) => ({ field: `case${tag}`, type, offset: 0 }));
  const rows = members.map(({ field, type }) => {
    const [of, suffix] = typeOf(type);
    return `  ${of} ${field}${suffix};`;
  });
  const c = `${layout.kind} ${name}`;
  const last = members.at(-1);
  const bytes = size ?? last?.offset ?? 0;
  return [
    ...members.flatMap(({ type }) => inside(type)).flatMap((each) => declare(each, done)),
    `${layout.kind} __attribute__((packed)) ${name} {`,
    ...rows,
    '};',
    ...members.map(({ field, offset }) => `_Static_assert(offsetof(${c}, ${field}) == ${offset}, "${name}.${field}");`),
    `_Static_assert(sizeof(${c}) == ${bytes}, "${name}");`,
    '',
  ];
}

/** A C header that declares these structs and whatever they hold. */
export function cHeader(of: readonly Struct[]): string {
  const done = new Set<Layout>();
  const lines = of.flatMap((each) => declare(each, done));
  return ['#pragma once', '#include <stddef.h>', '#include <stdint.h>', '', ...lines].join('\n');
}

if (pathToFileURL(process.argv[1] ?? '').pathname.endsWith('/c-header.ts')) console.log(cHeader(fixedStructs));
