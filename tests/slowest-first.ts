import { relative } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Those that take longest on an idle machine, longest first: begun last, they would keep one worker busy alone. */
const slowest = [
  'tests/e2e/simulated-crashes.test.ts',
  'tests/docs/shell-blocks.test.ts',
  'tests/e2e/vss-quiesced.test.ts',
  'tests/docs/cli-process.test.ts',
  'tests/e2e/block-stale-holes.test.ts',
  'tests/e2e/cascade-failures.test.ts',
  'tests/e2e/block-bad-volumes.test.ts',
  'tests/e2e/block-bad-replication.test.ts',
  'tests/e2e/limits.test.ts',
  'tests/e2e/sync-lost.test.ts',
  'tests/e2e/cbt-trust.test.ts',
  'tests/e2e/standard-interrupted.test.ts',
  'tests/e2e/standard-backup.test.ts',
  'tests/kill/kill.test.ts',
  'tests/e2e/several-machines.test.ts',
  'tests/e2e/remote-cli.test.ts',
];

/** Begins the files that take minutes before those that take seconds; in a new clone nobody else knows which these are. */
export class SlowestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const usual = await super.sort(files);
    return usual.toSorted((a, b) => this.#rank(a) - this.#rank(b));
  }

  #rank({ moduleId, project }: TestSpecification): number {
    const path = relative(this.ctx.config.root, moduleId);
    const place = slowest.indexOf(path);
    if (place >= 0) return place;
    if (!project.config.isolate) return slowest.length + 2;
    return path.startsWith('tests/') ? slowest.length : slowest.length + 1;
  }
}
