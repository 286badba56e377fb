import { array, at, bytes, type Infer, struct } from '../layout.ts';
import { tdxDcap } from '../specs.ts';
import { seamAttributes, tdAttributes } from './td-attributes.ts';
import { xfam } from './xfam.ts';

/**
 * What a quote says about a TD, in the layout of TDX 1.0: the body of a version 4 quote of a TD. Copied by the quoting
 * enclave from a TDREPORT whose MAC it has checked.
 */
// biome-ignore format: a table
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
