// Why a target is missed, by its key in targets.mjs. Shown only while it is missed. What a note says of parts was measured: by a
// profiler that samples the case alone, by leaving the part out, or by counting the bytes of the bundle.
/** @type {Record<string, string>} */
export const notes = {
  'open-dataview':
    'Both read nine numbers and make one object. By hand their places are constants in the code; here the walk, or the comparison with a remembered shape, takes them from a table.',
  scalar:
    'A getter adds where its struct begins and asks for its last byte, because buffers can be detached under a view; the code by hand reads at constants and asks nothing.',
  'read5-kaitai':
    'By samples, a third of the time is three calls of subarray, which kaitai-struct pays, too, and a sixth the measurement. The rest is three nested views and their getters. Comparing bytes in place (equals, lens) makes neither.',
  'open-heap': 'What is above 128 B is learning: one measurement in 1,024 that were not remembered keeps its shape.',
  'filter-cold':
    'A loop by hand that looks at one byte of a Uint8Array is as fast as C on the same bytes. A lens also asks for the length of what is wanted and of the view, and reads through a DataView.',
  'filter-hot': 'As above.',
  json: 'By samples, a fifth of the time is Node writing hex digits, a tenth copying strings, and a fifth storing fields under names that are known only at run time. Code written by hand for one layout has the names in it; without generated code a walk over tables has not.',
  edit: 'Allocating five kilobytes and copying the template into them is more than half of it.',
  assemble:
    'Encode checks every value and builds a restructure stream, also around ready images. To assemble at that speed, copy a template and edit it: the rows below.',
  'assemble-into': 'As above.',
  'core-gzip':
    'Of the minified bytes 46 % are the gatekeeper with all its errors, 26 % the tables, 14 % the views, 8 % the vocabulary that checks the tables.',
  'core-evaluation':
    'In a process with the machine to itself it takes 2.4 ms: half for the engine to compile the script, half to run it, which checks every table (gaps, overlaps, references).',
};
