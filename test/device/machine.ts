// One simulated machine for a test file, whose module and enclave remember: the same question again costs nothing.
import { type QgsService, qgsOf, type ReportSource, SimulatedMachine } from '../../src/device/index.ts';

export const SEED = 'test';
export const machine = new SimulatedMachine({ seed: SEED });

function remembering<T>(ask: (bytes: Uint8Array) => Promise<T>): (bytes: Uint8Array) => Promise<T> {
  const known = new Map<string, Promise<T>>();
  return (bytes) => {
    const key = Buffer.from(bytes).toString('latin1');
    const answer = known.get(key) ?? ask(Uint8Array.from(bytes));
    known.set(key, answer);
    return answer;
  };
}

export const reports: ReportSource = {
  name: machine.name,
  report: remembering((reportdata) => machine.report(reportdata)),
};
export const service: QgsService = remembering(qgsOf(machine));
