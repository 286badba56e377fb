import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { digestsOf } from '../../test/foundry/digests.ts';
import { linuxAndVmm } from '../vectors/linux.ts';
import { type Json, laid, type Patch, type Structure } from '../vectors/notation.ts';
import { qgs } from '../vectors/qgs.ts';
import { quotes } from '../vectors/quote.ts';
import { samples } from '../vectors/sample.ts';
import { sgx } from '../vectors/sgx.ts';
import { td } from '../vectors/td.ts';
import { kebab } from './declarations.ts';
import type { Part } from './part.ts';

const FOLDER = 'test/vectors';
const DIGESTS = 'test/foundry/digests.json';
const STRUCTURES: readonly Structure[] = [...sgx, ...td, ...quotes, ...qgs, ...linuxAndVmm];

const json = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`;
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** One vector, and the hash of its bytes; of a negative one, after the patch. */
interface Entry {
  readonly path: string;
  readonly struct: string;
  readonly kind: 'positive' | 'negative';
  readonly sha256: string;
}

function patched(origin: Uint8Array, patches: readonly Patch[]): Uint8Array {
  let bytes = Buffer.from(origin);
  for (const patch of patches) {
    if ('truncate' in patch) bytes = bytes.subarray(0, patch.truncate);
    else if ('append' in patch) bytes = Buffer.concat([bytes, Buffer.from(patch.append, 'hex')]);
    else bytes.set(Buffer.from(patch.hex, 'hex'), patch.at);
  }
  return bytes;
}

/** test/vectors: what the tables say, the samples that the foundry makes, the manifest of both; and the digests of all fixtures. */
export const vectors: Part = {
  name: 'vectors',
  owns: [
    ...readdirSync(FOLDER, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => `${FOLDER}/${name}`),
    DIGESTS,
  ],
  files() {
    const files = new Map<string, Uint8Array | string>();
    const entries: Entry[] = [];
    const positive = (
      struct: string,
      name: string,
      doc: string,
      source: string,
      bytes: Uint8Array,
      value: Json,
    ): void => {
      const path = `${kebab(struct)}/${name}`;
      const hash = sha256(bytes);
      const isLong = bytes.length > 1024;
      if (isLong) files.set(`${FOLDER}/${path}.bin`, bytes);
      const content = isLong ? { bin: `${name}.bin` } : { bytes: Buffer.from(bytes).toString('hex') };
      files.set(`${FOLDER}/${path}.json`, json({ struct, doc, source, ...content, sha256: hash, value }));
      entries.push({ path: `${path}.json`, struct, kind: 'positive', sha256: hash });
    };
    for (const { struct, source, positives, negatives } of STRUCTURES) {
      const origins = new Map<string, Uint8Array>();
      for (const [name, doc, part, clean] of positives) {
        const { bytes, value } = laid(part, clean === 'clean');
        origins.set(name, bytes);
        positive(struct, name, doc, source, bytes, value);
      }
      for (const [name, from, patch, code, error, effect, strict] of negatives) {
        const origin = origins.get(from);
        const [, field, offset, says] = /^(\S*?) ?@(\d+): (.*)$/.exec(error) ?? [];
        if (!origin || says === undefined) throw new Error(`${struct}/${name}: from ${from}, ${error}`);
        const full = field ? `${struct}.${field}` : struct;
        const path = `${kebab(struct)}/${name}.json`;
        files.set(
          `${FOLDER}/${path}`,
          json({
            struct,
            doc: `${full}: ${says}`,
            from: `${from}.json`,
            patch,
            ...(strict && { strict: true }),
            error: { code, path: full, offset: Number(offset), message: `${full} @${offset}: ${says}` },
            effect,
          }),
        );
        entries.push({ path, struct, kind: 'negative', sha256: sha256(patched(origin, patch)) });
      }
    }
    for (const [struct, name, doc, bytes, value] of samples())
      positive(struct, name, doc, 'forged by this project with a throw-away key', bytes, value);
    const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
    const vectors = entries.sort((a, b) => (a.path < b.path ? -1 : 1));
    const manifest = { format: 1, version, license: 'CC0-1.0', schema: 'vector.schema.json', vectors };
    files.set(`${FOLDER}/manifest.json`, json(manifest));
    files.set(DIGESTS, json(digestsOf('digests')));
    return files;
  },
};
