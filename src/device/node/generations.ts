import { ioctls } from '../../uapi/ioctls.ts';
import { TDX_CMD_GET_REPORT0 } from '../../uapi/tdx-guest.ts';

/** A lineage of drivers, by its name in `ioctls`. */
export type Generation = keyof typeof ioctls;

/** How a driver is asked. */
export interface Calls {
  readonly device: string;
  /** The number that gives a TDREPORT. */
  readonly report: number;
  /**
   * Its argument: `inline`, TdxReportReq with the bytes in it; `pointers`, TdxReportReq2022; `in place`, memory that holds
   * the report data before and the TDREPORT after.
   */
  readonly reportStyle: 'inline' | 'pointers' | 'in place';
  /** The numbers that give a quote, to be tried in this order; none where the driver makes no quotes. */
  readonly quotes: readonly number[];
  /** Their argument: `request`, TdxQuoteReq; `bare`, memory that holds the TDREPORT before and the quote after. */
  readonly quoteStyle: 'request' | 'bare';
  /** What out_len is in the request. */
  readonly outLen: number;
  /** The number that gives the size of the memory of `bare`. */
  readonly quoteSize?: number;
  /** Whether the VMM behind it knows only messages of the QGS. */
  readonly isFramed: boolean;
}

const guest = (quotes: readonly number[], device = '/dev/tdx_guest'): Calls => ({
  device,
  report: TDX_CMD_GET_REPORT0,
  reportStyle: 'inline',
  quotes,
  quoteStyle: 'request',
  outLen: 0,
  isFramed: false,
});

const V2 = ioctls['series-v2'].commands.TDX_CMD_GET_QUOTE;
const V3 = ioctls['series-v3'].commands.TDX_CMD_GET_QUOTE;
const TD_PARTITIONING = ioctls['td-partitioning'].commands.TDX_CMD_GET_QUOTE;
const INTEL = ioctls['intel-tdx'].commands.TDX_CMD_GET_QUOTE;
const { commands: OF_2022 } = ioctls['out-of-tree-2022'];
const { commands: OF_DCAP } = ioctls['dcap-1.14'];
const { commands: OF_2021 } = ioctls['rfc-2021'];

const GENERATIONS: Readonly<Record<Generation, Calls>> = {
  mainline: guest([]),
  'series-v2': guest([V2]),
  'series-v3': guest([V3]),
  'go-tdx-guest': guest([ioctls['go-tdx-guest'].commands.IocTdxGetQuote]),
  'td-partitioning': guest([TD_PARTITIONING]),
  anolis: guest([ioctls.anolis.commands.TDX_CMD_GET_QUOTE]),
  'intel-tdx': guest([INTEL]),
  ohcl: guest([]),
  'dcui-tdx': guest([], '/dev/tdx-guest'),
  'out-of-tree-2022': {
    ...guest([OF_2022.TDX_CMD_GET_QUOTE], '/dev/tdx-guest'),
    report: OF_2022.TDX_CMD_GET_REPORT,
    reportStyle: 'pointers',
    isFramed: true,
  },
  'dcap-1.14': {
    ...guest([OF_DCAP.TDX_CMD_GEN_QUOTE], '/dev/tdx-attest'),
    report: OF_DCAP.TDX_CMD_GET_TDREPORT,
    reportStyle: 'in place',
    // As its library has it: all that there is room for.
    outLen: 16_360,
    isFramed: true,
  },
  'rfc-2021': {
    ...guest([OF_2021.TDX_CMD_GEN_QUOTE], '/dev/tdx-attest'),
    report: OF_2021.TDX_CMD_GET_TDREPORT,
    reportStyle: 'in place',
    quoteStyle: 'bare',
    quoteSize: OF_2021.TDX_CMD_GET_QUOTE_SIZE,
  },
};

/** What to call; unless a generation is named, the numbers that mean GET_QUOTE of 16 bytes to some driver and nothing to others. */
export const callsOf = (generation: Generation | undefined): Calls =>
  generation === undefined ? guest([INTEL, TD_PARTITIONING, V3, V2]) : GENERATIONS[generation];
