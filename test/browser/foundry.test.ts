import { expect, test } from 'vitest';
import golden from '../foundry/digests.json' with { type: 'json' };
import { digestsOf } from '../foundry/digests.ts';

test('a browser forges the bytes that Node forges', () => {
  expect(digestsOf('digests')).toEqual(golden);
});
