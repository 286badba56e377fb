import { type EvidenceSummary, type Identified, meaning, pckOf, Quote, view } from '../index.ts';
import { paint, wrap } from './style.ts';

type Line = readonly [what: string, says: string];

/** The subject of the PCK certificate of a quote, and how many certificates there are; nothing where none can be read. */
function certificateLine(it: Identified): string | undefined {
  try {
    const { certificate, chain } = pckOf(view(Quote, it.bytes));
    return `${certificate.subject.text.split(/, |,/)[0]}, ${chain.length} in the chain`;
  } catch {
    return undefined;
  }
}

const NOTHING = /^0*$/;
const isPrintable = (hex: string): boolean => /^(?:[2-7][0-9a-f])+(?:00)*$/.test(hex) && !/7f/.test(hex);

/** Report data as text where it is text, else as hex. */
function reportdataText(hex: string): string {
  if (NOTHING.test(hex)) return 'zero';
  const text = Buffer.from(hex.replace(/(?:00)+$/, ''), 'hex').toString('latin1');
  return isPrintable(hex) ? `${JSON.stringify(text)}` : hex;
}

function linesOf(it: Identified, summary: EvidenceSummary): Line[] {
  const { tee, debug, tdxModule, fmspc, pceid, ca, pckNotBefore, pckNotAfter, attestationKey } = summary;
  const lines: (Line | undefined)[] = [
    tee && [
      'attests',
      `${tee === 'TDX' ? 'a TD' : 'an SGX enclave'}${attestationKey ? `, signed by ${attestationKey}` : ''}`,
    ],
    debug === undefined
      ? undefined
      : ['debug', debug ? paint('red', 'DEBUG is on: whoever runs the machine can read it') : 'off'],
    tdxModule === undefined ? undefined : ['software', `TDX module ${tdxModule}`],
    fmspc === undefined ? undefined : ['platform', `FMSPC ${fmspc}, PCE ID ${pceid}, ${ca ?? 'unknown'} CA`],
    pckNotBefore && pckNotAfter ? ['PCK', `${certificateLine(it) ?? ''}`] : undefined,
    pckNotBefore && pckNotAfter ? ['', `from ${pckNotBefore.slice(0, 10)} to ${pckNotAfter.slice(0, 10)}`] : undefined,
    summary.reportdata === undefined ? undefined : ['report data', reportdataText(summary.reportdata)],
    summary.mrtd === undefined ? undefined : ['MRTD', NOTHING.test(summary.mrtd) ? 'zero' : summary.mrtd],
    summary.mrenclave === undefined ? undefined : ['MRENCLAVE', summary.mrenclave],
  ];
  return lines.filter((line): line is Line => line !== undefined);
}

/** Cuts long hex into rows of 32 digits, and text at spaces. */
export function rows(text: string, width: number): string[] {
  if (!/^[0-9a-f]{33,}$/.test(text)) return wrap(text, width);
  const each = Math.max(32, Math.floor(width / 32) * 32);
  return text.match(new RegExp(`.{1,${each}}`, 'g')) ?? [];
}

const LEFT = 14;

/** What is most asked about evidence, in five to eight lines; none for what has no meaning of its own. */
export function summaryLines(it: Identified, width: number): string[] {
  if (!it.layout) return [];
  let summary: EvidenceSummary;
  try {
    ({ summary } = meaning(it.layout, it.bytes as never));
  } catch {
    return [];
  }
  return linesOf(it, summary).flatMap(([what, says]) => {
    const [first = '', ...more] = rows(says, width - LEFT);
    return [`  ${paint('bold', what.padEnd(LEFT - 2))}${first}`, ...more.map((line) => ' '.repeat(LEFT) + line)];
  });
}
