import { attest } from './attest.ts';
import { GetQuote, type GetQuoteOptions } from './get-quote.ts';
import { type MachineOptions, SimulatedMachine } from './simulated/machine.ts';
import { qgsOf } from './simulated/qgs.ts';
import { SimulatedVmm, type VmmOptions } from './simulated/vmm.ts';
import type { Transport } from './transport.ts';

/** All of a simulation: its parts can be used one by one. */
export interface Simulation extends Transport {
  /** The TDX module and the quoting enclave; a source of TDREPORTs. */
  readonly machine: SimulatedMachine;
  /** The VMM, and the memory that it shares with the TD. */
  readonly vmm: SimulatedVmm;
  /** GetQuote over that memory. */
  readonly device: GetQuote;
}

/**
 * A TD, its TDX module, its VMM, the QGS and the quoting enclave, in one process: report data goes in, a quote comes out,
 * on any machine and in a browser. The seed decides all bytes. What it signs is test material and says so.
 */
export function simulated(options: MachineOptions & VmmOptions & GetQuoteOptions = {}): Simulation {
  const machine = new SimulatedMachine(options);
  const vmm = new SimulatedVmm(qgsOf(machine), options);
  const device = new GetQuote(vmm, options);
  return { ...attest(machine, device), machine, vmm, device };
}
