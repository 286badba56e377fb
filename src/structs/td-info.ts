import { tdxModuleAbi } from '../layout/specs.ts';
import { array, at, bit, bits, bytes, type Infer, reserved, struct, u8, u32 } from '../layout/vocabulary.ts';
import { tdAttributes } from './td-attributes.ts';
import { xfam } from './xfam.ts';

/**
 * What a TD is: attributes, initial contents, configuration, owner, run-time measurements. Written by the TDX module;
 * hashed whole into REPORTMACSTRUCT.
 *
 * @see [Byte map of TdInfo](../../docs/structs/td-info.md)
 */
export const TdInfo = struct('TdInfo', { source: tdxModuleAbi('TDINFO_STRUCT'), size: 512 }, {
  /** Attributes of the TD. */
  attributes:    at(  0, tdAttributes,        'ATTRIBUTES'),
  /** Extended processor features that the TD may use. */
  xfam:          at(  8, xfam,                'XFAM'),
  /** SHA-384 of the TD's initial contents. */
  mrtd:          at( 16, bytes(48),           'MRTD'),
  /** Identity of the configuration, chosen by the TD's owner or the host. */
  mrconfigid:    at( 64, bytes(48),           'MRCONFIGID'),
  /** Identity of the TD's owner. */
  mrowner:       at(112, bytes(48),           'MROWNER'),
  /** Configuration that the owner defines. */
  mrownerconfig: at(160, bytes(48),           'MROWNERCONFIG'),
  /** Run-time measurement registers 0 to 3, each SHA-384, extended by the TD. */
  rtmr:          at(208, array(bytes(48), 4), 'RTMR'),
  /** Hash over the service TDs bound to the TD; zero in a report of version 0. Reserved in TDX 1.0. */
  servtdHash:    at(400, bytes(48),           'SERVTD_HASH'),
  /** Reserved. */
  reserved:      at(448, reserved(64),        'RESERVED'),
});
/** The value {@link TdInfo} decodes to. */
export interface TdInfo extends Infer<typeof TdInfo> {}

/** VALID of the extended TDINFO: which of the newer fields are filled in. */
export const tdInfoValid = /* @__PURE__ */ bits(u32, {
  /** Migration, and with it SERVTD_HASH. */
  SERVTD_HASH: bit(0, 'DCAP 2026'),
  /** TD_ID. */
  TD_ID: bit(8, 'DCAP 2026'),
  /** VMID. */
  VMID: bit(9, 'DCAP 2026'),
});

const { reserved: _, ...known } = TdInfo.fields;

/**
 * What a TD is, with an identity of its own: TDINFO of a report of version 3. Written by the TDX module.
 *
 * @see [Byte map of TdInfoEx](../../docs/structs/td-info-ex.md)
 */
export const TdInfoEx = struct('TdInfoEx', { source: tdxModuleAbi('TDINFO_STRUCT, extended'), size: 512 }, {
  ...known,
  /** Identity of this one TD: new at each launch, kept by updates of the TDX module and by migration. */
  tdId:          at(448, bytes(32),           'TD_ID'),
  /** Reserved. */
  reserved1:     at(480, reserved(24),        'RESERVED'),
  /** Which partition of the TD asked: 0 the TD itself, 1 to 3 an L2 VM in it. */
  vmid:          at(504, u8,                  'VMID'),
  /** Reserved. */
  reserved2:     at(505, reserved(3),         'RESERVED'),
  /** Which of the newer fields are filled in. */
  valid:         at(508, tdInfoValid,         'VALID'),
});
/** The value {@link TdInfoEx} decodes to. */
export interface TdInfoEx extends Infer<typeof TdInfoEx> {}
