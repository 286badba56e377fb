import type { Gpaw } from '../evidence/tdvmcall-rules.ts';
import type { GetQuoteIn, GetQuoteOut } from '../uapi/tdvmcall-registers.ts';

/** Bytes of the shared buffer unless told: what the first patches took. Quotes of Intel's enclave fill less than 8 KiB. */
export const DEFAULT_BUFFER = 16_384;
/** Bytes of the shared buffer in Linux 6.7 to 6.19. */
export const LINUX_6_BUFFER = 8192;
/** Bytes of the shared buffer in Linux 7.0 and later, for evidence with many certificates. QEMU takes no more. */
export const LINUX_7_BUFFER = 131_072;

/** Memory that TD and VMM share. */
export interface SharedBuffer {
  /** The memory itself. The VMM can write it whenever it likes. */
  readonly bytes: Uint8Array;
  /** Its guest-physical address, without the shared bit; a multiple of 4 KiB. */
  readonly gpa: bigint;
}

/** Whatever can hand a shared buffer to the VMM: a driver, a paravisor, a simulation. */
export interface Submitter {
  /** Name for errors: `simulated`. */
  readonly name: string;
  /** Width of guest-physical addresses. */
  readonly gpaw: Gpaw;
  /** Memory of that size, shared with the VMM, or undefined where there is none left. */
  allocate(size: number): SharedBuffer | undefined | Promise<SharedBuffer | undefined>;
  /** Takes memory back. Never called while the VMM may still write to it. */
  free(buffer: SharedBuffer): void;
  /** Makes the call, and gives what it leaves in the registers. It says whether the VMM takes the request, no more. */
  getQuote(registers: Readonly<GetQuoteIn>): Promise<Pick<GetQuoteOut, 'rax' | 'r10'>>;
  /**
   * Calls the listener whenever the VMM announces an event, which may be none of ours; gives what ends that. Without it,
   * the buffer is polled.
   */
  notified?: ((listener: () => void) => () => void) | undefined;
}
