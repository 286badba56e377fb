import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { decode, toJson } from '../../src/index.ts';
import { QuoteV4 } from '../../src/structs/index.ts';
import { folder, main, run, sample, samplePath } from './command.ts';

const document = { kind: 'Quote', value: toJson(QuoteV4, decode(QuoteV4, sample)) };
const documentPath = join(folder, 'sample.json');
writeFileSync(documentPath, JSON.stringify(document));

const inputs: Readonly<Record<string, string | Uint8Array>> = {
  'raw bytes': sample,
  hex: sample.toString('hex'),
  'hex behind 0x with line breaks': `0x${sample.toString('hex').replace(/(.{60})/g, '$1\r\n')}\n`,
  base64: sample.toString('base64'),
  'base64 in lines': sample.toString('base64').replace(/(.{64})/g, '$1\n'),
  'base64url without padding': sample.toString('base64url'),
  'JSON around hex': JSON.stringify({ quote: sample.toString('hex') }),
};

const quoteOfVersion = (version: number): Uint8Array => {
  const quote = Buffer.from(sample);
  quote.writeUInt16LE(version);
  return quote;
};

describe('decode', () => {
  it('prints kind and canonical JSON of a file', () => {
    const { code, out, err } = run(['decode', samplePath]);
    expect([code, err]).toEqual([0, '']);
    expect(JSON.parse(out)).toEqual(document);
  });
  for (const [name, input] of Object.entries(inputs)) {
    it(`reads ${name} from standard input`, () => {
      expect(JSON.parse(run(['decode', '-'], input).out)).toEqual(document);
    });
  }

  const malformed: readonly (readonly [string, string | Uint8Array, string])[] = [
    ['a cut quote', sample.subarray(0, 700), 'QuoteV4.signatureData @636: needs 3956 bytes, 64 left\n'],
    ['nothing', '', 'tdx-codec: standard input: not recognised, 0 bytes.\nEmpty input.\n'],
    ['garbage', '0700', 'tdx-codec: standard input: not recognised, 4 bytes.\n'],
    ['a quote of another version', quoteOfVersion(6), 'Quote.version @0: must be 3, 4 or 5, is 6\n'],
    ['a cut TDREPORT', `81000000${'00'.repeat(96)}`, 'TdReport.reportmacstruct.cpusvn @16: '],
  ];
  for (const [name, input, message] of malformed) {
    it(`of ${name} prints nothing but the error, and exits with 2`, () => {
      const { code, out, err } = run(['decode', '-'], input);
      expect([code, out]).toEqual([2, '']);
      if (message.endsWith('\n')) expect(err).toBe(message);
      else expect(err).toMatch(/^TdReport\.reportmacstruct\.\S+ @\d+: needs \d+ bytes, \d+ left\n$/);
    });
  }

  it('refuses reserved bytes under --strict only', () => {
    const odd = Buffer.from(sample);
    odd[8] = 0xcc;
    expect(run(['decode', '-'], odd).code).toBe(0);
    expect(run(['decode', '--strict', '-'], odd)).toMatchObject({
      code: 2,
      out: '',
      err: 'QuoteV4.header.reserved @8: must be zero, byte 0 is 0xcc\n',
    });
  });
});

describe('encode', () => {
  it('gives back the bytes that decode has read', () => {
    expect(run(['encode', documentPath]).bytes.equals(sample)).toBe(true);
    expect(run(['encode', '--hex', '-'], JSON.stringify(document)).out).toBe(`${sample.toString('hex')}\n`);
    expect(run(['encode', '--base64', documentPath]).out).toBe(`${sample.toString('base64')}\n`);
  });
  it('writes to the file that -o names', () => {
    const path = join(folder, 'out.bin');
    expect(run(['encode', '-o', path, documentPath])).toMatchObject({ code: 0, out: '', err: '' });
    expect(readFileSync(path).equals(sample)).toBe(true);
  });
  const wrong: readonly (readonly [string, string, RegExp])[] = [
    ['text that is no JSON', 'quote', /^tdx-codec: standard input: no JSON: /],
    [
      'JSON without a kind',
      '{}',
      /^tdx-codec: standard input: must be \{"kind": \.\.\., "value": \.\.\.\}, as decode prints it\.\n$/,
    ],
    [
      'an unknown kind',
      '{"kind":"Quake","value":{}}',
      /^tdx-codec: standard input: kind "Quake" is no layout; see tdx-codec layout\.\n$/,
    ],
    ['a value that lacks a field', '{"kind":"TdReport","value":{}}', /^TdReport\.reportmacstruct: is missing\n$/],
  ];
  for (const [name, input, message] of wrong) {
    it(`refuses ${name}, and exits with 2`, () => {
      const { code, out, err } = run(['encode', '-'], input);
      expect([code, out]).toEqual([2, '']);
      expect(err).toMatch(message);
    });
  }
});

describe('--lines', () => {
  const texts = [sample.toString('hex'), sample.toString('base64'), `0x${sample.toString('hex').toUpperCase()}`];

  it('takes an input a line, reports the bad ones by number, and exits with 2', () => {
    const input = `${texts[0]}\n\n0400\n${texts[1]}\r\nnot at all!\n${texts[2]}`;
    const { code, out, err } = run(['decode', '--lines', '-'], input);
    expect(code).toBe(2);
    expect(
      out
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    ).toEqual([document, document, document]);
    expect(err.split('\n')).toEqual([
      'standard input, line 3: not recognised, 4 bytes.',
      'standard input, line 5: not recognised, 11 bytes.',
      '',
    ]);
    expect(run(['encode', '--lines', '--hex', '-'], out)).toMatchObject({
      code: 0,
      out: `${sample.toString('hex')}\n`.repeat(3),
    });
    expect(run(['encode', '--lines', '--base64', '-'], `{\n${JSON.stringify(document)}\n`)).toMatchObject({
      code: 2,
      out: `${sample.toString('base64')}\n`,
      err: expect.stringMatching(/^tdx-codec: |^standard input, line 1: no JSON: /) as string,
    });
  });

  it('waits for a reader that is slower than the input', async () => {
    const child = spawn(process.execPath, [main, 'decode', '--lines', '-'], { stdio: ['pipe', 'pipe', 'inherit'] });
    const line = `${sample.toString('hex')}\n`;
    let taken = 0;
    let full = false;
    // Nobody reads: the command must stop taking input long before 64 MiB.
    while (!full && taken < 1 << 26) {
      taken += line.length;
      if (child.stdin.write(line)) continue;
      full = await Promise.race([
        once(child.stdin, 'drain').then(() => false),
        new Promise<boolean>((resolve) => setTimeout(() => resolve(true), 500)),
      ]);
    }
    expect(full).toBe(true);
    child.stdin.end();
    let lines = 0;
    for await (const chunk of child.stdout as AsyncIterable<Buffer>) for (const byte of chunk) if (byte === 10) lines++;
    expect(lines).toBe(taken / line.length);
  });
});

describe('identify', () => {
  it('says in one line what it is, then its notes', () => {
    expect(run(['identify', '-'], sample.toString('base64'))).toMatchObject({
      code: 0,
      err: '',
      out: `Quote (QuoteV4), 4662 bytes
  Text: base64 of 4662 bytes.
  Padded: the quote ends at byte 4592; behind it, not signed: 70 bytes, all zero.
`,
    });
  });
  it('says of several files each by its name, and exits with 2 where one is not recognised', () => {
    const { code, out, err } = run(['identify', samplePath, documentPath, '-'], 'hello world');
    expect([code, err]).toEqual([2, '']);
    expect(out.split('\n').filter((line) => !line.startsWith(' '))).toEqual([
      `${samplePath}: Quote (QuoteV4), 4662 bytes`,
      expect.stringMatching(/sample\.json: JSON, \d+ bytes$/),
      'standard input: not recognised, 11 bytes',
      '',
    ]);
  });
  it('exits with 2 where nothing is recognised', () => {
    expect(run(['identify', '-'], 'hello!')).toMatchObject({ code: 2, out: 'not recognised, 6 bytes\n', err: '' });
  });
});

describe('layout', () => {
  it('prints byte map and table of one structure, whatever the case of its name', () => {
    const { out } = run(['layout', 'quoteheader']);
    expect(out).toMatch(/^QuoteHeader {2}48 bytes\nIntel TDX DCAP Quoting Library API, Quote Header\n/);
    expect(out).toMatch(
      /\n {5}4 {5}4 {2}teeType {13}TEE Type {14}u32\n {16}What is attested: 0 an SGX enclave, 0x81 a TD\.\n/,
    );
  });
  it('finds fields and bits by their name here or in the specification', () => {
    expect(run(['layout', 'TEE_TCB_SVN']).out).toMatch(/^TdReportBody10\.teeTcbSvn {2}at 0, 16 bytes, bytes\n {2}/m);
    expect(run(['layout', 'sept_ve_disable']).out).toMatch(/^TdInfo\.attributes {2}bit 28 is SEPT_VE_DISABLE/m);
  });
  it('prints every structure, none wider than 120 columns', () => {
    const { code, out } = run(['layout']);
    expect(code).toBe(0);
    for (const name of ['QuoteV4', 'QuoteV5', 'TdReport', 'TdxQuoteHdr', 'QgsFrame'])
      expect(out).toMatch(new RegExp(`^${name}  `, 'm'));
    expect(out.split('\n').filter((line) => line.length > 120)).toEqual([]);
  });
  it('names what was perhaps meant', () => {
    expect(run(['layout', 'QuoteV'])).toMatchObject({
      code: 1,
      out: '',
      err: 'tdx-codec: no structure, field or bit QuoteV; did you mean Quote? See tdx-codec layout.\n',
    });
  });
});

describe('usage', () => {
  const cases: readonly (readonly [string, readonly string[], RegExp])[] = [
    ['no command', [], /^tdx-codec: which command\?\n\ntdx-codec COMMAND/],
    ['an unknown command', ['frob'], /^tdx-codec: no command frob\. See tdx-codec --help\.\n$/],
    ['no file', ['decode'], /^tdx-codec: which file\? Give a name, or - for standard input\.\n$/],
    ['two files', ['decode', 'a', 'b'], /^tdx-codec: one file at a time, please: b is too much\.\n$/],
    [
      'an unknown option',
      ['decode', '--frob', 'x'],
      /^tdx-codec: decode has no option --frob\. See tdx-codec decode --help\.\n$/,
    ],
    [
      'a file that is not there',
      ['decode', 'not-there.bin'],
      /^tdx-codec: not-there\.bin: no such file or directory \(ENOENT\)\n$/,
    ],
    ['a folder', ['inspect', folder], /: illegal operation on a directory \(EISDIR\)\n$/],
    ['lines without a text form', ['encode', '--lines', '-'], /^tdx-codec: --lines needs --hex or --base64\.\n$/],
    ['both text forms', ['encode', '--hex', '--base64', '-'], /^tdx-codec: --hex or --base64, not both\.\n$/],
    [
      'a place that cannot be written',
      ['encode', '-o', join(folder, 'no', 'where'), documentPath],
      /: no such file or directory \(ENOENT\)\n$/,
    ],
  ];
  for (const [name, args, message] of cases) {
    it(`with ${name} exits with 1`, () => {
      const { code, out, err } = run(args);
      expect([code, out]).toEqual([1, '']);
      expect(err).toMatch(message);
    });
  }
  it('is explained by --help, for each command with examples', () => {
    const { code, out } = run(['--help']);
    expect(code).toBe(0);
    for (const command of ['inspect', 'decode', 'encode', 'identify', 'layout']) {
      expect(out).toContain(`  ${command} `);
      expect(run([command, '--help'])).toMatchObject({
        code: 0,
        err: '',
        out: expect.stringMatching(new RegExp(`^tdx-codec ${command} [^]*\nExamples\n  `)) as string,
      });
    }
  });
  it('gives the version of the package', () => {
    const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
      version: string;
    };
    expect(run(['--version'])).toMatchObject({ code: 0, out: `${version}\n` });
  });
  it('says nothing when its reader goes away', () => {
    const { stdout, stderr } = spawnSync('bash', [
      '-c',
      `for i in $(seq 200); do cat "$1"; echo; done | "$2" "$3" decode --lines - | head -c 20; echo " \${PIPESTATUS[1]}"`,
      'bash',
      hexPath,
      process.execPath,
      main,
    ]);
    expect([stdout.toString(), stderr.toString()]).toEqual([expect.stringMatching(/^\{"kind":"Quote","val 0\n$/), '']);
  });
});

const hexPath = join(folder, 'sample.hex');
writeFileSync(hexPath, sample.toString('hex'));

describe('diff', () => {
  const other = join(folder, 'other.bin');
  it('names the fields that differ and exits with 3; of the same bytes it exits with 0', () => {
    const changed = Uint8Array.from(sample);
    changed[568]! ^= 1;
    writeFileSync(other, changed);
    const { code, out } = run(['diff', '--json', samplePath, other]);
    expect(code).toBe(3);
    expect((JSON.parse(out) as { path: string }[]).map(({ path }) => path)).toEqual(['body.reportdata']);
    expect(run(['diff', samplePath, other]).out).toMatch(/^body\.reportdata\n {2}- 74/);
    expect(run(['diff', samplePath, samplePath])).toMatchObject({ code: 0, err: '' });
    expect(run(['diff', samplePath]).code).toBe(1);
  });
});

describe('whoever mistypes', () => {
  it.each([
    [['decoed'], 'tdx-codec: no command decoed; did you mean decode? See tdx-codec --help.\n'],
    [
      ['inspect', '--jsn', 'x'],
      'tdx-codec: inspect has no option --jsn; did you mean --json? See tdx-codec inspect --help.\n',
    ],
    [['encode', '-o'], 'tdx-codec: -o wants a value. See tdx-codec encode --help.\n'],
    [['decode', '--strict=1', 'x'], 'tdx-codec: --strict takes no value. See tdx-codec decode --help.\n'],
  ])('%j is told what is meant', (args, err) => {
    expect(run(args)).toMatchObject({ code: 1, out: '', err });
  });
});

describe('completion', () => {
  it.each(['bash', 'zsh', 'fish'])('for %s has every command and its options', (shell) => {
    const { code, out } = run(['completion', shell]);
    expect(code).toBe(0);
    for (const word of ['inspect', 'diff', 'no-hex', 'report-data']) expect(out).toContain(word);
  });
  it('for bash is a script that bash takes', () => {
    expect(spawnSync('bash', ['-n'], { input: run(['completion', 'bash']).out }).status).toBe(0);
  });
});

describe('-o', () => {
  it('leaves a good file as it was where the new one cannot be written', () => {
    const out = join(folder, 'kept');
    mkdirSync(out);
    const file = join(out, 'quote.bin');
    writeFileSync(file, sample);
    const json = run(['decode', samplePath]).out;
    expect(run(['encode', '-', '-o', file], json).code).toBe(0);
    expect(readFileSync(file)).toEqual(sample);
    expect(readdirSync(out)).toEqual(['quote.bin']);
    const limited = spawnSync(
      'bash',
      ['-c', `ulimit -f 1; trap '' XFSZ; "$0" "$1" encode - -o "$2"`, process.execPath, main, file],
      { input: json },
    );
    expect(limited.status).not.toBe(0);
    expect(readFileSync(file)).toEqual(sample);
    expect(readdirSync(out)).toEqual(['quote.bin']);
  });
});
