import { chains } from './chain.ts';
import { collaterals } from './collateral.ts';
import { content } from './content.ts';
import type { Defect } from './defect.ts';
import { lengths } from './lengths.ts';
import { policy } from './policy.ts';
import { signatures } from './signatures.ts';
import { tags } from './tags.ts';
import { reports } from './td-report.ts';
import { truncations } from './truncations.ts';

/** Fixtures with one thing wrong each. */
export const DEFECTS: readonly Defect[] = [
  ...lengths,
  ...tags,
  ...truncations,
  ...content,
  ...signatures,
  ...policy,
  ...chains,
  ...collaterals,
  ...reports,
];
