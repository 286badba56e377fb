// Canonical JSON of everything that is there: the golden vectors, and the real evidence as far as it decodes.
import { LayoutError } from '../../src/engine/error.ts';
import { identify } from '../../src/evidence/identify.ts';
import type { Layout } from '../../src/layout.ts';
import { bytesOf, entries } from '../corpus.ts';
import { positives } from '../golden.ts';
import { layoutNamed } from '../layouts.ts';
import { toJson, view } from '../verbs.ts';

export interface Document {
  readonly name: string;
  readonly layout: Layout;
  readonly json: unknown;
}

function* ofCorpus(): Generator<Document> {
  for (const { file } of entries.filter((entry) => entry.file.endsWith('.bin'))) {
    const bytes = bytesOf(file);
    const { layout, offset } = identify(bytes);
    if (!layout) continue;
    try {
      yield { name: file, layout, json: toJson(layout, view(layout, bytes.subarray(offset))) };
    } catch (error) {
      if (!(error instanceof LayoutError)) throw error;
    }
  }
}

export const ofVectors: readonly Document[] = positives.map(([name, { struct, value }]) => ({
  name,
  layout: layoutNamed(struct),
  json: value,
}));
export const documents: readonly Document[] = [...ofVectors, ...ofCorpus()];
