const decoded = (encoding: string, bytes: Uint8Array, from: number, to: number): string =>
  // A copy, since a decoder takes no shared memory.
  new TextDecoder(encoding).decode(bytes.slice(from, to));

/**
 * The text that bytes are: printable ASCII, or any UTF-8 where it begins as JSON does, maybe with a byte order mark in
 * front or NULs behind; or UTF-16 with its mark. Undefined for other bytes.
 */
export function textIn(bytes: Uint8Array): string | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return utf16(bytes);
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end--;
  const start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  const isJson = '{["'.includes(String.fromCharCode(bytes[start] ?? 0));
  for (let i = start; i < end; i++) {
    const byte = bytes[i]!;
    if ((byte < 0x20 && byte !== 9 && byte !== 10 && byte !== 13) || (byte > 0x7e && !isJson)) return undefined;
  }
  return end > start ? decoded('utf-8', bytes, start, end) : undefined;
}

/** What some shells write for redirected output. Only ASCII in it is taken for text. */
function utf16(bytes: Uint8Array): string | undefined {
  for (let i = 3; i < bytes.length; i += 2) if (bytes[i] !== 0) return undefined;
  return bytes.length > 2 && bytes.length % 2 === 0 ? decoded('utf-16le', bytes, 2, bytes.length) : undefined;
}

const isBlank = (code: number): boolean => code <= 0x20 || code === 0xfeff || code === 0xa0;

/** The same text without white space, NULs and byte order marks at its ends. */
export function trimmed(text: string): string {
  let from = 0;
  let to = text.length;
  while (from < to && isBlank(text.charCodeAt(from))) from++;
  while (to > from && isBlank(text.charCodeAt(to - 1))) to--;
  return text.slice(from, to);
}
