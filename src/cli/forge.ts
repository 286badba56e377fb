import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fromHex } from '../engine/hex.ts';
import type { Enclave, Profile, Td } from '../foundry/index.ts';
import { type Command, Failure, type Given, OK, USAGE } from './command.ts';
import { print, save } from './stream.ts';

type Values = Given['values'];

function hex(option: string, text: string): Uint8Array {
  const bytes = fromHex(text.toLowerCase().replace(/^0x/, ''));
  if (!bytes) throw new Failure(USAGE, `--${option} wants bytes in hex, not ${text}.`);
  return bytes;
}

function whole(option: string, text: string): bigint {
  if (!/^(0x[0-9a-f]+|[0-9]+)$/i.test(text)) throw new Failure(USAGE, `--${option} wants a number, not ${text}.`);
  return BigInt(text);
}

/** Options that set bytes of the TD, and the fields that they set. */
const BYTES: Readonly<Record<string, keyof Td>> = {
  mrtd: 'mrtd',
  mrseam: 'mrseam',
  mrconfigid: 'mrconfigid',
  mrowner: 'mrowner',
  mrownerconfig: 'mrownerconfig',
  mrservicetd: 'mrservicetd',
  'tee-tcb-svn': 'teeTcbSvn',
  'tee-tcb-svn2': 'teeTcbSvn2',
  'td-id': 'tdId',
};
const NUMBERS: Readonly<Record<string, keyof Td>> = { 'td-attributes': 'tdattributes', xfam: 'xfam' };
const RTMRS = ['rtmr0', 'rtmr1', 'rtmr2', 'rtmr3'];
const FIELDS = [...Object.keys(BYTES), ...Object.keys(NUMBERS), ...RTMRS];

function reportdata(values: Values): Pick<Enclave & Td, 'reportdata'> | undefined {
  const text = values['report-data'];
  if (text === undefined) return undefined;
  const given = hex('report-data', text);
  if (given.length > 64) throw new Failure(USAGE, `--report-data wants at most 64 bytes, not ${given.length}.`);
  const padded = new Uint8Array(64);
  padded.set(given);
  return { reportdata: padded };
}

function tdOf(values: Values, original: Td): Partial<Td> {
  const given = (names: Readonly<Record<string, keyof Td>>, read: (option: string, text: string) => unknown) =>
    Object.entries(names).flatMap(([option, field]) => {
      const text = values[option];
      return text === undefined ? [] : [[field, read(option, text)] as const];
    });
  const [rtmr0, rtmr1, rtmr2, rtmr3] = RTMRS.map((option, i) => {
    const text = values[option];
    return text === undefined ? original.rtmr[i] : hex(option, text);
  });
  return {
    ...Object.fromEntries([...given(BYTES, hex), ...given(NUMBERS, whole)]),
    ...(rtmr0 && rtmr1 && rtmr2 && rtmr3 ? { rtmr: [rtmr0, rtmr1, rtmr2, rtmr3] } : {}),
  };
}

const listed = ({ name, shape, certification, dcapQvl, what }: Profile) => ({
  name,
  version: shape.version,
  tee: shape.tee,
  body: shape.body,
  certificationTypes: shape.version === 3 ? [certification] : [6, certification],
  dcapQvl,
  what,
});

export const forge: Command = {
  options: {
    seed: { type: 'string' },
    profile: { type: 'string' },
    defect: { type: 'string' },
    now: { type: 'string' },
    output: { type: 'string', short: 'o' },
    list: { type: 'boolean' },
    json: { type: 'boolean' },
    'report-data': { type: 'string' },
    ...Object.fromEntries(FIELDS.map((name) => [name, { type: 'string' as const }])),
  },
  help: `tdx-codec forge --seed S --profile NAME -o DIR [--now SECONDS] [--report-data HEX] [--mrtd HEX] ...
tdx-codec forge --seed S --defect NAME -o DIR
tdx-codec forge --list [--json]

Writes a signed quote and what a verifier needs beside it: quote.bin, quote.json, tdreport.bin (of a TD), root.pem, root.der,
collateral.json and manifest.json. Everything follows from the seed and is valid around one pinned time, which the manifest
says. All of it is test material: who knows the seed knows the keys.

  --list           the profiles and the defects; with --json for programs
  --defect NAME    does one thing wrong; the defect says in which profile
  --now SECONDS    the time to be valid around, in Unix seconds
  --report-data HEX    up to 64 bytes
  --${FIELDS.join(', --')}
                   fields of the TD: bytes in hex, --td-attributes and --xfam as numbers

Examples
  tdx-codec forge --list
  tdx-codec forge --seed ci --profile tdx-v4 -o fixtures/good
  tdx-codec forge --seed ci --defect quote-signature-flipped -o fixtures/bad
`,
  async run({ flags, values }: Given) {
    const { DEFECTS, PROFILES, pack, recipe, testTd } = await import('../foundry/index.ts');
    if (flags.has('list')) {
      const lists = { profiles: PROFILES.map(listed), defects: DEFECTS };
      const lines = [...lists.profiles, ...lists.defects].map(({ name, what }) => `${name.padEnd(36)} ${what}\n`);
      await print(flags.has('json') ? `${JSON.stringify(lists, undefined, 2)}\n` : lines.join(''));
      return OK;
    }
    const { seed, output, now } = values;
    if (seed === undefined || output === undefined)
      throw new Failure(USAGE, 'forge needs --seed and -o DIR; see tdx-codec forge --help.');
    const defect = DEFECTS.find(({ name }) => name === values['defect']);
    if (values['defect'] !== undefined && !defect)
      throw new Failure(USAGE, `no defect ${values['defect']}; see tdx-codec forge --list.`);
    const name = values['profile'] ?? defect?.profile;
    const profile = PROFILES.find((each) => each.name === name);
    if (!profile)
      throw new Failure(
        USAGE,
        `${name === undefined ? 'which profile?' : `no profile ${name};`} See tdx-codec forge --list.`,
      );
    if (defect && defect.profile !== profile.name)
      throw new Failure(USAGE, `defect ${defect.name} is one of profile ${defect.profile}, not ${profile.name}.`);
    const seconds = now === undefined ? undefined : Number(whole('now', now));
    const { quote } = recipe({ seed, profile, now: seconds });
    const isTd = profile.shape.tee === 'tdx';
    const odd = isTd ? undefined : FIELDS.find((field) => values[field] !== undefined);
    if (odd !== undefined) throw new Failure(USAGE, `--${odd} is a field of a TD; profile ${profile.name} has none.`);
    const data = reportdata(values);
    const files = pack({
      seed,
      profile,
      defect,
      now: seconds,
      td: isTd ? { ...tdOf(values, testTd(quote.td)), ...data } : undefined,
      enclave: data,
    });
    await mkdir(output, { recursive: true });
    for (const [file, bytes] of Object.entries(files)) save(join(output, file), bytes);
    return OK;
  },
};
