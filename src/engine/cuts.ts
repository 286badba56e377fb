/*
 * What a measurement leaves behind: the byte positions at which variable parts begin and end (the cuts), and which
 * variants were chosen (the picks). Everything else lies at a constant distance from one of them.
 */

/** Cut 0 is where the layout begins. */
export const BASE = 0;
/** Number 1 is no position: the indices of the chosen variants, four bits each. */
export const PICKS = 1;

/** Fields instead of an array: a typed array of a few numbers weighs more than the view that keeps it. */
export class Cuts {
  readonly picks: number;
  readonly c2: number;
  readonly c3: number;
  readonly c4: number;
  readonly c5: number;
  readonly c6: number;
  constructor(all: Readonly<Int32Array>) {
    this.picks = all[PICKS]!;
    this.c2 = all[2]!;
    this.c3 = all[3]!;
    this.c4 = all[4]!;
    this.c5 = all[5]!;
    this.c6 = all[6]!;
  }
}
const FIELDS = 7;

class MoreCuts extends Cuts {
  readonly more: Readonly<Int32Array>;
  constructor(all: Readonly<Int32Array>, count: number) {
    super(all);
    this.more = all.slice(FIELDS, count);
  }
}

/** Keeps the first `count` of these. */
export const cutsOf = (all: Readonly<Int32Array>, count: number): Cuts =>
  count > FIELDS ? new MoreCuts(all, count) : new Cuts(all);

/** A cut that is not {@link PICKS}. */
export function cutAt(cuts: Cuts, i: number): number {
  switch (i) {
    case BASE:
      return 0;
    case 2:
      return cuts.c2;
    case 3:
      return cuts.c3;
    case 4:
      return cuts.c4;
    case 5:
      return cuts.c5;
    case 6:
      return cuts.c6;
    default:
      return (cuts as MoreCuts).more[i - FIELDS]!;
  }
}
