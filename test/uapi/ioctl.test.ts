import { describe, expect, test } from 'vitest';
import { u64 } from '../../src/layout.ts';
import {
  _IO,
  _IOR,
  _IOW,
  _IOWR,
  Dcap114GetQuoteBlob,
  ioctls,
  type Lineage,
  TDX_CMD_GET_QUOTE,
  TDX_CMD_GET_REPORT0,
  TdxQuoteBuf,
} from '../../src/uapi.ts';
import { IOCTL_TABLE } from './ioctl-table.ts';

describe('ioctls', () => {
  test.each(IOCTL_TABLE)('%s %s on %s is %s, %d', (lineage, name, device, hex, decimal) => {
    const { commands, devices }: Lineage = ioctls[lineage];
    expect(commands[name]).toBe(decimal);
    expect(`0x${commands[name]?.toString(16).toUpperCase()}`).toBe(hex);
    expect(devices).toContain(device);
  });

  test('have no command that the table lacks', () => {
    const all = Object.entries(ioctls).flatMap(([lineage, { commands }]) =>
      Object.keys(commands).map((name) => `${lineage} ${name}`),
    );
    expect(all.toSorted()).toEqual(IOCTL_TABLE.map(([lineage, name]) => `${lineage} ${name}`).toSorted());
  });

  test('under the names of the first patch review carry its values', () => {
    expect(TDX_CMD_GET_REPORT0).toBe(0xc4405401);
    expect(TDX_CMD_GET_QUOTE).toBe(0x80105402);
  });
});

describe('_IO and its kin', () => {
  test('put direction, size, type and nr into their bits', () => {
    expect(_IO('T', 7)).toBe(0x00005407);
    expect(_IOW('T', 7, u64)).toBe(0x40085407);
    expect(_IOR('T', 7, u64)).toBe(0x80085407);
    expect(_IOWR('T', 7, u64)).toBe(0xc0085407);
    expect(_IO('\xff', 255)).toBe(0xffff);
  });

  test('refuse an argument that has no size, or more than 14 bits of it', () => {
    expect(() => _IOR('T', 2, TdxQuoteBuf)).toThrow(new TypeError('an argument of undefined bytes has no ioctl'));
    expect(() => _IOR('T', 2, Dcap114GetQuoteBlob)).toThrow(new TypeError('an argument of 16384 bytes has no ioctl'));
  });

  test('refuse a type that is not one byte and a nr beyond 255', () => {
    for (const type of ['', 'TT', 'Ω']) expect(() => _IO(type, 1)).toThrow(TypeError);
    for (const nr of [-1, 256, 0.5, Number.NaN]) expect(() => _IO('T', nr)).toThrow(TypeError);
  });
});
