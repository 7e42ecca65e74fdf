import { defineConfig } from 'vitest/config';
import { useCompileCache } from './tests/compile-cache.ts';

useCompileCache();

/** Tests with foreign programs as judges; each is skipped, with a message, where its judge is absent. */
export default defineConfig({
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'], externalConditions: ['source'] } },
  test: {
    include: ['tests/interop/**/*.test.ts'],
    pool: 'forks',
    execArgv: ['--conditions=source', '--disable-warning=ExperimentalWarning'],
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 20_000 } },
    maxWorkers: 2,
    reporters: ['verbose'],
  },
});
