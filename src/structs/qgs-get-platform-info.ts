import { dcapHeaders } from '../layout/specs.ts';
import { at, type Infer, next, rest, sized, struct, surplus, u16, u32 } from '../layout/vocabulary.ts';
import { QgsMsgHeader } from './qgs-header.ts';

/**
 * Asks the quote generation service about its platform. Written by the guest, or by the VMM for it.
 *
 * @see [Byte map of QgsGetPlatformInfoReq](../../docs/structs/qgs-get-platform-info-req.md)
 */
export const QgsGetPlatformInfoReq = struct('QgsGetPlatformInfoReq', {
  source: dcapHeaders('qgs_msg_lib.h: qgs_msg_get_platform_info_req_t'),
  size: 16,
  where: { 'header.majorVersion': 1, 'header.type': 4, 'header.errorCode': 0 },
  length: 'header.size',
}, {
  /** Version, type and length of the message. */
  header: at(0, QgsMsgHeader, 'header'),
});
/** The value {@link QgsGetPlatformInfoReq} decodes to. */
export interface QgsGetPlatformInfoReq extends Infer<typeof QgsGetPlatformInfoReq> {}

/**
 * Describes the platform of the quote generation service, or brings an error in 28 bytes. Written by the service.
 *
 * @see [Byte map of QgsGetPlatformInfoResp](../../docs/structs/qgs-get-platform-info-resp.md)
 */
export const QgsGetPlatformInfoResp = struct('QgsGetPlatformInfoResp', {
  source: dcapHeaders('qgs_msg_lib.h: qgs_msg_get_platform_info_resp_t'),
  where: { 'header.majorVersion': 1, 'header.type': 5 },
  length: 'header.size',
}, {
  /** Version, type, length and error code of the message. */
  header:         at( 0, QgsMsgHeader, 'header'),
  /** Security version number of the TD quoting enclave. */
  tdqeIsvsvn:     at(16, u16,          'tdqe_isvsvn'),
  /** Security version number of the provisioning certification enclave. */
  pceIsvsvn:      at(18, u16,          'pce_isvsvn'),
  /** Length of the platform's identity, in bytes. */
  platformIdSize: at(20, u32,          'platform_id_size'),
  /** Length of CPUSVN, in bytes. */
  cpusvnSize:     at(24, u32,          'cpusvn_size'),
  /** QE_ID: a pseudonym of the platform, 16 bytes. */
  platformId:     at(28, sized('platformIdSize', rest), 'platform_id'),
  /** Security version numbers of the processor, 16 bytes. */
  cpusvn:         next(sized('cpusvnSize', rest),       'cpusvn'),
  /** Four zero bytes that the service counts in, unless it brings an error. */
  surplus:        next(surplus(4),                      'surplus'),
});
/** The value {@link QgsGetPlatformInfoResp} decodes to. */
export interface QgsGetPlatformInfoResp extends Infer<typeof QgsGetPlatformInfoResp> {}
