import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { LayoutError } from '../engine/error.ts';
import { toHex } from '../engine/hex.ts';
import { Quote } from '../structs/quote.ts';
import type { Json } from '../verbs/json.ts';
import { toJson } from '../verbs/to-json.ts';
import { pem } from './der.ts';
import { type ForgeOptions, forge } from './forge.ts';

/** JSON as the command prints it; nothing for a quote whose defect is that nobody can read it. */
function quoteJson(quote: Uint8Array): Json | undefined {
  try {
    return { kind: 'Quote', value: toJson(Quote, quote) as Json };
  } catch (error) {
    if (error instanceof LayoutError) return undefined;
    throw error;
  }
}

const text = (json: Json): Uint8Array => utf8ToBytes(`${JSON.stringify(json, undefined, 2)}\n`);

/** A fixture as files: their names and bytes, the manifest last. */
export function pack(options: ForgeOptions): Record<string, Uint8Array> {
  const { quote, tdReport, root, collateral, now } = forge(options);
  const json = quoteJson(quote);
  const files: Record<string, Uint8Array> = {
    'quote.bin': quote,
    ...(json === undefined ? {} : { 'quote.json': text(json) }),
    ...(tdReport ? { 'tdreport.bin': tdReport } : {}),
    'root.pem': utf8ToBytes(pem('CERTIFICATE', root)),
    'root.der': root,
    'collateral.json': text({ ...collateral }),
  };
  const { seed, profile, defect } = options;
  const manifest = {
    seed,
    profile: typeof profile === 'string' ? profile : profile.name,
    ...(defect ? { defect: defect.name } : {}),
    now,
    sha256: Object.fromEntries(Object.entries(files).map(([name, bytes]) => [name, toHex(sha256(bytes))])),
  };
  return { ...files, 'manifest.json': text(manifest) };
}
