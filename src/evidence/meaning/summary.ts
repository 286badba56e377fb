import { toHex } from '../../engine/hex.ts';
import { sgxFlags } from '../../structs/sgx-attributes.ts';
import { tdAttributes } from '../../structs/td-attributes.ts';
import type { Leaf } from '../../verbs/leaves.ts';
import { timeText } from '../pck/json.ts';
import type { Pck } from '../pck/pck-of.ts';
import { bitsOf, first, isOfQe } from './leaf.ts';
import { moduleOf, nameOf } from './names.ts';

/** What is most asked about evidence. A fact that the evidence does not hold is absent. */
export interface EvidenceSummary {
  /** What is attested: a TD or an SGX enclave. */
  tee?: 'TDX' | 'SGX';
  /** Version of the quote, or of the report. */
  version?: number;
  /** Whether the TD or the enclave can be debugged. */
  debug?: boolean;
  /** Version of the TDX module, `1.5.5`, where its MRSEAM is one that Intel has published; else its series, `1.5`. */
  tdxModule?: string;
  /** TEE_TCB_SVN, in hex: byte 0 minor SVN, 1 major SVN, 2 SVN of the microcode loaded late. */
  teeTcbSvn?: string;
  /** Kind of the attestation key, such as `ECDSA_P256`. */
  attestationKey?: string;
  /** Kind of the certification data, such as `PCK_CERT_CHAIN`. */
  certification?: string;
  /** Family, model, stepping, platform type and custom SKU of the platform, in hex. */
  fmspc?: string;
  /** Identity of the provisioning certification enclave, in hex. */
  pceid?: string;
  /** ISVSVN of the provisioning certification enclave. */
  pcesvn?: number;
  /** Which CA certifies the platform, by the issuer's name. */
  ca?: 'platform' | 'processor';
  /** The first second of the PCK certificate's validity. */
  pckNotBefore?: string;
  /** The last second of the PCK certificate's validity. */
  pckNotAfter?: string;
  /** Report data, in hex. */
  reportdata?: string;
  /** Of a TD: its initial contents, in hex. */
  mrtd?: string;
  /** Of a TD: its run-time measurement registers, in hex. */
  rtmr?: string[];
  /** Of an enclave: its initial contents, in hex. */
  mrenclave?: string;
  /** Of an enclave: who signed it, in hex. */
  mrsigner?: string;
  /** Of an enclave: product identity. */
  isvprodid?: number;
  /** Of an enclave: security version number. */
  isvsvn?: number;
}

const VERSIONS = ['QuoteHeader.version', 'QuoteHeaderV3.version', 'ReportType.version'];

/** Whether the TD or the enclave can be debugged; undefined where there is neither. */
function debugOf(leaves: readonly Leaf[]): boolean | undefined {
  const bits = leaves.find(({ type }) => type === tdAttributes || type === sgxFlags);
  return bits && bitsOf(bits)?.flags.includes('DEBUG');
}

/** What is attested: by its type, else by what it has. */
function teeOf(leaves: readonly Leaf[]): EvidenceSummary['tee'] {
  const type = leaves.find(({ field }) => field === 'QuoteHeader.teeType' || field === 'ReportType.type');
  if (type) return nameOf(type) as EvidenceSummary['tee'];
  return first(leaves, 'mrtd') ? 'TDX' : first(leaves, 'QuoteHeaderV3.version', 'mrenclave') ? 'SGX' : undefined;
}

const text = (json: unknown): string | undefined => (typeof json === 'string' ? json : undefined);
const number = (json: unknown): number | undefined => (typeof json === 'number' ? json : undefined);

/** A number of two bytes as it lies in certification data, as the hex of certificates has it. */
const wire16 = (value: number | undefined): string | undefined =>
  value === undefined ? undefined : toHex(Uint8Array.of(value & 0xff, value >> 8));

export function summaryOf(all: readonly Leaf[], pck: Pck | undefined): EvidenceSummary {
  const leaves = all.filter((leaf) => !isOfQe(leaf));
  const named = (field: string): string | undefined => {
    const leaf = leaves.find((each) => each.field === field);
    return leaf && nameOf(leaf);
  };
  const rtmr = leaves.flatMap(({ path, json }) => (/(^|\.)rtmr\[\d\]$/.test(path) ? (text(json) ?? []) : []));
  const of = (name: string) => first(leaves, name);
  const facts: { [K in keyof EvidenceSummary]-?: EvidenceSummary[K] | undefined | '' } = {
    tee: teeOf(leaves),
    version: number(first(leaves, ...VERSIONS)),
    debug: debugOf(leaves),
    tdxModule: moduleOf(text(of('mrseam')), text(of('teeTcbSvn'))),
    teeTcbSvn: text(of('teeTcbSvn')),
    attestationKey: named('QuoteHeader.attestationKeyType') ?? named('QuoteHeaderV3.attestationKeyType'),
    certification: named('CertificationData.certificationDataType'),
    fmspc: pck && toHex(pck.extension.fmspc),
    pceid: pck ? toHex(pck.extension.pceid) : wire16(number(of('pceid'))),
    pcesvn: pck ? pck.extension.tcb.pcesvn : number(of('pcesvn')),
    ca: pck?.ca,
    pckNotBefore: pck && timeText(pck.certificate.notBefore),
    pckNotAfter: pck && timeText(pck.certificate.notAfter),
    reportdata: text(of('reportdata')),
    mrtd: text(of('mrtd')),
    rtmr: rtmr.length > 0 ? rtmr : undefined,
    mrenclave: text(of('mrenclave')),
    mrsigner: text(of('mrsigner')),
    isvprodid: number(of('isvprodid')),
    isvsvn: number(of('isvsvn')),
  };
  return Object.fromEntries(Object.entries(facts).filter(([, fact]) => fact !== undefined && fact !== ''));
}
