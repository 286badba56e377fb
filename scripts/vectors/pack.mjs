// npm run vectors:pack     writes tdx-codec-vectors-<version>.tgz: the golden vectors, for those who use another language
//
// The same files give the same bytes on every machine: GNU tar sorts the names and leaves out times and owners.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
const name = `tdx-codec-vectors-${version}`;
const uniform = [
  '--format=ustar',
  '--sort=name',
  '--mtime=@0',
  '--owner=0',
  '--group=0',
  '--numeric-owner',
  '--mode=u=rwX,go=rX',
];
const named = ['--directory=test/vectors', `--transform=s,^\\.,${name},`];
const tar = execFileSync('tar', ['-c', ...uniform, ...named, '.'], { maxBuffer: 2 ** 28 });
const packed = gzipSync(tar, { level: 9 });
// Which system has packed it.
packed[9] = 255;
const target = process.argv[2] ?? `${name}.tgz`;
writeFileSync(target, packed);
console.log(`${target}: ${packed.length} bytes`);
