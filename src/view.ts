export { LayoutError, type LayoutErrorCode } from './engine/error.ts';
export type { Edit, PathOf, View } from './layout/infer.ts';
export { edit } from './verbs/edit.ts';
export { type Lens, lens } from './verbs/lens.ts';
export { equals, offsetOf, type PathIn, span } from './verbs/locate.ts';
export { type Options, view, viewPrefix } from './verbs/view.ts';
