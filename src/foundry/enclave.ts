import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { type Line, place, u16, u32, u64 } from './place.ts';
import { own } from './seed.ts';

/** What a make-believe SGX enclave has to report. Names as in the report body. */
export interface Enclave {
  /** Security version numbers of the processor, 16 bytes. */
  readonly cpusvn: Uint8Array;
  /** Extra exit information that the enclave asked for. */
  readonly miscselect: number;
  /** Extended product identity, 16 bytes. */
  readonly isvextprodid: Uint8Array;
  /** Flags of the enclave. */
  readonly attributesFlags: bigint;
  /** Extended processor features that the enclave may use. */
  readonly attributesXfrm: bigint;
  /** SHA-256 of the initial contents, 32 bytes. */
  readonly mrenclave: Uint8Array;
  /** SHA-256 of the signer's key, 32 bytes. */
  readonly mrsigner: Uint8Array;
  /** Identity of the configuration, 64 bytes. */
  readonly configid: Uint8Array;
  /** Product identity. */
  readonly isvprodid: number;
  /** Security version number of the enclave. */
  readonly isvsvn: number;
  /** Security version number of the configuration. */
  readonly configsvn: number;
  /** Product family, 16 bytes. */
  readonly isvfamilyid: Uint8Array;
  /** What the enclave wants to have attested, 64 bytes. */
  readonly reportdata: Uint8Array;
}

const measure = (what: string): Uint8Array<ArrayBuffer> => own(sha256(utf8ToBytes(`tdx-codec test ${what}`)));

/** An enclave of an application; `what` tells enclaves apart. */
export function testEnclave(what: string, cpusvn: Uint8Array, fields: Partial<Enclave> = {}): Enclave {
  return {
    cpusvn,
    miscselect: 0,
    isvextprodid: new Uint8Array(16),
    // INIT and MODE64BIT
    attributesFlags: 0x05n,
    attributesXfrm: 0xe7n,
    mrenclave: measure(what),
    mrsigner: measure(`${what} signer`),
    configid: new Uint8Array(64),
    isvprodid: 1,
    isvsvn: 1,
    configsvn: 0,
    isvfamilyid: new Uint8Array(16),
    reportdata: new Uint8Array(64),
    ...fields,
  };
}

/** The 384 bytes of the report. */
export function enclaveReport(enclave: Enclave): Uint8Array<ArrayBuffer> {
  const lines: Line[] = [
    [  0, 16, 'cpusvn',          enclave.cpusvn],
    [ 16,  4, 'miscselect',      u32(enclave.miscselect)],
    [ 32, 16, 'isvextprodid',    enclave.isvextprodid],
    [ 48,  8, 'attributesFlags', u64(enclave.attributesFlags)],
    [ 56,  8, 'attributesXfrm',  u64(enclave.attributesXfrm)],
    [ 64, 32, 'mrenclave',       enclave.mrenclave],
    [128, 32, 'mrsigner',        enclave.mrsigner],
    [192, 64, 'configid',        enclave.configid],
    [256,  2, 'isvprodid',       u16(enclave.isvprodid)],
    [258,  2, 'isvsvn',          u16(enclave.isvsvn)],
    [260,  2, 'configsvn',       u16(enclave.configsvn)],
    [304, 16, 'isvfamilyid',     enclave.isvfamilyid],
    [320, 64, 'reportdata',      enclave.reportdata],
  ];
  return place('SgxReportBody', 384, lines);
}
