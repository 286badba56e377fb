import { LayoutError } from '../../engine/error.ts';
import { checkDigests } from '../../evidence/report/digests.ts';
import { type Projection, projectReport } from '../../evidence/report/project.ts';
import { same } from '../../evidence/report/same.ts';
import { recipe } from '../../foundry/forge.ts';
import type { TestPki } from '../../foundry/pki.ts';
import { type QuoteShape, quote } from '../../foundry/quote.ts';
import { testTd } from '../../foundry/td.ts';
import { reportMac, tdReport } from '../../foundry/td-report.ts';
import { TdReport } from '../../structs/td-report.ts';
import { TDX_REPORTDATA_LEN } from '../../uapi/tdx-guest.ts';
import { view } from '../../verbs/view.ts';
import type { ReportSource, Waiting } from '../transport.ts';
import { within } from '../within.ts';

/** Seed of the simulated machine unless told. */
export const DEFAULT_SEED = 'simulated';

/** What a simulated machine is made from. */
export interface MachineOptions {
  /** Any text. The same seed gives the same machine: its keys, its certificates, its TD. */
  readonly seed?: string | undefined;
  /** One of the foundry's profiles of a TD; `tdx-v4-unpadded` unless told. */
  readonly profile?: string | undefined;
}

function shapeOf(projection: Exclude<Projection, { version: undefined }>): QuoteShape {
  if (projection.version === 4) return { version: 4, tee: 'tdx', body: 'TdReportBody10' };
  const body = projection.quoteBodyType === 3 ? 'TdReportBody15' : 'TdReportBody15Ex';
  return { version: 5, tee: 'tdx', body };
}

/**
 * A make-believe machine with a TD on it: the TDX module, which makes TDREPORTs, and the quoting enclave, which makes
 * quotes of the TDREPORTs of this machine and no other. All keys follow from the seed: nothing that it signs is evidence.
 */
export class SimulatedMachine implements ReportSource {
  readonly name = 'simulated';
  /** The machine's certificates, platform and keys, to verify its quotes against. */
  readonly pki: TestPki;
  readonly #recipe: ReturnType<typeof recipe>;

  constructor({ seed = DEFAULT_SEED, profile = 'tdx-v4-unpadded' }: MachineOptions = {}) {
    this.#recipe = recipe({ seed, profile });
    this.pki = this.#recipe.pki;
  }

  /** TDG.MR.REPORT. */
  async report(reportdata: Uint8Array, options: Waiting = {}): Promise<Uint8Array<ArrayBuffer>> {
    if (reportdata.length !== TDX_REPORTDATA_LEN)
      throw new TypeError(`report data must be ${TDX_REPORTDATA_LEN} bytes, is ${reportdata.length}`);
    const asked = new Uint8Array(reportdata);
    return within({ transport: this.name }, options, async () => {
      const { pki, quote: fields, report } = this.#recipe;
      return tdReport(pki.seed, testTd({ ...fields.td, reportdata: asked }), report);
    });
  }

  /** What the quoting enclave makes of a TDREPORT; or why it makes nothing. */
  async quote(tdreport: Uint8Array): Promise<Uint8Array<ArrayBuffer> | string> {
    try {
      const report = view(TdReport, tdreport);
      const { pki } = this.#recipe;
      if (!same(report.reportmacstruct.mac, reportMac(pki.seed, tdreport))) return 'the MAC is not of this machine';
      const { teeTcbInfoHash, teeInfoHash } = await checkDigests(tdreport);
      if (!teeTcbInfoHash || !teeInfoHash) return 'a hash in the TDREPORT is not that of what it covers';
      const projection = projectReport(report);
      if (projection.version === undefined) return projection.why;
      return quote(pki, { ...this.#recipe.quote, shape: shapeOf(projection), td: { ...projection.body } });
    } catch (error) {
      if (error instanceof LayoutError) return error.message;
      throw error;
    }
  }
}
