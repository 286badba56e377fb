/** The calls from a TD to its VMM that GHCI defines: R11 of a TDVMCALL whose R10 is 0. Others may come. */
export const TdvmcallLeaf = {
  /** Which calls the VMM supports. */
  TDVMCALL_GET_TD_VM_CALL_INFO: 0x10000n,
  /** Turns memory shared or private. */
  TDVMCALL_MAP_GPA: 0x10001n,
  /** Asks for a quote; the answer comes later, in the shared buffer. */
  TDVMCALL_GET_QUOTE: 0x10002n,
  /** The TD gives up. */
  TDVMCALL_REPORT_FATAL_ERROR: 0x10003n,
  /** Names the interrupt by which the VMM is to announce events; older kernels say TDVMCALL_SETUP_NOTIFY_INTR. */
  TDVMCALL_SETUP_EVENT_NOTIFY_INTERRUPT: 0x10004n,
  /** Talks to a service of the VMM; since GHCI 1.5. */
  TDVMCALL_SERVICE: 0x10005n,
} as const;

/** The calls by which a TD has an instruction emulated: R11 is the exit reason of VMX. */
export const TdvmcallInstruction = {
  CPUID: 0x0an,
  HLT: 0x0cn,
  IO: 0x1en,
  RDMSR: 0x1fn,
  WRMSR: 0x20n,
  /** Access to emulated memory. */
  REQUEST_MMIO: 0x30n,
  WBINVD: 0x36n,
  PCONFIG: 0x41n,
} as const;

/** R10 after a TDVMCALL: whether the VMM has taken the call, not what came of it. Others may come. */
export const TdvmcallStatus = {
  /** Taken; for GetQuote, look at the status in the buffer. */
  TDVMCALL_STATUS_SUCCESS: 0n,
  /** Busy: try again. */
  TDVMCALL_STATUS_RETRY: 1n,
  /** An operand is wrong; for GetQuote also the header in the buffer. */
  TDVMCALL_STATUS_INVALID_OPERAND: 0x8000000000000000n,
  /** The buffer belongs to a request that is still pending. */
  TDVMCALL_STATUS_GPA_INUSE: 0x8000000000000001n,
  /** Address or size is no multiple of 4 KiB. */
  TDVMCALL_STATUS_ALIGN_ERROR: 0x8000000000000002n,
  /** The VMM does not know the call; since newer editions of GHCI. */
  TDVMCALL_STATUS_SUBFUNC_UNSUPPORTED: 0x8000000000000003n,
} as const;
