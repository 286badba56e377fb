// What is to be reached. `measure` takes the results and gives {value, best?, text?}; a target is met when value <= most or >= least.

/** How many times as long as theirs ours takes. */
const times = (what, theirs) => (r) => r.ratio([what, 'ours'], [what, theirs]);
/** How many times faster than theirs ours is. */
const faster =
  (what, theirs, whatTheirs = what) =>
  (r) =>
    r.ratio([whatTheirs, theirs], [what, 'ours']);

const weight = (part) => (r) => {
  const sizes = r.weights();
  return (
    sizes && {
      value: Math.max(...sizes.map((s) => s[part])),
      text: sizes.map((s) => `${s[part]} B ${s.says}`).join(', '),
    }
  );
};

export const targets = [
  {
    key: 'open-dataview',
    claim: 'open with all checks, vs DataView code by hand',
    most: 0.5,
    measure: times('open', 'hand-dataview'),
  },
  { key: 'open-kaitai', claim: 'open, vs kaitai-struct compiled ahead', least: 15, measure: faster('open', 'kaitai') },
  { key: 'open-restructure', claim: 'open, vs restructure', least: 150, measure: faster('open', 'restructure') },
  { key: 'open-dcap-qvl', claim: 'open, vs @phala/dcap-qvl', least: 100, measure: faster('open', 'dcap-qvl') },
  { key: 'scalar', claim: 'one scalar getter, vs u8 code by hand', most: 1.15, measure: times('scalar', 'hand-u8') },
  {
    key: 'read5-kaitai',
    claim: 'open and read 5 fields, vs the part of kaitai-struct that suffices',
    least: 4,
    measure: faster('read5', 'kaitai', 'least5'),
  },
  { key: 'open-heap', claim: 'heap per open', most: 128, unit: ' B', measure: weight('heap') },
  { key: 'open-external', claim: 'memory outside the heap per open', most: 0, unit: ' B', measure: weight('external') },
  {
    key: 'filter-cold',
    claim: 'cold filter, vs C on the same bytes (best of all passes)',
    most: 1.3,
    measure: (r) => {
      const [x, y] = [r.get('filterCold', 'c'), r.get('filterCold', 'ours')];
      return x && y
        ? { value: y.best / x.best, best: y.best / x.best, text: `by medians ${(y.median / x.median).toFixed(2)}x` }
        : null;
    },
  },
  { key: 'filter-hot', claim: 'hot filter, vs C on the same bytes', most: 3.5, measure: times('filterHot', 'c') },
  {
    key: 'filter-naive',
    claim: 'cold filter, vs subarray and hex comparison',
    least: 10,
    measure: faster('filterCold', 'naive'),
  },
  {
    key: 'decode',
    claim: 'decode to objects, vs restructure without checks',
    most: 1.3,
    measure: times('decode', 'restructure'),
  },
  {
    key: 'encode',
    claim: 'encode from objects, vs restructure without checks',
    most: 1.3,
    measure: times('encode', 'restructure'),
  },
  {
    key: 'assemble',
    claim: 'encode from ready images into a new buffer, vs encode of restructure',
    least: 10,
    measure: faster('assemble', 'restructure', 'encode'),
  },
  {
    key: 'assemble-into',
    claim: '... into a given buffer, vs the same of restructure',
    least: 25,
    measure: faster('assembleInto', 'restructure', 'encodeInto'),
  },
  {
    key: 'edit',
    claim: 'copy a quote and edit it in a new buffer, vs encode of restructure',
    least: 10,
    measure: faster('edit', 'restructure', 'encode'),
  },
  {
    key: 'edit-into',
    claim: '... in a given buffer, vs the same of restructure',
    least: 25,
    measure: faster('editInto', 'restructure', 'encodeInto'),
  },
  {
    key: 'json',
    claim: 'bytes to JSON, vs the fastest npm peer',
    most: 0.5,
    measure: (r) => {
      const fastest = r.fastest('json');
      const ratio = fastest && r.ratio(['json', 'ours'], ['json', fastest]);
      return ratio && { ...ratio, text: `fastest: ${r.name(fastest)}` };
    },
  },
  {
    key: 'core-gzip',
    claim: 'view and all quote tables, minified and gzipped',
    most: 3072,
    unit: ' B',
    measure: (r) => r.core && { value: r.core.gzip, text: `with every struct of the package ${r.core.allGzip} B` },
  },
  {
    key: 'core-evaluation',
    claim: 'compiling and evaluating it in a fresh process',
    most: 0.5,
    unit: ' ms',
    measure: (r) =>
      r.core && { value: r.core.ms, text: `with every struct of the package ${r.core.allMs.toFixed(2)} ms` },
  },
  {
    key: 'core-imports',
    claim: 'files from npm packages in it, with every struct',
    most: 0,
    unit: '',
    measure: (r) => r.core && { value: r.core.packages.length },
  },
  {
    key: 'hostile',
    claim: 'memory to refuse a quote with a huge length, per byte of input',
    most: 4,
    unit: ' B',
    measure: (r) => r.hostile && { value: r.hostile / r.size, text: `${r.hostile} B at most, the error included` },
  },
];
