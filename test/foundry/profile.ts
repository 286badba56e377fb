import { forge } from '../../src/foundry/forge.ts';

export const fixture = (profile: string, seed = 'test') => forge({ seed, profile });
