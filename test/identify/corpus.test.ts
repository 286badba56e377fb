import { describe, expect, it } from 'vitest';
import { identify, type Kind } from '../../src/evidence/identify.ts';
import { view } from '../../src/view.ts';
import { absent, bytesOf, type Entry, entries } from '../corpus.ts';

const CONTAINERS: readonly (readonly [string, Kind])[] = [
  ['container-azure-hcl', 'AzureHclReport'],
  ['container-oe-', 'OpenEnclaveEvidence'],
  ['container-oasis-pcs-bundle', 'CborEvidence'],
];

/** The kind that identify gives to what the manifest calls `entry.kind`. */
function wanted({ file, kind }: Entry): Kind {
  if (file === 'bad-derived-tdx-v4-empty.bin') return 'unknown';
  if (kind === 'quote') return 'Quote';
  if (kind === 'tdreport') return 'TdReport';
  if (kind === 'qgs') return file.includes('tdx-quote-hdr') ? 'GetQuoteBuffer' : 'QgsMessage';
  if (kind === 'container') return CONTAINERS.find(([start]) => file.startsWith(start))?.[1] ?? 'unknown';
  if (file.endsWith('.pem')) return 'Pem';
  return file.endsWith('.der') || file === 'collateral-go-tdx-guest-pckcrl.bin' ? 'Der' : 'Collateral';
}

const wrapped = (text: string, every: number): string => text.replace(new RegExp(`(.{${every}})`, 'g'), '$1\r\n');

/** Every text that people have for bytes. */
const encodings: Readonly<Record<string, (bytes: Buffer) => string>> = {
  hex: (bytes) => bytes.toString('hex'),
  'HEX behind 0x': (bytes) => `0x${bytes.toString('hex').toUpperCase()}\n`,
  'hex in columns': (bytes) => wrapped(bytes.toString('hex').replace(/(..)/g, '$1 '), 48),
  base64: (bytes) => bytes.toString('base64'),
  'base64 in lines without padding': (bytes) => `${wrapped(bytes.toString('base64').replace(/=+$/, ''), 64)}\n`,
  base64url: (bytes) => bytes.toString('base64url'),
  'hex of hex': (bytes) => Buffer.from(bytes.toString('hex')).toString('hex'),
  'JSON around hex': (bytes) =>
    JSON.stringify({ nonce: 'ab'.repeat(32), tee: { quote: `0x${bytes.toString('hex')}` } }),
  'JSON around base64': (bytes) => JSON.stringify([{ evidence: bytes.toString('base64') }], undefined, 2),
  'JSON text around base64 in lines': (bytes) => JSON.stringify(wrapped(bytes.toString('base64'), 76)),
};

describe.skipIf(absent)('identify on the corpus', () => {
  const binary = entries.filter(({ kind }) => kind !== 'expected');

  it('names every file', () => {
    const wrong: string[] = [];
    for (const entry of binary) {
      const it = identify(bytesOf(entry.file));
      if (it.kind !== wanted(entry)) wrong.push(`${entry.file}: ${it.kind}, ${it.notes.join(' ')}`);
    }
    expect(wrong).toEqual([]);
    expect(binary.length).toBeGreaterThan(0);
  });

  for (const [name, encode] of Object.entries(encodings)) {
    it(`names every piece of evidence as ${name}, and finds its bytes`, () => {
      const wrong: string[] = [];
      for (const entry of binary) {
        if (entry.kind === 'collateral' || entry.size === 0) continue;
        const bytes = Buffer.from(bytesOf(entry.file));
        const raw = identify(bytes);
        for (const text of [encode(bytes), Buffer.from(encode(bytes))]) {
          const it = identify(text);
          const same =
            it.kind === wanted(entry) &&
            it.layout === raw.layout &&
            it.offset === raw.offset &&
            Buffer.compare(it.bytes, raw.bytes) === 0;
          if (!same) wrong.push(`${entry.file}: ${it.kind}, ${it.notes.join(' ')}`);
        }
      }
      expect(wrong).toEqual([]);
    });
  }

  it('gives the layout that reads each genuine piece of evidence', () => {
    const genuine = binary.filter(
      ({ kind, malformed }) => ['quote', 'tdreport', 'qgs', 'container'].includes(kind) && !malformed,
    );
    const wrong: string[] = [];
    for (const { file } of genuine) {
      const { layout, bytes } = identify(bytesOf(file));
      try {
        if (layout) view(layout, bytes);
        else wrong.push(`${file}: no layout`);
      } catch (error) {
        wrong.push(`${file}: ${String(error)}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('says nothing about the length of a quote that ends where its file ends', () => {
    const whole = entries.filter(
      ({ kind, malformed, trailingBytes }) => kind === 'quote' && !malformed && trailingBytes === 0,
    );
    for (const { file } of whole) {
      const { notes } = identify(bytesOf(file));
      expect([file, notes.filter((note) => !note.startsWith('It attests an SGX enclave'))]).toEqual([file, []]);
    }
  });

  it('says where a padded quote ends', () => {
    const padded = entries.filter(
      ({ kind, malformed, trailingBytes }) => kind === 'quote' && !malformed && (trailingBytes ?? 0) > 0,
    );
    for (const { file, quoteLength } of padded) {
      const { notes } = identify(bytesOf(file));
      expect([file, notes.join(' ')]).toEqual([file, expect.stringContaining(`ends at byte ${quoteLength};`)]);
    }
    expect(padded.length).toBeGreaterThan(0);
  });
});
