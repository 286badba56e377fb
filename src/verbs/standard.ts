import { LayoutError } from '../engine/error.ts';
import type { Infer, Layout } from '../layout/vocabulary.ts';
import { fromJson } from './from-json.ts';
import type { JsonOf } from './json.ts';
import { type JsonSchema, schemaOf } from './schema.ts';

/** What is wrong with a document, as Standard Schema says it. */
export interface StandardIssue {
  /** All of it in one line. */
  readonly message: string;
  /** The keys on the way to it. */
  readonly path: readonly (string | number)[];
}

/** A layout that speaks Standard Schema and Standard JSON Schema, version 1: canonical JSON in, the value out. */
export interface StandardLayout<L extends Layout> {
  /** What Standard Schema asks for. */
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: 'tdx-codec';
    readonly validate: (
      json: unknown,
    ) =>
      | { readonly value: Infer<L>; readonly issues?: undefined }
      | { readonly issues: readonly StandardIssue[]; readonly value?: undefined };
    readonly jsonSchema: {
      /** The schema of the canonical JSON. Throws for any target but draft-2020-12. */
      readonly input: (options: { readonly target: string }) => JsonSchema;
      /** Throws: a value holds bytes and bigints, which no JSON Schema describes. */
      readonly output: (options: { readonly target: string }) => JsonSchema;
    };
    readonly types?: { readonly input: JsonOf<L>; readonly output: Infer<L> };
  };
}

/** The keys on the way to what a LayoutError is about. */
function keysOf({ path }: LayoutError, layout: Layout): (string | number)[] {
  const below = path.slice(layout.name.length).matchAll(/\.([^.[]+)|\[(\d+)\]/g);
  return Array.from(below, ([, name, index]) => name ?? Number(index));
}

/**
 * The layout for whoever takes schemas of any library: `standard(QuoteV4)['~standard'].validate(json)` gives the value, or
 * the first thing that is wrong.
 */
export const standard = <L extends Layout>(layout: L): StandardLayout<L> => ({
  '~standard': {
    version: 1,
    vendor: 'tdx-codec',
    validate(json) {
      try {
        return { value: fromJson(layout, json) };
      } catch (error) {
        if (!(error instanceof LayoutError)) throw error;
        return { issues: [{ message: error.message, path: keysOf(error, layout) }] };
      }
    },
    jsonSchema: {
      input({ target }) {
        if (target !== 'draft-2020-12') throw new TypeError(`the schemas are of draft-2020-12, not of ${target}`);
        return schemaOf(layout);
      },
      output() {
        throw new TypeError('a value holds bytes and bigints, which JSON Schema cannot describe');
      },
    },
  },
});
