import { tdxModuleAbi } from '../layout/specs.ts';
import { at, bytes, type Infer, struct, u16 } from '../layout/vocabulary.ts';
import { servtdAttributes } from './td-attributes.ts';

/**
 * What one service TD adds to SERVTD_HASH: the SHA-384 of all these, one behind the other, by type and then by hash. Made
 * by the TDX module; in its own words, not in a specification.
 *
 * @see [Byte map of ServtdHashElement](../../docs/structs/servtd-hash-element.md)
 */
export const ServtdHashElement = struct('ServtdHashElement', { source: tdxModuleAbi('SERVTD_HASH'), size: 58 }, {
  /** SHA-384 of the service TD's TDINFO, with the fields that the attributes ignore taken as zero. */
  servtdInfoHash: at( 0, bytes(48),        'SERVTD_INFO_HASH'),
  /** What the service TD does: 0 is migration. */
  servtdType:     at(48, u16,              'SERVTD_TYPE'),
  /** How it is bound. */
  servtdAttr:     at(50, servtdAttributes, 'SERVTD_ATTR'),
});
/** The value {@link ServtdHashElement} decodes to. */
export interface ServtdHashElement extends Infer<typeof ServtdHashElement> {}
