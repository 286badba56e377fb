import { type Layout, type Struct, sizeOf, type Type } from '../layout/vocabulary.ts';
import { byteMap } from './byte-map.ts';
import { type Command, Failure, type Given, OK, USAGE } from './command.ts';
import { layouts } from './layouts.ts';
import { print } from './stream.ts';
import { columns, paint, wrap } from './style.ts';

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
      return [line(row.at, row.size, row.name, row.spec, first), ...more.map((text) => ' '.repeat(left) + text)];
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

/** The names of which one was perhaps meant. */
const near = (name: string): string[] =>
  [...layouts.keys()].filter((each) => each.toLowerCase().includes(name.toLowerCase()));

export const layout: Command = {
  summary: 'where every field of a structure lies',
  options: {},
  help: `tdx-codec layout [STRUCT ...]

Prints a byte map and the table of offsets of each structure named, or of all of them.

Examples
  tdx-codec layout QuoteV4
  tdx-codec layout TdReport TdInfo
  tdx-codec layout | less
`,
  async run({ names }: Given) {
    const wanted = names.length > 0 ? names : [...layouts.keys()];
    const blocks = wanted.map((name) => {
      const it =
        layouts.get(name) ?? [...layouts.values()].find((each) => each.name.toLowerCase() === name.toLowerCase());
      if (it) return describe(it).join('\n');
      const meant = near(name);
      throw new Failure(
        USAGE,
        `no structure ${name}; ${meant.length > 0 ? `perhaps ${meant.join(', ')}` : `there are ${[...layouts.keys()].join(', ')}`}.`,
      );
    });
    await print(`${blocks.join('\n\n\n')}\n`);
    return OK;
  },
};
