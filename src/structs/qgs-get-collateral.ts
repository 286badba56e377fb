import { dcapHeaders } from '../layout/specs.ts';
import { at, type Infer, next, rest, sized, some, struct, surplus, u16, u32 } from '../layout/vocabulary.ts';
import { QgsMsgHeader } from './qgs-header.ts';

/**
 * Asks the quote generation service for what verifies quotes of a platform. Written by the guest, or by the VMM for it.
 *
 * @see [Byte map of QgsGetCollateralReq](../../docs/structs/qgs-get-collateral-req.md)
 */
export const QgsGetCollateralReq = struct('QgsGetCollateralReq', {
  source: dcapHeaders('qgs_msg_lib.h: qgs_msg_get_collateral_req_t'),
  where: { 'header.majorVersion': 1, 'header.type': 2, 'header.errorCode': 0 },
  length: 'header.size',
}, {
  /** Version, type and length of the message. */
  header:    at( 0, QgsMsgHeader, 'header'),
  /** Length of the FMSPC, in bytes: 6. The name is misspelt at its source. */
  fsmpcSize: at(16, u32,          'fsmpc_size'),
  /** Length of the CA type, in bytes. */
  pckcaSize: at(20, u32,          'pckca_size'),
  /** FMSPC: family, model, stepping, platform and custom SKU of the platform. */
  fsmpc:     at(24, sized('fsmpcSize', some), 'fsmpc'),
  /** Which CA issued the PCK certificate: `platform` or `processor` in ASCII, and a NUL. */
  pckca:     next(sized('pckcaSize', some), 'pckca'),
});
/** The value {@link QgsGetCollateralReq} decodes to. */
export interface QgsGetCollateralReq extends Infer<typeof QgsGetCollateralReq> {}

/**
 * Brings what verifies quotes, or an error and nothing else. Written by the quote generation service.
 *
 * @see [Byte map of QgsGetCollateralResp](../../docs/structs/qgs-get-collateral-resp.md)
 */
export const QgsGetCollateralResp = struct('QgsGetCollateralResp', {
  source: dcapHeaders('qgs_msg_lib.h: qgs_msg_get_collateral_resp_t'),
  where: { 'header.majorVersion': 1, 'header.type': 3 },
  length: 'header.size',
}, {
  /** Version, type, length and error code of the message. */
  header:                    at( 0, QgsMsgHeader, 'header'),
  /** Major version of the collateral: 3. */
  majorVersion:              at(16, u16,          'major_version'),
  /** Minor version of the collateral: 0 has the revocation lists as hex text, 1 as DER. */
  minorVersion:              at(18, u16,          'minor_version'),
  /** Length of the issuer chain of the PCK revocation list, in bytes. */
  pckCrlIssuerChainSize:     at(20, u32,          'pck_crl_issuer_chain_size'),
  /** Length of the root CA's revocation list, in bytes. */
  rootCaCrlSize:             at(24, u32,          'root_ca_crl_size'),
  /** Length of the PCK revocation list, in bytes. */
  pckCrlSize:                at(28, u32,          'pck_crl_size'),
  /** Length of the issuer chain of the TCB info, in bytes. */
  tcbInfoIssuerChainSize:    at(32, u32,          'tcb_info_issuer_chain_size'),
  /** Length of the TCB info, in bytes. */
  tcbInfoSize:               at(36, u32,          'tcb_info_size'),
  /** Length of the issuer chain of the QE identity, in bytes. */
  qeIdentityIssuerChainSize: at(40, u32,          'qe_identity_issuer_chain_size'),
  /** Length of the QE identity, in bytes. */
  qeIdentitySize:            at(44, u32,          'qe_identity_size'),
  /** Issuer chain of the PCK revocation list: PEM. */
  pckCrlIssuerChain:         at(48, sized('pckCrlIssuerChainSize', rest),   'pck_crl_issuer_chain'),
  /** Revocation list of the root CA. */
  rootCaCrl:                 next(sized('rootCaCrlSize', rest),             'root_ca_crl'),
  /** Revocation list of the PCK certificates. */
  pckCrl:                    next(sized('pckCrlSize', rest),                'pck_crl'),
  /** Issuer chain of the TCB info: PEM. */
  tcbInfoIssuerChain:        next(sized('tcbInfoIssuerChainSize', rest),    'tcb_info_issuer_chain'),
  /** TCB info: signed JSON. */
  tcbInfo:                   next(sized('tcbInfoSize', rest),               'tcb_info'),
  /** Issuer chain of the QE identity: PEM. */
  qeIdentityIssuerChain:     next(sized('qeIdentityIssuerChainSize', rest), 'qe_identity_issuer_chain'),
  /** QE identity: signed JSON. */
  qeIdentity:                next(sized('qeIdentitySize', rest),            'qe_identity'),
  /** Four zero bytes that the service counts in when it was asked with minor version 0. */
  surplus:                   next(surplus(4),                               'surplus'),
});
/** The value {@link QgsGetCollateralResp} decodes to. */
export interface QgsGetCollateralResp extends Infer<typeof QgsGetCollateralResp> {}
