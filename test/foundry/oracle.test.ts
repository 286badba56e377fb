// Somebody else's verifier says what our fixtures are worth.
import { QuoteVerifier } from '@phala/dcap-qvl';
import { describe, expect, test } from 'vitest';
import type { Collateral } from '../../src/foundry/collateral.ts';
import { forge } from '../../src/foundry/forge.ts';
import { PROFILES } from '../../src/foundry/profiles.ts';

describe.each(PROFILES.map((profile) => [profile.name, profile] as const))('%s', (_, profile) => {
  const { quote, root, collateral, pckChain, now } = forge({ seed: 'oracle', profile });
  const verify = (beside: Collateral & { pck_certificate_chain?: string } = collateral) =>
    QuoteVerifier.newWithRootCa(Buffer.from(root)).verify(Buffer.from(quote), beside, now).status;

  test(`dcap-qvl ${profile.dcapQvl ? 'says UpToDate' : 'does not support it'}`, () => {
    if (profile.dcapQvl) expect(verify()).toBe('UpToDate');
    else expect(() => verify()).toThrow();
  });

  if (profile.certification !== 5) {
    test('dcap-qvl says UpToDate when it is given the chain that the quote does not carry', () => {
      expect(verify({ ...collateral, pck_certificate_chain: pckChain })).toBe('UpToDate');
    });
  }
});
