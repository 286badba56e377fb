import { describe, expect, test } from 'vitest';
import { encode } from '../../src/codec.ts';
import {
  brokenGetQuoteRules,
  brokenSetupEventNotifyInterruptRules,
  GetQuoteIn,
  type Gpaw,
  SetupEventNotifyInterruptIn,
  sharedBit,
  TdvmcallLeaf,
  TdvmcallStatus,
} from '../../src/uapi.ts';
import { view } from '../../src/view.ts';

const INVALID = TdvmcallStatus.TDVMCALL_STATUS_INVALID_OPERAND;
const MISALIGNED = TdvmcallStatus.TDVMCALL_STATUS_ALIGN_ERROR;
const ADDRESS = 0x1234_5000n;

const getQuote = (gpaw: Gpaw, change: Partial<GetQuoteIn> = {}): GetQuoteIn => ({
  rax: 0n,
  rcx: 0xfc00n,
  r10: 0n,
  r11: TdvmcallLeaf.TDVMCALL_GET_QUOTE,
  r12: ADDRESS | sharedBit(gpaw),
  r13: 0x4000n,
  r14: 0n,
  r15: 0n,
  ...change,
});
const setup = (change: Partial<SetupEventNotifyInterruptIn> = {}): SetupEventNotifyInterruptIn => ({
  ...getQuote(48, { r11: TdvmcallLeaf.TDVMCALL_SETUP_EVENT_NOTIFY_INTERRUPT, r12: 0xf3n, r13: 0n }),
  ...change,
});

describe('sharedBit', () => {
  test('is bit 47 or 51', () => {
    expect(sharedBit(48)).toBe(0x8000_0000_0000n);
    expect(sharedBit(52)).toBe(0x8_0000_0000_0000n);
  });
});

describe('brokenGetQuoteRules', () => {
  test.each([48, 52] as const)('finds none in a proper call with %d address bits', (gpaw) => {
    expect(brokenGetQuoteRules(getQuote(gpaw), gpaw)).toBeUndefined();
    expect(brokenGetQuoteRules(view(GetQuoteIn, encode(GetQuoteIn, getQuote(gpaw))), gpaw)).toBeUndefined();
  });

  test.each<[string, Gpaw, Partial<GetQuoteIn>, string, bigint | undefined]>([
    ['a private address', 48, { r12: ADDRESS }, 'R12 must have the shared bit 47 set, is 0x12345000', INVALID],
    ['a private address', 52, { r12: ADDRESS }, 'R12 must have the shared bit 51 set, is 0x12345000', INVALID],
    [
      'an address that is too wide',
      48,
      { r12: ADDRESS | sharedBit(48) | sharedBit(52) },
      'R12 must be an address of 48 bits, is 0x8800012345000',
      INVALID,
    ],
    [
      'an address off its page',
      48,
      { r12: ADDRESS | sharedBit(48) | 0x800n },
      'R12 must be a multiple of 4096, is 0x800012345800',
      MISALIGNED,
    ],
    ['no size', 48, { r13: 0n }, 'R13 must be more than 0, is 0x0', INVALID],
    ['a part of a page', 48, { r13: 0x1800n }, 'R13 must be a multiple of 4096, is 0x1800', MISALIGNED],
    ['another leaf', 48, { r11: 0x10003n }, 'R11 must be 0x10002, is 0x10003', undefined],
    ['a call of its own kind', 48, { r10: 1n }, 'R10 must be 0, is 0x1', undefined],
    ['another TDCALL', 48, { rax: 4n }, 'RAX must be 0, is 0x4', undefined],
    [
      'a size that the VMM cannot see',
      48,
      { rcx: 0x1c00n },
      'RCX must expose R10 to R13 (0x3c00), is 0x1c00',
      undefined,
    ],
  ])('finds %s (%d bits)', (_, gpaw, change, says, status) => {
    expect(brokenGetQuoteRules(getQuote(gpaw, change), gpaw)).toEqual([
      { register: says.slice(0, 3).toLowerCase(), says, status },
    ]);
  });

  test('names every rule that is broken', () => {
    const rules = brokenGetQuoteRules(getQuote(48, { r12: 1n, r13: 0n }), 48);
    expect(rules?.map(({ register }) => register)).toEqual(['r12', 'r12', 'r13']);
  });

  test('takes the shared bit of 48 address bits for an address bit among 52', () => {
    expect(brokenGetQuoteRules(getQuote(48), 52)).toMatchObject([{ says: expect.stringContaining('shared bit 51') }]);
  });
});

describe('brokenSetupEventNotifyInterruptRules', () => {
  test.each([32n, 255n])('finds none for vector %d', (r12) => {
    const bytes = encode(SetupEventNotifyInterruptIn, setup({ r12 }));
    expect(brokenSetupEventNotifyInterruptRules(view(SetupEventNotifyInterruptIn, bytes))).toBeUndefined();
  });

  test.each([0n, 31n, 256n])('finds vector %d', (r12) => {
    const says = `R12 must be 32..255, is 0x${r12.toString(16)}`;
    expect(brokenSetupEventNotifyInterruptRules(setup({ r12 }))).toEqual([{ register: 'r12', says, status: INVALID }]);
  });

  test('finds another leaf, and needs no more than R10 to R12 seen', () => {
    expect(brokenSetupEventNotifyInterruptRules(setup({ rcx: 0x1c00n }))).toBeUndefined();
    expect(brokenSetupEventNotifyInterruptRules(setup({ r11: 0x10002n, rcx: 0n }))).toMatchObject([
      { says: 'RCX must expose R10 to R12 (0x1c00), is 0x0' },
      { says: 'R11 must be 0x10004, is 0x10002' },
    ]);
  });
});
