// A TypeDoc plugin. The page of a structure's value says what the structure is, and of each field its offset, size and name
// in the specification, from the built declarations; and every public name must be documented.
import { existsSync } from 'node:fs';
import { Application, Comment, Converter, ReflectionKind } from 'typedoc';

const modules = await Promise.all(
  ['structs', 'uapi']
    .map((folder) => new URL(`../dist/${folder}/index.js`, import.meta.url))
    .filter((url) => existsSync(url))
    .map((url) => import(url.href)),
);
const { sizeOf } = await import(new URL('../dist/layout.js', import.meta.url).href);
const exported = modules.flatMap((module) => Object.entries(module));
const structs = new Map(exported.filter(([, it]) => it?.kind === 'struct').map(([, struct]) => [struct.name, struct]));
const bits = new Map(exported.filter(([, it]) => it?.kind === 'bits'));

const text = (it) => ({ kind: 'text', text: it });

const about = ({ source: { document, section }, size }) =>
  `${size === undefined ? 'Variable size' : `${size} bytes`}. ${document.title} (${document.number}), ${section}.`;

function place(struct, { offset, type, spec }) {
  const size = sizeOf(type);
  const where = offset === undefined ? 'Behind a variable part' : `Offset ${offset}`;
  const { document, section } = struct.source;
  return `${where}, ${size === undefined ? 'of variable size' : `${size} bytes`}. \`${spec}\` in ${document.title}, ${section}.`;
}

/** Names inside the expression of a type belong to that type. */
function isInside(reflection) {
  for (let each = reflection.parent; each; each = each.parent)
    if (each.kind === ReflectionKind.TypeLiteral) return true;
  return false;
}

const DOCUMENTED =
  ReflectionKind.Class |
  ReflectionKind.Interface |
  ReflectionKind.TypeAlias |
  ReflectionKind.Function |
  ReflectionKind.Variable |
  ReflectionKind.Property |
  ReflectionKind.Accessor |
  ReflectionKind.Method;

const hasWords = (reflection) =>
  [reflection, ...(reflection.signatures ?? []), reflection.getSignature].some((each) =>
    each?.comment?.hasVisibleComponent(),
  );

/** @param {Application} app */
export function load(app) {
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    for (const reflection of project.getReflectionsByKind(ReflectionKind.Interface)) {
      const struct = structs.get(reflection.name);
      if (!struct) continue;
      const declared = reflection.parent.children.find(
        (each) => each.name === reflection.name && each.kind === ReflectionKind.Variable,
      );
      reflection.comment?.summary.push(
        text('\n\n'),
        ...(declared?.comment?.summary ?? []),
        text(`\n\n${about(struct)}`),
      );
      for (const property of reflection.children ?? []) {
        const row = struct.fields[property.name];
        property.comment ??= new Comment();
        if (row) property.comment.summary.push(text(`\n\n${place(struct, row)}`));
        // Every field is inherited from Infer, which says nothing.
        delete property.inheritedFrom;
        delete property.defaultValue;
      }
    }
    // Spelled out, the type of a declaration is the table once more, without what the table says.
    for (const variable of project.getReflectionsByKind(ReflectionKind.Variable)) {
      const { type } = variable;
      if (type?.type !== 'reference' || !['Struct', 'Union', 'Bits'].includes(type.name)) continue;
      const flags = type.name === 'Bits' ? bits.get(variable.name)?.flags : undefined;
      const docs = new Map(type.typeArguments?.[1]?.declaration?.children?.map((each) => [each.name, each.comment]));
      for (const [flag, { position, since }] of Object.entries(flags ?? {})) {
        const doc = Comment.combineDisplayParts(docs.get(flag)?.summary);
        variable.comment?.summary.push(text(`\n- Bit ${position}, \`${flag}\` (${since}): ${doc}`));
      }
      type.typeArguments = undefined;
    }
  });
  app.on(Application.EVENT_VALIDATE_PROJECT, (project) => {
    for (const reflection of project.getReflectionsByKind(DOCUMENTED)) {
      // `kind` holds its own name.
      if (reflection.flags.isExternal || reflection.name === 'kind' || isInside(reflection) || hasWords(reflection))
        continue;
      app.logger.warn(`${reflection.getFullName()} has no documentation`);
    }
    for (const [name] of structs) {
      const page = project.getReflectionsByKind(ReflectionKind.Interface).find((each) => each.name === name);
      if (!page) app.logger.warn(`${name} has no interface that says what it decodes to`);
    }
  });
}
