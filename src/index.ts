export { codec, decode, decodePrefix, encode, encodeInto, type RestructureType } from './codec.ts';
export { LayoutError, type LayoutErrorCode } from './engine/error.ts';
export { type Certificate, certificates } from './evidence/certificates.ts';
export { type Identified, identify, type Kind } from './evidence/identify.ts';
export { type EvidenceSummary, type Meaning, meaning } from './evidence/meaning.ts';
export { type PckExtension, pckExtension } from './evidence/pck/extension.ts';
export { type CertificateJson, type PckExtensionJson, type PckJson, pckJson } from './evidence/pck/json.ts';
export { SGX_EXTENSION, SgxType } from './evidence/pck/oids.ts';
export {
  certificationOf,
  type Pck,
  pckOf,
  type ReadableCertification,
  type ReadableQuote,
} from './evidence/pck/pck-of.ts';
export { project, type QuoteFormat, quoteFormats } from './evidence/project.ts';
export type { ReadableReport } from './evidence/report/copied.ts';
export { difference } from './evidence/report/difference.ts';
export { checkDigests, type ReportDigests } from './evidence/report/digests.ts';
export { type Projection, projectReport } from './evidence/report/project.ts';
export { extendRtmr, replayRtmr } from './evidence/report/rtmr.ts';
export { type X509, type X509Extension, type X509Name, x509 } from './evidence/x509.ts';
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
export { type DifferingField, diff } from './verbs/diff.ts';
export { type DumpRow, dump } from './verbs/dump.ts';
export { edit, equals, type Lens, lens, type Options, offsetOf, span, view, viewPrefix } from './view.ts';
