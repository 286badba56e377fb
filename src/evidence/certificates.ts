/** A certificate where it stands in certification data: its bytes are shared with the data. */
export interface Certificate {
  /** How it is written. */
  readonly format: 'pem' | 'der';
  /** From `-----BEGIN` to `-----`, or the DER sequence. */
  readonly bytes: Uint8Array;
}

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (char) => char.charCodeAt(0));
const BEGIN = /* @__PURE__ */ ascii('-----BEGIN CERTIFICATE-----');
const END = /* @__PURE__ */ ascii('-----END CERTIFICATE-----');

function find(bytes: Uint8Array, wanted: Uint8Array, from: number): number {
  const first = wanted[0] ?? 0;
  for (let at = bytes.indexOf(first, from); at >= 0; at = bytes.indexOf(first, at + 1)) {
    if (wanted.every((byte, i) => bytes[at + i] === byte)) return at;
  }
  return -1;
}

/** The length of the DER sequence at `at`, or 0 where there is none. */
function sequence(bytes: Uint8Array, at: number): number {
  const first = bytes[at + 1];
  if (bytes[at] !== 0x30 || first === undefined) return 0;
  if (first < 0x80) return at + 2 + first <= bytes.length ? 2 + first : 0;
  const digits = first & 0x7f;
  if (digits === 0 || digits > 4 || at + 2 + digits > bytes.length) return 0;
  const length = bytes.subarray(at + 2, at + 2 + digits).reduce((sum, byte) => sum * 256 + byte, 0);
  return at + 2 + digits + length <= bytes.length ? 2 + digits + length : 0;
}

/**
 * The certificates in certification data of type 4 or 5, in the order in which they stand there: usually leaf,
 * intermediate, root, but nothing guarantees it. PEM blocks, or DER sequences one behind the other; none for anything
 * else. Nothing is copied and nothing inside a certificate is looked at.
 */
export function certificates(data: Uint8Array): Certificate[] {
  // A Node Buffer would pass on its own kind.
  const own = new Uint8Array(data.buffer, data.byteOffset, data.length);
  const found: Certificate[] = [];
  for (let at = find(own, BEGIN, 0); at >= 0; ) {
    const end = find(own, END, at);
    if (end < 0) return found;
    found.push({ format: 'pem', bytes: own.subarray(at, end + END.length) });
    at = find(own, BEGIN, end);
  }
  if (found.length > 0) return found;
  for (let at = 0, size = sequence(own, 0); size > 0; size = sequence(own, at)) {
    found.push({ format: 'der', bytes: own.subarray(at, at + size) });
    at += size;
  }
  return found;
}
