// A TypeDoc plugin. Each field of a structure gets its offset, size and name in the specification, from the built
// declarations; and every public name must be documented.
import { existsSync } from 'node:fs';
import { Application, Comment, Converter, ReflectionKind } from 'typedoc';

const modules = await Promise.all(
  ['structs', 'uapi']
    .map((folder) => new URL(`../dist/${folder}/index.js`, import.meta.url))
    .filter((url) => existsSync(url))
    .map((url) => import(url.href)),
);
const { sizeOf } = await import(new URL('../dist/layout.js', import.meta.url).href);
const structs = new Map(
  modules
    .flatMap((module) => Object.values(module))
    .filter((it) => it?.kind === 'struct')
    .map((struct) => [struct.name, struct]),
);

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
      for (const property of (struct && reflection.children) ?? []) {
        const row = struct.fields[property.name];
        if (!row) continue;
        property.comment ??= new Comment();
        property.comment.summary.push({ kind: 'text', text: `\n\n${place(struct, row)}` });
      }
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
