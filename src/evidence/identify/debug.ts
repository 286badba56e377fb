import { flagsOf } from '../../layout/flags.ts';
import { sgxFlags } from '../../structs/sgx-attributes.ts';
import { tdAttributes } from '../../structs/td-attributes.ts';
import { type Note, oddly } from './found.ts';

/** The bits of a TD's attributes that put it under debug. */
const UNDER_DEBUG = 0xffn;

/** What the attributes say of a TD under debug. */
export function debugOfTd(attributes: bigint, path: string): Note[] {
  const names = flagsOf(tdAttributes, attributes & UNDER_DEBUG);
  if (names.length === 0) return [];
  return [oddly(`${names.join(', ')} ${names.length > 1 ? 'are' : 'is'} set in ${path}: the TD is under debug.`)];
}

/** What the flags say of an enclave under debug. */
export const debugOfEnclave = (flags: bigint, path: string): Note[] =>
  flagsOf(sgxFlags, flags).includes('DEBUG') ? [oddly(`DEBUG is set in ${path}: the enclave is under debug.`)] : [];
