import { expect, test } from 'vitest';
import { project, quoteFormats } from '../../src/index.ts';
import { run, sample, samplePath } from './command.ts';

test.each(quoteFormats)('decode --format %s prints that projection', (format) => {
  const { code, out, err } = run(['decode', '--format', format, samplePath]);
  expect([code, err]).toEqual([0, '']);
  expect(JSON.parse(out)).toEqual(project(format, sample));
});

test('decode --lines --format prints one projection a line', () => {
  const line = sample.toString('base64');
  const { out } = run(['decode', '--lines', '--format', 'trustee', '-'], `${line}\n${line}\n`);
  expect(out).toBe(`${JSON.stringify(project('trustee', sample))}\n`.repeat(2));
});

test('decode --format of a name that does not exist lists those that do, exit 1', () => {
  const { code, err } = run(['decode', '--format', 'jwt', samplePath]);
  expect([code, err]).toEqual([1, `tdx-codec: --format: there is no jwt; there are ${quoteFormats.join(', ')}\n`]);
});
