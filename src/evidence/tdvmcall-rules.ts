import { TdvmcallLeaf, TdvmcallStatus } from '../uapi/tdvmcall.ts';
import type { GetQuoteIn, SetupEventNotifyInterruptIn } from '../uapi/tdvmcall-registers.ts';

/* What GHCI asks of the registers of a call. */

/** Width of guest-physical addresses in a TD, in bits. */
export type Gpaw = 48 | 52;

/** The bit of a guest-physical address that makes it shared: the highest one. */
export const sharedBit = (gpaw: Gpaw): bigint => 1n << BigInt(gpaw - 1);

/** A rule of GHCI that a call breaks. */
export interface BrokenRule {
  /** The register that breaks it. */
  readonly register: 'rax' | 'rcx' | 'r10' | 'r11' | 'r12' | 'r13';
  /** What is asked, and what was found. */
  readonly says: string;
  /** What a VMM puts into R10 for it; undefined where the call does not reach it as what it is meant to be. */
  readonly status: bigint | undefined;
}

const PAGE = 4096n;
const SEEN = { standard: 0x1c00n, getQuote: 0x3c00n };
const hex = (value: bigint): string => `0x${value.toString(16)}`;

type Check = readonly [register: BrokenRule['register'], holds: boolean, wanted: string, status?: bigint];

function broken(registers: Readonly<GetQuoteIn>, checks: readonly Check[]): readonly BrokenRule[] | undefined {
  const rules = checks
    .filter(([, holds]) => !holds)
    .map(([register, , wanted, status]): BrokenRule => {
      const says = `${register.toUpperCase()} must ${wanted}, is ${hex(registers[register])}`;
      return { register, says, status };
    });
  return rules.length === 0 ? undefined : rules;
}

/** Whether the registers make a TDVMCALL with this leaf, and let the VMM see its operands. */
const call = ({ rax, rcx, r10, r11 }: Readonly<GetQuoteIn>, leaf: bigint, seen: bigint): readonly Check[] => [
  ['rax', rax === 0n, 'be 0'],
  ['rcx', (rcx & seen) === seen, `expose R10 to R${seen === SEEN.getQuote ? 13 : 12} (${hex(seen)})`],
  ['r10', r10 === 0n, 'be 0'],
  ['r11', r11 === leaf, `be ${hex(leaf)}`],
];

/**
 * The rules that a GetQuote call breaks, or undefined: shared bit, address width, 4 KiB for address and size. Takes a
 * value or a view. What the VMM checks in the buffer is not looked at.
 */
export function brokenGetQuoteRules(registers: Readonly<GetQuoteIn>, gpaw: Gpaw): readonly BrokenRule[] | undefined {
  const { r12, r13 } = registers;
  const { TDVMCALL_STATUS_INVALID_OPERAND: invalid, TDVMCALL_STATUS_ALIGN_ERROR: misaligned } = TdvmcallStatus;
  return broken(registers, [
    ...call(registers, TdvmcallLeaf.TDVMCALL_GET_QUOTE, SEEN.getQuote),
    ['r12', (r12 & sharedBit(gpaw)) !== 0n, `have the shared bit ${gpaw - 1} set`, invalid],
    ['r12', r12 >> BigInt(gpaw) === 0n, `be an address of ${gpaw} bits`, invalid],
    ['r12', r12 % PAGE === 0n, 'be a multiple of 4096', misaligned],
    ['r13', r13 !== 0n, 'be more than 0', invalid],
    ['r13', r13 % PAGE === 0n, 'be a multiple of 4096', misaligned],
  ]);
}

/** The rules that a SetupEventNotifyInterrupt call breaks, or undefined. Takes a value or a view. */
export function brokenSetupEventNotifyInterruptRules(
  registers: Readonly<SetupEventNotifyInterruptIn>,
): readonly BrokenRule[] | undefined {
  const { r12 } = registers;
  return broken(registers, [
    ...call(registers, TdvmcallLeaf.TDVMCALL_SETUP_EVENT_NOTIFY_INTERRUPT, SEEN.standard),
    ['r12', r12 >= 32n && r12 <= 255n, 'be 32..255', TdvmcallStatus.TDVMCALL_STATUS_INVALID_OPERAND],
  ]);
}
