export { codec, decode, decodePrefix, encode, encodeInto, type RestructureType } from './codec.ts';
export { LayoutError, type LayoutErrorCode } from './engine/error.ts';
export { type Certificate, certificates } from './evidence/certificates.ts';
export { type Identified, identify, type Kind } from './evidence/identify.ts';
export { project, type QuoteFormat, quoteFormats } from './evidence/project.ts';
export { agrees } from './evidence/report/agrees.ts';
export type { ReadableReport } from './evidence/report/copied.ts';
export { checkDigests, type ReportDigests } from './evidence/report/digests.ts';
export { type Projection, projectReport } from './evidence/report/project.ts';
export { extendRtmr, replayRtmr } from './evidence/report/rtmr.ts';
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
export { flagsOf } from './layout/flags.ts';
export type { Edit, Encodable, EncodableFields, Infer, Layout, PathOf, View } from './layout.ts';
export * from './structs/index.ts';
export * from './uapi.ts';
export { type DumpRow, dump } from './verbs/dump.ts';
export { edit, equals, type Lens, lens, type Options, offsetOf, span, view, viewPrefix } from './view.ts';
