import { describe, expect, it } from 'vitest';
import { execute } from '../rules/run/execute.ts';
import { readTable } from '../rules/table.ts';

/** A row of each family for each way that a run can go; `npm run rules` executes all of them. */
const sample = [
  'ontap-vault.nothing.P',
  'ontap-mirror.transfer-breaks.P',
  'ontap-mirror.no-proxy-to-secondary.S',
  'ontap-mirror-lun.clone-limit.-',
  'ontap-sync.secondary-lost-in-read.F',
  'ontap-strict-sync.not-in-sync-at-start.P',
  'ontap-active-sync.storage-snapshot-fails.S',
  'nimble-replication.nothing.PSD',
  'nimble-replication.clone-limit.P',
  'nimble-replication.relation-behind.PD',
  'nimble-sync.clone-limit.F',
  'nimble-sync.not-in-sync-at-start.-',
];

describe('the decision table', () => {
  it('holds for a sample of its rows', async () => {
    const rows = (await readTable()).filter(({ id }) => sample.includes(id));
    expect(rows).toHaveLength(sample.length);
    const judged = await execute(rows, { sites: 1, onJudged: () => undefined });
    expect(judged.filter(({ ok }) => !ok)).toEqual([]);
    expect(judged).toHaveLength(sample.length);
  }, 600_000);
});
