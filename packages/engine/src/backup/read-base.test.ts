import { type DiskPlan, LeewardError, reportOf, type VmPlan } from '@leeward/core';
import { SeededRandomness } from '@leeward/platform';
import { expect, test } from 'vitest';
import type { BackupDeps } from './backup-deps.ts';
import { readBase } from './read-base.ts';

const disk = { key: 2000, label: 'Hard disk 1', since: { pointId: 'point-1' } } as unknown as DiskPlan;
const vm = { name: 'vm', vm: { vcenterId: 'vc', moId: 'm' } } as unknown as VmPlan;
const areas = [{ offsetBytes: 0, lengthBytes: 512 }];
const inPoint = { key: 2000, name: 'disk one', sizeBytes: 4_096, deltaAreas: areas };
const byChanges = { incremental: [2000], fullBecause: {} };

function world(disks: readonly object[] | undefined) {
  const events: string[] = [];
  const deps = {
    randomness: new SeededRandomness(3),
    store: {
      points: { find: async (id: string) => disks && { id, facts: { disks } } },
      runLog: { event: async (_run: string, _vm: string, error: LeewardError) => events.push(error.message) },
    },
  } as unknown as BackupDeps;
  const ask = (bases = byChanges as Parameters<typeof readBase>[3], failOnDowngrade = false) =>
    readBase(deps, { runId: 'r', job: { failOnDowngrade, cbtSampleFraction: 0.25 }, vm }, disk, bases);
  return { ask, events };
}

test('a disk with changes is read by them, with a sample of its own', async () => {
  const { ask, events } = world([inPoint]);
  const [one, two] = [await ask(), await ask()];
  expect(one).toEqual({
    parent: { pointId: 'point-1', diskName: 'disk one', sizeBytes: 4_096, deltaAreas: areas },
    sample: { fraction: 0.25, seed: expect.any(Number) },
  });
  expect(one.sample?.seed).not.toBe(two.sample?.seed);
  expect(events).toEqual([]);
});

test('a disk in full carries the cause that was found before', async () => {
  const { code, what } = reportOf(new LeewardError('L-SRC-111'));
  const reason = reportOf(new LeewardError('L-SRC-111'));
  const { ask } = world([inPoint]);
  expect(await ask({ incremental: [], fullBecause: { '2000': reason } })).toEqual({
    fullBecause: { code, what },
  });
});

test.each([
  ['the point', undefined],
  ['the disk in it', []],
] as const)('where %s is missing the disk is read in full, and that is told', async (_, disks) => {
  const { ask, events } = world(disks);
  expect(await ask()).toMatchObject({ fullBecause: { code: 'L-SRC-117' } });
  expect(events).toEqual([
    expect.stringMatching(/^L-SRC-102 .*the point to compare with is missing: point-1/),
  ]);
  await expect(ask(byChanges, true)).rejects.toMatchObject({ code: 'L-SRC-103' });
});
