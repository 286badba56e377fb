// A layout with every kind of field, and bytes of it.
import {
  array,
  at,
  bit,
  bits,
  bytes,
  next,
  oneOf,
  pemChain,
  reserved,
  rest,
  sized,
  struct,
  u8,
  u16,
  u32,
  u32be,
  u64,
} from '../../src/layout.ts';

export const source = { document: { title: 'A test', number: '1' }, section: 'none' };

export const Point = struct(
  'Point',
  { source, size: 4 },
  {
    /** Across. */
    x: at(0, u16, 'X'),
    y: at(2, u16, 'Y'),
  },
);

export const Sample = struct('Sample', { source, where: { magic: 7 } }, {
  magic:  at( 0, u8,  'Magic'),
  kind:   at( 1, u8,  'Kind'),
  flags:  at( 2, bits(u32, { A: bit(0, '1'), Z: bit(31, '1') }), 'Flags'),
  pad:    at( 6, reserved(2), 'Pad'),
  big:    at( 8, u64, 'Big'),
  be:     at(16, u32be, 'Be'),
  items:  at(20, array(bytes(2), 4), 'Items'),
  points: at(28, array(Point, 2), 'Points'),
  point:  at(36, Point, 'Point'),
  len:    at(40, u16, 'Len'),
  data:   at(42, sized('len', oneOf('kind', { 1: Point, 2: rest, 3: pemChain, 4: array(u16) }, [9])), 'Data'),
  tail:   next(rest, 'Tail'),
});

/** Kind 1, one byte of tail. */
export const sample = (): Uint8Array<ArrayBuffer> => {
  const bytes = Uint8Array.from({ length: 47 }, (_, i) => i + 0x80);
  bytes.set([7, 1, 1, 0, 0, 0x80, 0, 0]);
  bytes.set([4, 0], 40);
  return bytes;
};
