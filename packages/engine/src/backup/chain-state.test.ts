import type { StorageSnapshot } from '@leeward/arrays';
import { type Job, jobDefaults, type KeepRule, type RelationPlan, retain } from '@leeward/core';
import { describe, expect, it } from 'vitest';
import type { ChainEnds } from './chain-places.ts';
import {
  chainState,
  type JournaledStorageSnapshot,
  retentionRules,
  type SeenChain,
  type SeenPlace,
} from './chain-state.ts';
import { relationKey } from './sync-pair.ts';

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
  const ends = endsOf({ ...job, ...changes }, relation(policy));
  const state = chainState(ends, seen(kept, keepsAuxiliary));
  return retain(state, retentionRules(ends), 26 * hourMs).remove.map(
    ({ placeId, link }) => `${placeId} ${link.name}`,
  );
}

function endsOf(ofJob: Job, over: RelationPlan): ChainEnds {
  return {
    job: ofJob,
    volume: { volume: primary, arrayId: 'a', arrayName: 'a', volumeName: 'ds1' },
    relation: over,
  };
}

const locks = { possible: false, why: '' } as const;

function listed(volume: typeof primary, name: string, comment: string): StorageSnapshot {
  return { volume, id: name, name, createdAt: '', comment, heldBy: [] };
}

/** Both arrays have what the journal knows. */
function seen(journal: readonly JournaledStorageSnapshot[], keepsAuxiliary = true): SeenChain {
  const at = (volume: typeof primary): SeenPlace => ({
    keepsAuxiliary,
    listed: journal
      .filter(({ detail }) => detail.volume === volume)
      .map(({ entry: { name, runId } }) => listed(volume, name, `leeward installation=i run=${runId}`)),
    locks,
  });
  return {
    installationId: 'i',
    journal,
    places: new Map([
      ['primary', at(primary)],
      ['secondary', at(secondary)],
    ]),
    jobOf: () => undefined,
    goesOn: () => false,
    nowMs: 0,
  };
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

describe('what arrays and journal say together', () => {
  const owners = (known: Partial<SeenChain>, comment: string) => {
    const base = seen([entry(secondary, 1)]);
    const there = { listed: [listed(secondary, 's1', comment)], locks, keepsAuxiliary: true };
    const places = new Map([...base.places, ['secondary', there]]);
    const state = chainState(endsOf(job, relation('vault')), { ...base, places, ...known });
    return state.places[1]?.links?.map((link) => [link.owner, 'inUse' in link && link.inUse]);
  };

  it('without any comment the journal says whose it is; a foreign comment says it is not ours', () => {
    expect(owners({}, '')).toEqual([['this-job', false]]);
    expect(owners({}, 'by the administrator')).toEqual([['foreign', false]]);
    expect(owners({}, 'leeward installation=else run=r')).toEqual([['other-installation', false]]);
  });

  it('what no journal knows is whose the run in its mark says, and in use while that goes on', () => {
    const mark = 'leeward installation=i run=r';
    const unknown = { journal: [] };
    expect(owners(unknown, mark)).toEqual([['other-job', false]]);
    expect(owners({ ...unknown, jobOf: () => 'j' }, mark)).toEqual([['this-job', false]]);
    expect(owners({ ...unknown, jobOf: () => 'j', goesOn: () => true }, mark)).toEqual([['this-job', true]]);
    expect(owners({ ...unknown, jobOf: () => 'by-hand' }, mark)).toEqual([['by-hand', false]]);
  });

  it('what went over another relation of the volume is no link of this chain', () => {
    const { entry: known, detail } = entry(secondary, 1);
    const journal = [{ entry: known, detail: { ...detail, relation: 'B/another' } }];
    expect(owners({ journal }, 'leeward installation=i run=run-1')).toEqual([]);
  });

  it('both halves of a coordinated chain stay by the rule for the primary, and go together', () => {
    const sync: RelationPlan = { ...relation('other'), kind: 'sync' };
    const both = { pair: { primary, secondary }, relation: relationKey(primary, sync) };
    const kept = [1, 2, 3].flatMap((number) =>
      [primary, secondary].map((volume) => {
        const { entry: known, detail } = entry(volume, number);
        return { entry: known, detail: { ...detail, role: 'long-term', ...both } } as const;
      }),
    );
    const removed = (changes: Partial<Job>) => {
      const ends = endsOf({ ...job, ...changes }, sync);
      const { remove } = retain(chainState(ends, seen(kept)), retentionRules(ends), 26 * hourMs);
      return remove.map(({ placeId, link }) => `${placeId} ${link.name}`);
    };
    expect(removed({ primaryKeep: 1 })).toEqual(
      [1, 2].flatMap((n) => `secondary s${n}`).concat(primaries(1, 2)),
    );
    // No chain is wanted any more.
    expect(removed({}).length).toBe(6);
  });

  it('an array that does not answer is not an empty one', () => {
    const base = seen([entry(primary, 1), entry(secondary, 1)]);
    const places = new Map([...base.places, ['secondary', { locks, keepsAuxiliary: true }]]);
    const state = chainState(endsOf(job, relation('vault')), { ...base, places });
    expect(state.places[1]?.links).toBeUndefined();
    const { remove, warnings } = retain(state, retentionRules(endsOf(job, relation('vault'))), 26 * hourMs);
    expect(remove).toEqual([]);
    expect(warnings.map(({ code }) => code)).toEqual(['L-RET-105']);
  });
});

function primaries(...numbers: readonly number[]): readonly string[] {
  return numbers.map((number) => `primary s${number}`);
}

describe('what stayed on the primary alone', () => {
  const long: Partial<Job> = { primaryKeep: 1 };
  const goneAt = (policy: RelationPlan['policy'], alone: boolean) => {
    const kept = [1, 2, 3].map((number) => {
      const each = entry(primary, number);
      return { ...each, detail: { ...each.detail, alone } };
    });
    const ends = endsOf({ ...job, ...long }, relation(policy));
    const all = seen(kept);
    const silent: SeenPlace = { keepsAuxiliary: true, locks };
    const state = chainState(ends, { ...all, places: new Map([...all.places, ['secondary', silent]]) });
    return retain(state, retentionRules(ends), 26 * hourMs).remove.map(({ link }) => link.name);
  };

  it('goes by its number also while the secondary does not answer, unless a mirror may have taken it', () => {
    expect(goneAt('vault', true)).toEqual(['s1', 's2']);
    expect(goneAt('vault', false)).toEqual([]);
    expect(goneAt('mirror', true)).toEqual([]);
  });
});

describe('the rules of a snapshot-only job', () => {
  const { repositoryId: _none, ...rest } = job;
  const ofJob = (changes: Partial<Job>): Job => ({
    ...rest,
    snapshotOnly: true,
    secondaryKeep: 0,
    ...changes,
  });
  const transfer = relation('vault');
  const sync: RelationPlan = { ...transfer, kind: 'sync' };

  it.each<[Partial<Job>, RelationPlan, KeepRule | 'none', KeepRule | 'none']>([
    [{ primaryKeep: 2 }, transfer, { count: 2 }, 'none'],
    [{ secondaryKeep: 3 }, transfer, 'none', { count: 3 }],
    [{ secondaryKeepDays: 3 }, transfer, 'none', { count: 1, days: 3 }],
    // Of a pair one rule is for both.
    [{ secondaryKeep: 3 }, sync, 'none', { count: 3 }],
    [{ primaryKeep: 2, secondaryKeep: 3 }, sync, { count: 2 }, { count: 2 }],
  ])('%o', (changes, over, onPrimary, onSecondary) => {
    const rules = retentionRules(endsOf(ofJob(changes), over));
    expect([rules['primary']?.keep, rules['secondary']?.keep]).toEqual([onPrimary, onSecondary]);
  });
});
