import { certificates, type DumpRow } from '../index.ts';
import { paint, wrap } from './style.ts';
import { rows as inRows } from './summary.ts';

const isZero = (bytes: Uint8Array): boolean => bytes.every((byte) => byte === 0);
const counted = (n: number, one: string): string => `${n} ${one}${n === 1 ? '' : 's'}`;

/** Bytes longer than this are not shown in the tree; the hexdump has them. */
const MOST = 64;
const PLAIN = /^[\n\r\t\x20-\x7e]+\0?$/;

/** What bytes are, in short. */
function bytesText(bytes: Uint8Array): string {
  if (bytes.length === 0) return paint('dim', 'none');
  const found = certificates(bytes);
  const [first] = found;
  if (first?.bytes.byteOffset === bytes.byteOffset) {
    const sizes = found.map((each) => each.bytes.length).join(', ');
    return `${counted(found.length, 'certificate')}, ${first.format.toUpperCase()}, of ${sizes} bytes`;
  }
  if (bytes.length > 4 && isZero(bytes)) return paint('dim', `${bytes.length} zero bytes`);
  if (bytes.length <= MOST) return Buffer.from(bytes).toString('hex');
  const text = Buffer.from(bytes.subarray(0, 40)).toString('latin1');
  const start = PLAIN.test(text)
    ? JSON.stringify(text).slice(1, -1)
    : Buffer.from(bytes.subarray(0, 16)).toString('hex');
  return `${start}... ${paint('dim', `${bytes.length} bytes`)}`;
}

/** What a field holds and what that means, in lines of at most `width`. */
function shown({ bytes, value }: DumpRow, meaning: string | undefined, width: number): string[] {
  const [raw = '', ...flags] = value.split(' ');
  const also =
    value !== '' && !raw.startsWith('0x') && Number(raw) > 9 ? paint('dim', ` = 0x${Number(raw).toString(16)}`) : '';
  const lines = value === '' ? inRows(bytesText(bytes), width) : [`${raw}${also}`];
  const says = meaning ?? flags.join(' ');
  if (says === '' || (says === 'zero' && bytes.length > 4 && isZero(bytes))) return lines;
  const [only] = lines;
  if (only && lines.length === 1 && value !== '' && raw.length + also.length + says.length + 2 <= width)
    return [`${only}  ${paint('cyan', says)}`];
  return [...lines, ...wrap(says, width).map((line) => paint('cyan', line))];
}

/** The names of a path behind the name of the layout. */
const namesOf = (path: string): string[] => path.split('.').slice(1);

/** What fits beside 32 digits. */
const beside = (width: number): number => Math.min(Math.max(width - 34, 20), 38);

/** The fields as a tree: a heading for each structure, and what its fields hold. */
export function tree(rows: readonly DumpRow[], meanings: Readonly<Record<string, string>>, width: number): string[] {
  const fields = rows.filter(({ error }) => !error);
  const widest = Math.max(
    0,
    ...fields.map(({ path }) => 2 * namesOf(path).length + (namesOf(path).at(-1)?.length ?? 0)),
  );
  const left = Math.min(widest + 2, beside(width));
  const lines: string[] = [];
  let open: string[] = [];
  for (const row of fields) {
    const names = namesOf(row.path);
    const parents = names.slice(0, -1);
    const same = parents.findIndex((name, i) => name !== open[i]);
    if (same >= 0)
      for (let i = same; i < parents.length; i++)
        lines.push(`${' '.repeat(2 * i + 2)}${paint('bold', parents[i] ?? '')}`);
    open = parents;
    const name = `${' '.repeat(2 * names.length)}${names.at(-1) ?? row.path}`;
    const [first = '', ...more] = shown(row, meanings[names.join('.')], width - left - 1);
    const held = name.length < left ? [`${name.padEnd(left)}${first}`] : [name, ' '.repeat(left) + first];
    lines.push(...held, ...more.map((line) => ' '.repeat(left) + line));
  }
  return lines;
}
