import { LayoutError } from '../engine/error.ts';
import type { Encodable, Layout, Reading, ViewOf } from '../layout/vocabulary.ts';
import { leavesOf } from '../verbs/leaves.ts';
import { certificationIn } from './meaning/certification.ts';
import { notesOf } from './meaning/notes.ts';
import { type EvidenceSummary, summaryOf } from './meaning/summary.ts';
import { textOf } from './meaning/text.ts';
import { type Pck, pckIn } from './pck/pck-of.ts';

export type { EvidenceSummary } from './meaning/summary.ts';

/** What evidence says, in words. */
export interface Meaning {
  /** What is most asked about. */
  readonly summary: EvidenceSummary;
  /** What a field means, by its path, for the fields that have something to say beyond their bytes. */
  readonly fields: Readonly<Record<string, string>>;
  /** What somebody who relies on it has to know, one sentence each. */
  readonly notes: readonly string[];
}

/** The PCK certificate, or why it cannot be read; neither for evidence that holds none. */
function pckOrError(data: Uint8Array | undefined, path: string): Pck | LayoutError | undefined {
  if (!data) return undefined;
  try {
    return pckIn(data, path);
  } catch (error) {
    if (error instanceof LayoutError) return error;
    throw error;
  }
}

/**
 * What a value, a view or bytes of a layout mean: names beside numbers, attributes by their names, security version
 * numbers split, certificates read, and a summary. Facts only: nothing here says that evidence is genuine or a platform up
 * to date. A certificate that cannot be read is a note, not an error.
 *
 * @throws LayoutError when it does not fit the layout.
 * @example
 * meaning(Quote, view(Quote, bytes)).summary.fmspc; // '50806f000000'
 */
export function meaning<L extends Layout>(layout: L, it: NoInfer<ViewOf<L, Reading> | Encodable<L>>): Meaning {
  const leaves = leavesOf<L>(layout, it);
  const { data, path } = certificationIn(leaves);
  const pck = pckOrError(data, path);
  const texts = leaves.map((leaf): [string, string | undefined] => [leaf.path, textOf(leaf, pck)]);
  return {
    summary: summaryOf(leaves, pck instanceof LayoutError ? undefined : pck),
    fields: Object.fromEntries(texts.filter((each): each is [string, string] => each[1] !== undefined)),
    notes: notesOf(leaves, pck),
  };
}
