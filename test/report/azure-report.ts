// A genuine TDREPORT of an Azure TD, by its fields; all else is zero.
import { encode } from '../../src/codec.ts';
import { TdReport } from '../../src/structs/td-report.ts';

/** Bytes from hex, zeros behind them up to a length. */
export function filled(hex: string, length = hex.length / 2): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  bytes.set(Buffer.from(hex, 'hex'));
  return bytes;
}

const PLACES: readonly [offset: number, hex: string][] = [
  [  0, '81000000'],
  [ 16, '0606131503ff00030000000000000000'],
  [ 32, '8801be6397bf0ab3258a7c9eb72a73bee4c6fa4eafe1e3ac3c7d069a652d334593cb1e6ff49e347d538d5bfa19c8b3f9'],
  [ 80, '254e3d6b6120fac126e91d1709ef43a2d22b14cd2570ca388b21f1fbbdb02761c0cd2586b83cbcc3ba92688e6a5e8a73'],
  [128, '9734504f161d104c74e3165c15f779b06a9bb40dfa71937817d7eee68e593839'],
  [224, '7c79dd938227f5529174d0cd22cdbe270d0e108b531324e3540b049287830c4d'],
  [256, 'ff01030000000000'],
  [264, '02010600000000000000000000000000'],
  [280, '360304d34a16aace0a18e09ad2d07d2b9fd3c174378e5bf108388079827f89ff62acc5f8c473dd40706324834e202946'],
  [384, '02010600000000000000000000000000'],
  [520, 'e718060000000000'],
  [528, '024a32b070383331181619fa387cb4d55d1e38879f989933055ccad5bc2db795d1737b66205949d15469dc8c1ba7ab7b'],
];

/** The report, each field put at its offset by hand. */
export function azureReport(): Uint8Array<ArrayBuffer> {
  const report = new Uint8Array(1024);
  for (const [offset, hex] of PLACES) report.set(filled(hex), offset);
  return report;
}

const hexAt = (offset: number): string => PLACES.find(([place]) => place === offset)?.[1] ?? '';

/** The same report, written by name. */
export const azureReportByName = (): Uint8Array<ArrayBuffer> =>
  encode(TdReport, {
    reportmacstruct: {
      reporttype: { type: 0x81, subtype: 0, version: 0 },
      cpusvn: filled(hexAt(16)),
      teeTcbInfoHash: filled(hexAt(32)),
      teeInfoHash: filled(hexAt(80)),
      reportdata: filled(hexAt(128), 64),
      mac: filled(hexAt(224)),
    },
    teeTcbInfo: {
      valid: 0x301ffn,
      teeTcbSvn: filled(hexAt(264)),
      mrseam: filled(hexAt(280)),
      mrsignerseam: new Uint8Array(48),
      attributes: 0n,
      teeTcbSvn2: filled(hexAt(384)),
    },
    tdinfo: {
      attributes: 0n,
      xfam: 0x618e7n,
      mrtd: filled(hexAt(528)),
      mrconfigid: new Uint8Array(48),
      mrowner: new Uint8Array(48),
      mrownerconfig: new Uint8Array(48),
      rtmr: [new Uint8Array(48), new Uint8Array(48), new Uint8Array(48), new Uint8Array(48)],
      servtdHash: new Uint8Array(48),
    },
  });
