/*
 * The extension that Intel's provisioning service writes into PCK certificates, as a table: a sequence of pairs, an object
 * identifier and a value. Intel SGX PCK Certificate and Certificate Revocation List Profile Specification.
 */

/** One member: its object identifier, the ASN.1 type of its value and how much that holds, the name that Intel gives it. */
export type Member =
  | { readonly oid: string; readonly type: 'OCTET STRING'; readonly size: number; readonly spec: string }
  | { readonly oid: string; readonly type: 'INTEGER' | 'ENUMERATED'; readonly most: number; readonly spec: string }
  | { readonly oid: string; readonly type: 'BOOLEAN' | 'SEQUENCE'; readonly spec: string };

/** The object identifier of the extension; those of its members begin with it. */
export const SGX_EXTENSION = '1.2.840.113741.1.13.1';

/** Members of the extension. */
export const sgxExtension = {
  /** Platform provisioning identity. Names one machine. */
  ppid: { oid: `${SGX_EXTENSION}.1`, type: 'OCTET STRING', size: 16, spec: 'PPID' },
  /** The TCB level that the key is certified for. */
  tcb: { oid: `${SGX_EXTENSION}.2`, type: 'SEQUENCE', spec: 'TCB' },
  /** Identity of the provisioning certification enclave; zero is Intel's. */
  pceid: { oid: `${SGX_EXTENSION}.3`, type: 'OCTET STRING', size: 2, spec: 'PCE-ID' },
  /** Family, model, stepping, platform type and custom SKU: what collateral is asked for by. */
  fmspc: { oid: `${SGX_EXTENSION}.4`, type: 'OCTET STRING', size: 6, spec: 'FMSPC' },
  /** How memory is protected: 0 standard, 1 scalable, 2 scalable with integrity. */
  sgxType: { oid: `${SGX_EXTENSION}.5`, type: 'ENUMERATED', most: 255, spec: 'SGX Type' },
  /** Names one machine as it is put together now; under the Platform CA only. */
  platformInstanceId: { oid: `${SGX_EXTENSION}.6`, type: 'OCTET STRING', size: 16, spec: 'Platform Instance ID' },
  /** How the platform is set up; under the Platform CA only. */
  configuration: { oid: `${SGX_EXTENSION}.7`, type: 'SEQUENCE', spec: 'Configuration' },
} as const satisfies Readonly<Record<string, Member>>;

/** Members of TCB. The object identifiers of the 16 components end with 1 to 16. */
export const tcb = {
  /** The security version number of one of the 16 components; this is the beginning of their object identifiers. */
  component: { oid: `${SGX_EXTENSION}.2`, type: 'INTEGER', most: 0xff, spec: 'SGX TCB Comp SVN' },
  /** ISVSVN of the provisioning certification enclave. */
  pcesvn: { oid: `${SGX_EXTENSION}.2.17`, type: 'INTEGER', most: 0xffff, spec: 'PCESVN' },
  /** The 16 components again, as bytes. */
  cpusvn: { oid: `${SGX_EXTENSION}.2.18`, type: 'OCTET STRING', size: 16, spec: 'CPUSVN' },
} as const satisfies Readonly<Record<string, Member>>;

/** Members of Configuration. */
export const configuration = {
  /** Packages can be added or replaced. */
  dynamicPlatform: { oid: `${SGX_EXTENSION}.7.1`, type: 'BOOLEAN', spec: 'Dynamic Platform' },
  /** The provisioning service keeps the platform's root keys. */
  cachedKeys: { oid: `${SGX_EXTENSION}.7.2`, type: 'BOOLEAN', spec: 'Cached Keys' },
  /** Simultaneous multithreading is on. */
  smtEnabled: { oid: `${SGX_EXTENSION}.7.3`, type: 'BOOLEAN', spec: 'SMT Enabled' },
} as const satisfies Readonly<Record<string, Member>>;

/** Values of SGX Type. Open: other numbers stay as they are. */
export const SgxType = {
  /** Confidentiality and integrity, of a limited size. */
  STANDARD: 0,
  /** Confidentiality of large memory, without cryptographic integrity. */
  SCALABLE: 1,
  /** Large memory with cryptographic integrity. */
  SCALABLE_WITH_INTEGRITY: 2,
} as const;
