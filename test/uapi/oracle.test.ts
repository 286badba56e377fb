// The declarations against a C compiler: once as packed structs made from them, once as the kernel's own structs.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { cHeader, fixedStructs } from '../../scripts/c-header.ts';
import { linuxTdxGuest } from '../../src/layout/specs.ts';
import { at, bytes, type Struct, sizeOf, struct, u32 } from '../../src/layout.ts';
import { TdInfo } from '../../src/structs/td-info.ts';
import { ReportMac, ReportType, TdReport } from '../../src/structs/td-report.ts';
import { TeeTcbInfo15 } from '../../src/structs/tee-tcb-info.ts';
import * as uapi from '../../src/uapi/index.ts';
import { IOCTL_TABLE } from './ioctl-table.ts';

const hasGcc = spawnSync('gcc', ['--version']).status === 0;
if (!hasGcc) console.warn('SKIPPED: the comparison with a C compiler, since there is no gcc');

const folder = mkdtempSync(join(tmpdir(), 'tdx-codec-c-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What gcc complains about; empty when it is content. */
function compile(name: string, source: string, ...options: readonly string[]): string {
  const file = join(folder, `${name}.c`);
  writeFileSync(file, source);
  const here = fileURLToPath(new URL('.', import.meta.url));
  const arguments_ = [
    '-std=c11',
    '-Wall',
    '-Wextra',
    '-Werror',
    '-I',
    here,
    ...options,
    '-o',
    join(folder, name),
    file,
  ];
  return spawnSync('gcc', arguments_, { encoding: 'utf8' }).stderr;
}

/** The same for a program that holds nothing but these declarations. */
function compileDeclared(name: string, of: readonly Struct[]): string {
  writeFileSync(join(folder, `${name}.h`), cHeader(of));
  return compile(name, `#include "${name}.h"\nint main(void) { return 0; }\n`, '-I', folder);
}

/** Of our fields, the names in kernel.h that are not those of the declaration's last column. */
type Renamed = Readonly<Record<string, string>>;

const KERNEL: readonly [of: Struct, name: string, renamed?: Renamed][] = [
  [uapi.TdxReportReq, 'tdx_report_req'],
  [uapi.TdxQuoteReq, 'tdx_quote_req'],
  [uapi.TdxQuoteHdr, 'tdx_quote_hdr'],
  [uapi.TdxQuoteBuf, 'tdx_quote_buf'],
  [uapi.TdxVerifyReportReq, 'tdx_verify_report_req'],
  [uapi.TdxExtendRtmrReq, 'tdx_extend_rtmr_req'],
  [uapi.TdxKeyGetReq, 'tdx_key_get_req'],
  [uapi.TdxReportReq2022, 'tdx_report_req_2022'],
  [uapi.TdxVerifyreportReq2022, 'tdx_verifyreport_req_2022'],
  [uapi.TdxReportReqDcap116, 'tdx_report_req_dcap116'],
  [uapi.Dcap114GetQuoteBlob, 'get_quote_blob'],
  [ReportType, 'report_type', { subtype: 'sub_type' }],
  [ReportMac, 'reportmac', { reporttype: 'type', cpusvn: 'cpu_svn', teeInfoHash: 'tee_td_info_hash' }],
  [TeeTcbInfo15, 'tee_tcb_info', { mrseam: 'mr_seam', mrsignerseam: 'mr_seam_signer' }],
  [TdInfo, 'td_info', { attributes: 'attr' }],
  [TdReport, 'tdreport', { reportmacstruct: 'reportmac' }],
];

/** What C is to know about a struct: its size, and offset and size of each member that it has a name for. */
const rowsOf = (of: Struct, renamed: Renamed = {}): { member: string; offset: number; size: number | undefined }[] =>
  Object.entries(of.fields)
    .filter(([, { spec }]) => spec !== 'padding')
    .map(([field, { spec, offset = -1, type }]) => {
      const numbered = spec === 'RESERVED' ? field : spec.toLowerCase();
      return { member: renamed[field] ?? numbered, offset, size: sizeOf(type) };
    });

const macroOf = (lineage: string, name: string): string => `${lineage.toUpperCase().replaceAll(/[-.]/g, '_')}_${name}`;

/** A program that prints what the compiler has made of kernel.h. */
function program(): string {
  const sizes = KERNEL.flatMap(([of, name, renamed]) => [
    `  printf("%s %zu\\n", "${name}", sizeof(struct ${name}));`,
    ...rowsOf(of, renamed).flatMap(({ member, size }) => [
      `  printf("%s %zu\\n", "${name}.${member}", offsetof(struct ${name}, ${member}));`,
      ...(size === undefined
        ? []
        : [`  printf("%s %zu\\n", "sizeof ${name}.${member}", sizeof(((struct ${name} *)0)->${member}));`]),
    ]),
  ]);
  const commands = IOCTL_TABLE.map(([lineage, name]) => macroOf(lineage, name)).map(
    (macro) => `  printf("%s %lu\\n", "${macro}", (unsigned long)${macro});`,
  );
  const body = [...sizes, ...commands].join('\n');
  return `#include <stddef.h>\n#include <stdio.h>\n#include "kernel.h"\nint main(void) {\n${body}\n}\n`;
}

describe('c-header', () => {
  test('holds every struct that C can lay out', () => {
    const names = fixedStructs.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining([...KERNEL.map(([{ name }]) => name), 'GetQuoteIn', 'QuoteHeader']));
    expect(names).not.toContain('QuoteV4');
  });

  test.runIf(hasGcc)('compiles: a C compiler finds every field where the tables put it', () => {
    expect(cHeader(fixedStructs).match(/_Static_assert/g)?.length).toBeGreaterThan(100);
    expect(compileDeclared('declared', fixedStructs)).toBe('');
  });

  test.runIf(hasGcc)('does not compile with an offset that is wrong', () => {
    const odd = struct(
      'Odd',
      { source: linuxTdxGuest('none'), size: 7 },
      { a: at(0, bytes(3), 'a'), b: at(3, u32, 'b') },
    );
    const moved = { ...odd, fields: { ...odd.fields, b: at(4, u32, 'b') } };
    expect(compileDeclared('right', [odd])).toBe('');
    expect(compileDeclared('wrong', [moved])).toContain('Odd.b');
  });
});

describe.runIf(hasGcc)('kernel.h', () => {
  const found = new Map<string, number>();
  test('compiles and says what it holds', () => {
    expect(compile('kernel', program())).toBe('');
    for (const line of execFileSync(join(folder, 'kernel'), { encoding: 'utf8' }).trim().split('\n')) {
      const space = line.lastIndexOf(' ');
      found.set(line.slice(0, space), Number(line.slice(space + 1)));
    }
  });

  test('has each struct of src/uapi that is not made of registers', () => {
    const declared = Object.values(uapi).flatMap((it) =>
      typeof it === 'object' && 'kind' in it && !/(In|Out)$/.test(it.name) ? [it.name] : [],
    );
    expect(KERNEL.map(([{ name }]) => name)).toEqual(expect.arrayContaining(declared));
  });

  test.each(KERNEL.map(([of, name, renamed]) => [name, of, renamed] as const))(
    'agrees on struct %s',
    (name, of, renamed) => {
      expect(found.get(name)).toBe(of.size ?? uapi.TdxQuoteHdr.size);
      for (const { member, offset, size } of rowsOf(of, renamed)) {
        expect([member, found.get(`${name}.${member}`)]).toEqual([member, offset]);
        expect([member, found.get(`sizeof ${name}.${member}`)]).toEqual([member, size]);
      }
    },
  );

  test.each(IOCTL_TABLE)('agrees on %s %s', (lineage, name, _device, _hex, decimal) => {
    const { commands }: uapi.Lineage = uapi.ioctls[lineage];
    expect(found.get(macroOf(lineage, name))).toBe(decimal);
    expect(commands[name]).toBe(decimal);
  });
});
