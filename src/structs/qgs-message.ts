import { dcapHeaders } from '../layout/specs.ts';
import { at, type Infer, sized, struct, u32, u32be, union } from '../layout/vocabulary.ts';
import { QgsGetCollateralReq, QgsGetCollateralResp } from './qgs-get-collateral.ts';
import { QgsGetPlatformInfoReq, QgsGetPlatformInfoResp } from './qgs-get-platform-info.ts';
import { QgsGetQuoteReq, QgsGetQuoteResp } from './qgs-get-quote.ts';

/**
 * Any message to or from the quote generation service: `header.type` says which.
 *
 * @see [Byte map of QgsMessage](../../docs/structs/qgs-message.md)
 */
export const QgsMessage = union(
  'QgsMessage',
  dcapHeaders('qgs_msg_lib.h'),
  { name: 'type', offset: 4, of: u32 },
  {
    0: QgsGetQuoteReq,
    1: QgsGetQuoteResp,
    2: QgsGetCollateralReq,
    3: QgsGetCollateralResp,
    4: QgsGetPlatformInfoReq,
    5: QgsGetPlatformInfoResp,
  },
);
/** The value {@link QgsMessage} decodes to. */
export type QgsMessage = Infer<typeof QgsMessage>;

/**
 * A message as it goes over a socket, one on each connection. Send it in one piece: the service misreads it in two.
 *
 * @see [Byte map of QgsFrame](../../docs/structs/qgs-frame.md)
 */
export const QgsFrame = struct('QgsFrame', { source: dcapHeaders('qgs_server.cpp') }, {
  /** Length of the message, in bytes; big-endian, unlike all else. */
  length:  at(0, u32be,                       'length'),
  /** The message. */
  message: at(4, sized('length', QgsMessage), 'message'),
});
/** The value {@link QgsFrame} decodes to. */
export interface QgsFrame extends Infer<typeof QgsFrame> {}
