import { describe, expect, test } from 'vitest';
import { decode, encode } from '../../src/codec.ts';
import { dump } from '../../src/index.ts';
import { fromJson, schemaOf, toJson } from '../../src/json.ts';
import { array, at, bytes, next, oneOf, reserved, rest, sized, struct, u8, u16 } from '../../src/layout.ts';
import { edit, equals, offsetOf, span, view } from '../../src/view.ts';
import { failureOf } from '../leaves.ts';
import { source } from './sample.ts';

const Chosen = struct(
  'Chosen',
  { source, size: 3 },
  {
    tag: at(0, u8, 'TAG'),
    data: at(1, oneOf('tag', { 1: u16, 2: bytes(2) }), 'DATA'),
  },
);
const Row = struct('Row', { source, size: 7 }, { tag: at(0, u8, 'TAG'), items: at(1, array(Chosen, 2), 'ITEMS') });
const Text = struct('Text', { source }, { n: at(0, u8, 'N'), text: at(1, sized('n', rest), 'TEXT') });
const Event = struct(
  'Event',
  { source, where: { magic: 7 } },
  {
    magic: at(0, u8, 'MAGIC'),
    count: at(1, u8, 'COUNT'),
    texts: at(2, array(Text, 'count'), 'TEXTS'),
    pad: next(reserved(1), 'PAD'),
  },
);
const Log = struct(
  'Log',
  { source },
  { n: at(0, u8, 'N'), events: at(1, sized('n', array(Event)), 'EVENTS'), end: next(u8, 'END') },
);

const log = () => Uint8Array.of(15, 7, 2, 1, 0xaa, 2, 0xbb, 0xcc, 0, 7, 1, 3, 1, 2, 3, 0, 9);

describe('an array of structs with a choice', () => {
  const row = Uint8Array.of(2, 1, 0x34, 0x12, 2, 0x56, 0x78);

  test('takes the variant of each item from the item', () => {
    const value = decode(Row, row);
    expect(value.items).toEqual([
      { tag: 1, data: 0x1234 },
      { tag: 2, data: Uint8Array.of(0x56, 0x78) },
    ]);
    expect(view(Row, row).items.map(({ data }) => data)).toEqual([0x1234, Uint8Array.of(0x56, 0x78)]);
    expect(encode(Row, value)).toEqual(row);
    expect(fromJson(Row, toJson(Row, value))).toEqual(value);
    expect(toJson(Row, view(Row, row))).toEqual(toJson(Row, value));
  });

  test('with an unknown tag is an error of opening, at its place', () => {
    const wrong = row.with(4, 9);
    const message = 'Row.items[1].tag @4: must be 1 or 2, is 9';
    expect(failureOf(() => view(Row, wrong))?.message).toBe(message);
    expect(failureOf(() => decode(Row, wrong))?.message).toBe(message);
    expect(dump(Row, wrong).at(-1)?.error?.message).toBe(message);
    expect(dump(Row, wrong).map(({ path }) => path)).toEqual([
      'Row.tag',
      'Row.items[0].tag',
      'Row.items[0].data',
      'Row.items[1].tag',
    ]);
  });
});

describe('a list of structs of varying size, counted and to the end of a region', () => {
  const value = {
    n: 15,
    events: [
      {
        magic: 7,
        count: 2,
        texts: [
          { n: 1, text: Uint8Array.of(0xaa) },
          { n: 2, text: Uint8Array.of(0xbb, 0xcc) },
        ],
        pad: new Uint8Array(1),
      },
      { magic: 7, count: 1, texts: [{ n: 3, text: Uint8Array.of(1, 2, 3) }], pad: new Uint8Array(1) },
    ],
    end: 9,
  };

  test('is read by view and decode alike, and written', () => {
    expect(decode(Log, log())).toEqual(value);
    const opened = view(Log, log());
    expect(opened.events[1]?.texts[0]?.text).toEqual(Uint8Array.of(1, 2, 3));
    expect(opened.end).toBe(9);
    expect(encode(Log, value)).toEqual(log());
    expect(encode(Log, opened)).toEqual(log());
    expect(encode(Log, { ...value, events: [...opened.events] })).toEqual(log());
    expect(JSON.stringify(opened)).toBe(JSON.stringify(toJson(Log, value)));
    expect(fromJson(Log, toJson(Log, opened))).toEqual(value);
  });

  test('may leave out lengths and counts, and holds those that are given', () => {
    const short = { events: [{ magic: 7, texts: [{ text: Uint8Array.of(1) }] }], end: 9 };
    expect(encode(Log, short as never)).toEqual(Uint8Array.of(5, 7, 1, 1, 1, 0, 9));
    const wrong = { events: [{ magic: 7, count: 2, texts: [{ text: Uint8Array.of(1) }] }], end: 9 };
    expect(failureOf(() => encode(Log, wrong as never))?.message).toBe('Log.events[0].count: must be 1, is 2');
  });

  test('has fields with paths into it', () => {
    const opened = view(Log, log());
    expect(offsetOf(opened, 'events[1].texts[0].text' as never)).toEqual({ offset: 12, length: 3 });
    expect(span(opened, 'events[0].texts[1]' as never)).toEqual(Uint8Array.of(2, 0xbb, 0xcc));
    expect(equals(opened, 'events[0].texts[1].text' as never, Uint8Array.of(0xbb, 0xcc))).toBe(true);
    expect(() => offsetOf(opened, 'events[2].pad' as never)).toThrow(new TypeError('Log has no item events[2].pad'));
    expect(() => offsetOf(opened, 'events[0].nope' as never)).toThrow(new TypeError('Log has no field events[0].nope'));
    expect(offsetOf(opened.events[1]!, 'texts')).toEqual({ offset: 11, length: 4 });
  });

  test.each<[what: string, at: number, is: number, message: string]>([
    ['an item with another constant', 9, 8, 'Log.events[1].magic @9: must be 7, is 8'],
    ['an item that does not fit', 11, 9, 'Log.events[1].texts[0].text @12: needs 9 bytes, 4 left'],
    ['more items than fit', 10, 200, 'Log.events[1].texts[2] @16: needs 1 byte, 0 left'],
    ['fewer items than there are', 10, 0, 'Log.events[2].magic @12: needs 1 byte, 0 left'],
    ['a region that ends inside of an item', 0, 13, 'Log.events[1].texts[0].text @12: needs 3 bytes, 2 left'],
  ])('%s is a LayoutError for view and decode', (_, position, is, message) => {
    const wrong = log().with(position, is);
    const failure = failureOf(() => view(Log, wrong));
    expect(failure?.offset).toBeGreaterThan(0);
    expect(failureOf(() => decode(Log, wrong))).toEqual(failure);
    if (!/fewer|more/.test(_)) expect(failure?.message).toBe(message);
  });

  test('is looked into by strict reading', () => {
    const wrong = log().with(8, 1);
    expect(view(Log, wrong).end).toBe(9);
    expect(failureOf(() => view(Log, wrong, { strict: true }))?.message).toBe(
      'Log.events[0].pad @8: must be zero, byte 0 is 0x01',
    );
  });

  test('is edited in place, where no size changes', () => {
    const bytes = log();
    const it = edit(Log, bytes);
    it.events[1]!.texts[0]!.text = Uint8Array.of(4, 5, 6);
    expect(bytes.subarray(12, 15)).toEqual(Uint8Array.of(4, 5, 6));
    expect(failureOf(() => Object.assign(it.events[0]!, { count: 3 }))?.code).toBe('constant');
    expect(failureOf(() => Object.assign(it.events[0]!.texts[0]!, { n: 3 }))?.code).toBe('constant');
  });

  test('has a schema', () => {
    expect(schemaOf(Log)).toMatchObject({
      properties: { events: { type: 'array', items: { $ref: '#/$defs/Event' } } },
    });
  });

  test('of hostile counts takes no memory', () => {
    const Wide = struct('Wide', { source }, { n: at(0, u16, 'N'), texts: at(2, array(Text, 'n'), 'T') });
    expect(failureOf(() => view(Wide, Uint8Array.of(0xff, 0xff, 0, 0, 0)))?.message).toBe(
      'Wide.texts[3].n @5: needs 1 byte, 0 left',
    );
    const Flat = struct('Flat', { source }, { n: at(0, u16, 'N'), numbers: at(2, array(u16, 'n'), 'T') });
    expect(failureOf(() => view(Flat, Uint8Array.of(0xff, 0xff, 0, 0, 0)))?.message).toBe(
      'Flat.numbers[1] @4: needs 2 bytes, 1 left',
    );
    expect(decode(Flat, Uint8Array.of(1, 0, 5, 0))).toEqual({ n: 1, numbers: [5] });
    expect(encode(Flat, { numbers: [5, 6] } as never)).toEqual(Uint8Array.of(2, 0, 5, 0, 6, 0));
  });
});
