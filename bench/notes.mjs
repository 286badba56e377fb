// Why a target is missed, by its key in targets.mjs. Shown only while it is missed.
/** @type {Record<string, string>} */
export const notes = {
  'open-dataview':
    'Both read the same seventeen numbers and build one object. Code from a table finds each place in memory, code written by hand has it in its instructions; that eats most of what not building a DataView saves.',
  scalar:
    'A getter made from a table reads its offset from a closure, one written by hand has it in its code: about one nanosecond. Generating code would remove it, and is forbidden where eval is.',
  'read5-kaitai':
    'Three of the five fields are bytes: three calls of subarray are two thirds of the time, and kaitai-struct pays them too. Reading numbers or comparing bytes in place (equals, lens) avoids them.',
  'filter-cold':
    'The comparison itself is as fast as in C; the bounds checks of DataView, one for each four bytes, let the processor look less far ahead.',
  'filter-hot': 'The bounds checks of DataView, one for each four bytes, are most of it.',
  json: 'Every peer gives the certificate chain as text here, as we do. Hexing it would be most of their time, and was when the target was set.',
  edit: 'Allocating five kilobytes and copying the template into them is more than half of it.',
  assemble:
    'Encode checks every value and builds a restructure stream, also around ready images. To assemble at that speed, copy a template and edit it: the rows below.',
  'assemble-into': 'As above.',
  'core-gzip':
    'The gatekeeper is two thirds of it: compiling tables into steps, following them, and an error for each way to fail that names path, offset, and what the table says. Tables carry the names of the specification besides ours.',
  'core-evaluation':
    'Each of some twenty tables is checked when it is defined (gaps, overlaps, references), and a fresh process interprets all of it. After that a quote opens in tens of nanoseconds.',
};
