import type { Encodable, Layout, OneOf, Reading, Struct, Type, Union, ViewOf } from '../layout/vocabulary.ts';
import type { Json } from './json.ts';
import { toJson } from './to-json.ts';
import { view } from './view.ts';

/** A field that has no fields of its own, in the canonical JSON of its layout. */
export interface Leaf {
  /** From the layout on: `body.rtmr[2]`. */
  readonly path: string;
  /** The struct that declares it, and its name there: `TdReportBody10.rtmr`. */
  readonly field: string;
  /** How it is declared; a choice where the tag selects nothing and the bytes are kept. */
  readonly type: Type;
  readonly json: Json;
}

type Fields = Readonly<Record<string, Json>>;
const fieldsOf = (json: Json | undefined): Fields =>
  typeof json === 'object' && json !== null && !Array.isArray(json) ? json : {};

/** The number at a dotted path; numbers of 8 bytes are hexadecimal text. */
function numberAt(json: Json, path: string): number {
  const found = path.split('.').reduce((of: Json | undefined, name) => fieldsOf(of)[name], json);
  return Number(fieldsOf(found)['raw'] ?? found);
}

/** The path of the field at an offset. */
function fieldAt({ fields }: Struct, offset: number): string {
  const [name, row] = Object.entries(fields)
    .filter((each) => (each[1].offset ?? Infinity) <= offset)
    .pop() ?? [''];
  return row?.type.kind === 'struct' ? `${name}.${fieldAt(row.type, offset - (row.offset ?? 0))}` : name;
}

function structOf(of: Union, json: Json): Struct | undefined {
  const [first] = Object.values(of.cases);
  return first && of.cases[numberAt(json, fieldAt(first, of.tag.offset))];
}

const selected = ({ by, cases }: OneOf, around: Json): Type | undefined => cases[numberAt(around, by)];

/** The leaves below `type`, in the order of the bytes. `around` is the JSON of the struct that declares it. */
function* below(type: Type, json: Json, around: Json, path: string, field: string): Generator<Leaf> {
  switch (type.kind) {
    case 'struct':
      for (const [name, row] of Object.entries(type.fields))
        yield* below(
          row.type,
          fieldsOf(json)[name] ?? null,
          json,
          path === '' ? name : `${path}.${name}`,
          `${type.name}.${name}`,
        );
      return;
    case 'array':
      for (const [i, item] of (Array.isArray(json) ? json : []).entries())
        yield* below(type.of, item, around, `${path}[${i}]`, field);
      return;
    case 'sized':
      yield* below(type.of, json, around, path, field);
      return;
    case 'oneOf':
    case 'union':
    case 'bySize': {
      const names = Object.keys(fieldsOf(json));
      const chosen =
        type.kind === 'oneOf'
          ? selected(type, around)
          : type.kind === 'union'
            ? structOf(type, json)
            : type.of.find(({ fields }) => Object.keys(fields).join() === names.join());
      if (chosen) yield* below(chosen, json, around, path, field);
      else yield { path, field, type, json };
      return;
    }
    default:
      yield { path, field, type, json };
  }
}

/** The leaves of a value, a view or bytes; of bytes, errors say where. */
export function leavesOf<L extends Layout>(layout: L, it: ViewOf<L, Reading> | Encodable<L>): Leaf[] {
  const json = (
    it instanceof Uint8Array ? toJson<Layout>(layout, view<Layout>(layout, it)) : toJson(layout, it)
  ) as Json;
  return [...below(layout, json, json, '', layout.name)];
}
