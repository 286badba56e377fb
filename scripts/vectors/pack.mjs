// npm run vectors:pack     writes tdx-codec-vectors-<version>.tgz: the golden vectors, for those who use another language, as files, as a Go
//                          module and as a Rust crate
//
// The same files give the same bytes on every machine: GNU tar sorts the names and leaves out times and owners.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';

const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
const name = `tdx-codec-vectors-${version}`;

const cargo = `[package]
name = "tdx-codec-vectors"
version = "${version}"
edition = "2021"
description = "Golden vectors of Intel TDX attestation structures"
license = "CC0-1.0"
`;

const crate = (
  files,
) => `//! Golden vectors of Intel TDX attestation structures: bytes, what they mean, and bytes that must be refused. README.md says how to read them.

/// \`manifest.json\`, which lists all vectors.
pub static MANIFEST: &str = include_str!("../manifest.json");

/// A vector, or the bytes that it names, under its path in the manifest.
pub fn file(path: &str) -> Option<&'static [u8]> {
    FILES.binary_search_by_key(&path, |(name, _)| name).ok().map(|at| FILES[at].1)
}

static FILES: &[(&str, &[u8])] = &[
${files.map((file) => `    ("${file}", include_bytes!("../${file}")),`).join('\n')}
];
`;

const vectors = 'test/vectors';
const files = readdirSync(vectors, { recursive: true })
  .filter((path) => /^[^/]+\/[^/]+\.(json|bin)$/.test(path))
  .sort((a, b) => (a < b ? -1 : 1));
const beside = mkdtempSync(join(tmpdir(), 'tdx-codec-vectors-'));
process.on('exit', () => rmSync(beside, { recursive: true, force: true }));
cpSync('scripts/vectors/pack', beside, { recursive: true });
mkdirSync(join(beside, 'src'));
writeFileSync(join(beside, 'Cargo.toml'), cargo);
writeFileSync(join(beside, 'src/lib.rs'), crate(files));

const uniform = [
  '--format=ustar',
  '--sort=name',
  '--mtime=@0',
  '--owner=0',
  '--group=0',
  '--numeric-owner',
  '--mode=u=rwX,go=rX',
];
const named = ['--exclude=__pycache__', `--transform=s,^,${name}/,`];
const from = (folder) => [`--directory=${resolve(folder)}`, ...readdirSync(folder).sort()];
const tar = execFileSync('tar', ['-c', ...uniform, ...named, ...from(vectors), ...from(beside)], {
  maxBuffer: 2 ** 28,
});
const packed = gzipSync(tar, { level: 9 });
// Which system has packed it.
packed[9] = 255;
const target = process.argv[2] ?? `${name}.tgz`;
writeFileSync(target, packed);
console.log(`${target}: ${files.length} files of vectors, ${packed.length} bytes`);
