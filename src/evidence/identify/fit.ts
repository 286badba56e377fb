import { LayoutError } from '../../engine/error.ts';
import type { Layout } from '../../layout/vocabulary.ts';
import { offsetOf } from '../../verbs/locate.ts';
import { view } from '../../verbs/view.ts';
import { type Note, oddly } from './found.ts';

/** So many fields that strict reading refuses are named. */
const MOST = 8;

/** What an error says, as a sentence: `QuoteV4.header.reserved at byte 8 must be zero, byte 0 is 0xcc.` */
function sentence({ message, path, offset }: LayoutError): string {
  const front = `${path} @${offset}: `;
  return message.startsWith(front) ? `${path} at byte ${offset} ${message.slice(front.length)}.` : `${message}.`;
}

/** The error with which bytes fail to open, or undefined. */
export function errorOf(layout: Layout, bytes: Uint8Array, strict = false): LayoutError | undefined {
  try {
    view(layout, bytes, { strict });
    return undefined;
  } catch (error) {
    if (error instanceof LayoutError) return error;
    throw error;
  }
}

export const broken = (error: LayoutError): Note => oddly(`Broken: ${sentence(error)}`);

/**
 * What strict reading refuses of bytes that open. It stops at the first field; what is reserved is zeroed in a copy then, so
 * that the next field is named too.
 */
export function strictFindings(layout: Layout, bytes: Uint8Array): Note[] {
  const notes: Note[] = [];
  let copy: Uint8Array | undefined;
  while (notes.length < MOST) {
    const error = errorOf(layout, copy ?? bytes, true);
    if (!error) break;
    notes.push(oddly(`Strict reading refuses it: ${sentence(error)}`));
    if (error.code !== 'reserved') break;
    copy ??= new Uint8Array(bytes);
    const { offset, length } = offsetOf(view(layout, copy), error.path.slice(error.path.indexOf('.') + 1));
    copy.fill(0, offset, offset + length);
  }
  return notes;
}
