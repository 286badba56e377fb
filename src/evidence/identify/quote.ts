import { readUint } from '../../engine/number.ts';
import type { Layout } from '../../layout/vocabulary.ts';
import { Quote } from '../../structs/quote.ts';
import { count, found, type Identified, indexOf, stands, zero } from './found.ts';

const INTEL = Uint8Array.from([
  0x93, 0x9a, 0x72, 0x33, 0xf7, 0x9c, 0x4c, 0xa9, 0x94, 0x0a, 0x0d, 0xb3, 0x95, 0x7f, 0x06, 0x07,
]);
const VENDOR = 12;
const HEADER = 48;

const SGX_BODY = 384;
const TD_BODY = 584;
/** Sizes of the bodies of version 5, by body type. */
const BODIES: Readonly<Record<number, number>> = { 1: SGX_BODY, 2: TD_BODY, 3: 648, 4: 885 };
const DESCRIPTOR = 6;

/** The version's own layout, whose errors name it; for others the union, which says what there is. */
const layoutFor = (version: number): Layout => (Quote.cases as Readonly<Record<number, Layout>>)[version] ?? Quote;

const u16 = (bytes: Uint8Array, at: number): number => readUint(bytes, at, 2, false);
const u32 = (bytes: Uint8Array, at: number): number => readUint(bytes, at, 4, false);

/** Where the body ends by version and type; undefined where they do not say, or not yet. */
function bodyEnd(bytes: Uint8Array, version: number, teeType: number): number | undefined {
  if (version === 3) return HEADER + SGX_BODY;
  if (version === 4) return teeType === 0x81 ? HEADER + TD_BODY : teeType === 0 ? HEADER + SGX_BODY : undefined;
  if (version !== 5 || bytes.length < HEADER + DESCRIPTOR) return undefined;
  const size = BODIES[u16(bytes, HEADER)];
  return size === u32(bytes, HEADER + 2) ? HEADER + DESCRIPTOR + size : undefined;
}

/** What is to be said about the length of a quote whose body ends at `end`. */
function lengthNotes(bytes: Uint8Array, end: number): string[] {
  const { length } = bytes;
  if (length < end) {
    const part = length < HEADER ? 'header' : 'body';
    return [`Cut inside the ${part}: at least ${count(end + 4 - length)} missing.`];
  }
  if (length < end + 4)
    return [
      `A quote without signature: header and body end at byte ${end}, where the signature data length is to follow.`,
    ];
  const declared = u32(bytes, end);
  const total = end + 4 + declared;
  if (total > length)
    return [
      `Truncated, or its length is wrong: by its signature data length it ends at byte ${total}, ${count(total - length)} ${total - length === 1 ? 'is' : 'are'} missing.`,
    ];
  if (total === length) return [];
  const what = zero(bytes, total, length) ? 'all zero' : 'not all zero';
  return [`Padded: the quote ends at byte ${total}; behind it, not signed: ${count(length - total)}, ${what}.`];
}

function notesOf(bytes: Uint8Array, version: number, teeType: number): string[] {
  const notes: string[] = [];
  if (version < 3 || version > 5) notes.push(`Version ${version}, where 3, 4 and 5 are known.`);
  else if (teeType === 0) notes.push('It attests an SGX enclave, not a TD.');
  else if (teeType !== 0x81) notes.push(`TEE type 0x${teeType.toString(16)}, where 0 (SGX) and 0x81 (TDX) are known.`);
  if (bytes.length >= VENDOR + INTEL.length && !stands(bytes, VENDOR, INTEL))
    notes.push("Its QE vendor is not Intel's.");
  const end = bodyEnd(bytes, version, teeType);
  if (end !== undefined) return [...notes, ...lengthNotes(bytes, end)];
  if (version !== 5) return notes;
  if (bytes.length < HEADER + DESCRIPTOR) return [...notes, 'Cut before the body.'];
  const old = HEADER + (teeType === 0x81 ? TD_BODY : SGX_BODY);
  const bare = bytes.length >= old + 4 && old + 4 + u32(bytes, old) <= bytes.length && u32(bytes, old) >= 128;
  notes.push(
    bare
      ? 'Version 5 without the 6-byte body descriptor at byte 48: laid out like version 4, as early samples are.'
      : `Version 5 with body type ${u16(bytes, HEADER)} of ${count(u32(bytes, HEADER + 2))}, which do not go together.`,
  );
  return notes;
}

/** A quote at the start of the bytes. */
export function quoteOf(bytes: Uint8Array): Identified | undefined {
  if (bytes.length < 8) return undefined;
  const version = u16(bytes, 0);
  const keyType = u16(bytes, 2);
  const teeType = u32(bytes, 4);
  const plain = version >= 3 && version <= 5 && (keyType === 2 || keyType === 3) && (teeType === 0 || teeType === 0x81);
  if (!plain && !(stands(bytes, VENDOR, INTEL) && version < 0x100 && keyType < 0x100)) return undefined;
  return found('Quote', bytes, notesOf(bytes, version, teeType), layoutFor(version));
}

/** The first quote that stands anywhere behind the start of the bytes; it is taken to go on to their end. */
export function quoteInside(bytes: Uint8Array): Identified | undefined {
  for (let at = indexOf(bytes, INTEL); at >= 0; at = indexOf(bytes, INTEL, at + 1)) {
    const offset = at - VENDOR;
    const quote = offset > 0 ? quoteOf(bytes.subarray(offset)) : undefined;
    if (quote) return { ...quote, offset };
  }
  return undefined;
}
