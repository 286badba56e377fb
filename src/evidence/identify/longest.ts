/** Keeps the longest of many, without keeping the others. */
export class Longest<T> {
  readonly #most: number;
  readonly #kept: { readonly size: number; readonly it: T }[] = [];
  /** How many there were besides those that are kept. */
  dropped = 0;
  constructor(most: number) {
    this.#most = most;
  }
  /** `make` is called only if it is kept. */
  offer(size: number, make: () => T): void {
    const last = this.#kept.at(-1);
    if (this.#kept.length === this.#most) {
      this.dropped++;
      if (last && last.size >= size) return;
      this.#kept.pop();
    }
    const place = this.#kept.findIndex((each) => each.size < size);
    this.#kept.splice(place < 0 ? this.#kept.length : place, 0, { size, it: make() });
  }
  get all(): readonly T[] {
    return this.#kept.map(({ it }) => it);
  }
}
