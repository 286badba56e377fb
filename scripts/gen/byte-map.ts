// Draws a structure to scale, a line of bytes under the other, as a picture that needs no script and no style sheet.
import { type Layout, type Row, type Struct, sizeOf, type Type } from '../../src/layout.ts';

const WIDTH = 768;
const GUTTER = 48;
const LINE = 26;
const MOST_LINES = 26;
/** A field shows at most so many lines of its own; the rest is cut out of it. */
const SHOWN = 3;

const FILL: Readonly<Record<Type['kind'] | 'gap', string>> = {
  uint: '#d6e6fb',
  bits: '#e4dbf8',
  bytes: '#fdf0cf',
  array: '#fbe3c4',
  reserved: '#e7e7e7',
  struct: '#d5efdb',
  rest: '#fff',
  sized: '#fff',
  oneOf: '#d5efdb',
  union: '#d5efdb',
  bySize: '#d5efdb',
  gap: '#fff',
};

const xml = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');

interface Piece {
  readonly line: number;
  readonly from: number;
  readonly to: number;
}

interface Block {
  readonly name: string;
  readonly kind: Type['kind'];
  readonly title: string;
  readonly pieces: readonly Piece[];
  /** Of a block whose middle lines are left out: the line after which they are. */
  readonly cutAfter: number | undefined;
  readonly variable: boolean;
}

interface Drawing {
  readonly blocks: readonly Block[];
  /** What stands left of each line: the offset of its first byte. */
  readonly gutter: readonly string[];
}

const bytesIn = (size: number): string => `${size} byte${size === 1 ? '' : 's'}`;

/** Lays the rows out on lines of `each` bytes. */
function drawn(rows: Readonly<Record<string, Row>>, each: number, variableSize: (type: Type) => string): Drawing {
  const blocks: Block[] = [];
  const gutter: string[] = [];
  let line = 0;
  let column = 0;
  let at: number | undefined = 0;
  const mark = (offset: number | undefined): void => {
    gutter[line] ??= offset === undefined ? '' : String(offset);
  };
  for (const [name, { type }] of Object.entries(rows)) {
    const size = sizeOf(type);
    const { kind } = type;
    if (size === undefined) {
      if (column > 0) line++;
      column = 0;
      mark(at);
      const title = `${name}: ${variableSize(type)}`;
      blocks.push({ name, kind, title, pieces: [{ line, from: 0, to: each }], cutAfter: undefined, variable: true });
      line++;
      at = undefined;
      continue;
    }
    const pieces: Piece[] = [];
    const full = Math.floor((size - (column === 0 ? 0 : Math.min(size, each - column))) / each);
    const skip = full > SHOWN + 1 ? full - SHOWN : 0;
    let left = size;
    let cutAfter: number | undefined;
    let seen = 0;
    while (left > 0) {
      mark(at);
      const taken = Math.min(left, each - column);
      pieces.push({ line, from: column, to: column + taken });
      left -= taken;
      if (at !== undefined) at += taken;
      if (taken === each && ++seen === 2 && skip > 0) {
        cutAfter = line;
        left -= skip * each;
        if (at !== undefined) at += skip * each;
      }
      column += taken;
      if (column === each) {
        column = 0;
        line++;
      }
    }
    blocks.push({ name, kind, title: `${name}: ${bytesIn(size)}`, pieces, cutAfter, variable: false });
  }
  return { blocks, gutter };
}

/** The label that fits into so many pixels, and its size: with the number of bytes where there is room. */
function label({ name, title, variable }: Block, room: number): { text: string; size: number } | undefined {
  const choices = variable ? [title, name] : [title.replace(/: (\d+).*/, ' ($1)'), name];
  const width = (text: string, size: number): number => text.length * size * 0.61 + 6;
  for (const size of [13, 11, 9]) {
    const text = choices.find((each, i) => width(each, size) <= room && (size === 13 || i === 1 || variable));
    if (text !== undefined) return { text, size };
  }
  const letters = Math.floor((room - 6) / (9 * 0.61));
  return letters < 3 ? undefined : { text: `${name.slice(0, letters - 1)}…`, size: 9 };
}

function blockSvg(block: Block, cell: number): string {
  const x = ({ from }: Piece): number => GUTTER + from * cell;
  const y = ({ line }: Piece): number => line * LINE;
  const fill = FILL[block.kind];
  const dash = block.variable ? ' stroke-dasharray="5 3"' : '';
  const shapes = block.pieces.map((piece) => {
    const width = (piece.to - piece.from) * cell;
    return `<rect x="${x(piece)}" y="${y(piece)}" width="${width}" height="${LINE}" fill="${fill}" stroke="none"/>`;
  });
  // The outline is drawn edge by edge, so that lines of one field are not fenced off from each other.
  const edges: string[] = [];
  const has = (line: number, byte: number): boolean =>
    block.pieces.some((piece) => piece.line === line && piece.from <= byte && byte < piece.to);
  for (const piece of block.pieces) {
    const top = y(piece);
    const left = x(piece);
    const right = GUTTER + piece.to * cell;
    edges.push(`M${left} ${top}V${top + LINE}`, `M${right} ${top}V${top + LINE}`);
    for (const [line, edge] of [
      [piece.line - 1, top],
      [piece.line + 1, top + LINE],
    ] as const) {
      let from: number | undefined;
      for (let byte = piece.from; byte <= piece.to; byte++) {
        const open = byte < piece.to && !has(line, byte);
        if (open) from ??= byte;
        else if (from !== undefined) {
          edges.push(`M${GUTTER + from * cell} ${edge}H${GUTTER + byte * cell}`);
          from = undefined;
        }
      }
    }
  }
  const cut =
    block.cutAfter === undefined
      ? ''
      : `<path d="M${GUTTER} ${(block.cutAfter + 1) * LINE}H${GUTTER + WIDTH}" stroke="#8a8a8a" stroke-dasharray="1 5" stroke-width="2"/>`;
  const widest = block.pieces.reduce((best, piece) => (piece.to - piece.from > best.to - best.from ? piece : best));
  const alike = block.pieces.filter((piece) => piece.to - piece.from === widest.to - widest.from);
  const at = alike[Math.floor((alike.length - 1) / 2)] ?? widest;
  const shown = label(block, (at.to - at.from) * cell);
  const text = shown
    ? `<text x="${GUTTER + ((at.from + at.to) / 2) * cell}" y="${y(at) + LINE / 2}" font-size="${shown.size}">${xml(shown.text)}</text>`
    : '';
  return `<g><title>${xml(block.title)}</title>${shapes.join('')}${cut}<path d="${edges.join('')}" stroke="#555"${dash}/>${text}</g>`;
}

/** The picture of a structure, or undefined for a union, which has no bytes of its own. */
export function byteMap(layout: Layout, variableSize: (type: Type) => string): string | undefined {
  if (layout.kind !== 'struct') return undefined;
  const struct: Struct = layout;
  const per =
    [8, 16, 32, 64].find((each) => drawn(struct.fields, each, variableSize).gutter.length <= MOST_LINES) ?? 64;
  const { blocks, gutter } = drawn(struct.fields, per, variableSize);
  const height = gutter.length * LINE + 2;
  const offsets = gutter.map(
    (text, i) => `<text x="${GUTTER - 8}" y="${i * LINE + LINE / 2}" text-anchor="end" fill="#666">${text}</text>`,
  );
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 -1 ${GUTTER + WIDTH + 2} ${height}" width="${GUTTER + WIDTH + 2}" height="${height}" role="img" font-family="ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="11" text-anchor="middle" dominant-baseline="central">`,
    `<title>${struct.name}, ${per} bytes a line</title>`,
    `<rect y="-1" width="100%" height="100%" fill="#fff"/>`,
    `<g>${offsets.join('')}</g>`,
    ...blocks.map((block) => blockSvg(block, WIDTH / per)),
    '</svg>',
  ].join('\n')}\n`;
}
