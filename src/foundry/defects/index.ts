import type { Defect } from './defect.ts';

/** Fixtures with one thing wrong each. */
export const DEFECTS: readonly Defect[] = [];
