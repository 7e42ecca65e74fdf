import { type Job, jobDefaults } from '@leeward/core';
import type { ScopedStore } from '@leeward/engine/services/scope-service';

const job = (id: string, name: string, repositoryId: string): Job => ({
  ...{ ...jobDefaults, id, name, repositoryId, vms: ['web-01'] },
});

const things = [
  { id: '20261126-mine', jobId: 'j-mine' },
  { id: '20261126-other', jobId: 'j-other' },
];

/** Two tenants with a job, a run and a point each: `mine-web` and `other-web`. */
export const scopedStore: ScopedStore = {
  jobs: { list: async () => [job('j-mine', 'mine-web', 'r-mine'), job('j-other', 'other-web', 'r-other')] },
  runs: { beginningWith: async (prefix, _limit, jobIds) => beginningWith(prefix, jobIds) as never },
  points: {
    beginningWith: async (prefix, _limit, jobIds) => beginningWith(prefix, jobIds) as never,
    page: async ({ jobIds }) => beginningWith('', jobIds) as never,
  },
};

function beginningWith(prefix: string, jobIds?: readonly string[]) {
  return things.filter(({ id, jobId }) => id.startsWith(prefix) && (jobIds?.includes(jobId) ?? true));
}
