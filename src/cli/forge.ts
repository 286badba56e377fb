import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fromHex } from '../engine/hex.ts';
import type { Defect, Enclave, Expect, Names, PackAllOptions, Profile, Td } from '../foundry/index.ts';
import { type Command, Failure, type Given, OK, USAGE } from './command.ts';
import { meter } from './meter.ts';
import { print, save } from './stream.ts';
import { columns, paint, wrap } from './style.ts';

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

const listed = ({ name, shape, certification, expect, what }: Profile) => ({
  name,
  version: shape.version,
  tee: shape.tee,
  body: shape.body,
  certificationTypes: shape.version === 3 ? [certification] : [6, certification],
  expect,
  what,
});

/** Names on the left, what they are on the right; a name that is too long stands on a line of its own. */
function table(rows: readonly { readonly name: string; readonly what: string }[], left: number): string {
  return rows
    .flatMap(({ name, what }) => {
      const [first = '', ...more] = wrap(what, columns() - left - 2);
      const rest = more.map((line) => ' '.repeat(left + 2) + line);
      const title = `  ${paint('bold', name)}`;
      return name.length < left
        ? [`${title}${' '.repeat(left - name.length)}${first}`, ...rest]
        : [title, ' '.repeat(left + 2) + first, ...rest];
    })
    .map((line) => `${line}\n`)
    .join('');
}

const ASKED: Readonly<Record<Expect['standard'], string>> = {
  refuses: '',
  accepts: ' (accepted)',
  downgrades: ' (downgraded)',
  either: ' (either)',
};

const profileList = (profiles: readonly Profile[]): string =>
  `${profiles.length} profiles: good quotes\n\n${table(profiles, 28)}`;

function defectList(defects: readonly Defect[]): string {
  const part = (place: Defect['in'], title: string): string => {
    const rows = defects
      .filter((defect) => defect.in === place)
      .map(({ name, what, expect }) => ({ name, what: what + ASKED[expect.standard] }));
    return `\n${title}\n\n${table(rows, 34)}`;
  };
  return `${defects.length} defects: one thing wrong each; to be refused unless it says otherwise
${part('quote', 'In the quote')}${part('collateral', 'In the collateral')}${part('tdreport', 'In the TDREPORT')}`;
}

/** One of the values that an option may have. */
function choice<T extends string>(option: string, text: string | undefined, of: readonly T[]): T | undefined {
  const found = of.find((each) => each === text);
  if (text !== undefined && found === undefined)
    throw new Failure(USAGE, `--${option} is ${of.join(' or ')}, not ${text}.`);
  return found;
}

const NAMES: readonly Names[] = ['test', 'intel'];
const LAYOUTS: readonly NonNullable<PackAllOptions['layout']>[] = ['fixture', 'dcap-qvl'];

async function saveAll(folder: string, files: Readonly<Record<string, Uint8Array>>): Promise<void> {
  const folders = new Set(Object.keys(files).map((file) => dirname(join(folder, file))));
  for (const each of folders) await mkdir(each, { recursive: true });
  for (const [file, bytes] of Object.entries(files)) save(join(folder, file), bytes);
}

export const forge: Command = {
  options: {
    seed: { type: 'string' },
    profile: { type: 'string' },
    defect: { type: 'string' },
    now: { type: 'string' },
    output: { type: 'string', short: 'o' },
    all: { type: 'boolean' },
    layout: { type: 'string' },
    names: { type: 'string' },
    list: { type: 'boolean' },
    json: { type: 'boolean' },
    'report-data': { type: 'string' },
    ...Object.fromEntries(FIELDS.map((name) => [name, { type: 'string' as const }])),
  },
  help: `tdx-codec forge --seed S --profile NAME -o DIR [--now SECONDS] [--report-data HEX] [--mrtd HEX] ...
tdx-codec forge --seed S --defect NAME -o DIR
tdx-codec forge --seed S --all -o DIR [--layout dcap-qvl]
tdx-codec forge --list [profiles|defects] [--json]

Writes a signed quote and what a verifier needs beside it: quote.bin, quote.json, tdreport.bin (of a TD), root.pem, root.der,
collateral.json and manifest.json. Everything follows from the seed and is valid around one pinned time, which the manifest
says. All of it is test material: who knows the seed knows the keys.

  --list           the profiles and the defects; with --json for programs
  --defect NAME    does one thing wrong; the defect says in which profile
  --all            every profile and every defect, each in a folder of its own
  --layout dcap-qvl
                   all of them as the tests of dcap-qvl read them: samples/NAME/ with quote.bin, collateral.json and
                   expected.json, and certs/root_ca.der; those tests verify at the time of the day: give it with --now
  --now SECONDS    the time to be valid around, in Unix seconds
  --names intel    Intel's common names in the certificates, for verifiers that compare them (go-tdx-guest); the
                   organisation says "test keys, not Intel" all the same
  --report-data HEX    up to 64 bytes
  --${FIELDS.join(', --')}
                   fields of the TD: bytes in hex, --td-attributes and --xfam as numbers

Examples
  tdx-codec forge --list
  tdx-codec forge --seed ci --profile tdx-v4 -o fixtures/good
  tdx-codec forge --seed ci --defect quote-signature-flipped -o fixtures/bad
  tdx-codec forge --seed ci --all --names intel -o testdata
`,
  async run({ flags, values, names: [which, ...more] }: Given) {
    const { DEFECTS, PROFILES, fixturesIn, pack, packAll, recipe, testTd } = await import('../foundry/index.ts');
    if (which !== undefined && (!flags.has('list') || more.length > 0))
      throw new Failure(USAGE, `${[which, ...more].join(' ')} is too much; see tdx-codec forge --help.`);
    if (flags.has('list')) {
      if (which !== undefined && which !== 'profiles' && which !== 'defects')
        throw new Failure(USAGE, `--list takes profiles or defects, not ${which}.`);
      const lists = {
        ...(which === 'defects' ? {} : { profiles: PROFILES.map(listed) }),
        ...(which === 'profiles' ? {} : { defects: DEFECTS }),
      };
      const texts = [lists.profiles && profileList(PROFILES), lists.defects && defectList(lists.defects)];
      await print(
        flags.has('json')
          ? `${JSON.stringify(lists, undefined, 2)}\n`
          : texts.filter((text) => text !== undefined).join('\n\n'),
      );
      return OK;
    }
    const { seed, output, now } = values;
    if (seed === undefined || output === undefined)
      throw new Failure(USAGE, 'forge needs --seed and -o DIR; see tdx-codec forge --help.');
    const seconds = now === undefined ? undefined : Number(whole('now', now));
    const certificateNames = choice('names', values['names'], NAMES);
    const layout = choice('layout', values['layout'], LAYOUTS);
    if (flags.has('all') || layout) {
      const odd = ['profile', 'defect', 'report-data', ...FIELDS].find((option) => values[option] !== undefined);
      if (odd !== undefined) throw new Failure(USAGE, `--${odd} is for one fixture, and --all makes all of them.`);
      const progress = meter();
      const total = fixturesIn(layout);
      let made = 0;
      for (const files of packAll({ seed, now: seconds, names: certificateNames, layout })) {
        await saveAll(output, files);
        made++;
        progress.show(`${made} of ${total} fixtures`);
      }
      progress.clear();
      await print(`${made} fixtures in ${output}\n`);
      return OK;
    }
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
      names: certificateNames,
      td: isTd ? { ...tdOf(values, testTd(quote.td)), ...data } : undefined,
      enclave: data,
    });
    await saveAll(output, files);
    return OK;
  },
};
