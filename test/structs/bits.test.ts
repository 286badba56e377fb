import { expect, it } from 'vitest';
import {
  miscselect,
  seamAttributes,
  servtdAttributes,
  sgxFlags,
  sgxXfrm,
  tdAttributes,
  tdInfoValid,
  xfam,
} from '../../src/index.ts';

const tables = { miscselect, seamAttributes, servtdAttributes, sgxFlags, sgxXfrm, tdAttributes, tdInfoValid, xfam };

it.each([
  ['tdAttributes', 0xc0000000f8030071n],
  ['xfam', 0x7ffffn],
  ['seamAttributes', 0n],
  ['sgxFlags', 0x4f7n],
  ['sgxXfrm', 0x602ffn],
  ['miscselect', 1n],
  ['servtdAttributes', 0x7ff00000001n],
  ['tdInfoValid', 0x301n],
] as const)('%s names the bits that the specification names, and no other', (name, wanted) => {
  const positions = Object.values<{ readonly position: number }>(tables[name].flags).map(({ position }) => position);
  const mask = positions.reduce((all, position) => all | (1n << BigInt(position)), 0n);
  expect(mask.toString(16)).toBe(wanted.toString(16));
});
