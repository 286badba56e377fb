import type { DumpRow } from '../index.ts';
import { paint } from './style.ts';

/** Of a longer field, the middle lines are left out. */
const MOST_LINES = 8;

const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
const ascii = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('');
const isText = (bytes: Uint8Array): boolean =>
  bytes.length > 16 &&
  bytes.every((byte) => (byte >= 0x20 && byte < 0x7f) || byte === 10 || byte === 13 || byte === 0) &&
  bytes[0] !== 0;

/** Every byte with its offset, and beside it the field that it belongs to, under the names of the structures around. */
export function hexdump(rows: readonly DumpRow[], width: number): string[] {
  // Beside 16 bytes there is no room for a name in a narrow terminal.
  const each = width < 80 ? 8 : 16;
  const end = rows.at(-1);
  // Decimal, as in error messages and in the tables of the specifications.
  const digits = Math.max(4, String((end?.offset ?? 0) + (end?.bytes.length ?? 0)).length);
  const line = (at: number, bytes: Uint8Array, beside: string): string =>
    `${paint('dim', String(at).padStart(digits))}  ${hex(bytes).padEnd(each * 3 - 1)}  ${beside}`.trimEnd();
  const lines: string[] = [];
  let around: string | undefined;
  for (const { path, bytes, offset, value, error } of rows) {
    const names = path.split('.').slice(1);
    const name = names.pop() ?? path;
    const parents = names.join('.');
    if (parents !== around && parents !== '') lines.push(`${' '.repeat(digits + 2)}${paint('bold', parents)}`);
    around = parents;
    const room = width - digits - 3 * each - 4 - name.length;
    const meaning = value === '' || value.length > Math.min(room, 24) ? '' : ` ${value}`;
    const label = error ? paint('red', `${name}: does not fit`) : paint('cyan', name) + meaning;
    if (bytes.length === 0 && error) lines.push(line(offset, bytes, label));
    const total = Math.ceil(bytes.length / each);
    const text = isText(bytes);
    for (let i = 0; i < total; i++) {
      if (total > MOST_LINES && i === 3) {
        const left = total - 4;
        lines.push(`${' '.repeat(digits + 2)}${paint('dim', `... ${left * each} bytes more`)}`);
        i = total - 1;
      }
      const own = bytes.subarray(i * each, (i + 1) * each);
      lines.push(line(offset + i * each, own, i === 0 ? label : text ? paint('dim', ascii(own)) : ''));
    }
  }
  return lines;
}
