import type { ArrayDriver, SyncLook, SyncPair } from '@leeward/arrays';
import { LeewardError, type PlanningInventory, type Relation } from '@leeward/core';
import { testInventory, testJob } from '@leeward/core/testing/planning-world';
import { ManualClock } from '@leeward/platform';
import { expect, it } from 'vitest';
import type { BackupDeps } from './backup-deps.ts';
import { planAtStart } from './look-at-start.ts';

const inSync: Partial<Relation> = {
  ...{ kind: 'sync', policy: 'other', policyName: 'metro' },
  health: { healthy: true, state: 'active', reasons: [], detected: true },
  sync: {
    ...{ state: 'in-sync', primarySide: 'a', secondarySide: 'b', decidedBy: 'the roles' },
    automaticSwitchover: false,
  },
};

interface World {
  readonly look?: (pair: SyncPair) => Promise<SyncLook>;
  readonly relation?: Partial<Relation>;
  readonly job?: Parameters<typeof testJob>[0];
}

async function planned({ look, relation = inSync, job = {} }: World) {
  const steps: { vmKeys: readonly string[]; name: string; detail: object }[] = [];
  const pairs: SyncPair[] = [];
  const sync = look && {
    look: (pair: SyncPair) => {
      pairs.push(pair);
      return look(pair);
    },
  };
  const runLog = {
    async step<T>(
      _run: string,
      vmKeys: readonly string[],
      name: string,
      work: () => Promise<T>,
      detailOf: (result: T) => object,
    ) {
      const result = await work();
      steps.push({ vmKeys, name, detail: detailOf(result) });
      return result;
    },
  };
  const deps = {
    clock: new ManualClock(0),
    store: { runLog },
    doors: { array: async () => ({ sync }) as unknown as ArrayDriver },
  } as unknown as BackupDeps;
  const inventory: PlanningInventory = testInventory({ relation });
  const plan = await planAtStart(
    deps,
    { runId: 'run', job: testJob(job) },
    inventory,
    new AbortController().signal,
  );
  return { vm: plan.vms[0], volume: plan.groups[0]?.volumes[0], steps, pairs };
}

const detected = async (): Promise<SyncLook> => ({ detected: true, state: 'in-sync', reasons: [] });
const lost = async (): Promise<SyncLook> => ({
  ...{ detected: false, state: 'resyncing', reasons: ['40 % are copied'] },
});

it('what is detected is planned, after one look at each pair that has a step of its own', async () => {
  const { vm, volume, steps, pairs } = await planned({ look: detected });
  expect([vm?.source, volume?.relation?.kind]).toEqual(['secondary', 'sync']);
  expect(pairs).toEqual([
    {
      primary: { arraySerial: 'serial-primary', objectId: 'serial-primary-vol_ds1' },
      secondary: { arraySerial: 'serial-secondary', objectId: 'serial-secondary-vol_ds1' },
    },
  ]);
  expect(steps).toEqual([
    { vmKeys: ['vc-1/moid-vm1'], name: 'sync-look', detail: { states: { vol_ds1: 'in-sync' } } },
  ]);
});

it('what was lost since the arrays were read counts as not detected at the start', async () => {
  const refused = await planned({ look: lost });
  expect([refused.vm?.source, refused.vm?.problem?.code]).toEqual([undefined, 'L-PLN-160']);
  expect(refused.vm?.problem?.what).toContain('resyncing: 40 % are copied');
  expect(refused.pairs).toHaveLength(1);
  const { vm, volume } = await planned({ look: lost, job: { failoverToPrimary: true } });
  expect([vm?.source, volume?.relation]).toEqual(['primary', undefined]);
});

it('an array that cannot be asked, or makes no coordinated storage snapshots, did not detect anything', async () => {
  const silent = () => Promise.reject(new LeewardError('L-ARR-001', { host: 'a', reason: 'no route' }));
  expect((await planned({ look: silent })).vm?.problem?.what).toContain('no route');
  expect((await planned({})).vm?.problem?.what).toContain('cannot make a storage snapshot on both sides');
});

it('a fault that nobody expects is not taken for a lost secondary', async () => {
  await expect(planned({ look: () => Promise.reject(new TypeError('a defect')) })).rejects.toThrow(
    'a defect',
  );
});

it('without a synchronous relation nothing is looked at', async () => {
  expect((await planned({ look: detected, relation: {} })).steps).toEqual([]);
});
