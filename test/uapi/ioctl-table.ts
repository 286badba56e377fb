// The ioctl numbers as drivers and libraries have published them: the only place that writes them down.
import type { ioctls } from '../../src/uapi/index.ts';

export type IoctlRow = [lineage: keyof typeof ioctls, name: string, device: string, hex: string, decimal: number];

export const IOCTL_TABLE: readonly IoctlRow[] = [
  ['rfc-2021',         'TDX_CMD_GET_TDREPORT',    '/dev/tdx-attest', '0xC0085401', 3221771265],
  ['rfc-2021',         'TDX_CMD_GEN_QUOTE',       '/dev/tdx-attest', '0x80085402', 2148029442],
  ['rfc-2021',         'TDX_CMD_GET_QUOTE_SIZE',  '/dev/tdx-attest', '0x80085403', 2148029443],
  ['dcap-1.14',        'TDX_CMD_GET_TDREPORT',    '/dev/tdx-attest', '0xC0085401', 3221771265],
  ['dcap-1.14',        'TDX_CMD_GEN_QUOTE',       '/dev/tdx-attest', '0x80085402', 2148029442],
  ['dcap-1.14',        'TDX_CMD_EXTEND_RTMR',     '/dev/tdx-attest', '0x80085404', 2148029444],
  ['dcap-1.14',        'TDX_CMD_GET_EXTEND_SIZE', '/dev/tdx-attest', '0x80085405', 2148029445],
  ['out-of-tree-2022', 'TDX_CMD_GET_REPORT',      '/dev/tdx-guest',  '0xC0085401', 3221771265],
  ['out-of-tree-2022', 'TDX_CMD_GET_QUOTE',       '/dev/tdx-guest',  '0x80085402', 2148029442],
  ['out-of-tree-2022', 'TDX_CMD_VERIFYREPORT',    '/dev/tdx-guest',  '0x80085403', 2148029443],
  ['dcui-tdx',         'TDX_CMD_GET_REPORT',      '/dev/tdx-guest',  '0xC4405401', 3292550145],
  ['mainline',         'TDX_CMD_GET_REPORT0',     '/dev/tdx_guest',  '0xC4405401', 3292550145],
  ['series-v2',        'TDX_CMD_GET_QUOTE',       '/dev/tdx_guest',  '0x80105402', 2148553730],
  ['series-v3',        'TDX_CMD_GET_QUOTE',       '/dev/tdx_guest',  '0xC0105402', 3222295554],
  ['go-tdx-guest',     'IocTdxGetQuote',          '/dev/tdx_guest',  '0xC0105402', 3222295554],
  ['td-partitioning',  'TDX_CMD_VERIFY_REPORT',   '/dev/tdx_guest',  '0x81085402', 2164806658],
  ['td-partitioning',  'TDX_CMD_EXTEND_RTMR',     '/dev/tdx_guest',  '0x80315403', 2150716419],
  ['td-partitioning',  'TDX_CMD_GET_QUOTE',       '/dev/tdx_guest',  '0x80105404', 2148553732],
  ['anolis',           'TDX_CMD_EXTEND_RTMR',     '/dev/tdx_guest',  '0x80315403', 2150716419],
  ['anolis',           'TDX_CMD_GET_QUOTE',       '/dev/tdx_guest',  '0x80105404', 2148553732],
  ['intel-tdx',        'TDX_CMD_VERIFY_REPORT',   '/dev/tdx_guest',  '0xC1085402', 3238548482],
  ['intel-tdx',        'TDX_CMD_EXTEND_RTMR',     '/dev/tdx_guest',  '0x40315403', 1076974595],
  ['intel-tdx',        'TDX_CMD_GET_QUOTE',       '/dev/tdx_guest',  '0xC0105404', 3222295556],
  ['ohcl',             'TDX_CMD_KEY_GET',         '/dev/tdx_guest',  '0xC0A85405', 3232257029],
];
