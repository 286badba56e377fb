/** The byte and text strings of a CBOR item that takes all the bytes, or undefined where there is no such item. */
export function cborStrings(bytes: Uint8Array): { offset: number; bytes: Uint8Array }[] | undefined {
  const strings: { offset: number; bytes: Uint8Array }[] = [];
  // Items still to come, innermost container last; Infinity where a break byte ends the container.
  const open = [1];
  let at = 0;
  while (open.length > 0) {
    const left = open[open.length - 1] ?? 0;
    if (left === 0) {
      open.pop();
      continue;
    }
    const head = bytes[at++];
    if (head === undefined || open.length > 64) return undefined;
    if (head === 0xff && left === Number.POSITIVE_INFINITY) {
      open.pop();
      continue;
    }
    open[open.length - 1] = left - 1;
    const major = head >> 5;
    const info = head & 31;
    const wide = info < 24 || info === 31 ? 0 : info < 28 ? 1 << (info - 24) : -1;
    if (wide < 0 || at + wide > bytes.length) return undefined;
    let value = info;
    if (wide > 0) value = bytes.subarray(at, at + wide).reduce((sum, byte) => sum * 256 + byte, 0);
    at += wide;
    const endless = info === 31;
    if (endless && (major < 2 || major === 6 || major === 7)) return undefined;
    if (major === 2 || major === 3) {
      if (endless) open.push(Number.POSITIVE_INFINITY);
      else if (value > bytes.length - at) return undefined;
      else {
        strings.push({ offset: at, bytes: bytes.subarray(at, at + value) });
        at += value;
      }
    } else if (major === 4 || major === 5) {
      // Every item takes a byte, so more of them than bytes is no CBOR.
      const items = endless ? Number.POSITIVE_INFINITY : major === 5 ? value * 2 : value;
      if (!endless && items > bytes.length - at) return undefined;
      open.push(items);
    } else if (major === 6) open.push(1);
  }
  return at === bytes.length ? strings : undefined;
}
