export {
  type CertificateFields,
  type Certified,
  certify,
  type Place,
  type RevocationFields,
  revocationList,
  type Subject,
} from './certificate.ts';
export {
  type Collateral,
  type Component,
  collateral,
  type ModuleIdentity,
  type QeIdentity,
  qeIdentity,
  type TcbInfo,
  type TcbLevel,
  tcbInfo,
} from './collateral.ts';
export type { Defect, Fails } from './defects/defect.ts';
export { DEFECTS } from './defects/index.ts';
export { type Enclave, testEnclave } from './enclave.ts';
export { type Fixture, type ForgeOptions, forge, make, profileOf, type Recipe, recipe, spoil } from './forge.ts';
export { type Files, fixturesIn, type PackAllOptions, pack, packAll } from './pack.ts';
export { type Names, PINNED_NOW, type PkiOptions, pemOf, type TestPki, testPki } from './pki.ts';
export { type Platform, platformOf } from './platform.ts';
export { PROFILES, type Profile } from './profiles.ts';
export type { Tee } from './qe.ts';
export { attestationKeyOf, type CertificationType, type QuoteFields, type QuoteShape, quote } from './quote.ts';
export { derive, deriveKey, sign, type TestKey } from './seed.ts';
export { type Td, type TdBody, tdBody, testTd } from './td.ts';
export { type ReportFields, type ReportVersion, reportMac, tdReport } from './td-report.ts';
export {
  type Difference,
  type Expect,
  type Standard,
  VERIFIERS,
  type Verdict,
  type Verifier,
  type VerifierName,
} from './verifiers.ts';
