import { boolean, enumerated, integer, octets, oid, sequence } from './der.ts';
import { derive } from './seed.ts';

/** A make-believe machine: what its PCK certificate says, and what its quoting enclaves know. */
export interface Platform {
  /** Which authority certifies it: `platform` for machines of several packages, `processor` for one. */
  readonly ca: 'platform' | 'processor';
  /** Platform provisioning identity, 16 bytes. */
  readonly ppid: Uint8Array;
  /** The 16 TCB components; CPUSVN holds the same. */
  readonly cpusvn: Uint8Array;
  /** ISVSVN of the provisioning certification enclave. */
  readonly pcesvn: number;
  /** Identity of the provisioning certification enclave, 2 bytes. */
  readonly pceid: number;
  /** Family, model, stepping, platform type and custom SKU, 6 bytes. */
  readonly fmspc: Uint8Array;
  /** Pseudonym of the machine in the user data of quotes, 16 bytes. */
  readonly qeId: Uint8Array;
  /** Of the platform instance, 16 bytes; only under the Platform CA. */
  readonly instanceId: Uint8Array;
}

/** The machine of a seed. */
export function platformOf(seed: string, ca: Platform['ca'] = 'platform'): Platform {
  return {
    ca,
    ppid: derive(seed, `${ca} ppid`, 16),
    cpusvn: Uint8Array.of(6, 6, 2, 2, 4, 1, 0, 5, 0, 0, 0, 0, 0, 0, 0, 0),
    pcesvn: 11,
    pceid: 0,
    fmspc: Uint8Array.of(0x00, 0xa0, 0x7e, 0x57, ca === 'platform' ? 1 : 2, 0),
    qeId: derive(seed, `${ca} qe id`, 16),
    instanceId: derive(seed, 'instance id', 16),
  };
}

const SGX = '1.2.840.113741.1.13.1';
const entry = (arc: string, value: Uint8Array<ArrayBuffer>) => sequence(oid(`${SGX}.${arc}`), value);

/** The SGX extension of a PCK certificate, in DER. */
export function sgxExtension(platform: Platform): Uint8Array<ArrayBuffer> {
  const components = Array.from(platform.cpusvn, (svn, i) => entry(`2.${i + 1}`, integer(svn)));
  const pceid = Uint8Array.of(platform.pceid >> 8, platform.pceid & 0xff);
  const isScalable = platform.ca === 'platform';
  return sequence(
    entry('1', octets(platform.ppid)),
    entry(
      '2',
      sequence(...components, entry('2.17', integer(platform.pcesvn)), entry('2.18', octets(platform.cpusvn))),
    ),
    entry('3', octets(pceid)),
    entry('4', octets(platform.fmspc)),
    entry('5', enumerated(isScalable ? 1 : 0)),
    ...(isScalable
      ? [
          entry('6', octets(platform.instanceId)),
          entry('7', sequence(entry('7.1', boolean(true)), entry('7.2', boolean(true)), entry('7.3', boolean(true)))),
        ]
      : []),
  );
}
