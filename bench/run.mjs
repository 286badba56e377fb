// Measures ourselves, the peers and C in one run and holds the result against the targets.
//   node bench/run.mjs             about 5 minutes; writes docs/performance.md
//   node bench/run.mjs --quick     under a minute, coarser, writes nothing
//   node bench/run.mjs --only=open,json
// Every case of every peer runs in a process of its own, in several rounds that take turns.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { core } from './core.mjs';
import { pack, wantedMrtd, wantedReportdata } from './filter.mjs';
import { notes } from './notes.mjs';
import { hand, npm } from './peers/index.mjs';
import { grown, load, sample } from './sample.mjs';
import { targets } from './targets.mjs';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const quick = process.argv.includes('--quick');
const only = process.argv
  .find((a) => a.startsWith('--only='))
  ?.slice(7)
  .split(',');
const wants = (what) => !only || only.includes(what);
const say = (text) => process.stderr.write(`${text}\n`);

const built = ['view', 'codec', 'json', 'lens'].every((verb) => existsSync(here(`../dist/${verb}.js`)));
const ours = built ? ['ours'] : [];
const { file, about } = sample();
const quote = load(file);
const scratch = mkdtempSync(join(tmpdir(), 'bench-'));
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));
process.on('SIGINT', () => process.exit(130));

const rounds = quick ? 1 : 7;
const timing = quick ? { warm: 120, ms: 60 } : { warm: 250, ms: 120 };
// Collecting on the measured thread counts the cost of garbage in full and keeps it from the neighbours; it also favours the peers.
const calm = ['--expose-gc', '--single-threaded-gc'];
const roomy = ['--expose-gc', '--min-semi-space-size=256', '--max-semi-space-size=256'];

function child(what, who, options = {}, flags = calm) {
  const args = [...flags, here('case.mjs'), what, who, JSON.stringify({ file, ...timing, ...options })];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', maxBuffer: 1 << 26 });
  if (status !== 0) throw new Error(`${what} of ${who} failed:\n${stderr}`);
  return JSON.parse(stdout);
}

// The floor

function compiler() {
  const { status, stdout } = spawnSync('gcc', ['--version'], { encoding: 'utf8' });
  return status === 0 ? stdout.split('\n')[0] : null;
}

const gcc = compiler();
const floor = join(scratch, 'floor');
if (gcc)
  execFileSync('gcc', ['-O2', '-std=c11', '-Wall', '-Wextra', here('floor.c'), '-o', floor], { stdio: 'inherit' });
const c = (...args) => JSON.parse(execFileSync(floor, args.map(String), { encoding: 'utf8' }));

// Nothing is timed that is not right

const checked = {};

function leaves(value, path, into) {
  if (typeof value === 'object' && value !== null) for (const key in value) leaves(value[key], `${path}.${key}`, into);
  else into.set(path, value);
  return into;
}

function check() {
  let first = null;
  for (const who of [...hand, ...npm, ...ours]) {
    const result = child('check', who);
    checked[who] = result;
    first ??= result;
    if (result.five !== first.five) throw new Error(`${result.name} reads five other values`);
    const [theirs, reference] = [leaves(result.json, '', new Map()), leaves(first.json, '', new Map())];
    if (who === 'ours') {
      const values = new Set(theirs.values());
      for (const path of [
        'body.mrtd',
        'body.reportdata',
        'signatureData.quoteSignature',
        'signatureData.qe.report.mrenclave',
        'signatureData.qe.pem',
      ])
        if (!values.has(reference.get(`.${path}`))) throw new Error(`JSON of ${result.name} lacks ${path}`);
      continue;
    }
    let shared = 0;
    for (const [path, value] of theirs) {
      if (!reference.has(path)) continue;
      if (reference.get(path) !== value) throw new Error(`JSON of ${result.name} differs at ${path}`);
      shared++;
    }
    if (shared < 25) throw new Error(`JSON of ${result.name} has only ${shared} fields in common`);
  }
  if (gcc && c('ops', file, 1).five !== first.five) throw new Error('C reads five other values');
}

// Measuring

const samples = new Map();
function add(what, who, ns) {
  const key = `${what} ${who}`;
  if (!samples.has(key)) samples.set(key, []);
  samples.get(key).push(ns);
}

const encoders = ['hand-object', 'micro-packed', 'restructure', 'typed-binary', 'typed-struct'];
const plan = {
  open: [...hand, ...ours, ...npm],
  openMixed: ['hand-dataview', 'kaitai', ...ours],
  openFresh: ['hand-dataview', 'kaitai', ...ours],
  openStrict: ours,
  read5: [...hand, ...ours, ...npm],
  least5: ['kaitai'],
  json: [...hand, ...ours, ...npm],
  validate: ours,
  decode: ['restructure', ...ours],
  encode: [...encoders, ...ours],
  encodeInto: ['hand-object', 'restructure', ...ours],
  assemble: ours,
  assembleInto: ours,
  edit: ours,
  editInto: ours,
  scalar: built ? ['hand-u8', ...ours] : [],
  verify: ['node'],
};

function measure() {
  for (let round = 0; round < rounds; round++) {
    say(`round ${round + 1} of ${rounds}`);
    if (gcc) for (const [what, ns] of Object.entries(c('ops', file, timing.ms))) if (ns.median) add(what, 'c', ns);
    for (const [what, peers] of Object.entries(plan)) {
      if (!wants(what)) continue;
      const turn = round % 2 ? [...peers].reverse() : peers;
      for (const who of turn) add(what, who, child(what, who).ns);
    }
  }
}

const stride = quote.length;
const count = quick ? 20000 : 100000;
function filters() {
  const packed = join(scratch, 'packed');
  const wanted = join(scratch, 'wanted');
  const expected = pack(packed, quote, count);
  writeFileSync(wanted, Buffer.concat([wantedMrtd, wantedReportdata]));
  const passes = quick ? 5 : 10;
  for (let round = 0; round < (quick ? 1 : 4); round++) {
    say(`filter ${round + 1}`);
    const results = [];
    if (gcc) results.push(['c', c('filter', packed, count, stride, passes, wanted)]);
    if (gcc && results[0][1].found !== expected)
      throw new Error(`C found ${results[0][1].found} quotes, not ${expected}`);
    for (const who of [...ours, 'naive']) {
      results.push([
        who,
        child('filter', who, { file: null, packed, count, stride, expected, passes: who === 'naive' ? 3 : passes }),
      ]);
    }
    for (const [who, { hot, cold }] of results) {
      add('filterHot', who, hot);
      add('filterCold', who, cold);
    }
  }
  rmSync(packed);
}

const weights = new Map();
function weighAll() {
  say('memory');
  for (const who of [...hand, ...npm, ...ours]) weights.set(who, child('weigh', who, {}, roomy));
}

const extras = [0, 3064, 60600];
const ways = [
  ...extras.map((extra) => ({ extra })),
  { lengths: 1024, says: 'of lengths not remembered' },
  { strict: true, says: 'strictly' },
];
let oursWeights = null;
let hostile = null;
function weighOurs() {
  oursWeights = ways.map(({ says, ...options }) => ({
    says: says ?? `of ${grown(quote, options.extra).length}`,
    ...child('weigh', 'ours', options, roomy),
  }));
  hostile = child('hostile', 'ours', {}, roomy).heap;
}

// Results

const middle = (list) => [...list].sort((a, b) => a - b)[list.length >> 1];
const results = {
  size: quote.length,
  core: null,
  get hostile() {
    return hostile;
  },
  get(what, who) {
    const list = samples.get(`${what} ${who}`);
    return list && { median: middle(list.map((s) => s.median)), best: Math.min(...list.map((s) => s.best)) };
  },
  /** How many times as long as `b` `a` takes: the median of the rounds, in each of which both ran within seconds. */
  ratio(a, b) {
    const [over, under] = [a, b].map(([what, who]) => samples.get(`${what} ${who}`));
    if (!over || !under) return null;
    const rounds = over.map((s, i) => s.median / under[i].median);
    return { value: middle(rounds), best: results.get(...a).best / results.get(...b).best };
  },
  fastest(what) {
    const found = npm.filter((who) => results.get(what, who));
    return found.sort((a, b) => results.get(what, a).median - results.get(what, b).median)[0];
  },
  name: (who) => checked[who]?.name ?? who,
  weights: () => oursWeights,
};

function table(head, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, i) => (i === 0 ? '---' : '--:'))), ...rows.map(line)].join('\n');
}

const number = (n) => (n < 10 ? n.toFixed(1) : Math.round(n).toLocaleString('en'));
const ns = (r) => (r ? `${number(r.median)} (${number(r.best)})` : '-');

function field() {
  const order = [...hand, ...npm, ...ours].sort(
    (a, b) => (results.get('open', a)?.best ?? 0) - (results.get('open', b)?.best ?? 0),
  );
  const rows = order.map((who) => {
    const w = weights.get(who);
    const { name, version, cut } = checked[who];
    const label = version === '-' ? name : `${name} ${version}`;
    return [
      who === 'ours' ? `**${label}**` : label,
      ...['open', 'read5', 'json', 'encode'].map((what) => ns(results.get(what, who))),
      w ? `${w.heap.toLocaleString('en')} + ${w.external.toLocaleString('en')}` : '-',
      String(cut),
    ];
  });
  if (gcc)
    rows.unshift([
      'C, packed structs',
      ...['open', 'read5', 'json'].map((what) => ns(results.get(what, 'c'))),
      '-',
      '0',
      '-',
    ]);
  return table(
    ['', 'open', 'open, read 5', 'to JSON', 'encode', 'B per open, heap + other', 'cut quotes accepted'],
    rows,
  );
}

/** What opening costs where nothing is remembered, since the table of peers shows the other case. */
function unlike() {
  const [fresh, kaitai, hand] = ['ours', 'kaitai', 'hand-dataview'].map((who) => results.get('openFresh', who));
  const strict = results.get('openStrict', 'ours');
  if (!fresh || !strict) return '';
  const times = (a, b) => (a.median / b.median).toFixed(1);
  return `Where no shape is remembered an open takes ${number(fresh.median)} ns (${number(fresh.best)}): ${times(kaitai, fresh)} times
faster than kaitai-struct, and ${times(fresh, hand)} times as long as the DataView code by hand, on the same quotes. Strict reading, with all of its rules, takes
${number(strict.median)} ns (${number(strict.best)}).`;
}

function details() {
  const rows = [
    ['open quotes of 64 lengths in turn, all remembered', 'openMixed', ['hand-dataview', 'kaitai', ...ours]],
    ['open quotes of 1,024 lengths in turn, few remembered', 'openFresh', ['hand-dataview', 'kaitai', ...ours]],
    ['open strictly', 'openStrict', ours],
    ['open and read 5 with the least of kaitai-struct', 'least5', ['kaitai']],
    ['validate one JSON document', 'validate', ours],
    ['decode to objects', 'decode', ['restructure', ...ours]],
    ['encode into a given buffer', 'encodeInto', ['hand-object', 'restructure', ...ours]],
    ['encode from ready images, new buffer', 'assemble', ours],
    ['encode from ready images, given buffer', 'assembleInto', [...ours, 'c']],
    ['copy and edit, new buffer', 'edit', ours],
    ['copy and edit, given buffer', 'editInto', ours],
    ['one scalar getter', 'scalar', ['hand-u8', ...ours]],
    ['filter, hot, per quote', 'filterHot', ['c', ...ours, 'naive']],
    ['filter, cold, per quote', 'filterCold', ['c', ...ours, 'naive']],
    ['one P-256 verification, for proportion', 'verify', ['node']],
  ];
  const label = { c: 'C', naive: 'subarray and hex', node: 'node:crypto' };
  return table(
    ['', 'peer', 'median', 'best'],
    rows.flatMap(([text, what, peers]) =>
      peers
        .filter((who) => results.get(what, who))
        .map((who) => {
          const r = results.get(what, who);
          return [text, label[who] ?? results.name(who), number(r.median), number(r.best)];
        }),
    ),
  );
}

function verdicts() {
  const rows = targets.map(({ key, claim, most, least, unit = 'x', measure: value }) => {
    const show = (n) => `${Number.isInteger(n) || n >= 100 ? Math.round(n) : n.toFixed(2)}${unit}`;
    const target = least === undefined ? `<= ${show(most)}` : `>= ${show(least)}`;
    const m = value(results);
    if (!m) return [claim, target, 'not measured', '-', '-', ''];
    const met = least === undefined ? m.value <= most : m.value >= least;
    const why = [m.text, met ? '' : notes[key]].filter(Boolean).join('; ');
    return [claim, target, show(m.value), m.best === undefined ? '-' : show(m.best), met ? 'yes' : '**no**', why];
  });
  return table(['claim', 'target', 'measured', 'by best samples', 'met', ''], rows);
}

function report() {
  const { model } = cpus()[0];
  return `# Performance

Generated by \`node bench/run.mjs\`; do not edit. One run on ${model}, ${cpus().length} cores, Node ${process.version}, ${gcc ?? 'no C compiler'}.
Input: ${about}. Times in ns per quote, medians of ${rounds} rounds (best samples in parentheses), one process per case
and round. Ratios are medians of the ratios of each round. Only they count: a shared machine moves single figures by 20 % and more. Garbage is collected on the measured thread
(--single-threaded-gc), so that its whole cost is counted.

Parsing is a small part of verifying: a signature costs more than opening a quote a thousand times. Zero-copy pays where quotes are scanned, indexed,
filtered or cached, and where garbage collection hurts. It does not make verification faster.

## Against the targets

${verdicts()}

## The field

${field()}

In "open" and "to JSON" every result escapes (64 stay reachable), so that no allocation can be optimised away; in "open, read 5" it dies at once. Every
peer was checked before it was timed: the same five values, the same JSON leaf by leaf, the input back from encode, nothing written into the input.
"Cut quotes accepted" counts the proper prefixes of the quote that a peer opens without an error; bytes after the end of the signature data are no
error to anybody. To JSON means an object ready for JSON.stringify: hex for bytes, text for the certificate chain; C writes the JSON text itself.
@phala/dcap-qvl is its parser alone; it leaves the QE report undecoded.

In "open" a quote comes again whose shape is known: its length and every number that decides where something lies are those of one before. Quotes of
one platform are like that, quotes from everywhere are not. ${unlike()}

## The rest

${details()}

The filter looks for one MRTD (one quote in sixteen has it), then for one report data, in ${count.toLocaleString('en')} quotes packed at ${stride} bytes. Before each cold
pass 128 MiB of other memory are read. C and JavaScript read the same file into their own memory.
`;
}

try {
  say(`input: ${about}`);
  if (!built) say('dist is not built: measuring the peers only');
  if (!gcc) say('no gcc: measuring without C');
  const from = Date.now();
  check();
  measure();
  if (wants('filter')) filters();
  if (wants('weigh')) weighAll();
  if (built && wants('weigh')) weighOurs();
  if (wants('core')) results.core = await core();
  const text = report();
  process.stdout.write(text);
  if (built && !quick && !only) {
    mkdirSync(here('../docs'), { recursive: true });
    writeFileSync(here('../docs/performance.md'), text);
  }
  say(`${Math.round((Date.now() - from) / 1000)} s`);
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
