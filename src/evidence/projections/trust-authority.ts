import { flagsOf } from '../../layout/flags.ts';
import { tdAttributes } from '../../structs/index.ts';
import { type AnyQuote, type Fields, hexAt, tdBodyOf } from './parts.ts';

/** The claims that Intel Trust Authority takes from a quote of a TD. Its token nests them under `tdx` since version 2. */
export function trustAuthority(quote: AnyQuote): Fields {
  const { base: body } = tdBodyOf(quote);
  const set = flagsOf(tdAttributes, body.tdattributes);
  return {
    tdx_tee_tcb_svn: hexAt(body, 'teeTcbSvn'),
    tdx_mrseam: hexAt(body, 'mrseam'),
    tdx_mrsignerseam: hexAt(body, 'mrsignerseam'),
    tdx_seam_attributes: hexAt(body, 'seamattributes'),
    tdx_td_attributes: hexAt(body, 'tdattributes'),
    tdx_xfam: hexAt(body, 'xfam'),
    tdx_mrtd: hexAt(body, 'mrtd'),
    tdx_mrconfigid: hexAt(body, 'mrconfigid'),
    tdx_mrowner: hexAt(body, 'mrowner'),
    tdx_mrownerconfig: hexAt(body, 'mrownerconfig'),
    tdx_rtmr0: hexAt(body, 'rtmr[0]'),
    tdx_rtmr1: hexAt(body, 'rtmr[1]'),
    tdx_rtmr2: hexAt(body, 'rtmr[2]'),
    tdx_rtmr3: hexAt(body, 'rtmr[3]'),
    tdx_report_data: hexAt(body, 'reportdata'),
    tdx_seamsvn: body.teeTcbSvn[0] ?? 0,
    tdx_td_attributes_debug: set.includes('DEBUG'),
    tdx_td_attributes_septve_disable: set.includes('SEPT_VE_DISABLE'),
    tdx_td_attributes_protection_keys: set.includes('PKS'),
    tdx_td_attributes_key_locker: set.includes('KL'),
    tdx_td_attributes_perfmon: set.includes('PERFMON'),
    tdx_is_debuggable: set.includes('DEBUG'),
  };
}
