// validate where nothing may be compiled from text: Node with code generation off, a page under a strict CSP.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { chromium } from 'playwright';
import { beforeAll, expect, test } from 'vitest';

const browser = '/usr/bin/chromium';
const PROGRAM = `
import { decode, fromJson, QuoteHeader, toJson } from './src/index.ts';
import { validate } from './src/validate.ts';
const json = toJson(QuoteHeader, decode(QuoteHeader, new Uint8Array(48)));
let evaluated = 'yes';
try {
  new Function('return 1')();
} catch {
  evaluated = 'no';
}
globalThis.outcome = JSON.stringify({
  evaluated,
  good: validate(QuoteHeader, json),
  bad: validate(QuoteHeader, { ...json, version: 70000 }).map((issue) => issue.message),
  value: fromJson(QuoteHeader, json).qeVendorId.length,
});
`;
const OUTCOME = {
  evaluated: 'no',
  good: [],
  bad: ['/version (Version): must be an integer from 0 to 65535'],
  value: 16,
};

let program = '';
beforeAll(async () => {
  const { outputFiles } = await build({
    stdin: { contents: PROGRAM, resolveDir: fileURLToPath(new URL('../..', import.meta.url)), loader: 'ts' },
    bundle: true,
    format: 'esm',
    target: 'es2022',
    write: false,
  });
  program = outputFiles[0]?.text ?? '';
});

test('validate says what is wrong in Node that generates no code from strings', () => {
  const stdout = execFileSync(
    process.execPath,
    ['--disallow-code-generation-from-strings', '--input-type=module', '-'],
    {
      input: `${program}\nconsole.log(globalThis.outcome);`,
    },
  );
  expect(JSON.parse(stdout.toString())).toEqual(OUTCOME);
});

test('validate says what is wrong in a page whose policy forbids eval', async ({ skip }) => {
  if (!existsSync(browser)) return skip(`SKIPPED: there is no ${browser}`);
  const flags = [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ];
  const launched = await chromium.launch({ executablePath: browser, args: flags });
  try {
    const page = await launched.newPage();
    await page.route('**/*', (route) =>
      route.request().url().endsWith('.js')
        ? route.fulfill({ contentType: 'text/javascript', body: program })
        : route.fulfill({
            contentType: 'text/html',
            headers: { 'Content-Security-Policy': "default-src 'none'; script-src 'self'" },
            body: '<!doctype html><script type="module" src="/program.js"></script>',
          }),
    );
    await page.goto('http://page.test/');
    const outcome = await page.waitForFunction(() => (globalThis as { outcome?: string }).outcome);
    expect(JSON.parse((await outcome.jsonValue()) ?? '')).toEqual(OUTCOME);
  } finally {
    await launched.close();
  }
});
