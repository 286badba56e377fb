export { LayoutError, type LayoutErrorCode } from './engine/error.ts';
export { type Certificate, certificates } from './evidence/certificates.ts';
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
export { type X509, type X509Extension, type X509Name, x509 } from './evidence/x509.ts';
export type { Edit, PathOf, View } from './layout/infer.ts';
export { edit } from './verbs/edit.ts';
export { type Lens, lens } from './verbs/lens.ts';
export { equals, offsetOf, type PathIn, span } from './verbs/locate.ts';
export { type Options, view, viewPrefix } from './verbs/view.ts';
