import { ghci } from '../layout/specs.ts';
import { at, type Infer, struct, u64 } from '../layout/vocabulary.ts';
import { TdvmcallLeaf, TdvmcallStatus } from './tdvmcall.ts';

/**
 * Registers of a GetQuote call as the TD makes it. The order in memory is ours: GHCI defines registers only.
 *
 * @see [Byte map of GetQuoteIn](../../docs/structs/get-quote-in.md)
 */
// biome-ignore format: a table
export const GetQuoteIn = /* @__PURE__ */ struct('GetQuoteIn', { source: ghci('TDG.VP.VMCALL<GetQuote>, input'), size: 64 }, {
  /** Leaf of TDCALL: 0, TDG.VP.VMCALL. */
  rax: at( 0, u64, 'RAX'),
  /** Which registers the VMM gets to see, bit n for register n: 0xfc00 is R10 to R15. */
  rcx: at( 8, u64, 'RCX'),
  /** 0: a call that GHCI defines. */
  r10: at(16, u64, 'R10'),
  /** {@link TdvmcallLeaf} TDVMCALL_GET_QUOTE. */
  r11: at(24, u64, 'R11'),
  /** Guest-physical address of the buffer, a multiple of 4 KiB, with the shared bit set. */
  r12: at(32, u64, 'R12'),
  /** Bytes of the buffer, a multiple of 4 KiB. */
  r13: at(40, u64, 'R13'),
  /** Not used. */
  r14: at(48, u64, 'R14'),
  /** Not used. */
  r15: at(56, u64, 'R15'),
});
/** The value {@link GetQuoteIn} decodes to. */
export interface GetQuoteIn extends Infer<typeof GetQuoteIn> {}

/**
 * The same registers once the VMM has answered.
 *
 * @see [Byte map of GetQuoteOut](../../docs/structs/get-quote-out.md)
 */
// biome-ignore format: a table
export const GetQuoteOut = /* @__PURE__ */ struct('GetQuoteOut', { source: ghci('TDG.VP.VMCALL<GetQuote>, output'), size: 64 }, {
  /** Completion status of TDCALL, from the TDX module; 0 where the call has reached the VMM. */
  rax: at( 0, u64, 'RAX'),
  /** As it was. */
  rcx: at( 8, u64, 'RCX'),
  /** Whether the VMM has taken the request, one of {@link TdvmcallStatus}; not the outcome, which is in the buffer. */
  r10: at(16, u64, 'R10'),
  /** No meaning. */
  r11: at(24, u64, 'R11'),
  /** No meaning. */
  r12: at(32, u64, 'R12'),
  /** No meaning. */
  r13: at(40, u64, 'R13'),
  /** No meaning. */
  r14: at(48, u64, 'R14'),
  /** No meaning. */
  r15: at(56, u64, 'R15'),
});
/** The value {@link GetQuoteOut} decodes to. */
export interface GetQuoteOut extends Infer<typeof GetQuoteOut> {}

/**
 * Registers of a SetupEventNotifyInterrupt call as the TD makes it.
 *
 * @see [Byte map of SetupEventNotifyInterruptIn](../../docs/structs/setup-event-notify-interrupt-in.md)
 */
// biome-ignore format: a table
export const SetupEventNotifyInterruptIn = /* @__PURE__ */ struct('SetupEventNotifyInterruptIn', { source: ghci('TDG.VP.VMCALL<SetupEventNotifyInterrupt>, input'), size: 64 }, {
  ...GetQuoteIn.fields,
  /** {@link TdvmcallLeaf} TDVMCALL_SETUP_EVENT_NOTIFY_INTERRUPT. */
  r11: at(24, u64, 'R11'),
  /** The interrupt vector: 32 to 255. */
  r12: at(32, u64, 'R12'),
  /** Not used. */
  r13: at(40, u64, 'R13'),
});
/** The value {@link SetupEventNotifyInterruptIn} decodes to. */
export interface SetupEventNotifyInterruptIn extends Infer<typeof SetupEventNotifyInterruptIn> {}

/**
 * The same registers once the VMM has answered.
 *
 * @see [Byte map of SetupEventNotifyInterruptOut](../../docs/structs/setup-event-notify-interrupt-out.md)
 */
// biome-ignore format: a table
export const SetupEventNotifyInterruptOut = /* @__PURE__ */ struct('SetupEventNotifyInterruptOut', { source: ghci('TDG.VP.VMCALL<SetupEventNotifyInterrupt>, output'), size: 64 }, {
  ...GetQuoteOut.fields,
  /** Whether the VMM will use the vector, one of {@link TdvmcallStatus}. */
  r10: at(16, u64, 'R10'),
});
/** The value {@link SetupEventNotifyInterruptOut} decodes to. */
export interface SetupEventNotifyInterruptOut extends Infer<typeof SetupEventNotifyInterruptOut> {}

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
