import { existsSync } from 'node:fs';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';

const chromium = '/usr/bin/chromium';

/** Milliseconds after which a test hangs. On a busy machine a second may take ten, so nothing else may depend on it. */
const HANGS = 180_000;
const timeouts = { testTimeout: HANGS, hookTimeout: HANGS };

/**
 * What only calls functions. These files share the modules that they load, which is a sixth of all the time: none of ours has
 * a state. A file that replaces modules, or whose helpers clean up after it, stands elsewhere.
 */
const pure = [
  'test/*.test.ts',
  'test/{engine,identify,projections,report,schemas,structs,uapi}/**/*.test.ts',
  'test/foundry/{defects,pack,pki,profiles,td-report}.test.ts',
];

const node: TestProjectInlineConfiguration = {
  test: {
    ...timeouts,
    name: 'node',
    include: ['test/**/*.test.ts'],
    exclude: ['test/browser/**', ...pure],
    environment: 'node',
  },
};

const sharing: TestProjectInlineConfiguration = {
  test: { ...timeouts, name: 'pure', include: pure, environment: 'node', isolate: false },
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
    projects: hasChromium ? [node, sharing, browser] : [node, sharing],
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts'],
      exclude: ['src/**/*.d.ts'],
      reporter: ['text-summary', 'html', 'json-summary'],
    },
  },
});
