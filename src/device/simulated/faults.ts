/** What a simulated VMM can do wrong, or a sane one on a bad day, with one request. */
export const FAULTS = {
  'in-flight-forever': 'takes the request and never answers',
  late: 'answers only after `lateBy` milliseconds',
  'status-flip': 'announces success, and by the next look is in flight again, before it really answers',
  'out-len-past-buffer': 'says that the answer is longer than the buffer',
  'out-len-grows': 'makes out_len longer than the buffer as soon as the TD has looked at the status',
  'service-unavailable': 'has no quoting service',
  error: 'reports that making the quote has failed',
  'unknown-status': 'writes a status that nobody knows',
  retry: 'says RETRY, once',
  'align-error': 'finds the buffer misaligned',
  'operand-invalid': 'refuses an operand',
  'gpa-in-use': 'says that the buffer belongs to another request',
  unsupported: 'does not know GetQuote',
  'spurious-interrupt': 'announces events while the request is in flight, and again after it',
  empty: 'reports success with an empty answer',
  'wrong-framing': 'packs the answer so that its length does not fit',
  'full-buffer': 'fills the whole buffer: the quote, then zeros',
  garbage: 'answers with bytes that are no quote',
  replay: 'answers with the quote of the request before',
  'bit-flip': 'changes one bit in what the enclave has signed, or in the signature',
  scribble: 'writes all over the buffer once the TD has its answer',
} as const;

/** One of {@link FAULTS}. */
export type Fault = keyof typeof FAULTS;
