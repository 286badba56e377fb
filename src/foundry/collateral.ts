import { utf8ToBytes } from '@noble/hashes/utils.js';
import { toHex } from '../engine/hex.ts';
import { DAY, pemOf, type TestPki } from './pki.ts';
import { QE_ISVSVN, QE_MRSIGNER, qeProductId, type Tee } from './qe.ts';
import { sign } from './seed.ts';

/** What a verifier takes beside a quote. Chains are PEM, lists and signatures hex, the two documents JSON text. */
export interface Collateral {
  /** Certificates of the CA that issued the PCK certificate and its revocation list, PEM, to the root. */
  readonly pck_crl_issuer_chain: string;
  /** Revocation list of the root, DER in hex. */
  readonly root_ca_crl: string;
  /** Revocation list of the CA that issued the PCK certificate, DER in hex. */
  readonly pck_crl: string;
  /** Certificates of the key that signed the TCB info, PEM, to the root. */
  readonly tcb_info_issuer_chain: string;
  /** The TCB info, JSON text as it was signed. */
  readonly tcb_info: string;
  /** ECDSA P-256 signature over the TCB info: r, then s, in hex. */
  readonly tcb_info_signature: string;
  /** Certificates of the key that signed the QE identity, PEM, to the root. */
  readonly qe_identity_issuer_chain: string;
  /** The QE identity, JSON text as it was signed. */
  readonly qe_identity: string;
  /** ECDSA P-256 signature over the QE identity: r, then s, in hex. */
  readonly qe_identity_signature: string;
  /** The chain of the PCK certificate, PEM, leaf first; for quotes that do not carry it. */
  readonly pck_certificate_chain?: string;
}

/** One level: from these security version numbers on, the status holds. */
export interface TcbLevel<Tcb> {
  /** The security version numbers at which the level begins. */
  tcb: Tcb;
  /** Until when all advisories that are known are covered, ISO 8601. */
  tcbDate: string;
  /** What holds at this level, such as UpToDate or OutOfDate. */
  tcbStatus: string;
  /** Advisories that apply below this level. */
  advisoryIDs?: string[];
}

/** One component of a platform and its security version number. */
export interface Component {
  /** Security version number of the component. */
  svn: number;
  /** What the component is part of, such as BIOS or OS/VMM. */
  category?: string;
  /** Which component it is. */
  type?: string;
}

/** What a TDX module must be. */
export interface ModuleIdentity {
  /** SHA-384 of the module's signer, in hex. */
  mrsigner: string;
  /** Attributes of the module, in hex. */
  attributes: string;
  /** Which of the attributes count, in hex. */
  attributesMask: string;
}

/** TCB info of version 3, as the provisioning service publishes it. */
export interface TcbInfo {
  /** Which kind of evidence the document is about. */
  id: 'SGX' | 'TDX';
  /** Version of the document format: 3. */
  version: number;
  /** When it was issued, ISO 8601. */
  issueDate: string;
  /** When the next one is due, ISO 8601. */
  nextUpdate: string;
  /** Family, model and stepping of the platforms that it is about: 6 bytes in hex. */
  fmspc: string;
  /** Identity of their provisioning certification enclave: 2 bytes in hex. */
  pceId: string;
  /** How levels are compared: 0, component by component. */
  tcbType: number;
  /** Counts the recoveries that the levels take into account. */
  tcbEvaluationDataNumber: number;
  /** Identity of TDX modules of major version 0. */
  tdxModule?: ModuleIdentity;
  /** Identities of TDX modules by major version, with levels of their own. */
  tdxModuleIdentities?: (ModuleIdentity & { id: string; tcbLevels: TcbLevel<{ isvsvn: number }>[] })[];
  /** The levels, highest first. */
  tcbLevels: TcbLevel<{ sgxtcbcomponents: Component[]; pcesvn: number; tdxtcbcomponents?: Component[] }>[];
}

/** Identity of a quoting enclave, version 2. */
export interface QeIdentity {
  /** Which quoting enclave: that of SGX or that of TDX. */
  id: 'QE' | 'TD_QE';
  /** Version of the document format: 2. */
  version: number;
  /** When it was issued, ISO 8601. */
  issueDate: string;
  /** When the next one is due, ISO 8601. */
  nextUpdate: string;
  /** Counts the recoveries that the levels take into account. */
  tcbEvaluationDataNumber: number;
  /** MISCSELECT that the enclave must have, in hex. */
  miscselect: string;
  /** Which of its bits count, in hex. */
  miscselectMask: string;
  /** ATTRIBUTES that the enclave must have, in hex. */
  attributes: string;
  /** Which of its bits count, in hex. */
  attributesMask: string;
  /** MRSIGNER that the enclave must have, in hex. */
  mrsigner: string;
  /** ISVPRODID that the enclave must have. */
  isvprodid: number;
  /** The levels by ISVSVN, highest first. */
  tcbLevels: TcbLevel<{ isvsvn: number }>[];
}

/** A time in Unix seconds, as the documents write it. */
export const date = (seconds: number): string => new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
const upper = (bytes: Uint8Array): string => toHex(bytes).toUpperCase();

const SGX_COMPONENTS: readonly Omit<Component, 'svn'>[] = [
  { category: 'BIOS', type: 'Early Microcode Update' },
  { category: 'OS/VMM', type: 'SGX Late Microcode Update' },
  { category: 'OS/VMM', type: 'TXT SINIT' },
  { category: 'BIOS' },
  { category: 'BIOS' },
  { category: 'BIOS' },
  { category: 'BIOS' },
  { category: 'OS/VMM', type: 'SEAMLDR ACM' },
];
const TDX_COMPONENTS: readonly Omit<Component, 'svn'>[] = [
  { category: 'OS/VMM', type: 'TDX Module' },
  { category: 'OS/VMM', type: 'TDX Module' },
  { category: 'OS/VMM', type: 'TDX Late Microcode Update' },
];
const components = (svns: ArrayLike<number>, texts: readonly Omit<Component, 'svn'>[]): Component[] =>
  Array.from({ length: 16 }, (_, i) => ({ svn: svns[i] ?? 0, ...texts[i] }));

const validity = (now: number) => ({ issueDate: date(now - DAY), nextUpdate: date(now + 29 * DAY) });
const RECENT = '2025-08-13T00:00:00Z';
const OLD = '2024-03-13T00:00:00Z';
const ADVISORY = 'TEST-SA-00001';

/** The TCB info of the platform: what it has is up to date, anything less is not. */
export function tcbInfo({ platform, now }: TestPki, tee: Tee): TcbInfo {
  const module: ModuleIdentity = {
    mrsigner: '0'.repeat(96),
    attributes: '0'.repeat(16),
    attributesMask: 'F'.repeat(16),
  };
  const isTdx = tee === 'tdx';
  // The first two are the module's own; for modules since 1.5 their identity decides, so nothing is asked for here.
  const level = (sgx: ArrayLike<number>, pcesvn: number, tdx: readonly number[]) => ({
    sgxtcbcomponents: components(sgx, SGX_COMPONENTS),
    pcesvn,
    ...(isTdx ? { tdxtcbcomponents: components(tdx, TDX_COMPONENTS) } : {}),
  });
  return {
    id: isTdx ? 'TDX' : 'SGX',
    version: 3,
    ...validity(now),
    fmspc: upper(platform.fmspc),
    pceId: platform.pceid.toString(16).toUpperCase().padStart(4, '0'),
    tcbType: 0,
    tcbEvaluationDataNumber: 18,
    ...(isTdx
      ? {
          tdxModule: module,
          tdxModuleIdentities: [
            {
              id: 'TDX_01',
              ...module,
              tcbLevels: [
                { tcb: { isvsvn: 7 }, tcbDate: RECENT, tcbStatus: 'UpToDate' },
                { tcb: { isvsvn: 2 }, tcbDate: OLD, tcbStatus: 'OutOfDate', advisoryIDs: [ADVISORY] },
              ],
            },
          ],
        }
      : {}),
    tcbLevels: [
      { tcb: level(platform.cpusvn, platform.pcesvn, [0, 0, 3]), tcbDate: RECENT, tcbStatus: 'UpToDate' },
      {
        tcb: level([2, 2, 2, 2, 2, 1, 0, 2], 5, [0, 0, 0]),
        tcbDate: OLD,
        tcbStatus: 'OutOfDate',
        advisoryIDs: [ADVISORY],
      },
    ],
  };
}

/** The identity of the make-believe quoting enclave. */
export function qeIdentity({ now }: TestPki, tee: Tee): QeIdentity {
  return {
    id: tee === 'tdx' ? 'TD_QE' : 'QE',
    version: 2,
    ...validity(now),
    tcbEvaluationDataNumber: 18,
    miscselect: '00000000',
    miscselectMask: 'FFFFFFFF',
    attributes: '11000000000000000000000000000000',
    attributesMask: 'FBFFFFFFFFFFFFFF0000000000000000',
    mrsigner: upper(QE_MRSIGNER),
    isvprodid: qeProductId(tee),
    tcbLevels: [
      { tcb: { isvsvn: QE_ISVSVN }, tcbDate: RECENT, tcbStatus: 'UpToDate' },
      { tcb: { isvsvn: 1 }, tcbDate: OLD, tcbStatus: 'OutOfDate', advisoryIDs: [ADVISORY] },
    ],
  };
}

/** Signs the two documents and puts them together with the lists and chains. */
export function collateral(pki: TestPki, documents: { tcbInfo: TcbInfo; qeIdentity: QeIdentity }): Collateral {
  const signed = (document: object) => {
    const text = JSON.stringify(document);
    return { text, signature: toHex(sign(pki.tcbSigning.key, utf8ToBytes(text))) };
  };
  const tcb = signed(documents.tcbInfo);
  const qe = signed(documents.qeIdentity);
  const signers = pemOf(pki.tcbSigning, pki.root);
  return {
    pck_crl_issuer_chain: pemOf(pki.ca, pki.root),
    root_ca_crl: toHex(pki.rootCrl),
    pck_crl: toHex(pki.pckCrl),
    tcb_info_issuer_chain: signers,
    tcb_info: tcb.text,
    tcb_info_signature: tcb.signature,
    qe_identity_issuer_chain: signers,
    qe_identity: qe.text,
    qe_identity_signature: qe.signature,
  };
}
