// Every layout that the library exports, and a walk over them.
import type { Layout, Struct, Type } from '../src/layout.ts';
import * as structs from '../src/structs/index.ts';
import * as uapi from '../src/uapi/index.ts';

function layoutsIn(module: object): Layout[] {
  const exported: unknown[] = Object.values(module);
  return exported.filter(
    (it): it is Layout =>
      typeof it === 'object' && it !== null && 'kind' in it && (it.kind === 'struct' || it.kind === 'union'),
  );
}

/** By the name of the struct. */
export const layouts: ReadonlyMap<string, Layout> = new Map(
  [...layoutsIn(structs), ...layoutsIn(uapi)].map((layout) => [layout.name, layout]),
);

/** The layout of that name. */
export function layoutNamed(name: string): Layout {
  const layout = layouts.get(name);
  if (!layout) throw new Error(`no exported layout ${name}`);
  return layout;
}

/** The structs that a type holds, itself included. */
export function* structsIn(type: Type): Generator<Struct> {
  if (type.kind === 'struct') {
    yield type;
    for (const row of Object.values(type.fields)) yield* structsIn(row.type);
  } else if (type.kind === 'sized' || type.kind === 'array') yield* structsIn(type.of);
  else if (type.kind === 'bySize') for (const each of type.of) yield* structsIn(each);
  else if (type.kind === 'oneOf' || type.kind === 'union')
    for (const each of Object.values(type.cases)) yield* structsIn(each);
}
