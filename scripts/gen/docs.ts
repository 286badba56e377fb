import type { Part } from './part.ts';

/** docs/structs: one page and one byte map for each structure. */
export const docs: Part = {
  name: 'docs',
  owns: ['docs/structs'],
  files: () => new Map(),
};
