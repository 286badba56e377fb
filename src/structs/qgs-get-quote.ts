import { dcapHeaders } from '../layout/specs.ts';
import { array, at, bytes, type Infer, next, rest, sized, some, struct, u32 } from '../layout/vocabulary.ts';
import { QgsMsgHeader } from './qgs-header.ts';

/**
 * Asks the quote generation service for a quote. Written by the guest, or by the VMM for it.
 *
 * @see [Byte map of QgsGetQuoteReq](../../docs/structs/qgs-get-quote-req.md)
 */
export const QgsGetQuoteReq = struct('QgsGetQuoteReq', {
  source: dcapHeaders('qgs_msg_lib.h: qgs_msg_get_quote_req_t'),
  where: { 'header.majorVersion': 1, 'header.type': 0, 'header.errorCode': 0 },
  length: 'header.size',
}, {
  /** Version, type and length of the message. */
  header:     at( 0, QgsMsgHeader, 'header'),
  /** Length of the report, in bytes; 1024 in practice. */
  reportSize: at(16, u32,          'report_size'),
  /** Length of the list of key identities, in bytes. */
  idListSize: at(20, u32,          'id_list_size'),
  /** The TDREPORT. */
  report:     at(24, sized('reportSize', some), 'report'),
  /** Identities of the attestation keys that the asker takes, most wanted first; none for any. */
  idList:     next(sized('idListSize', array(bytes(16))), 'id_list'),
});
/** The value {@link QgsGetQuoteReq} decodes to. */
export interface QgsGetQuoteReq extends Infer<typeof QgsGetQuoteReq> {}

/**
 * Brings a quote, or an error and nothing else. Written by the quote generation service.
 *
 * @see [Byte map of QgsGetQuoteResp](../../docs/structs/qgs-get-quote-resp.md)
 */
export const QgsGetQuoteResp = struct('QgsGetQuoteResp', {
  source: dcapHeaders('qgs_msg_lib.h: qgs_msg_get_quote_resp_t'),
  where: { 'header.majorVersion': 1, 'header.type': 1 },
  length: 'header.size',
}, {
  /** Version, type, length and error code of the message. */
  header:         at( 0, QgsMsgHeader, 'header'),
  /** Length of the selected identity, in bytes: 16 or 0; the service sends 0, QEMU takes nothing else. */
  selectedIdSize: at(16, u32,          'selected_id_size'),
  /** Length of the quote, in bytes, its padding included. */
  quoteSize:      at(20, u32,          'quote_size'),
  /** Identity of the attestation key that was used, where it was selected. */
  selectedId:     at(24, sized('selectedIdSize', rest), 'selected_id'),
  /** The quote. */
  quote:          next(sized('quoteSize', rest), 'quote'),
});
/** The value {@link QgsGetQuoteResp} decodes to. */
export interface QgsGetQuoteResp extends Infer<typeof QgsGetQuoteResp> {}
