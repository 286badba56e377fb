import { forge } from '../../src/foundry/forge.ts';
import { type Profile, profileOf } from '../../src/foundry/profiles.ts';

/** The profile of a name that exists. */
export function profile(name: string): Profile {
  const found = profileOf(name);
  if (!found) throw new TypeError(`no profile ${name}`);
  return found;
}

export const fixture = (name: string, seed = 'test') => forge({ seed, profile: profile(name) });
