import { constants } from 'node:os';
import { describe, expect, test } from 'vitest';
import { TDX_REPORTDATA_LEN, TSM_REPORT_INBLOB_MAX, tsmAttributes, tsmErrnos } from '../../src/uapi/index.ts';

describe('configfs-tsm', () => {
  test('names errors that the system has', () => {
    for (const { code } of tsmErrnos) expect(Object.keys(constants.errno)).toContain(code);
  });

  test('gives a TD provider, generation, inblob and outblob', () => {
    const names = Object.entries(tsmAttributes).flatMap(([name, { tdx }]) => (tdx ? [name] : []));
    expect(names).toEqual(['provider', 'generation', 'inblob', 'outblob']);
  });

  test('takes just REPORTDATA as inblob', () => expect(TSM_REPORT_INBLOB_MAX).toBe(TDX_REPORTDATA_LEN));
});
