import { toHex } from '../../engine/hex.ts';
import type { X509 } from '../x509.ts';
import type { PckExtension } from './extension.ts';
import type { Pck } from './pck-of.ts';

/** A time to the second, as certificates have it: `2030-02-07T08:02:55Z`. */
export const timeText = (time: Date): string => time.toISOString().replace('.000Z', 'Z');

/** The JSON of {@link pckJson}: bytes in lower-case hex, times in ISO 8601. */
export interface PckJson {
  /** What the certificate says. */
  certificate: CertificateJson;
  /** What its SGX extension says. */
  extension: PckExtensionJson;
  /** Which CA certifies the platform, by the issuer's name. */
  ca?: 'platform' | 'processor';
}
/** What a certificate says, without the bytes that only a verifier needs. */
export interface CertificateJson {
  /** Whose key it is. */
  subject: string;
  /** Who signed it, by its own words. */
  issuer: string;
  /** Serial number. */
  serial: string;
  /** The first second of its validity. */
  notBefore: string;
  /** The last second of its validity. */
  notAfter: string;
  /** Addresses of the issuer's revocation list. */
  crlDistributionPoints: string[];
  /** The public key: 04, then x and y. */
  publicKey: string;
}
/** What the SGX extension says. PPID and platform instance name one machine. */
export interface PckExtensionJson {
  /** Platform provisioning identity. Names one machine. */
  ppid: string;
  /** The TCB level that the key is certified for. */
  tcb: { components: number[]; pcesvn: number; cpusvn: string };
  /** Identity of the provisioning certification enclave. */
  pceid: string;
  /** Family, model, stepping, platform type and custom SKU. */
  fmspc: string;
  /** How memory is protected: one of `SgxType`. */
  sgxType: number;
  /** Identity of the platform as it is put together now; under the Platform CA only. Names one machine. */
  platformInstanceId?: string;
  /** How the platform is set up; under the Platform CA only. */
  configuration?: { dynamicPlatform: boolean; cachedKeys: boolean; smtEnabled: boolean };
}

const certificateJson = (certificate: X509): CertificateJson => ({
  subject: certificate.subject.text,
  issuer: certificate.issuer.text,
  serial: toHex(certificate.serial),
  notBefore: timeText(certificate.notBefore),
  notAfter: timeText(certificate.notAfter),
  crlDistributionPoints: [...certificate.crlDistributionPoints],
  publicKey: toHex(certificate.publicKey),
});

const extensionJson = ({ tcb, platformInstanceId, configuration, ...of }: PckExtension): PckExtensionJson => ({
  ppid: toHex(of.ppid),
  tcb: { components: [...tcb.components], pcesvn: tcb.pcesvn, cpusvn: toHex(tcb.cpusvn) },
  pceid: toHex(of.pceid),
  fmspc: toHex(of.fmspc),
  sgxType: of.sgxType,
  ...(platformInstanceId ? { platformInstanceId: toHex(platformInstanceId) } : {}),
  ...(configuration ? { configuration: { ...configuration } } : {}),
});

/**
 * What a PCK certificate says as JSON, of the form of `tdx-codec/schemas/pck.json`. PPID and platform instance are in it:
 * they name one machine.
 */
export const pckJson = ({ certificate, extension, ca }: Pick<Pck, 'certificate' | 'extension' | 'ca'>): PckJson => ({
  certificate: certificateJson(certificate),
  extension: extensionJson(extension),
  ...(ca ? { ca } : {}),
});
