export { attest } from './attest.ts';
export { checkQuote } from './check-quote.ts';
export { type Circumstances, DeviceError, type DeviceErrorCode, type Where } from './error.ts';
export type { Framing } from './framing.ts';
export { GetQuote, type GetQuoteOptions } from './get-quote.ts';
export { type Connection, type QgsOptions, qgs } from './qgs.ts';
export {
  DEFAULT_BUFFER,
  LINUX_6_BUFFER,
  LINUX_7_BUFFER,
  type SharedBuffer,
  type Submitter,
} from './shared-buffer.ts';
export { FAULTS, type Fault } from './simulated/faults.ts';
export { DEFAULT_SEED, type MachineOptions, SimulatedMachine } from './simulated/machine.ts';
export { type QgsService, qgsOf } from './simulated/qgs.ts';
export { SimulatedVmm, type VmmOptions } from './simulated/vmm.ts';
export { type Simulation, simulated } from './simulated.ts';
export { DEFAULT_TIMEOUT, type Quoter, type ReportSource, type Transport, type Waiting } from './transport.ts';
export { type Late, within } from './within.ts';
