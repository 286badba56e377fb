/* As much of DER as leads to the extensions of a certificate. Lengths are definite and checked; nothing recurses. */

/** One element: its tag, and from where to where its content lies. */
export interface Element {
  readonly tag: number;
  readonly from: number;
  readonly to: number;
}

const SEQUENCE = 0x30;
const BOOLEAN = 0x01;
const OID = 0x06;
const OCTET_STRING = 0x04;
const EXTENSIONS = 0xa3;
/** Version to key are 7; two unique identifiers and the extensions may follow. */
const MOST_PARTS = 10;
/** A certificate has ten or so. */
const MOST_EXTENSIONS = 256;

/** The element at `at` that ends no later than `end`, or undefined. */
export function elementAt(bytes: Uint8Array, at: number, end: number): Element | undefined {
  const tag = bytes[at];
  const first = bytes[at + 1];
  if (tag === undefined || first === undefined || at + 2 > end || (tag & 0x1f) === 0x1f) return undefined;
  const digits = first < 0x80 ? 0 : first & 0x7f;
  if (first === 0x80 || digits > 4) return undefined;
  let size = digits === 0 ? first : 0;
  for (let i = 0; i < digits; i++) size = size * 256 + (bytes[at + 2 + i] ?? 0);
  const from = at + 2 + digits;
  return from + size <= end ? { tag, from, to: from + size } : undefined;
}

/** The elements from `from` to `to`, as far as they can be read. */
function* elements(bytes: Uint8Array, { from, to }: Pick<Element, 'from' | 'to'>): Generator<Element> {
  for (let at = from; at < to; ) {
    const element = elementAt(bytes, at, to);
    if (!element) return;
    yield element;
    at = element.to;
  }
}

/** An extension of a certificate. */
interface Extension {
  /** The content of its object identifier. */
  readonly oid: Uint8Array;
  /** Where its value lies. */
  readonly value: Element;
}

/** The parts of a certificate that tell what it is. */
export interface Certificate {
  readonly issuer: Uint8Array;
  readonly subject: Uint8Array;
  extensions(): Generator<Extension>;
}

/** Whether the bytes are one DER sequence. */
export function isSequence(bytes: Uint8Array): boolean {
  const whole = elementAt(bytes, 0, bytes.length);
  return whole?.tag === SEQUENCE && whole.to === bytes.length;
}

/** A certificate, or undefined for anything that does not look like one. */
export function certificateOf(bytes: Uint8Array): Certificate | undefined {
  const whole = elementAt(bytes, 0, bytes.length);
  const signed = whole?.tag === SEQUENCE ? elementAt(bytes, whole.from, whole.to) : undefined;
  if (signed?.tag !== SEQUENCE) return undefined;
  const parts: Element[] = [];
  for (const part of elements(bytes, signed)) if (parts.push(part) === MOST_PARTS) break;
  // The version may be missing.
  const rest = parts[0]?.tag === 0xa0 ? parts.slice(1) : parts;
  const [serial, algorithm, issuer, validity, subject, key] = rest;
  if (serial?.tag !== 0x02 || !issuer || !subject) return undefined;
  if ([algorithm, issuer, validity, subject, key].some((part) => part?.tag !== SEQUENCE)) return undefined;
  const holder = rest.find(({ tag }) => tag === EXTENSIONS);
  return {
    issuer: bytes.subarray(issuer.from, issuer.to),
    subject: bytes.subarray(subject.from, subject.to),
    extensions: () => extensionsIn(bytes, holder),
  };
}

function* extensionsIn(bytes: Uint8Array, holder: Element | undefined): Generator<Extension> {
  const list = holder && elementAt(bytes, holder.from, holder.to);
  if (!list) return;
  let left = MOST_EXTENSIONS;
  for (const each of elements(bytes, list)) {
    if (left-- === 0) return;
    const id = elementAt(bytes, each.from, each.to);
    if (id?.tag !== OID) continue;
    // Whether it is critical may stand in between.
    const second = elementAt(bytes, id.to, each.to);
    const value = second?.tag === BOOLEAN ? elementAt(bytes, second.to, each.to) : second;
    if (value?.tag === OCTET_STRING) yield { oid: bytes.subarray(id.from, id.to), value };
  }
}
