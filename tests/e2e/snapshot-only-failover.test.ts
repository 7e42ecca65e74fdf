import type { Job } from '@leeward/core';
import { SeededRandomness } from '@leeward/platform';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { problemsOf, simulateBackups } from './support/fake-world/simulated-backups.ts';
import {
  openSimulatedStores,
  type SimulatedStore,
  type SimulatedStores,
} from './support/fake-world/simulated-store.ts';

let databases: SimulatedStores;

beforeAll(async () => {
  databases = await openSimulatedStores(1);
});
afterAll(() => databases?.close());

function database(): SimulatedStore {
  const [only] = databases.stores;
  if (!only) throw new Error('no database');
  return only;
}

const both = { primaryKeep: 2, secondaryKeep: 2 };

/** One run of VM `a`, on a vault relation whose transfer fails, and what is on the arrays after it. */
async function withoutTransfer(changes: Partial<Job>) {
  const { world, foreign, backup } = await simulateBackups(database(), {
    ...{ seed: 1, randomness: new SeededRandomness(1), faultRate: 0, crashes: 0, cancelAfterMs: undefined },
    job: { vms: ['a'], snapshotOnly: true, secondaryKeep: 0, ...changes },
  });
  world.secondary.breakCall('startTransfer');
  await backup('run-1', true);
  const { store } = database();
  expect(await problemsOf(database(), world, foreign, 'run-1')).toEqual([]);
  const [vm] = await store.runVms.list('run-1');
  const events = (await store.runLog.events('run-1')).map(({ report }) => report.code);
  const places = world.storageSnapshots().map((each) => each.split('/').slice(0, 2).join('/'));
  return { vm, events, places, world, backup };
}

test('a failed transfer fails the VM, and nothing of it stays', async () => {
  const { vm, places } = await withoutTransfer(both);
  expect([vm?.state, vm?.problem?.code, places]).toEqual(['failed', 'L-ARR-014', []]);
});

test('with failover the primary alone is enough where a chain is kept there, which is told', async () => {
  const { vm, events, places, world, backup } = await withoutTransfer({ ...both, failoverToPrimary: true });
  expect([vm?.state, vm?.facts.source, places]).toEqual(['success', 'primary', ['primary/vol1']]);
  expect(vm?.facts.storageSnapshots?.map(({ place, volumeName }) => [place, volumeName])).toEqual([
    ['primary', 'vol1'],
  ]);
  expect(events).toContain('L-SRC-130');
  // Nothing piles up there, however long it goes on.
  for (const runId of ['run-2', 'run-3', 'run-4']) await backup(runId, true);
  expect(world.storageSnapshots().map((each) => each.replace(/_g1$/, '').slice(-5))).toEqual([
    'run-3',
    'run-4',
  ]);
});

test.each<[Partial<Job>, string]>([
  [{ secondaryKeep: 2, failoverToPrimary: true }, 'L-ARR-014'],
  [{ ...both, failoverToPrimary: true, failOnDowngrade: true }, 'L-SRC-103'],
])('%o: no failover', async (changes, code) => {
  const { vm, places } = await withoutTransfer(changes);
  expect([vm?.state, vm?.problem?.code, places]).toEqual(['failed', code, []]);
});

test('a chain on the primary alone needs no transfer, and is locked as the job says', async () => {
  const { vm, world } = await withoutTransfer({ primaryKeep: 2, primaryLockDays: 3 });
  expect([vm?.state, vm?.facts.source]).toEqual(['success', 'primary']);
  const [name] = world.storageSnapshots().map((each) => each.split('/').at(-1) ?? '');
  expect(world.primary.volume('vol1').isLocked(name ?? '')).toBe(true);
});

test('a VM that no storage snapshot can hold fails with the reason, the others are kept', async () => {
  const { world, foreign, backup } = await simulateBackups(database(), {
    ...{ seed: 1, randomness: new SeededRandomness(1), faultRate: 0, crashes: 0, cancelAfterMs: undefined },
    job: { vms: ['a', 's'], snapshotOnly: true, ...both },
  });
  await backup('run-1', true);
  const { store } = database();
  expect(await problemsOf(database(), world, foreign, 'run-1')).toEqual([]);
  expect((await store.runs.get('run-1')).state).toBe('partly');
  const vms = await store.runVms.list('run-1');
  expect(vms.map(({ name, state, problem }) => [name, state, problem?.code])).toEqual([
    ['a', 'success', undefined],
    ['s', 'failed', 'L-PLN-201'],
  ]);
});
