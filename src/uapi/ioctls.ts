import { _IOR, _IOW, _IOWR } from '../layout/ioctl.ts';
import { u64 } from '../layout/vocabulary.ts';
import { TDX_CMD_GET_REPORT0, TdxReportReq } from './tdx-guest.ts';
import { TdxExtendRtmrReq, TdxKeyGetReq, TdxVerifyReportReq } from './tdx-guest-forks.ts';
import { TDX_CMD_GET_QUOTE, TdxQuoteReq } from './tdx-quote.ts';

/** The ioctls of one line of drivers. */
export interface Lineage {
  /** Which kernels and libraries use these numbers. */
  readonly who: string;
  /** The names that the device node has had there. */
  readonly devices: readonly string[];
  /** Numbers by macro name. */
  readonly commands: Readonly<Record<string, number>>;
}

/**
 * Every ioctl that a TDX guest driver has had, by lineage. The same number means different things: nr 2 is GET_QUOTE for
 * some and VERIFY_REPORT for others, so know the kernel before using one. A driver answers ENOTTY to what it does not
 * know.
 */
export const ioctls = /* @__PURE__ */ (() =>
  ({
    mainline: {
      who: 'Linux since 6.2; quotes come through configfs-tsm',
      devices: ['/dev/tdx_guest'],
      commands: { TDX_CMD_GET_REPORT0 },
    },
    'series-v2': {
      who: 'patch series "TDX Guest Quote generation support", versions 1 and 2',
      devices: ['/dev/tdx_guest'],
      commands: { TDX_CMD_GET_QUOTE },
    },
    'series-v3': {
      who: 'the same patch series, version 3',
      devices: ['/dev/tdx_guest'],
      commands: { TDX_CMD_GET_QUOTE: _IOWR('T', 2, TdxQuoteReq) },
    },
    'go-tdx-guest': {
      who: 'the client of go-tdx-guest',
      devices: ['/dev/tdx_guest'],
      commands: { IocTdxGetQuote: _IOWR('T', 2, TdxQuoteReq) },
    },
    'td-partitioning': {
      who: 'intel/td-partitioning; DCAP since 1.18 by default',
      devices: ['/dev/tdx_guest'],
      commands: {
        TDX_CMD_VERIFY_REPORT: _IOR('T', 2, TdxVerifyReportReq),
        TDX_CMD_EXTEND_RTMR: _IOR('T', 3, TdxExtendRtmrReq),
        TDX_CMD_GET_QUOTE: _IOR('T', 4, TdxQuoteReq),
      },
    },
    anolis: {
      who: 'Anolis OS kernels',
      devices: ['/dev/tdx_guest'],
      commands: {
        TDX_CMD_EXTEND_RTMR: _IOR('T', 3, TdxExtendRtmrReq),
        TDX_CMD_GET_QUOTE: _IOR('T', 4, TdxQuoteReq),
      },
    },
    'intel-tdx': {
      who: 'intel/tdx; DCAP since 1.21 built with V3_DRIVER',
      devices: ['/dev/tdx_guest'],
      commands: {
        TDX_CMD_VERIFY_REPORT: _IOWR('T', 2, TdxVerifyReportReq),
        TDX_CMD_EXTEND_RTMR: _IOW('T', 3, TdxExtendRtmrReq),
        TDX_CMD_GET_QUOTE: _IOWR('T', 4, TdxQuoteReq),
      },
    },
    ohcl: {
      who: "Microsoft's kernel for paravisors",
      devices: ['/dev/tdx_guest'],
      commands: { TDX_CMD_KEY_GET: _IOWR('T', 5, TdxKeyGetReq) },
    },
    'dcui-tdx': {
      who: 'dcui/tdx, between the pointers of 2022 and mainline',
      devices: ['/dev/tdx-guest', '/dev/tdx_guest'],
      commands: { TDX_CMD_GET_REPORT: _IOWR('T', 1, TdxReportReq) },
    },
    'out-of-tree-2022': {
      who: 'out-of-tree kernels of 2022; of these, DCAP 1.16 uses the first two',
      devices: ['/dev/tdx-guest'],
      commands: {
        TDX_CMD_GET_REPORT: _IOWR('T', 1, u64),
        TDX_CMD_GET_QUOTE: _IOR('T', 2, u64),
        TDX_CMD_VERIFYREPORT: _IOR('T', 3, u64),
      },
    },
    'dcap-1.14': {
      who: 'libtdx_attest of DCAP 1.14 and 1.15',
      devices: ['/dev/tdx-attest'],
      commands: {
        TDX_CMD_GET_TDREPORT: _IOWR('T', 1, u64),
        TDX_CMD_GEN_QUOTE: _IOR('T', 2, u64),
        TDX_CMD_EXTEND_RTMR: _IOR('T', 4, u64),
        TDX_CMD_GET_EXTEND_SIZE: _IOR('T', 5, u64),
      },
    },
    'rfc-2021': {
      who: 'the driver intel_tdx_attest as first proposed',
      devices: ['/dev/tdx-attest'],
      commands: {
        TDX_CMD_GET_TDREPORT: _IOWR('T', 1, u64),
        TDX_CMD_GEN_QUOTE: _IOR('T', 2, u64),
        TDX_CMD_GET_QUOTE_SIZE: _IOR('T', 3, u64),
      },
    },
  }) as const satisfies Readonly<Record<string, Lineage>>)();
