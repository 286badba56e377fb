// Recompiles peers/quote_v4.ksy into quote_v4.generated.cjs, which is committed: node bench/compile-ksy.mjs
import { readFileSync, writeFileSync } from 'node:fs';
import compiler from 'kaitai-struct-compiler';

const ksy = JSON.parse(readFileSync(new URL('./peers/quote_v4.ksy', import.meta.url), 'utf8'));
const files = await compiler.compile('javascript', ksy, null, false);
writeFileSync(new URL('./peers/quote_v4.generated.cjs', import.meta.url), files['QuoteV4.js']);
