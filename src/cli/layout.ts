import { readFileSync } from 'node:fs';
import { type Bits, type Layout, type Struct, sizeOf, type Type } from '../layout/vocabulary.ts';
import { byteMap } from './byte-map.ts';
import { type Command, Failure, type Given, OK, USAGE } from './command.ts';
import { layouts } from './layouts.ts';
import { meant } from './near.ts';
import { print } from './stream.ts';
import { columns, paint, wrap } from './style.ts';

type Words = Readonly<
  Record<string, { readonly properties?: Readonly<Record<string, { readonly description?: string }>> }>
>;

/** What fields mean, from the schemas of the package; nothing where they are not there. */
function wordsOf(): (struct: string, field: string) => string {
  try {
    const schema = readFileSync(new URL('../../schemas/evidence.json', import.meta.url), 'utf8');
    const { $defs } = JSON.parse(schema) as { $defs: Words };
    return (struct, field) => $defs[struct]?.properties?.[field]?.description ?? '';
  } catch {
    return () => '';
  }
}
const words = wordsOf();

/** Tags are small counts or codes; codes read better in hex. */
const tagName = (tag: string): string => (Number(tag) < 10 ? tag : `0x${Number(tag).toString(16)}`);

/** What a field is, in words of the declaration. */
function typeName(type: Type): string {
  switch (type.kind) {
    case 'uint':
      return `u${type.size * 8}${type.bigEndian ? ' big-endian' : ''}`;
    case 'bits':
      return `u${type.size * 8} of bits`;
    case 'bytes':
      return 'bytes';
    case 'reserved':
      return 'reserved';
    case 'array':
      return `${type.count === undefined ? '' : `${type.count} x `}${typeName(type.of)}${type.of.kind === 'bytes' ? ` of ${type.of.size}` : ''}`;
    case 'sized':
      return `${type.by} bytes: ${typeName(type.of)}`;
    case 'oneOf':
      return `by ${type.by}: ${Object.entries(type.cases)
        .map(([tag, of]) => `${tagName(tag)} ${typeName(of)}`)
        .join(', ')}`;
    case 'bySize':
      return type.of.map((of) => `${of.name} (${of.size ?? 'any'})`).join(' or ');
    case 'rest':
      if (type.surplus !== undefined) return `${type.surplus} bytes or none`;
      return type.text ? 'PEM chain' : 'the rest';
    case 'struct':
    case 'union':
      return type.name;
  }
}

const titleOf = ({ name, size, source }: Layout): string[] => [
  `${paint('bold', name)}  ${size === undefined ? 'of variable size' : `${size} bytes`}`,
  ...wrap(`${source.document.title}, ${source.section}`, columns()).map((line) => paint('dim', line)),
  '',
];

function table(struct: Struct): string[] {
  const rows = Object.entries(struct.fields).map(([name, { offset, type, spec }]) => ({
    at: offset === undefined ? '' : String(offset),
    size: String(sizeOf(type) ?? ''),
    name,
    spec,
    type: typeName(type),
  }));
  const wide = (key: 'at' | 'size' | 'name' | 'spec', head: string): number =>
    Math.max(head.length, ...rows.map((row) => row[key].length));
  const [at, size, name, spec] = [
    wide('at', 'offset'),
    wide('size', 'size'),
    wide('name', 'name'),
    wide('spec', 'in the spec'),
  ];
  const left = at + size + name + spec + 8;
  const room = Math.max(columns() - left, 24);
  const line = (a: string, b: string, c: string, d: string, e: string): string =>
    `${a.padStart(at)}  ${b.padStart(size)}  ${c.padEnd(name)}  ${d.padEnd(spec)}  ${e}`.trimEnd();
  return [
    paint('dim', line('offset', 'size', 'name', 'in the spec', 'type')),
    ...rows.flatMap((row) => {
      const [first = '', ...more] = wrap(row.type, room);
      const indent = at + size + 4;
      const means = wrap(words(struct.name, row.name), columns() - indent - 2).filter((text) => text !== '');
      return [
        line(row.at, row.size, row.name, row.spec, first),
        ...more.map((text) => ' '.repeat(left) + text),
        ...means.map((text) => paint('dim', `${' '.repeat(indent + 2)}${text}`)),
      ];
    }),
  ];
}

/** The named bits of the fields that have some. */
const bitTables = (struct: Struct): string[] =>
  Object.entries(struct.fields).flatMap(([name, { type }]) => {
    if (type.kind !== 'bits' || Object.keys(type.flags).length === 0) return [];
    const bits = Object.entries(type.flags).map(
      ([flag, { position, since }]) => `${String(position).padStart(6)}  ${flag}  ${paint('dim', since)}`,
    );
    return ['', paint('dim', `bits of ${name}`), ...bits];
  });

function describe(layout: Layout): string[] {
  if (layout.kind === 'struct')
    return [...titleOf(layout), ...byteMap(layout), '', ...table(layout), ...bitTables(layout)];
  const cases = Object.entries(layout.cases).map(([tag, { name }]) => `${tagName(tag).padStart(6)}  ${name}`);
  return [...titleOf(layout), paint('dim', `by ${layout.tag.name}, at byte ${layout.tag.offset}`), ...cases];
}

/** The same name, whatever its case and separators: MRTD, mrtd; TEE_TCB_SVN, teeTcbSvn. */
const plainly = (name: string): string => name.replace(/[\s_.,-]/g, '').toLowerCase();

const structs = (): Struct[] => [...layouts.values()].filter((each) => each.kind === 'struct');
const bitsIn = (type: Type): Bits | undefined => (type.kind === 'bits' ? type : undefined);

/** Where a field or a bit of that name lies, in every structure that has it. */
function places(name: string): string[] {
  const wanted = plainly(name);
  const lines: string[] = [];
  for (const struct of structs()) {
    for (const [field, { offset, type, spec }] of Object.entries(struct.fields)) {
      const where = `${struct.name}.${field}`;
      const at = offset === undefined ? 'behind a variable part' : `at ${offset}`;
      const size = sizeOf(type);
      if (plainly(field) === wanted || plainly(spec) === wanted)
        lines.push(
          `${paint('bold', where)}  ${at}, ${size === undefined ? 'of variable size' : `${size} bytes`}, ${typeName(type)}`,
          ...wrap(words(struct.name, field), columns() - 2).map((text) => `  ${text}`),
        );
      const bit = Object.entries(bitsIn(type)?.flags ?? {}).find(([flag]) => plainly(flag) === wanted);
      if (bit)
        lines.push(`${paint('bold', where)}  bit ${bit[1].position} is ${bit[0]}  ${paint('dim', bit[1].since)}`);
    }
  }
  return lines;
}

/** Every name that can be asked for. */
const names = (): string[] => [
  ...layouts.keys(),
  ...structs().flatMap(({ fields }) =>
    Object.entries(fields).flatMap(([field, { type }]) => [field, ...Object.keys(bitsIn(type)?.flags ?? {})]),
  ),
];

export const layout: Command = {
  options: {},
  help: `tdx-codec layout [STRUCT | FIELD | BIT ...]

Prints a byte map and the table of offsets and meanings of each structure named, or of all of them; of a field or a bit, where
it lies in every structure that has it. Names as here or as in the specification.

Examples
  tdx-codec layout QuoteV4
  tdx-codec layout MRTD reportdata
  tdx-codec layout SEPT_VE_DISABLE
  tdx-codec layout | less
`,
  async run(given: Given) {
    const wanted = given.names.length > 0 ? given.names : [...layouts.keys()];
    const blocks = wanted.map((name) => {
      const it =
        layouts.get(name) ?? [...layouts.values()].find((each) => each.name.toLowerCase() === name.toLowerCase());
      const lines = it ? describe(it) : places(name);
      if (lines.length > 0) return lines.join('\n');
      throw new Failure(
        USAGE,
        `no structure, field or bit ${name}${meant(name, names()) || '.'} See tdx-codec layout.`,
      );
    });
    await print(`${blocks.join('\n\n\n')}\n`);
    return OK;
  },
};
