/** What is wrong, in one word. Codes are never renamed; new ones may be added. */
export type LayoutErrorCode =
  /** The bytes end before the field does. */
  | 'truncated'
  /** Bytes are left where the layout ends. */
  | 'trailing'
  /** A length, of bytes or in a length field, is not the one the layout asks for. */
  | 'length'
  /** A number does not fit its field. */
  | 'range'
  /** A field that has one right value holds another. */
  | 'constant'
  /** A tag selects no layout that is known here. */
  | 'variant'
  /** Reserved bytes are not zero, or an unknown bit is set (strict reading only). */
  | 'reserved'
  /** A value lacks a field. */
  | 'missing'
  /** A value is of the wrong kind: text for a number, an unknown key. */
  | 'type';

/**
 * The one error that bytes or values can cause. `message` is one line:
 * `<path> @<offset>: <what the layout says>, <what was found>`.
 */
export class LayoutError extends Error {
  /** What is wrong, in one word. */
  readonly code: LayoutErrorCode;
  /** Where in the layout, from its name on: `QuoteV4.body.mrtd`, `TdInfo.rtmr[2]`. */
  readonly path: string;
  /** Where in the bytes, counted from the start of the layout; undefined for values. */
  readonly offset: number | undefined;

  constructor(code: LayoutErrorCode, path: string, offset: number | undefined, says: string) {
    super(offset === undefined ? `${path}: ${says}` : `${path} @${offset}: ${says}`);
    this.name = 'LayoutError';
    this.code = code;
    this.path = path;
    this.offset = offset;
  }
}

/**
 * The same error, of something that stands at a path in something else. `layout` is what its own path begins with. In a
 * value there is no offset.
 */
export function below(error: unknown, layout: string, path: string, isValue = false): unknown {
  if (!(error instanceof LayoutError)) return error;
  const says = error.message.slice(error.message.indexOf(': ') + 2);
  return new LayoutError(error.code, path + error.path.slice(layout.length), isValue ? undefined : error.offset, says);
}
