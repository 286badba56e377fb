// The input: one genuine TD quote v4. From the corpus where there is one, else the project's own sample.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const project = fileURLToPath(new URL('..', import.meta.url));

/** @returns {{ file: string, about: string }} the first by name that is 4936 bytes long and has nothing after its end */
export function sample() {
  const corpus = process.env.TDX_CORPUS ?? join(project, '../shared/corpus');
  const manifest = join(corpus, 'manifest.json');
  if (existsSync(manifest)) {
    const found = JSON.parse(readFileSync(manifest, 'utf8'))
      .filter((e) => e.kind === 'quote' && e.version === 4 && e.tee === 'tdx' && !e.malformed && !e.synthetic)
      .filter((e) => e.size === 4936 && e.quoteLength === 4936 && e.certDataChain === '6>5')
      .map((e) => e.file)
      .sort();
    for (const name of found) {
      const file = join(corpus, 'files', name);
      if (existsSync(file)) return { file, about: `a genuine TD quote v4 of 4936 bytes (${name} of the corpus)` };
    }
  }
  return {
    file: join(project, 'test/vectors/quote-v4/sample-tdx.bin'),
    about: "the project's own sample, test/vectors/quote-v4/sample-tdx.bin",
  };
}

/** A copy outside of Node's buffer pool. */
export function load(file) {
  return Uint8Array.from(readFileSync(file));
}

function view(u8) {
  return new DataView(u8.buffer, u8.byteOffset, u8.byteLength);
}

/** Where the variable parts of a quote v4 begin and end. */
export function cuts(u8) {
  const authSize = view(u8).getUint16(1218, true);
  return { inner: 1220 + authSize, end: 636 + view(u8).getUint32(632, true) };
}

/** The same quote with `extra` more bytes of certificate chain. */
export function grown(u8, extra) {
  const { inner, end } = cuts(u8);
  const out = new Uint8Array(u8.length + extra).fill(0x0a);
  out.set(u8.subarray(0, end));
  out.set(u8.subarray(end), end + extra);
  const dv = view(out);
  for (const at of [632, 766, inner + 2]) dv.setUint32(at, dv.getUint32(at, true) + extra, true);
  return out;
}

/** The same quote, once with each of its length fields as large as it can be. */
export function hostile(u8) {
  return [
    [632, 4],
    [766, 4],
    [1218, 2],
    [cuts(u8).inner + 2, 4],
  ].map(([at, size]) => {
    const out = u8.slice();
    out.fill(0xff, at, at + size);
    return out;
  });
}
