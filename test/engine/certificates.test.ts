import { describe, expect, test } from 'vitest';
import { certificates } from '../../src/evidence/certificates.ts';

const block = (text: string) => `-----BEGIN CERTIFICATE-----\n${text}\n-----END CERTIFICATE-----`;
const ascii = (text: string) => new TextEncoder().encode(text);
const found = (data: Uint8Array) =>
  certificates(data).map(({ format, bytes }) =>
    format === 'pem' ? new TextDecoder().decode(bytes) : Buffer.from(bytes).toString('hex'),
  );

describe('certificates of a PEM chain', () => {
  const [leaf, middle, root] = ['AAAA', 'BBBB', 'CCCC'].map(block) as [string, string, string];

  test.each([
    ['newline and NUL', '\n', '\n\0'],
    ['a newline', '\n', '\n'],
    ['the last dash', '\n', ''],
    ['CR LF', '\r\n', '\r\n'],
    ['nothing between them', '', ''],
    ['text between them', '\nsubject=CN\n', ' \t\0\0'],
  ])('that ends with %s are its blocks, in order', (_, between, end) => {
    const data = ascii([leaf, middle, root].join(between) + end);
    expect(found(data)).toEqual([leaf, middle, root]);
    for (const { bytes } of certificates(data)) expect(bytes.buffer).toBe(data.buffer);
  });

  test('keep the order of the data, root first too', () => {
    expect(found(ascii(root + leaf))).toEqual([root, leaf]);
  });

  test('end before a block that is cut', () => {
    expect(found(ascii(`${leaf}\n${middle.slice(0, -1)}`))).toEqual([leaf]);
    expect(found(ascii(leaf.slice(0, -1)))).toEqual([]);
  });

  test('are plain Uint8Array also of a Node Buffer', () => {
    const [first] = certificates(Buffer.from(leaf));
    expect(Object.getPrototypeOf(first?.bytes)).toBe(Uint8Array.prototype);
  });
});

describe('certificates of DER data', () => {
  test('are the sequences, one behind the other, short and long lengths', () => {
    const long = Uint8Array.from([0x30, 0x82, 0x01, 0x00, ...new Uint8Array(256)]);
    const data = Uint8Array.from([0x30, 3, 1, 2, 3, ...long, 0x30, 0x81, 1, 9]);
    expect(found(data)).toEqual(['3003010203', Buffer.from(long).toString('hex'), '30810109']);
  });

  test.each([
    ['nothing', []],
    ['zeros', [0, 0, 0, 0]],
    ['a sequence that is cut', [0x30, 5, 1]],
    ['a length that is cut', [0x30, 0x82, 1]],
    ['a length without end', [0x30, 0x80, 0, 0]],
    ['a length of five bytes', [0x30, 0x85, 0, 0, 0, 0, 1, 0]],
    ['the largest length', [0x30, 0x84, 0xff, 0xff, 0xff, 0xff]],
    ['another tag', [0x31, 1, 0]],
  ])('of %s are none', (_, bytes) => {
    expect(certificates(Uint8Array.from(bytes))).toEqual([]);
  });

  test('end where something else begins', () => {
    expect(found(Uint8Array.of(0x30, 1, 7, 0x99))).toEqual(['300107']);
  });
});

test('a megabyte of almost-beginnings is read in time', () => {
  const data = ascii('-----BEGIN CERTIFICATE----'.repeat(40_000));
  const began = performance.now();
  expect(certificates(data)).toEqual([]);
  const ends = ascii(`-----BEGIN CERTIFICATE-----${'-'.repeat(1_000_000)}`);
  expect(certificates(ends)).toEqual([]);
  expect(performance.now() - began).toBeLessThan(2_000);
});
