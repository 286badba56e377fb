// Quotes and TDREPORTs that the foundry makes, the same on every machine. Their bytes are written at the specification's
// offsets; their values are what the library reads in them.
import { forge, PROFILES } from '../../src/foundry/index.ts';
import { toJson } from '../../src/json.ts';
import { QuoteV3, QuoteV4, QuoteV5, TdReport } from '../../src/structs/index.ts';
import type { Json } from './notation.ts';

const SAMPLES = [
  // name                    layout    profile
  ['sample-tdx',               QuoteV4,  'tdx-v4'],
  ['sample-tdx-trailing-text', QuoteV4,  'tdx-v4-trailing-text'],
  ['sample-tdx-no-nul',        QuoteV4,  'tdx-v4-no-nul'],
  ['sample-tdx-no-auth',       QuoteV4,  'tdx-v4-no-auth'],
  ['sample-tdx-ppid-3072',     QuoteV4,  'tdx-v4-ppid-3072'],
  ['sample-tdx-leaf',          QuoteV4,  'tdx-v4-leaf'],
  ['sample-sgx',               QuoteV4,  'sgx-v4'],
  ['sample-tdx-body-2',        QuoteV5,  'tdx-v5-body-2'],
  ['sample-tdx-body-3',        QuoteV5,  'tdx-v5-body-3'],
  ['sample-tdx-body-4',        QuoteV5,  'tdx-v5-body-4'],
  ['sample-sgx',               QuoteV5,  'sgx-v5-body-1'],
  ['sample-sgx',               QuoteV3,  'sgx-v3'],
  ['sample',                   TdReport, 'tdx-v4'],
  ['sample-tdx-1.0',           TdReport, 'tdx-v4-tdx-1.0'],
  ['sample-service-td',        TdReport, 'tdx-v5-body-3-service-td'],
  ['sample-extended',          TdReport, 'tdx-v5-body-4'],
] as const;

/** Struct, name, what it is, bytes and value. */
export const samples = (): (readonly [struct: string, name: string, doc: string, bytes: Uint8Array, value: Json])[] =>
  SAMPLES.map(([name, layout, profile]) => {
    const fixture = forge({ seed: 'tdx-codec sample', profile });
    const bytes = layout === TdReport ? fixture.tdReport! : fixture.quote;
    const value = toJson<typeof QuoteV3 | typeof QuoteV4 | typeof QuoteV5 | typeof TdReport>(layout, bytes) as Json;
    return [layout.name, name, `Profile ${profile}: ${PROFILES.find(({ name }) => name === profile)?.what}.`, bytes, value];
  });
