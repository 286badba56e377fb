import { describe, expect, test } from 'vitest';
import { DerReader, Tag } from '../../src/evidence/der.ts';
import { faultOf } from './fault.ts';

const bytes = (hex: string): Uint8Array<ArrayBuffer> => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
const over = (hex: string): DerReader => DerReader.over(bytes(hex), 'It');
const hexOf = (content: Uint8Array): string => Buffer.from(content).toString('hex');

describe('the length of an element', () => {
  test.each([
    ['04 00', ''],
    ['04 01 aa', 'aa'],
    ['04 7f', 'aa'.repeat(0x7f)],
    ['04 81 80', 'aa'.repeat(0x80)],
    ['04 82 01 00', 'aa'.repeat(0x100)],
    ['04 83 01 00 00', 'aa'.repeat(0x10000)],
  ])('is read from %s', (head, content) => {
    const full = content.length > 2 || content === '' ? head + content : head;
    expect(hexOf(over(full).octets(''))).toBe(content);
  });

  test.each([
    ['nothing', '', 'truncated', 'must be OCTET STRING, nothing is left'],
    ['a tag alone', '04', 'truncated', 'has no length'],
    ['an indefinite one', '04 80 00 00', 'length', 'has no definite length'],
    ['five bytes', '04 85 00 00 00 00 01 aa', 'length', 'has a length of 5 bytes, 4 are the most'],
    ['127 bytes', '04 ff 01', 'length', 'has a length of 127 bytes, 4 are the most'],
    ['a cut one', '04 82 01', 'truncated', 'its length is cut'],
    ['127 in two bytes', '04 81 7f', 'length', 'has the length 127 in 1 byte, fewer do'],
    ['255 in three bytes', '04 82 00 ff', 'length', 'has the length 255 in 2 bytes, fewer do'],
    ['more than there is', '04 05 aa', 'truncated', 'needs 5 bytes, 1 left'],
    ['the most', '04 84 ff ff ff ff aa', 'truncated', 'needs 4294967295 bytes, 1 left'],
    ['another tag', '03 01 00', 'type', 'must be OCTET STRING, is BIT STRING'],
    ['a tag without a name', '1a 00', 'type', 'must be OCTET STRING, is 0x1a'],
    ['a tag of its context', 'a3 00', 'type', 'must be OCTET STRING, is [3]'],
  ])('is refused for %s', (_, hex, code, says) => {
    expect(faultOf(() => over(hex).octets('.x'))).toMatchObject({ code, message: `It.x @0: ${says}` });
  });

  test('is bounded by the element around it, not by the bytes', () => {
    const outer = over('30 03 04 02 aa bb cc');
    expect(faultOf(() => outer.sequence('').octets('.x')).message).toBe('It.x @2: needs 2 bytes, 1 left');
  });
});

describe('values', () => {
  test.each([
    ['an integer in more bytes than it needs', '02 02 00 7f', 'length'],
    ['a negative integer in more bytes than it needs', '02 02 ff 80', 'length'],
    ['a negative integer', '02 01 80', 'range'],
    ['an integer without bytes', '02 00', 'length'],
    ['an integer above its most', '02 02 01 01', 'range'],
    ['an integer of 40 bytes', `02 28 01 ${'00'.repeat(39)}`, 'range'],
    ['ENUMERATED for INTEGER', '0a 01 01', 'type'],
  ])('%s is refused', (_, hex, code) => {
    expect(faultOf(() => over(hex).unsigned('.x', 256))).toMatchObject({ code, path: 'It.x' });
  });

  test.each([
    ['02 01 00', 0],
    ['02 01 7f', 127],
    ['02 02 00 80', 128],
    ['02 02 01 00', 256],
    ['02 05 00 ff ff ff ff', 0xffffffff],
  ])('%s is the integer %i', (hex, value) => {
    expect(over(hex).unsigned('', 0xffffffff)).toBe(value);
  });

  test.each([
    ['06 03 55 04 03', '2.5.4.3'],
    ['06 09 2a 86 48 86 f8 4d 01 0d 01', '1.2.840.113741.1.13.1'],
    ['06 01 27', '0.39'],
    ['06 01 28', '1.0'],
    ['06 02 88 37', '2.999'],
    // A UUID as one number (X.667), encoded by openssl.
    [
      '06 14 69 83 f0 9d a7 eb cf de e0 c7 a1 a7 b2 c0 94 8c c8 f9 d7 76',
      '2.25.329800735698586629295641978511506172918',
    ],
  ])('%s is the object identifier %s', (hex, oid) => {
    expect(over(hex).oid('')).toBe(oid);
  });

  test.each([
    ['nothing', '06 00', 'truncated'],
    ['a cut number', '06 02 2a 86', 'truncated'],
    ['a number that begins with zero', '06 03 2a 80 01', 'length'],
    ['a number of 21 bytes', `06 16 2a ${'ff'.repeat(20)} 01`, 'range'],
  ])('an object identifier of %s is refused', (_, hex, code) => {
    expect(faultOf(() => over(hex).oid('.x'))).toMatchObject({ code, path: 'It.x' });
  });

  test.each([
    ['01 01 00', false],
    ['01 01 ff', true],
  ])('%s is %s', (hex, is) => expect(over(hex).boolean('')).toBe(is));
  test.each([
    ['01 01 01', 'range'],
    ['01 00', 'length'],
    ['01 02 ff ff', 'length'],
  ])('the boolean %s is refused', (hex, code) => {
    expect(faultOf(() => over(hex).boolean('.x'))).toMatchObject({ code, path: 'It.x' });
  });

  const ascii = (text: string): string => Buffer.from(text, 'latin1').toString('hex');
  const time = (tag: string, text: string): string =>
    `${tag}${text.length.toString(16).padStart(2, '0')}${ascii(text)}`;
  test.each([
    ['17', '491231235959Z', '2049-12-31T23:59:59.000Z'],
    ['17', '500101000000Z', '1950-01-01T00:00:00.000Z'],
    ['18', '20500101000000Z', '2050-01-01T00:00:00.000Z'],
    ['18', '00010101000000Z', '0001-01-01T00:00:00.000Z'],
    ['17', '240229120000Z', '2024-02-29T12:00:00.000Z'],
  ])('the time %s %s is %s', (tag, text, iso) => {
    expect(over(time(tag, text)).time('').toISOString()).toBe(iso);
  });
  test.each([
    ['17', '491231235960Z', 'range'],
    ['17', '491231240000Z', 'range'],
    ['17', '490230000000Z', 'range'],
    ['17', '490001000000Z', 'range'],
    ['17', '4912312359Z', 'length'],
    ['17', '491231235959+', 'range'],
    ['18', '20491231235959.1Z', 'length'],
    ['18', '\xef\xbb\xbf204912312359Z'.slice(0, 15), 'range'],
    ['04', '491231235959Z', 'type'],
  ])('the time %s %s is refused', (tag, text, code) => {
    expect(faultOf(() => over(time(tag, text)).time('.x'))).toMatchObject({ code, path: 'It.x' });
  });
});

test('what is left behind the last element is refused with its place', () => {
  const it = over('30 05 02 01 05 05 00').sequence('');
  it.unsigned('', 9);
  expect(faultOf(() => it.end())).toMatchObject({
    code: 'trailing',
    offset: 5,
    message: 'It @5: must end here, 2 bytes more',
  });
});

test('an element of any kind is stepped over, but for tags of several bytes', () => {
  const it = over('a0 01 ff 02 01 07');
  expect(it.one('').tag).toBe(0xa0);
  expect(it.unsigned('', 9)).toBe(7);
  expect(faultOf(() => over('bf 81 00').one('.x'))).toMatchObject({ code: 'type', path: 'It.x' });
});

test('every tag that the table names is read under its name', () => {
  for (const [name, tag] of Object.entries(Tag))
    expect(faultOf(() => over('ff 00').next(tag, '')).message).toBe(`It @0: must be ${name}, is 0xff`);
});
