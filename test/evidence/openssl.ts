// Certificates as openssl reads them: all of them in three calls, since starting it is what costs time.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

function find(): boolean {
  try {
    execFileSync('openssl', ['version'], { stdio: 'pipe' });
    return true;
  } catch {
    console.warn('SKIPPED: the comparison of certificates with openssl, since there is no openssl');
    return false;
  }
}
export const hasOpenssl = find();

/** What openssl prints of one certificate. */
export interface Printed {
  readonly subject: string;
  readonly issuer: string;
  readonly serial: string;
  readonly notBefore: string;
  readonly notAfter: string;
  readonly publicKey: string;
  readonly signatureDer: string;
  readonly urls: readonly string[];
  /** What stands in the SGX extension: the values by object identifier, as asn1parse prints them. Empty without one. */
  readonly sgx: ReadonlyMap<string, string>;
}

const SGX = '1.2.840.113741.1.13.1';

function run(args: readonly string[], input: string | Uint8Array, suffix: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'tdx-codec-openssl-'));
  try {
    const file = join(folder, `input.${suffix}`);
    writeFileSync(file, input);
    return execFileSync(
      'openssl',
      args.map((arg) => (arg === 'FILE' ? file : arg)),
      {
        encoding: 'utf8',
        stdio: 'pipe',
        maxBuffer: 1 << 28,
      },
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Elements as one SEQUENCE with a length of four bytes, so that one call reads all of them. */
function wrapped(elements: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(elements);
  const head = Buffer.alloc(6, Buffer.from([0x30, 0x84]));
  head.writeUInt32BE(content.length, 2);
  return Buffer.concat([head, content]);
}

interface Line {
  readonly depth: number;
  readonly value: string;
}
const linesOf = (text: string): Line[] =>
  [...text.matchAll(/^ *\d+:d=(\d+) +hl=\d+ l= *\d+ (?:prim|cons): +(.*?) *(?::(.*))?$/gm)].map(
    ([, depth, type = '', value = '']) => ({
      depth: Number(depth),
      // Octets that happen to be text are printed as text.
      value: type === 'OCTET STRING' ? Buffer.from(value, 'latin1').toString('hex') : value.toLowerCase(),
    }),
  );
const asn1 = (elements: readonly Uint8Array[]): Line[] =>
  linesOf(run(['asn1parse', '-inform', 'DER', '-in', 'FILE'], wrapped(elements), 'der'));

/** The lines of each element of the outermost sequence. */
function split(lines: readonly Line[]): Line[][] {
  const parts: Line[][] = [];
  for (const line of lines) {
    if (line.depth === 1) parts.push([]);
    if (line.depth > 0) parts.at(-1)?.push(line);
  }
  return parts;
}

function sgxValues(ders: readonly Uint8Array[]): Map<string, string>[] {
  const dumps = split(asn1(ders)).map((lines) => {
    const at = lines.findIndex(({ value }) => value === SGX);
    return at < 0 ? '' : (lines[at + 1]?.value ?? '');
  });
  const values = split(asn1(dumps.filter((dump) => dump !== '').map((dump) => Buffer.from(dump, 'hex'))));
  return dumps.map((dump) => {
    const found = new Map<string, string>();
    const lines = dump === '' ? [] : (values.shift() ?? []);
    for (const [i, { value }] of lines.entries())
      if (value.startsWith(`${SGX}.`)) found.set(value.slice(SGX.length + 1), lines[i + 1]?.value ?? '');
    return found;
  });
}

const after = (text: string, label: RegExp): string => label.exec(text)?.[1] ?? '';
const dense = (text: string): string => text.replaceAll(/[\s:]/g, '').toLowerCase();
const time = (text: string): string => new Date(text).toISOString();

/** Reads blocks of PEM. */
export function printed(pems: readonly string[]): Printed[] {
  const text = run(['storeutl', '-certs', '-text', '-noout', 'FILE'], pems.join('\n'), 'pem');
  const certificates = text.split(/^\d+: Certificate$/m).slice(1);
  const ders = pems.map((pem) => Buffer.from(pem.replaceAll(/-----.*?-----/g, ''), 'base64'));
  const sgx = sgxValues(ders);
  return certificates.map((one, i) => ({
    subject: after(one, /Subject: (.*)/).replaceAll(' = ', '='),
    issuer: after(one, /Issuer: (.*)/).replaceAll(' = ', '='),
    serial: dense(after(one, /Serial Number:\s+([0-9a-f:]+|\d+ \(0x[0-9a-f]+\))/)).replace(/.*\(0x(.*)\)/, '$1'),
    notBefore: time(after(one, /Not Before: (.*)/)),
    notAfter: time(after(one, /Not After : (.*)/)),
    publicKey: dense(after(one, /pub:\s+([0-9a-f:\s]+?)\s+ASN1/)),
    signatureDer: dense(after(one, /Signature Value:\s+([0-9a-f:\s]+)/)),
    urls: [...one.matchAll(/URI:(.*)/g)].map((match) => match[1] ?? ''),
    sgx: sgx[i] ?? new Map<string, string>(),
  }));
}
