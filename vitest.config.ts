import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';

const chromium = '/usr/bin/chromium';

/** Milliseconds after which a test hangs. On a busy machine a second may take ten, so nothing else may depend on it. */
const HANGS = 180_000;
const timeouts = { testTimeout: HANGS, hookTimeout: HANGS };

const node: TestProjectInlineConfiguration = {
  test: {
    ...timeouts,
    name: 'node',
    include: ['test/**/*.test.ts'],
    exclude: ['test/browser/**'],
    environment: 'node',
  },
};

const types: TestProjectInlineConfiguration = {
  test: {
    name: 'types',
    include: [],
    typecheck: {
      enabled: true,
      only: true,
      include: ['test/**/*.test-d.ts'],
      checker: fileURLToPath(new URL('node_modules/@typescript/native/bin/tsc', import.meta.url)),
      tsconfig: './tsconfig.json',
      // `npm test` has a stage for the types of everything else.
      ignoreSourceErrors: true,
    },
  },
};

const browser: TestProjectInlineConfiguration = {
  test: {
    ...timeouts,
    name: 'browser',
    include: ['test/browser/**/*.test.ts'],
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      provider: playwright({
        launchOptions: {
          executablePath: chromium,
          args: [
            '--no-sandbox',
            '--disable-gpu',
            '--disable-quic',
            '--no-first-run',
            '--disable-background-networking',
            '--disable-component-update',
            '--disable-sync',
          ],
        },
      }),
      instances: [{ browser: 'chromium' }],
    },
  },
};

const hasChromium = existsSync(chromium);
if (!hasChromium) console.warn(`SKIPPED: the browser tests, since there is no ${chromium}`);

export default defineConfig({
  test: {
    // One less by default, which on two cores is one.
    maxWorkers: '100%',
    projects: hasChromium ? [node, types, browser] : [node, types],
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts'],
      exclude: ['src/**/*.d.ts'],
      reporter: ['text-summary', 'html', 'json-summary'],
    },
  },
});
