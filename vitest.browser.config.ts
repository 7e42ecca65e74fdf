import { defineConfig } from 'vitest/config';
import { useCompileCache } from './tests/compile-cache.ts';

useCompileCache();

/** Tests of the web console in Chromium, over a real server and lab; they fail where Chromium is absent. */
export default defineConfig({
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'], externalConditions: ['source'] } },
  test: {
    include: ['tests/browser/**/*.test.ts'],
    pool: 'forks',
    execArgv: ['--conditions=source', '--disable-warning=ExperimentalWarning'],
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 60_000 } },
    maxWorkers: 1,
    reporters: ['verbose'],
  },
});
