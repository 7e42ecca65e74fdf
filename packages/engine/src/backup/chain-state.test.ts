import { type Job, jobDefaults, type Plan, type RelationPlan, retain, type VolumePlan } from '@leeward/core';
import { describe, expect, it } from 'vitest';
import { chainState, type JournaledStorageSnapshot, retentionRules } from './chain-state.ts';

const job: Job = { ...jobDefaults, id: 'j', name: 'j', vms: ['vm'], repositoryId: 'r', secondaryKeep: 2 };
const primary = { arraySerial: 'A', objectId: '1' };
const secondary = { arraySerial: 'B', objectId: '2' };
const hourMs = 3_600_000;

function relation(policy: RelationPlan['policy']): RelationPlan {
  return {
    id: { arraySerial: 'B', objectId: 'rel' },
    kind: 'transfer',
    policy,
    policyName: policy,
    arrayId: 'b',
    arrayName: 'b',
    arrayOwnName: 'b',
    volume: secondary,
    volumeName: 'copy',
    tenant: '',
  };
}

function entry(volume: typeof primary, number: number, jobId = 'j'): JournaledStorageSnapshot {
  const isPrimary = volume === primary;
  return {
    entry: {
      id: `${number}/${volume.arraySerial}`,
      runId: `run-${number}`,
      jobId,
      kind: 'storage-snapshot',
      systemId: isPrimary ? 'a' : 'b',
      name: `s${number}`,
      state: 'kept',
      detail: {},
      createdAt: new Date(number * hourMs).toISOString(),
    },
    detail: { volume, volumeName: 'ds1', role: isPrimary ? 'auxiliary' : 'long-term', relation: 'B/rel' },
  };
}

/** What goes, where both sides have five, the fourth of another job. */
function gone(
  policy: RelationPlan['policy'],
  changes: Partial<Job>,
  keepsAuxiliary = true,
): readonly string[] {
  const kept = [primary, secondary].flatMap((volume) =>
    [1, 2, 3, 4, 5].map((number) => entry(volume, number, number === 4 ? 'other' : 'j')),
  );
  const plan: Pick<Plan, 'job'> = { job: { ...job, ...changes } };
  const volume: Pick<VolumePlan, 'volume' | 'arrayName' | 'volumeName'> = {
    volume: primary,
    arrayName: 'a',
    volumeName: 'ds1',
  };
  const state = chainState(plan, volume, relation(policy), kept, keepsAuxiliary);
  return retain(state, retentionRules(plan.job), 26 * hourMs).remove.map(
    ({ placeId, link }) => `${placeId} ${link.name}`,
  );
}

describe('retention of a relation by the journal', () => {
  it('vault: the secondary keeps as many of the job as it says, the primary the base only, of all jobs', () => {
    expect(gone('vault', {})).toEqual(['secondary s1', 'secondary s2', ...primaries(1, 2, 3, 4)]);
  });

  it('mirror: the primary keeps as many of the job, and leaves those of others', () => {
    expect(gone('mirror', {})).toEqual(primaries(1, 2));
  });

  it('by days: what is not older stays besides', () => {
    expect(gone('vault', { secondaryKeepDays: 1 })).toEqual([
      'secondary s1',
      'secondary s2',
      ...primaries(1, 2, 3, 4),
    ]);
    expect(gone('vault', { secondaryKeepDays: 2 })).toEqual(primaries(1, 2, 3, 4));
  });

  it('a long-term chain on the primary, beside that of the secondary', () => {
    expect(gone('vault', { primaryKeep: 3 })).toEqual(['secondary s1', 'secondary s2', ...primaries(1, 4)]);
    expect(gone('vault', { primaryKeepDays: 1 })).toEqual([
      'secondary s1',
      'secondary s2',
      ...primaries(1, 2, 4),
    ]);
    expect(gone('mirror', { primaryKeep: 4 })).toEqual([]);
  });

  it('arrays without auxiliary storage snapshots keep none', () => {
    expect(gone('snapshot-replication', {}, false)).toEqual([
      'secondary s1',
      'secondary s2',
      ...primaries(1, 2, 3, 4, 5),
    ]);
  });
});

function primaries(...numbers: readonly number[]): readonly string[] {
  return numbers.map((number) => `primary s${number}`);
}
