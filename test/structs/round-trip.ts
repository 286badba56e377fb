import { expect } from 'vitest';
import type { Layout } from '../../src/layout.ts';
import { plain } from '../leaves.ts';
import { decode, encode, fromJson, toJson, view } from '../verbs.ts';

/** Decodes, and makes the same bytes again from the value, from JSON, and from the value without its computed lengths. */
export function roundTrip(layout: Layout, bytes: Uint8Array): unknown {
  const value = decode(layout, bytes);
  expect(plain(view(layout, bytes))).toEqual(plain(value));
  expect(Buffer.compare(encode(layout, value), bytes)).toBe(0);
  const json = JSON.stringify(toJson(layout, view(layout, bytes)));
  expect(JSON.stringify(toJson(layout, value))).toBe(json);
  expect(Buffer.compare(encode(layout, fromJson(layout, JSON.parse(json))), bytes)).toBe(0);
  return value;
}
