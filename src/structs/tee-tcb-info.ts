import { tdxModuleAbi } from '../layout/specs.ts';
import { at, bytes, type Infer, reserved, struct, u64, union } from '../layout/vocabulary.ts';
import { seamAttributes } from './td-attributes.ts';

/**
 * What a TDREPORT of TDX 1.0 says about the TDX module. Written by the TDX module; hashed whole into REPORTMACSTRUCT.
 *
 * @see [Byte map of TeeTcbInfo10](../../docs/structs/tee-tcb-info10.md)
 */
export const TeeTcbInfo10 = struct('TeeTcbInfo10', {
  source: tdxModuleAbi('TEE_TCB_INFO, TDX 1.0'),
  size: 239,
}, {
  /** Which units of 8 bytes are filled in: 0x1ff. */
  valid:        at(  0, u64,            'VALID'),
  /** Security version numbers of the TDX module: byte 0 minor, 1 major, 2 last patch; not one big number. */
  teeTcbSvn:    at(  8, bytes(16),      'TEE_TCB_SVN'),
  /** SHA-384 of the TDX module. */
  mrseam:       at( 24, bytes(48),      'MRSEAM'),
  /** SHA-384 of the TDX module's signer; zero for Intel's modules. */
  mrsignerseam: at( 72, bytes(48),      'MRSIGNERSEAM'),
  /** Attributes of the TDX module; zero for Intel's modules. */
  attributes:   at(120, seamAttributes, 'ATTRIBUTES'),
  /** Reserved. */
  reserved:     at(128, reserved(111),  'RESERVED'),
});
/** The value {@link TeeTcbInfo10} decodes to. */
export interface TeeTcbInfo10 extends Infer<typeof TeeTcbInfo10> {}

const { valid, teeTcbSvn, mrseam, mrsignerseam, attributes } = TeeTcbInfo10.fields;

/**
 * What a TDREPORT says about the TDX module since TDX 1.5. Written by the TDX module; hashed whole into REPORTMACSTRUCT.
 *
 * @see [Byte map of TeeTcbInfo15](../../docs/structs/tee-tcb-info15.md)
 */
export const TeeTcbInfo15 = struct('TeeTcbInfo15', {
  source: tdxModuleAbi('TEE_TCB_INFO'),
  size: 239,
}, {
  /** Which units of 8 bytes are filled in: 0x301ff. */
  valid,
  /** Security version numbers of the TDX module that created the TD: byte 0 minor, 1 major, 2 last patch. */
  teeTcbSvn,
  /** SHA-384 of the TDX module. */
  mrseam,
  /** SHA-384 of the TDX module's signer; zero for Intel's modules. */
  mrsignerseam,
  /** Attributes of the TDX module; zero for Intel's modules. */
  attributes,
  /** Security version numbers of the TDX module that runs now: they differ after an update that kept the TD. */
  teeTcbSvn2:   at(128, bytes(16),      'TEE_TCB_SVN2'),
  /** Reserved. */
  reserved:     at(144, reserved(95),   'RESERVED'),
});
/** The value {@link TeeTcbInfo15} decodes to. */
export interface TeeTcbInfo15 extends Infer<typeof TeeTcbInfo15> {}

/**
 * What a TDREPORT says about the TDX module. The VALID mask says which layout it has.
 *
 * @see [Byte map of TeeTcbInfo](../../docs/structs/tee-tcb-info.md)
 */
export const TeeTcbInfo = union(
  'TeeTcbInfo',
  tdxModuleAbi('TEE_TCB_INFO'),
  { name: 'valid', offset: 0, of: u64 },
  { 0x1ff: TeeTcbInfo10, 0x301ff: TeeTcbInfo15 },
);
/** The value {@link TeeTcbInfo} decodes to. */
export type TeeTcbInfo = Infer<typeof TeeTcbInfo>;
