import { LayoutError } from '../../engine/error.ts';
import { quoted } from '../../engine/number.ts';
import { type DerReader, Tag } from '../der.ts';
import { certificateIn, derOf, extensionOf, OID_TEXT, type X509 } from '../x509.ts';
import * as table from './oids.ts';

/** What Intel says about a platform in the SGX extension of its PCK certificate. The bytes are parts of the certificate. */
export interface PckExtension<B extends ArrayBufferLike = ArrayBufferLike> {
  /** Platform provisioning identity, 16 bytes. Names one machine: treat it as personal data. */
  readonly ppid: Uint8Array<B>;
  /** The TCB level that the key is certified for. */
  readonly tcb: {
    /** Security version numbers of the 16 components of the processor's TCB. */
    readonly components: readonly number[];
    /** ISVSVN of the provisioning certification enclave. */
    readonly pcesvn: number;
    /** The components again, 16 bytes. */
    readonly cpusvn: Uint8Array<B>;
  };
  /** Identity of the provisioning certification enclave, 2 bytes; zero is Intel's. */
  readonly pceid: Uint8Array<B>;
  /** Family, model, stepping, platform type and custom SKU, 6 bytes: what TCB info is asked for by. */
  readonly fmspc: Uint8Array<B>;
  /** How memory is protected: one of {@link SgxType}. */
  readonly sgxType: number;
  /** Identity of the platform as it is put together now, 16 bytes; under the Platform CA only. Names one machine. */
  readonly platformInstanceId?: Uint8Array<B>;
  /** How the platform is set up; under the Platform CA only. */
  readonly configuration?: {
    /** Packages can be added or replaced. */
    readonly dynamicPlatform: boolean;
    /** The provisioning service keeps the platform's root keys. */
    readonly cachedKeys: boolean;
    /** Simultaneous multithreading is on. */
    readonly smtEnabled: boolean;
  };
}

/** The pairs of one sequence: readers before their values, by object identifier. */
class Pairs<B extends ArrayBufferLike> {
  readonly #list: DerReader<B>;
  readonly #values = new Map<string, DerReader<B>>();

  constructor(list: DerReader<B>, names: ReadonlyMap<string, string>) {
    this.#list = list;
    for (let i = 0; list.tag !== undefined; i++) {
      const pair = list.sequence(`[${i}]`);
      const oid = pair.oid('.oid');
      const name = names.get(oid);
      if (this.#values.has(oid)) throw pair.fault('variant', `must not repeat ${name ?? quoted(oid, OID_TEXT)}`);
      this.#values.set(oid, pair.one(name === undefined ? '.value' : `.${name}`));
      pair.end();
    }
  }

  has({ oid }: table.Member): boolean {
    return this.#values.has(oid);
  }
  reader({ oid, spec }: Pick<table.Member, 'oid' | 'spec'>): DerReader<B> {
    const value = this.#values.get(oid);
    if (!value) throw this.#list.fault('missing', `has no ${spec} (${oid})`);
    return value;
  }
  bytes(member: Extract<table.Member, { size: number }>): Uint8Array<B> {
    return this.reader(member).octets('', member.size);
  }
  number(member: Extract<table.Member, { most: number }>): number {
    return this.reader(member).unsigned('', member.most, Tag[member.type]);
  }
  boolean(member: table.Member & { type: 'BOOLEAN' }): boolean {
    return this.reader(member).boolean('');
  }
  pairs(member: table.Member & { type: 'SEQUENCE' }, names: ReadonlyMap<string, string>): Pairs<B> {
    return new Pairs(this.reader(member).sequence(''), names);
  }
}

const namesIn = (of: Readonly<Record<string, table.Member>>): Map<string, string> =>
  new Map(Object.entries(of).map(([name, { oid }]) => [oid, name]));
const COMPONENTS = /* @__PURE__ */ Array.from({ length: 16 }, (_, i) => ({
  ...table.tcb.component,
  oid: `${table.tcb.component.oid}.${i + 1}`,
  spec: `SGX TCB Comp${String(i + 1).padStart(2, '0')} SVN`,
}));

/** The SGX extension of a certificate, or undefined where it has none. */
export function sgxExtensionIn<B extends ArrayBufferLike>(
  certificate: X509<B>,
  path: string,
): PckExtension<B> | undefined {
  const value = extensionOf(certificate, table.SGX_EXTENSION, path);
  if (!value) return undefined;
  const { sgxExtension, configuration } = table;
  const all = new Pairs(value.sequence(''), namesIn(sgxExtension));
  value.end();
  const components = new Map(COMPONENTS.map(({ oid }, i) => [oid, `components[${i}]`]));
  const tcb = all.pairs(sgxExtension.tcb, new Map([...namesIn(table.tcb), ...components]));
  const platform = all.has(sgxExtension.configuration)
    ? all.pairs(sgxExtension.configuration, namesIn(configuration))
    : undefined;
  return {
    ppid: all.bytes(sgxExtension.ppid),
    tcb: {
      components: COMPONENTS.map((component) => tcb.number(component)),
      pcesvn: tcb.number(table.tcb.pcesvn),
      cpusvn: tcb.bytes(table.tcb.cpusvn),
    },
    pceid: all.bytes(sgxExtension.pceid),
    fmspc: all.bytes(sgxExtension.fmspc),
    sgxType: all.number(sgxExtension.sgxType),
    ...(all.has(sgxExtension.platformInstanceId)
      ? { platformInstanceId: all.bytes(sgxExtension.platformInstanceId) }
      : {}),
    ...(platform
      ? {
          configuration: {
            dynamicPlatform: platform.boolean(configuration.dynamicPlatform),
            cachedKeys: platform.boolean(configuration.cachedKeys),
            smtEnabled: platform.boolean(configuration.smtEnabled),
          },
        }
      : {}),
  };
}

/**
 * The SGX extension of a PCK certificate: PPID, TCB, PCE-ID, FMSPC, SGX type and, under the Platform CA, the instance and
 * its configuration. Takes the certificate in DER, or as one block of PEM; found by object identifier, whatever the
 * order; identifiers that are not in the table are passed over. Nothing is verified.
 *
 * @throws LayoutError when the certificate cannot be read, has no such extension (`missing`), or repeats a member
 *   (`variant`); `offset` counts from the start of the DER.
 */
export function pckExtension<B extends ArrayBufferLike>(certificate: Uint8Array<B>): PckExtension<B | ArrayBuffer> {
  const path = 'Certificate';
  const found = sgxExtensionIn(certificateIn(derOf(certificate, path), path), path);
  if (!found) throw new LayoutError('missing', path, 0, `has no SGX extension (${table.SGX_EXTENSION})`);
  return found;
}
