// npm run vectors:pack     writes tdx-codec-vectors-<version>.tgz: the golden vectors, for those who use another language
//
// The same files give the same bytes on every machine: names are sorted, and times and owners are zero.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const root = 'test/vectors';
const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
const name = `tdx-codec-vectors-${version}`;

const LICENSE = `CC0-1.0

To the extent possible under law, the authors of tdx-codec have waived all copyright and related or neighbouring rights
to these test vectors and to read.py. https://creativecommons.org/publicdomain/zero/1.0/
`;

/** A header of the ustar format: 512 bytes, numbers in octal, the sum over all of them at 148. */
function header(path: string, size: number): Buffer {
  const block = Buffer.alloc(512);
  const octal = (value: number, at: number, width: number) =>
    block.write(`${value.toString(8).padStart(width - 1, '0')}\0`, at, 'latin1');
  if (block.write(path, 0, 100, 'latin1') !== path.length) throw new Error(`${path} is too long for a tar header`);
  octal(0o644, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(size, 124, 12);
  octal(0, 136, 12);
  block.write('        0', 148, 'latin1');
  block.write('ustar\x0000', 257, 'latin1');
  block.write(
    `${block
      .reduce((sum, byte) => sum + byte, 0)
      .toString(8)
      .padStart(6, '0')}\0 `,
    148,
    'latin1',
  );
  return block;
}

const files = readdirSync(root, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && /\.(json|bin|md|py)$/.test(entry.name))
  .map((entry) => join(entry.parentPath, entry.name).replaceAll('\\', '/'))
  .map((path): [string, Buffer] => [path.slice(root.length + 1), readFileSync(path)]);
const blocks = [...files, ['LICENSE', Buffer.from(LICENSE)] as const]
  .toSorted(([a], [b]) => (a < b ? -1 : 1))
  .flatMap(([path, bytes]) => [
    header(`${name}/${path}`, bytes.length),
    bytes,
    Buffer.alloc((512 - (bytes.length % 512)) % 512),
  ]);
const packed = gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)]), { level: 9 });
// Which system has packed it.
packed[9] = 255;
const target = process.argv[2] ?? `${name}.tgz`;
writeFileSync(target, packed);
console.log(`${target}: ${blocks.length / 3} files, ${packed.length} bytes`);
