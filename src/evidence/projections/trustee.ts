import { flagsOf } from '../../layout/flags.ts';
import { tdAttributes } from '../../structs/index.ts';
import { type AnyQuote, beyond, type Fields, hexAt, tdBodyOf } from './parts.ts';

/**
 * The claims that the verifier of Confidential Containers (trustee) parses from a quote of a TD. Everything is the hex of
 * the bytes, numbers too. Its claims from event logs and certificates are not in a quote's body and not here.
 */
export function trustee(quote: AnyQuote): Fields {
  if (!('teeType' in quote.header)) throw beyond('header.version', '4 or 5');
  const { header } = quote;
  const { base: body, td15 } = tdBodyOf(quote);
  const descriptor = 'bodyDescriptor' in quote ? quote.bodyDescriptor : undefined;
  const set = flagsOf(tdAttributes, body.tdattributes);
  return {
    quote: {
      header: {
        version: hexAt(header, 'version'),
        att_key_type: hexAt(header, 'attestationKeyType'),
        tee_type: hexAt(header, 'teeType'),
        reserved: hexAt(header, 'reserved'),
        vendor_id: hexAt(header, 'qeVendorId'),
        user_data: hexAt(header, 'userData'),
      },
      ...(descriptor && { type: hexAt(descriptor, 'quoteBodyType'), size: hexAt(descriptor, 'size') }),
      body: {
        tcb_svn: hexAt(body, 'teeTcbSvn'),
        mr_seam: hexAt(body, 'mrseam'),
        mrsigner_seam: hexAt(body, 'mrsignerseam'),
        seam_attributes: hexAt(body, 'seamattributes'),
        td_attributes: hexAt(body, 'tdattributes'),
        xfam: hexAt(body, 'xfam'),
        mr_td: hexAt(body, 'mrtd'),
        mr_config_id: hexAt(body, 'mrconfigid'),
        mr_owner: hexAt(body, 'mrowner'),
        mr_owner_config: hexAt(body, 'mrownerconfig'),
        rtmr_0: hexAt(body, 'rtmr[0]'),
        rtmr_1: hexAt(body, 'rtmr[1]'),
        rtmr_2: hexAt(body, 'rtmr[2]'),
        rtmr_3: hexAt(body, 'rtmr[3]'),
        report_data: hexAt(body, 'reportdata'),
        ...(td15 && {
          tee_tcb_svn2: hexAt(td15, 'teeTcbSvn2'),
          mr_servicetd: hexAt(td15, 'mrservicetd'),
        }),
      },
    },
    td_attributes: {
      debug: set.includes('DEBUG'),
      key_locker: set.includes('KL'),
      perfmon: set.includes('PERFMON'),
      protection_keys: set.includes('PKS'),
      septve_disable: set.includes('SEPT_VE_DISABLE'),
    },
    report_data: hexAt(body, 'reportdata'),
    init_data: hexAt(body, 'mrconfigid'),
  };
}
