import { LayoutError } from '../engine/error.ts';
import { type TdxQuoteBuf, TdxQuoteHdr } from '../uapi/tdx-quote.ts';

type Exchanged = Readonly<Pick<TdxQuoteBuf, 'inLen' | 'outLen'>> & { readonly data: Uint8Array };

function front(buffer: Exchanged, name: 'inLen' | 'outLen'): Uint8Array {
  const { data } = buffer;
  const length = buffer[name];
  if (length <= data.length) return data.subarray(0, length);
  const { offset } = TdxQuoteHdr.fields[name];
  throw new LayoutError('length', `TdxQuoteBuf.${name}`, offset, `must be at most ${data.length}, is ${length}`);
}

/**
 * The input that a TD has put into the buffer, in place. Takes a value or a view of {@link TdxQuoteBuf}.
 *
 * @throws LayoutError `length` when in_len points past the buffer.
 */
export const requestData = (buffer: Exchanged): Uint8Array => front(buffer, 'inLen');

/**
 * The output that the VMM has put into the buffer, in place. Look at the status first: while it is in flight, out_len
 * says nothing.
 *
 * @throws LayoutError `length` when out_len points past the buffer.
 */
export const answerData = (buffer: Exchanged): Uint8Array => front(buffer, 'outLen');
