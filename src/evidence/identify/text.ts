import { fromHex } from '../../engine/hex.ts';

/** What a text says in an encoding of bytes. */
export interface Decoded {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly encoding: 'hex' | 'base64' | 'base64url';
}

/** The bytes that hex, base64 or base64url text stands for, whatever white space is in it; undefined for other text. */
export function decodeText(text: string): Decoded | undefined {
  const dense = text.replace(/\s+/g, '');
  if (dense === '') return undefined;
  const digits = dense.replace(/0x|,/gi, '').toLowerCase();
  const hex = /^[0-9a-f]+$/.test(digits) ? fromHex(digits) : undefined;
  if (hex) return { bytes: hex, encoding: 'hex' };
  const url = /^[\w-]+={0,2}$/.test(dense);
  const plain = /^[A-Za-z0-9+/]+={0,2}$/.test(dense);
  const bare = dense.replace(/=+$/, '');
  if ((!url && !plain) || bare.length % 4 === 1) return undefined;
  const binary = atob(bare.replaceAll('-', '+').replaceAll('_', '/'));
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return { bytes, encoding: plain ? 'base64' : 'base64url' };
}

/** Something in a JSON document that can stand for bytes. */
export interface Leaf {
  readonly path: string;
  readonly content: string | Uint8Array;
}

const isByte = (it: unknown): it is number => typeof it === 'number' && Number.isInteger(it) && it >= 0 && it < 256;

/** The texts in a JSON document, and its arrays of numbers that are bytes, the longest first. */
export function leavesOf(json: unknown): Leaf[] {
  const leaves: Leaf[] = [];
  const waiting: [path: string, json: unknown][] = [['', json]];
  for (let one = waiting.pop(); one; one = waiting.pop()) {
    const [path, it] = one;
    if (typeof it === 'string') leaves.push({ path, content: it });
    else if (Array.isArray(it) && it.length >= 8 && it.every(isByte))
      leaves.push({ path, content: Uint8Array.from(it) });
    else if (Array.isArray(it)) for (const [i, each] of it.entries()) waiting.push([`${path}[${i}]`, each]);
    else if (typeof it === 'object' && it !== null)
      for (const [key, each] of Object.entries(it)) waiting.push([`${path}.${key}`, each]);
  }
  return leaves.sort((a, b) => b.content.length - a.content.length);
}

/** The labels of the PEM blocks in a text, in order. */
export const pemLabels = (text: string): string[] =>
  [...text.matchAll(/-----BEGIN ([A-Z0-9 ]+)-----/g)].map((match) => match[1] ?? '');
