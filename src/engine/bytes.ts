/* What counts as bytes. */

const typedArray = /* @__PURE__ */ (() => Object.getPrototypeOf(Uint8Array.prototype) as object)();
/** Gives the name of a typed array's kind, whatever realm made it; undefined for anything else. */
const naming = /* @__PURE__ */ (() => Object.getOwnPropertyDescriptor(typedArray, Symbol.toStringTag))();

/** Whether something is a Uint8Array, of this realm or of another (a frame, a worker's test environment). */
export const isBytes = (it: unknown): it is Uint8Array => naming?.get?.call(it) === 'Uint8Array';

/**
 * The same memory as a plain Uint8Array of this realm, so that no part of a Node Buffer is a Buffer.
 *
 * @throws TypeError for anything but a Uint8Array.
 */
export function plain<B extends ArrayBufferLike>(bytes: Uint8Array<B>): Uint8Array<B> {
  if (!isBytes(bytes)) throw new TypeError(`bytes must be a Uint8Array${hint(bytes)}`);
  // Of a detached buffer nothing can be made any more, not even nothing.
  if (bytes.length === 0) return new Uint8Array(0) as Uint8Array<B>;
  return bytes.constructor === Uint8Array ? bytes : new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
}

const hint = (it: unknown): string => (typeof it === 'string' ? ', not text: identify decodes text' : '');
