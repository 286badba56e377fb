// Changes to a document, right and wrong ones.

type Key = string | number;
type Holder = Record<Key, unknown>;

/** The way to everything in a document, itself left out. */
export function* pathsIn(json: unknown, path: Key[] = []): Generator<Key[]> {
  if (path.length > 0) yield path;
  if (typeof json !== 'object' || json === null) return;
  for (const [key, value] of Object.entries(json))
    yield* pathsIn(value, [...path, Array.isArray(json) ? Number(key) : key]);
}

export const at = (json: unknown, path: readonly Key[]): unknown => path.reduce((it, key) => (it as Holder)[key], json);

/** A copy with something else in one place. */
export function changed(json: unknown, path: readonly Key[], wrong: unknown): unknown {
  const copy: unknown = structuredClone(json);
  (at(copy, path.slice(0, -1)) as Holder)[path.at(-1) ?? ''] = wrong;
  return copy;
}
/** A copy without what stands in one place. */
export function without(json: unknown, path: readonly Key[]): unknown {
  const copy: unknown = structuredClone(json);
  delete (at(copy, path.slice(0, -1)) as Holder)[path.at(-1) ?? ''];
  return copy;
}

const VALUES: readonly unknown[] = [
  ...[null, true, 0, 1, 2, 3, 9, 255, 256, 0.5, -1],
  ...['', 'f', 'ff', 'FF', '0000', 'ffffffff', 'é', '0x0000000000000000', '0x0000000000000002', '0x00'],
  ...[[], [1], [{ a: 1 }, { a: 2 }], ['LOW', 'LOW'], ['LOW'], ['constructor']],
  ...[{}, { a: 1 }, { a: 1, b: 2 }, { raw: '0x0000000000000000' }, { raw: '0x00', flags: 1 }],
  ...[{ pem: 'a' }, { hex: 'ff' }, { pem: 'a', hex: 'ff' }],
];

/** Every place in a document, and the document, with every value in turn; without each of its members, and with one more. */
export function changesTo(json: unknown): readonly (readonly [what: string, changed: unknown])[] {
  const paths = [...pathsIn(json)];
  return [
    ...VALUES.map((value) => ['whole', value] as const),
    ...paths.flatMap((path) => VALUES.map((value) => [path.join('.'), changed(json, path, value)] as const)),
    ...paths
      .filter((path) => typeof path.at(-1) === 'string')
      .map((path) => [`without ${path.join('.')}`, without(json, path)] as const),
    ...[[], ...paths]
      .filter((path) => typeof at(json, path) === 'object')
      .map((path) => [`more in ${path.join('.')}`, changed(json, [...path, 'unheard/of~'], 0)] as const),
  ];
}
