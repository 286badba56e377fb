import { hmac } from '@noble/hashes/hmac.js';
import { sha256, sha384 } from '@noble/hashes/sha2.js';
import { type Line, place, u8, u32, u64 } from './place.ts';
import { derive } from './seed.ts';
import type { Td } from './td.ts';

/** Report version 0: no service TD; 1: with the hash of the service TDs; 3: extended, with TD_ID and VMID. */
export type ReportVersion = 0 | 1 | 3;

/** What a TDREPORT holds besides what the TD is. Whatever is not given follows from the rest. */
export interface ReportFields {
  /** Version of the report, which decides the layout of TDINFO. */
  readonly version: ReportVersion;
  /** Security version numbers of the processor, 16 bytes. */
  readonly cpusvn: Uint8Array;
  /** Whether TEE_TCB_INFO has TEE_TCB_SVN2 (TDX 1.5) or ends before it (TDX 1.0). */
  readonly tcbInfo: '1.0' | '1.5';
  /** TEE type: 0x81 for a TD. */
  readonly type?: number;
  /** Subtype of the report: 0. */
  readonly subtype?: number;
  /** VALID of TEE_TCB_INFO. */
  readonly valid?: bigint;
  /** VALID of the extended TDINFO. */
  readonly tdinfoValid?: number;
  /** SHA-384 of TEE_TCB_INFO; computed unless given. */
  readonly teeTcbInfoHash?: Uint8Array;
  /** SHA-384 of TDINFO; computed unless given. */
  readonly teeInfoHash?: Uint8Array;
  /** The MAC; computed with a test key unless given. */
  readonly mac?: Uint8Array;
}

/**
 * A TDREPORT of 1024 bytes. Both digests are right; the MAC is HMAC-SHA-256 under a key that follows from the seed, where a
 * processor has a key that nobody can read: it proves nothing.
 */
export function tdReport(seed: string, td: Td, fields: ReportFields): Uint8Array<ArrayBuffer> {
  const { version, tcbInfo } = fields;
  const isExtended = version === 3;
  const body: Line[] = [
    [ 256,  8, 'valid',          u64(fields.valid ?? (tcbInfo === '1.5' ? 0x301ffn : 0x1ffn))],
    [ 264, 16, 'teeTcbSvn',      td.teeTcbSvn],
    [ 280, 48, 'mrseam',         td.mrseam],
    [ 328, 48, 'mrsignerseam',   td.mrsignerseam],
    [ 376,  8, 'attributes',     u64(td.seamattributes)],
    [ 384, 16, 'teeTcbSvn2',     tcbInfo === '1.5' ? td.teeTcbSvn2 : new Uint8Array(16)],
    [ 512,  8, 'attributes',     u64(td.tdattributes)],
    [ 520,  8, 'xfam',           u64(td.xfam)],
    [ 528, 48, 'mrtd',           td.mrtd],
    [ 576, 48, 'mrconfigid',     td.mrconfigid],
    [ 624, 48, 'mrowner',        td.mrowner],
    [ 672, 48, 'mrownerconfig',  td.mrownerconfig],
    [ 720, 48, 'rtmr[0]',        td.rtmr[0]],
    [ 768, 48, 'rtmr[1]',        td.rtmr[1]],
    [ 816, 48, 'rtmr[2]',        td.rtmr[2]],
    [ 864, 48, 'rtmr[3]',        td.rtmr[3]],
    [ 912, 48, 'servtdHash',     version === 0 ? new Uint8Array(48) : td.mrservicetd],
    [ 960, 32, 'tdId',           isExtended ? td.tdId : new Uint8Array(32)],
    [1016,  1, 'vmid',           u8(isExtended ? td.vmid : 0)],
    [1020,  4, 'valid',          u32(isExtended ? (fields.tdinfoValid ?? 0x301) : 0)],
  ];
  const measured = place('TdReport', 1024, body);
  const head: Line[] = [
    [   0,  1, 'type',           u8(fields.type ?? 0x81)],
    [   1,  1, 'subtype',        u8(fields.subtype ?? 0)],
    [   2,  1, 'version',        u8(version)],
    [  16, 16, 'cpusvn',         fields.cpusvn],
    [  32, 48, 'teeTcbInfoHash', fields.teeTcbInfoHash ?? sha384(measured.subarray(256, 495))],
    [  80, 48, 'teeInfoHash',    fields.teeInfoHash ?? sha384(measured.subarray(512))],
    [ 128, 64, 'reportdata',     td.reportdata],
  ];
  const macked = place('TdReport', 1024, [...body, ...head]);
  return place('TdReport', 1024, [...body, ...head, [224, 32, 'mac', fields.mac ?? reportMac(seed, macked)]]);
}

/** The MAC that a report of this seed has to have. */
export function reportMac(seed: string, report: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(hmac(sha256, derive(seed, 'tdreport mac', 32), report.subarray(0, 224)));
}
