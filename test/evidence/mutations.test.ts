// Certificates changed anywhere: a value or a LayoutError, nothing else. TDX_MUTATIONS says how many; a million were run.
import { expect, test } from 'vitest';
import { forge, testPki } from '../../src/foundry/index.ts';
import { CertificationData, meaning } from '../../src/index.ts';
import { LayoutError, pckExtension, x509 } from '../../src/view.ts';
import { absent } from '../corpus.ts';
import { blocks } from './chains.ts';

const COUNT = Number(process.env['TDX_MUTATIONS'] ?? 6000);

/** Numbers that follow from a seed (mulberry32). */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

/** What lengths and tags turn on. */
const EDGES = [
  0x00, 0x01, 0x02, 0x04, 0x06, 0x0a, 0x1f, 0x30, 0x31, 0x7f, 0x80, 0x81, 0x82, 0x84, 0x85, 0xa0, 0xa3, 0xff,
];

function mutated(bytes: Uint8Array, pick: (below: number) => number): Uint8Array {
  let changed = Uint8Array.from(bytes);
  for (let i = 0; i <= pick(3); i++) {
    const at = pick(changed.length);
    const few = 1 + pick(8);
    const kind = pick(7);
    if (kind === 0) changed[at] = pick(256);
    else if (kind === 1) changed[at]! ^= 1 << pick(8);
    else if (kind === 2) changed[at] = EDGES[pick(EDGES.length)]!;
    else if (kind === 3) changed = Uint8Array.from([...changed.subarray(0, at), ...changed.subarray(at + few)]);
    else if (kind === 4)
      changed = Uint8Array.from([
        ...changed.subarray(0, at),
        ...changed.subarray(at, at + few),
        ...changed.subarray(at),
      ]);
    else if (kind === 5) changed.copyWithin(pick(changed.length), at, at + few);
    else changed = changed.subarray(0, 1 + at);
  }
  return changed;
}

const pki = testPki({ seed: 'mutations' });
const genuine = absent ? [] : blocks.map((block) => x509(new TextEncoder().encode(block)).der);
const sources: readonly Uint8Array[] = [pki.pck.certificate, pki.ca.certificate, ...genuine];

test(`${COUNT} mutated certificates give a value or a LayoutError whose path and offset lie in them`, {
  timeout: 3_600_000,
}, () => {
  const pick = random(20_261_124);
  const outcomes = new Map<string, number>();
  for (let i = 0; i < COUNT; i++) {
    const der = mutated(sources[pick(sources.length)]!, pick);
    for (const read of [x509, pckExtension]) {
      let outcome = 'value';
      try {
        read(der);
      } catch (error) {
        if (!(error instanceof LayoutError)) throw error;
        if (!/^Certificate\b/.test(error.path) || !((error.offset ?? 0) <= der.length) || error.message.length > 300)
          throw error;
        outcome = error.code;
      }
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    }
  }
  if (COUNT > 10_000) console.log(Object.fromEntries(outcomes));
  expect([...outcomes.keys()]).toEqual(
    expect.arrayContaining(['value', 'truncated', 'trailing', 'length', 'type', 'range']),
  );
});

test('mutated chains in PEM never throw in meaning', () => {
  const pick = random(7);
  const { pckChain } = forge({ seed: 'mutations', profile: 'tdx-v4' });
  let unread = 0;
  for (let i = 0; i < COUNT / 20; i++) {
    const certificationData = mutated(new TextEncoder().encode(pckChain), pick);
    const { notes } = meaning(CertificationData, { certificationDataType: 5, certificationData });
    unread += notes.length;
  }
  expect(unread).toBeGreaterThan(COUNT / 40);
});

test('large and deep certificates take time in proportion to their size', () => {
  const long = (tag: number, size: number) =>
    Uint8Array.from([tag, 0x84, size >>> 24, (size >> 16) & 255, (size >> 8) & 255, size & 255]);
  const size = 8_000_000;
  const nested = new Uint8Array(size);
  for (let at = 0; at + 6 < size; at += 6) nested.set(long(0x30, size - at - 6), at);
  const commas = new TextEncoder().encode(`-----BEGIN CERTIFICATE-----${'A'.repeat(size)}`);
  const began = performance.now();
  for (const bytes of [nested, new Uint8Array(size).fill(0x30), new Uint8Array(size).fill(0x2d), commas])
    expect(() => x509(bytes)).toThrow(LayoutError);
  expect(performance.now() - began).toBeLessThan(5000);
});
