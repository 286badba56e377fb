import { LayoutError } from '../../engine/error.ts';
import { sgxFlags } from '../../structs/sgx-attributes.ts';
import { tdAttributes } from '../../structs/td-attributes.ts';
import type { Leaf } from '../../verbs/leaves.ts';
import type { Pck } from '../pck/pck-of.ts';
import { bitsOf, first, hexOf, isOfQe, isZero, ownName } from './leaf.ts';
import { nameOf } from './names.ts';

/** Bits of a TD's ATTRIBUTES that put it under debug, besides DEBUG. */
const PROFILING = ['HGS_PLUS_PROF', 'PERF_PROF', 'PMT_PROF'];

function debugNotes(leaf: Leaf): string[] {
  const flags = bitsOf(leaf)?.flags ?? [];
  if (leaf.type === sgxFlags) {
    if (!flags.includes('DEBUG')) return [];
    const who = isOfQe(leaf) ? 'The quoting enclave' : 'The enclave';
    return [`${who} can be debugged (DEBUG): whoever runs it can read and change its memory.`];
  }
  if (leaf.type !== tdAttributes) return [];
  const debug = 'The TD can be debugged (DEBUG): the host can read and change its memory.';
  const profiled = flags.filter((flag) => PROFILING.includes(flag));
  return [
    ...(flags.includes('DEBUG') ? [debug] : []),
    ...(profiled.length > 0 ? [`The TD can be profiled (${profiled.join(', ')}), which counts as debugging.`] : []),
  ];
}

/** That a field holds what nobody has given a meaning. */
function oddNotes(leaf: Leaf): string[] {
  const hex = hexOf(leaf);
  const unnamed = bitsOf(leaf)?.unnamed ?? 0n;
  if (nameOf(leaf) === '') {
    const value = typeof leaf.json === 'string' ? leaf.json : JSON.stringify(leaf.json);
    return [`${leaf.path} is ${value}, which has no name here.`];
  }
  if (unnamed !== 0n) return [`${leaf.path} has bits without a name: 0x${unnamed.toString(16)}.`];
  if (hex === undefined || isZero(hex)) return [];
  if (leaf.type.kind === 'reserved') return [`${leaf.path} is reserved, and not zero.`];
  return ownName(leaf) === 'trailing' ? ['The bytes behind the quote are not all zero. Nothing signs them.'] : [];
}

/** What somebody who relies on the evidence has to know. */
export function notesOf(leaves: readonly Leaf[], pck: Pck | LayoutError | undefined): string[] {
  const [then, now] = [first(leaves, 'teeTcbSvn'), first(leaves, 'teeTcbSvn2')];
  const updated = typeof now === 'string' && !isZero(now) && now !== then;
  return [
    ...leaves.flatMap(debugNotes),
    ...(updated
      ? ['The TDX module was updated under the TD: TEE_TCB_SVN is that of its creation, TEE_TCB_SVN_2 that of now.']
      : []),
    ...leaves.flatMap(oddNotes),
    ...(pck instanceof LayoutError ? [`The PCK certificate cannot be read: ${pck.message}.`] : []),
  ];
}
