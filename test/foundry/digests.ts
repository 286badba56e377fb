import { sha256 } from '@noble/hashes/sha2.js';
import { toHex } from '../../src/engine/hex.ts';
import { pack } from '../../src/foundry/pack.ts';
import { PROFILES } from '../../src/foundry/profiles.ts';

/** SHA-256 of every file of every profile, but for the manifests, which hold them and the catalogue's opinions. */
export const digestsOf = (seed: string): Record<string, string> =>
  Object.fromEntries(
    PROFILES.flatMap((profile) =>
      Object.entries(pack({ seed, profile }))
        .filter(([file]) => file !== 'manifest.json')
        .map(([file, bytes]) => [`${profile.name}/${file}`, toHex(sha256(bytes))]),
    ),
  );
