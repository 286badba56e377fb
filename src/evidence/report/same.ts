/** Whether both are the same bytes. */
export const same = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, i) => byte === b[i]);

/** Whether all bytes are zero. */
export const zero = (bytes: Uint8Array): boolean => bytes.every((byte) => byte === 0);
