export { type Certificate, certificates } from './certificates.ts';
export { codec, decode, decodePrefix, encode, encodeInto, type RestructureType } from './codec.ts';
export { type DumpRow, dump } from './dump.ts';
export { LayoutError, type LayoutErrorCode } from './error.ts';
export { flagsOf } from './flags.ts';
export { fromJson, type Json, type JsonOf, toJson } from './json.ts';
export type { Edit, Encodable, Infer, Layout, PathOf, View } from './layout.ts';
export * from './structs/index.ts';
export { edit, equals, type Lens, lens, type Options, offsetOf, span, view, viewPrefix } from './view.ts';
