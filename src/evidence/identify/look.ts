import type { Found } from './found.ts';

/** Finds out what is inside of something: bytes, or a text. */
export type Look = (inside: Uint8Array | string) => Found;

/** So many containers, one in another, are looked into. */
const DEEPEST = 8;
/** So many parts are looked at, all in all. */
const MOST_PARTS = 64;
/** So much of the size of the input is looked at, all in all, since each container shows the same bytes again. */
const TIMES = 4;
/** Small inputs may be wrapped as often as they like. */
const FREE = 0x10000;

/** How far one call goes, so that its time is the input's size times a constant whatever is wrapped in what. */
export class Reach {
  #bytes: number;
  #parts = MOST_PARTS;
  readonly #ends = new Set<string>();
  constructor(size: number) {
    this.#bytes = TIMES * size + FREE;
  }
  /** Whether so many bytes, so many containers deep, are still looked at. */
  allows(size: number, depth: number): boolean {
    const end = this.#endAt(size, depth);
    if (end) this.#ends.add(end);
    else {
      this.#bytes -= size;
      this.#parts--;
    }
    return end === undefined;
  }
  #endAt(size: number, depth: number): string | undefined {
    if (depth > DEEPEST) return `Wrapped more than ${DEEPEST} times: what is deeper inside was not looked at.`;
    if (this.#parts === 0) return `There are more than ${MOST_PARTS} parts inside: the others were not looked at.`;
    if (size > this.#bytes) return 'Wrapped again and again: what is deeper inside was not looked at.';
    return undefined;
  }
  /** Where it stopped, one sentence each. */
  get ends(): readonly string[] {
    return [...this.#ends];
  }
}
