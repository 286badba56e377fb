import { type Struct, sizeOf } from '../layout/vocabulary.ts';
import { paint } from './style.ts';

const EACH = 16;
const CELL = 4;
/** A field shows at most so many whole lines of its own. */
const MOST_LINES = 3;

interface Piece {
  readonly label: string;
  readonly cells: number;
  readonly starts: boolean;
}

const cut = (text: string, width: number): string => (text.length <= width ? text : `${text.slice(0, width - 1)}~`);

/** A structure drawn to scale, 16 bytes a line; a bar stands where a field begins. */
export function byteMap(struct: Struct): string[] {
  const lines: string[] = [];
  let pieces: Piece[] = [];
  let column = 0;
  let at: number | undefined = 0;
  const gutter = (text: string): string => paint('dim', text.padStart(6));
  const flush = (): void => {
    if (pieces.length === 0) return;
    const drawn = pieces.map(
      ({ label, cells, starts }) => `${starts ? '|' : ' '}${cut(label, cells * CELL - 1).padEnd(cells * CELL - 1)}`,
    );
    lines.push(`${gutter(at === undefined ? '' : String(at - column))} ${drawn.join('')}|`);
    pieces = [];
    column = 0;
  };
  for (const [name, { type }] of Object.entries(struct.fields)) {
    const size = sizeOf(type);
    if (size === undefined) {
      flush();
      lines.push(`${gutter(at === undefined ? '' : String(at))} |${`${name} ...`.padEnd(EACH * CELL - 1)}|`);
      at = undefined;
      continue;
    }
    // The label goes where the field has most room: its first piece, or the line below where that is longer.
    const room = EACH - column;
    const below = size > room && room * CELL - 1 < name.length && size - room > room;
    let left = size;
    for (let piece = 0; left > 0; piece++) {
      const cells = Math.min(left, EACH - column);
      pieces.push({ label: piece === (below ? 1 : 0) ? name : '', cells, starts: piece === 0 });
      column += cells;
      left -= cells;
      if (at !== undefined) at += cells;
      if (column === EACH) flush();
      const whole = Math.floor(left / EACH);
      if (column === 0 && piece === MOST_LINES - 2 && whole > MOST_LINES - 1) {
        const skipped = (whole - 1) * EACH;
        lines.push(`${gutter('')}  ${paint('dim', `... ${skipped} bytes more of ${name}`)}`);
        left -= skipped;
        if (at !== undefined) at += skipped;
      }
    }
  }
  flush();
  const ruler = Array.from({ length: EACH }, (_, i) => String(i).padEnd(CELL)).join('');
  return [paint('dim', `${' '.repeat(8)}${ruler}`.trimEnd()), ...lines];
}
