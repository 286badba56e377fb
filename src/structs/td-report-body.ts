import { tdxDcap } from '../layout/specs.ts';
import { array, at, bytes, type Infer, struct, u8 } from '../layout/vocabulary.ts';
import { seamAttributes, servtdAttributes, tdAttributes } from './td-attributes.ts';
import { xfam } from './xfam.ts';

/**
 * What a quote says about a TD, in the layout of TDX 1.0: the body of a version 4 quote of a TD. Copied by the quoting
 * enclave from a TDREPORT whose MAC it has checked.
 *
 * @see [Byte map of TdReportBody10](../../docs/structs/td-report-body10.md)
 */
export const TdReportBody10 = struct('TdReportBody10', { source: tdxDcap('TD Report 1.0'), size: 584 }, {
  /** Security version numbers of the TDX module: byte 0 minor, 1 major, 2 last patch; not one big number. */
  teeTcbSvn:      at(  0, bytes(16),           'TEE_TCB_SVN'),
  /** SHA-384 of the TDX module. */
  mrseam:         at( 16, bytes(48),           'MRSEAM'),
  /** SHA-384 of the TDX module's signer; zero for Intel's modules. */
  mrsignerseam:   at( 64, bytes(48),           'MRSIGNERSEAM'),
  /** Attributes of the TDX module; zero for Intel's modules. */
  seamattributes: at(112, seamAttributes,      'SEAMATTRIBUTES'),
  /** Attributes of the TD. */
  tdattributes:   at(120, tdAttributes,        'TDATTRIBUTES'),
  /** Extended processor features that the TD may use. */
  xfam:           at(128, xfam,                'XFAM'),
  /** SHA-384 of the TD's initial contents. */
  mrtd:           at(136, bytes(48),           'MRTD'),
  /** Identity of the configuration, chosen by the TD's owner or the host. */
  mrconfigid:     at(184, bytes(48),           'MRCONFIGID'),
  /** Identity of the TD's owner. */
  mrowner:        at(232, bytes(48),           'MROWNER'),
  /** Configuration that the owner defines. */
  mrownerconfig:  at(280, bytes(48),           'MROWNERCONFIG'),
  /** Run-time measurement registers 0 to 3, each SHA-384, extended by the TD. */
  rtmr:           at(328, array(bytes(48), 4), 'RTMR'),
  /** Whatever the TD wanted to have attested, usually a hash of a key or a nonce. */
  reportdata:     at(520, bytes(64),           'REPORTDATA'),
});
/** The value {@link TdReportBody10} decodes to. */
export interface TdReportBody10 extends Infer<typeof TdReportBody10> {}

/**
 * What a quote says about a TD since TDX 1.5: the body of type 3 of a version 5 quote.
 *
 * @see [Byte map of TdReportBody15](../../docs/structs/td-report-body15.md)
 */
export const TdReportBody15 = struct('TdReportBody15', { source: tdxDcap('TD Report 1.5'), size: 648 }, {
  ...TdReportBody10.fields,
  /** Security version numbers of the TDX module that runs now; `teeTcbSvn` has those at the TD's creation. */
  teeTcbSvn2:     at(584, bytes(16),           'TEE_TCB_SVN_2'),
  /** Hash over the service TDs bound to the TD; zero without one. */
  mrservicetd:    at(600, bytes(48),           'MRSERVICETD'),
});
/** The value {@link TdReportBody15} decodes to. */
export interface TdReportBody15 extends Infer<typeof TdReportBody15> {}

/**
 * What a quote says about a TD with an identity of its own: the body of type 4 of a version 5 quote.
 *
 * @see [Byte map of TdReportBody15Ex](../../docs/structs/td-report-body15-ex.md)
 */
export const TdReportBody15Ex = struct('TdReportBody15Ex', { source: tdxDcap('TD Report 1.5, extended'), size: 885 }, {
  ...TdReportBody15.fields,
  /** Which partition of the TD asked: 0 the TD itself, 1 to 3 an L2 VM in it. */
  vmid:           at(648, u8,                  'VMID'),
  /** Identity of this one TD: new at each launch, kept by migration. */
  tdId:           at(649, bytes(32),           'TD_ID'),
  /** SHA-384 of the information on the devices that the TD has accepted (TDX Connect). */
  devinfo:        at(681, bytes(48),           'DEVINFO'),
  /** SERVTD_HASH at creation, or the hash of the migration policy. */
  initServtdHash: at(729, bytes(48),           'INIT_SERVTD_HASH'),
  /** Attributes of the service TD's binding at creation. */
  initServtdAttr: at(777, servtdAttributes,    'INIT_SERVTD_ATTR'),
  /** CPUSVN of the platform that created the TD. */
  initCpusvn:     at(785, bytes(16),           'INIT_CPUSVN'),
  /** TEE_TCB_SVN of the platform that created the TD. */
  initTeeTcbSvn:  at(801, bytes(16),           'INIT_TEE_TCB_SVN'),
  /** Model of the platform that created the TD. */
  initTeeFmspc:   at(817, bytes(12),           'INIT_TEE_FMSPC'),
  /** SERVTD_HASH now. */
  currServtdHash: at(829, bytes(48),           'CURR_SERVTD_HASH'),
  /** Attributes of the service TD's binding now. */
  currServtdAttr: at(877, servtdAttributes,    'CURR_SERVTD_ATTR'),
});
/** The value {@link TdReportBody15Ex} decodes to. */
export interface TdReportBody15Ex extends Infer<typeof TdReportBody15Ex> {}
