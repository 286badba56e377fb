// One case of one peer, measured in a process of its own: node --expose-gc bench/case.mjs CASE PEER '{"file":...}'
// Prints {ns: {median, best}} or {heap, external}; what the peer gives back is checked by the case `check`, which runs first.
import { generateKeyPairSync, sign, verify } from 'node:crypto';
import { evict, load as loadPacked, naive, wantedMrtd, wantedReportdata } from './filter.mjs';
import { peer } from './peers/index.mjs';
import { grown, hostile, load } from './sample.mjs';

const [, , what, who, options] = process.argv;
const {
  file,
  warm = 150,
  ms = 120,
  packed,
  count,
  stride,
  expected,
  passes = 8,
  extra = 0,
  lengths = 1,
  strict = false,
} = JSON.parse(options);

let sink = 0;
const now = () => process.hrtime.bigint();

function must(condition, message) {
  if (!condition) throw new Error(`${who} ${what}: ${message}`);
}

function same(a, b) {
  return Buffer.compare(Buffer.from(a.buffer, a.byteOffset, a.length), b) === 0;
}

const middle = (list) => list.sort((a, b) => a - b)[list.length >> 1];

/** Runs `loop(n)` until it is compiled, then in samples of about 4 ms. */
function time(loop) {
  let n = 1;
  let spent = 0;
  for (const until = Number(now()) / 1e6 + warm; Number(now()) / 1e6 < until; ) {
    const from = now();
    sink ^= loop(n);
    spent = Number(now() - from);
    if (spent < 2e6) n *= 2;
  }
  n = Math.max(1, Math.round((n * 4e6) / spent));
  const samples = [];
  for (const until = Number(now()) / 1e6 + ms; samples.length < 9 || Number(now()) / 1e6 < until; ) {
    const from = now();
    sink ^= loop(n);
    samples.push(Number(now() - from) / n);
  }
  return { ns: { median: middle(samples), best: samples[0] } };
}

/**
 * Bytes allocated per call, with a young generation so large that nothing is collected meanwhile.
 * Buffers freed by a collection are swept in the background, so it must have come to rest before counting.
 * The least of three runs: whatever is on top of it is not of the call.
 */
async function weigh(loop) {
  const run = async (n) => {
    for (let i = 0; i < 2; i++) globalThis.gc();
    await new Promise((done) => setTimeout(done, 25));
    const from = process.memoryUsage();
    sink ^= loop(n);
    const to = process.memoryUsage();
    return {
      heap: Math.max(0, to.heapUsed - from.heapUsed) / n,
      external: Math.max(0, to.external - from.external) / n,
    };
  };
  for (let i = 0; i < 20; i++) sink ^= loop(500);
  const first = await run(500);
  const n = Math.max(500, Math.min(100000, Math.round(2.4e7 / (first.heap + first.external + 1))));
  const runs = [await run(n), await run(n), await run(n)];
  const least = (part) => Math.round(Math.min(...runs.map((r) => r[part])));
  return { heap: least('heap'), external: least('external') };
}

const bytes = file ? load(file) : new Uint8Array(0);
const copies = (k, of = bytes) => Array.from({ length: k }, () => of.slice());
const ring = Array.from({ length: 64 }, () => null);

/** As many quotes as there are lengths, of which no two have the same. */
const lengthened = (input, count) =>
  Array.from({ length: count }, (_, i) => {
    const padded = new Uint8Array(input.length + i);
    padded.set(input);
    return padded;
  });

/** Every result stays reachable for 64 rounds: it escapes, so the compiler cannot take its allocation away. */
function keep(make, inputs) {
  const mask = inputs.length - 1;
  return (n) => {
    for (let i = 0; i < n; i++) ring[i & 63] = make(inputs[i & mask]);
    return ring[(n - 1) & 63] === null ? 1 : 0;
  };
}

const cases = {
  check(p) {
    const five = p.read5(p.open(bytes));
    if (p.least5) must(p.least5(bytes) === five, 'least5 differs from read5');
    if (p.encode) {
      must(same(p.encode(p.decodeForEncode(bytes)), bytes), 'encode does not give the input back');
      if (p.encodeInto) {
        const into = new Uint8Array(bytes.length);
        must(
          p.encodeInto(p.decodeForEncode(bytes), into) === bytes.length && same(into, bytes),
          'encodeInto does not give the input back',
        );
      }
    }
    if (p.images) {
      must(same(p.encode(p.images(bytes)), bytes), 'ready images do not give the input back');
      must(
        same(p.stamp(bytes.slice(), bytes.slice(568, 632), bytes.slice(636, 700)), bytes),
        'edit does not give the input back',
      );
    }
    let cut = 0;
    for (let size = 0; size < bytes.length; size++) {
      try {
        p.open(bytes.slice(0, size));
        cut++;
      } catch {}
    }
    const json = p.toJsonable(bytes);
    must(same(bytes, load(file)), 'the input was written to');
    return { five, json, cut, name: p.name, version: p.version };
  },

  open: (p) => time(keep(p.open, copies(8))),
  /** Every check and every rule of strict reading. */
  openStrict: (p) => time(keep(p.openStrict, copies(8))),
  weigh: (p) => {
    const input = extra > 0 ? grown(bytes, extra) : bytes;
    return weigh(keep(strict ? p.openStrict : p.open, lengths > 1 ? lengthened(input, lengths) : copies(8, input)));
  },

  read5(p) {
    const inputs = copies(8);
    return time((n) => {
      let x = 0;
      for (let i = 0; i < n; i++) x ^= p.read5(p.open(inputs[i & 7])) + i;
      return x;
    });
  },

  least5(p) {
    const inputs = copies(8);
    return time((n) => {
      let x = 0;
      for (let i = 0; i < n; i++) x ^= p.least5(inputs[i & 7]) + i;
      return x;
    });
  },

  /** Quotes of so many lengths that few are like one that is remembered. */
  openFresh: (p) => time(keep(p.open, lengthened(bytes, 1024))),
  openMixed: (p) => time(keep(p.open, lengthened(bytes, 64))),

  json: (p) => time(keep(p.toJsonable, copies(8))),
  /** One document, parsed already. */
  validate: (p) =>
    time(
      keep(
        p.validateJson,
        copies(8).map((quote) => JSON.parse(JSON.stringify(p.toJsonable(quote)))),
      ),
    ),
  decode: (p) => time(keep(p.decodeForEncode, copies(8))),
  encode: (p) => time(keep(p.encode, copies(8).map(p.decodeForEncode))),
  assemble: (p) => time(keep(p.encode, copies(8).map(p.images))),

  encodeInto(p) {
    const into = new Uint8Array(bytes.length);
    return time(writes(p.encodeInto, copies(8).map(p.decodeForEncode), into));
  },
  assembleInto(p) {
    const into = new Uint8Array(bytes.length);
    return time(writes(p.encodeInto, copies(8).map(p.images), into));
  },

  edit(p) {
    const data = copies(8).map((b) => b.slice(568, 632));
    const signature = bytes.slice(636, 700);
    return time(keep((reportdata) => p.stamp(bytes.slice(), reportdata, signature), data));
  },
  editInto(p) {
    const into = new Uint8Array(bytes.length);
    const data = copies(8).map((b) => b.slice(568, 632));
    const signature = bytes.slice(636, 700);
    return time((n) => {
      let x = 0;
      for (let i = 0; i < n; i++) {
        into.set(bytes);
        x ^= p.stamp(into, data[i & 7], signature)[i & 4095];
      }
      return x;
    });
  },

  /** Three getters of 64 headers that are open already. */
  scalar(p) {
    const headers = copies(64).map(p.header);
    const { ns } = time((n) => {
      let x = 0;
      for (let i = 0; i < n; i++) {
        const h = headers[i & 63];
        x ^= h.version + h.attestationKeyType + h.teeType + i;
      }
      return x;
    });
    return { ns: { median: ns.median / 3, best: ns.best / 3 } };
  },

  /** The largest allocation per refused input, errors included. */
  async hostile(p) {
    const attempt = (f) => (input) => {
      try {
        return f(input);
      } catch (error) {
        return error;
      }
    };
    let most = 0;
    for (const input of hostile(bytes)) {
      for (const f of [p.open, p.decodeForEncode]) {
        must(attempt(f)(input) instanceof Error, 'a hostile length is accepted');
        const { heap, external } = await weigh(keep(attempt(f), [input]));
        most = Math.max(most, heap + external);
      }
    }
    return { heap: most, external: 0 };
  },

  /** What a verifier spends on one signature, for proportion. */
  verify() {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const signed = bytes.subarray(0, 632);
    const signature = sign('sha256', signed, privateKey);
    return time((n) => {
      let good = 0;
      for (let i = 0; i < n; i++) if (verify('sha256', signed, publicKey, signature)) good++;
      must(good === n, 'a good signature is refused');
      return good;
    });
  },

  filter(p) {
    const all = loadPacked(packed, count * stride);
    const dataView = new DataView(all.buffer);
    const run = p.filter;
    const pass = () => {
      const from = now();
      const found = run(dataView, stride, count, wantedMrtd, wantedReportdata);
      const spent = Number(now() - from) / count;
      must(found === expected, `found ${found} quotes, not ${expected}`);
      return spent;
    };
    for (let i = 0; i < 3; i++) pass();
    const hot = Array.from({ length: passes * 2 }, pass);
    const cold = Array.from({ length: passes }, () => {
      sink ^= evict();
      return pass();
    });
    const both = (list) => ({ median: middle(list), best: list[0] });
    return { hot: both(hot), cold: both(cold) };
  },
};

function writes(encodeInto, values, into) {
  return (n) => {
    let x = 0;
    for (let i = 0; i < n; i++) x ^= encodeInto(values[i & 7], into) + into[i & 4095];
    return x;
  };
}

const subject = who === 'node' ? null : who === 'naive' ? { filter: naive } : await peer(who);
const result = await cases[what](subject);
process.stdout.write(JSON.stringify({ ...result, sink: sink & 1 }));
