import { ghci } from '../layout/specs.ts';
import { at, type Infer, struct, u64 } from '../layout/vocabulary.ts';

/**
 * Registers of a GetQuote call as the TD makes it. The order in memory is ours: GHCI defines registers only.
 *
 * @see [Byte map of GetQuoteIn](../../docs/structs/get-quote-in.md)
 */
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
export const SetupEventNotifyInterruptOut = /* @__PURE__ */ struct('SetupEventNotifyInterruptOut', { source: ghci('TDG.VP.VMCALL<SetupEventNotifyInterrupt>, output'), size: 64 }, {
  ...GetQuoteOut.fields,
  /** Whether the VMM will use the vector, one of {@link TdvmcallStatus}. */
  r10: at(16, u64, 'R10'),
});
/** The value {@link SetupEventNotifyInterruptOut} decodes to. */
export interface SetupEventNotifyInterruptOut extends Infer<typeof SetupEventNotifyInterruptOut> {}
