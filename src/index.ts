export { type Certificate, certificates } from './certificates.ts';
export { codec, decode, decodePrefix, encode, encodeInto, type RestructureType } from './codec.ts';
export { type DumpRow, dump } from './dump.ts';
export { LayoutError, type LayoutErrorCode } from './error.ts';
export { flagsOf } from './flags.ts';
export { type Identified, identify, type Kind } from './identify.ts';
export {
  type Descriptions,
  fromJson,
  type Json,
  type JsonOf,
  type JsonSchema,
  type SchemaOptions,
  type StandardIssue,
  type StandardLayout,
  schemaOf,
  standard,
  toJson,
} from './json.ts';
export type { Edit, Encodable, EncodableFields, Infer, Layout, PathOf, View } from './layout.ts';
export { project, type QuoteFormat, quoteFormats } from './project.ts';
export { agrees } from './report/agrees.ts';
export type { ReadableReport } from './report/copied.ts';
export { checkDigests, type ReportDigests } from './report/digests.ts';
export { type Projection, projectReport } from './report/project.ts';
export { extendRtmr, replayRtmr } from './report/rtmr.ts';
export * from './structs/index.ts';
export * from './uapi/index.ts';
export { edit, equals, type Lens, lens, type Options, offsetOf, span, view, viewPrefix } from './view.ts';
