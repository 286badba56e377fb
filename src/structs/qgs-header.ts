import { dcapHeaders } from '../layout/specs.ts';
import { at, type Infer, struct, u16, u32 } from '../layout/vocabulary.ts';

/** Types of QGS messages. */
export const QgsMsgType = {
  GET_QUOTE_REQ: 0,
  GET_QUOTE_RESP: 1,
  GET_COLLATERAL_REQ: 2,
  GET_COLLATERAL_RESP: 3,
  GET_PLATFORM_INFO_REQ: 4,
  GET_PLATFORM_INFO_RESP: 5,
} as const;

/** What a reply of the quote generation service can say. Open: other numbers decode as themselves. */
export const QgsMsgError = {
  QGS_MSG_SUCCESS: 0,
  /** Almost every failure. */
  QGS_MSG_ERROR_UNEXPECTED: 0x12001,
  QGS_MSG_ERROR_OUT_OF_MEMORY: 0x12002,
  QGS_MSG_ERROR_INVALID_PARAMETER: 0x12003,
  QGS_MSG_ERROR_INVALID_VERSION: 0x12004,
  QGS_MSG_ERROR_INVALID_TYPE: 0x12005,
  QGS_MSG_ERROR_INVALID_SIZE: 0x12006,
  QGS_MSG_ERROR_INVALID_CODE: 0x12007,
  /** No error: the first number that is none. */
  QGS_MSG_ERROR_MAX: 0x12008,
} as const;

/**
 * The first 16 bytes of every message between a guest or VMM and the quote generation service. Written by the sender.
 *
 * @see [Byte map of QgsMsgHeader](../../docs/structs/qgs-msg-header.md)
 */
export const QgsMsgHeader = struct('QgsMsgHeader', { source: dcapHeaders('qgs_msg_lib.h: qgs_msg_header_t'), size: 16 }, {
  /** Major version of the protocol: 1. */
  majorVersion: at( 0, u16, 'major_version'),
  /** Minor version of the protocol: 0 up to DCAP 1.20, 1 since; QEMU takes no reply with another. */
  minorVersion: at( 2, u16, 'minor_version'),
  /** Which message this is. */
  type:         at( 4, u32, 'type'),
  /** Length of the whole message, in bytes. */
  size:         at( 8, u32, 'size'),
  /** 0 in requests; in replies 0 or what went wrong. */
  errorCode:    at(12, u32, 'error_code'),
});
/** The value {@link QgsMsgHeader} decodes to. */
export interface QgsMsgHeader extends Infer<typeof QgsMsgHeader> {}
