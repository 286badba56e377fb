// Lifts the TSDoc of the declarations, which is written once and read in hovers, in the reference, in the schemas and on
// the pages of docs/structs. The type checker finds it, so rows that one struct takes from another keep theirs.
import { existsSync } from 'node:fs';
import ts from 'typescript';

/** What the declarations say in words. */
export interface Prose {
  /** Of every exported struct and union, by its name. A union has no fields. */
  readonly structs: ReadonlyMap<string, { readonly doc: string; readonly fields: Readonly<Record<string, string>> }>;
  /** Of all named bits, by the name of their constant. */
  readonly bits: ReadonlyMap<string, { readonly doc: string; readonly flags: Readonly<Record<string, string>> }>;
}

/** The modules whose exports are the declarations. */
export const DECLARATIONS: readonly string[] = ['src/structs/index.ts', 'src/uapi/index.ts'].filter((path) =>
  existsSync(path),
);

/** One line of plain text: links and line breaks are gone. */
const plain = (text: string): string =>
  text
    .replace(/\{@link\s+([^}|]+?)\s*(?:\|\s*([^}]+?)\s*)?\}/g, (_, name: string, shown?: string) => shown ?? name)
    .replace(/\s+/g, ' ')
    .trim();

function docOf(declaration: ts.Declaration | undefined): string {
  const comments = declaration ? ts.getJSDocCommentsAndTags(declaration).filter(ts.isJSDoc) : [];
  return plain(ts.getTextOfJSDocComment(comments.at(-1)?.comment) ?? '');
}

let prose: Prose | undefined;

/**
 * The prose of all exported declarations.
 *
 * @throws Error when a structure, a row, a set of bits or a bit has none.
 */
export function readProse(): Prose {
  prose ??= read();
  return prose;
}

function read(): Prose {
  const config = ts.getParsedCommandLineOfConfigFile(
    'tsconfig.build.json',
    {},
    { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => undefined },
  );
  const program = ts.createProgram([...DECLARATIONS], config?.options ?? {});
  const checker = program.getTypeChecker();
  const structs = new Map<string, { doc: string; fields: Record<string, string> }>();
  const bits = new Map<string, { doc: string; flags: Record<string, string> }>();

  const propertyType = (type: ts.Type, name: string): ts.Type | undefined => {
    const property = type.getProperty(name);
    return property && checker.getTypeOfSymbol(property);
  };
  const literal = (type: ts.Type | undefined): string | undefined => (type?.isStringLiteral() ? type.value : undefined);
  const rowsOf = (type: ts.Type | undefined): Record<string, string> =>
    Object.fromEntries(
      (type?.getProperties() ?? []).map((row) => [row.name, docOf(row.valueDeclaration ?? row.declarations?.[0])]),
    );

  for (const path of DECLARATIONS) {
    const file = program.getSourceFile(path);
    const module = file && checker.getSymbolAtLocation(file);
    for (const exported of module ? checker.getExportsOfModule(module) : []) {
      const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
      const declaration = symbol.valueDeclaration;
      if (!declaration || !ts.isVariableDeclaration(declaration)) continue;
      const type = checker.getTypeOfSymbol(symbol);
      const kind = literal(propertyType(type, 'kind'));
      const doc = docOf(declaration);
      if (kind === 'struct' || kind === 'union')
        structs.set(literal(propertyType(type, 'name')) ?? symbol.name, {
          doc,
          fields: rowsOf(propertyType(type, 'fields')),
        });
      if (kind === 'bits') bits.set(symbol.name, { doc, flags: rowsOf(propertyType(type, 'flags')) });
    }
  }
  const mute = (name: string, doc: string, rows: Readonly<Record<string, string>>): string[] =>
    Object.entries({ ...rows, '': doc }).flatMap(([row, words]) => (words ? [] : `${name}${row && `.${row}`}`));
  const unexplained = [
    ...[...structs].flatMap(([name, { doc, fields }]) => mute(name, doc, fields)),
    ...[...bits].flatMap(([name, { doc, flags }]) => mute(name, doc, flags)),
  ];
  if (unexplained.length > 0) throw new Error(`without a sentence where it is declared: ${unexplained.join(', ')}`);
  return { structs, bits };
}
