import {
  type DiskPlan,
  type ErrorCode,
  type Extent,
  LeewardError,
  reportOf,
  type VmPlan,
} from '@leeward/core';
import { expect, test } from 'vitest';
import type { ChangeListKey } from '../store/change-lists.ts';
import type { ChangeAnswer, VcenterDoor } from '../systems/doors.ts';
import type { BackupDeps } from './backup-deps.ts';
import { askChanges } from './changed-areas-step.ts';

const changed = [{ offsetBytes: 0, lengthBytes: 65_536 }];
const allocated = [{ offsetBytes: 0, lengthBytes: 131_072 }];
const unusable = { unusable: new LeewardError('L-VC-401', { disk: 'Hard disk 1' }) };
const since = { pointId: 'p', changeId: '52 aa/1', sizeBytes: 1_048_576 };
const first = reportOf(new LeewardError('L-SRC-110'));

interface Asked {
  readonly disk: Partial<DiskPlan>;
  readonly onVmfs?: boolean;
  readonly changeId?: string | undefined;
  readonly changes?: ChangeAnswer;
  readonly allocatedAnswer?: () => ChangeAnswer;
  readonly failOnDowngrade?: boolean;
}

/** Asks for one disk of a VM, and tells what was stored, what was told, and what was asked. */
async function ask({
  disk,
  onVmfs = true,
  changeId = '52 aa/2',
  changes = { areas: changed },
  allocatedAnswer = () => ({ areas: allocated }),
  failOnDowngrade = false,
}: Asked) {
  const stored: Record<string, readonly Extent[]> = {};
  const events: string[] = [];
  const calls: string[] = [];
  const door = {
    changedAreas: async () => {
      calls.push('changed');
      return changes;
    },
    allocatedAreas: async () => {
      calls.push('allocated');
      return allocatedAnswer();
    },
  } as unknown as VcenterDoor;
  const deps = {
    doors: { vcenter: async () => door },
    store: {
      changeLists: {
        put: async ({ diskKey }: ChangeListKey, areas: readonly Extent[]) => {
          stored[`changed ${diskKey}`] = areas;
        },
        putAllocated: async ({ diskKey }: ChangeListKey, areas: readonly Extent[]) => {
          stored[`allocated ${diskKey}`] = areas;
        },
      },
      points: { get: async () => ({ facts: { disks: [] } }) },
      runLog: { event: async (_run: string, _vm: string, error: LeewardError) => events.push(error.code) },
    },
  } as unknown as BackupDeps;
  const vmfs = onVmfs ? { vmfs: { uuid: 'u', extents: [] } } : {};
  const plan = {
    name: 'vm',
    vm: { vcenterId: 'vc', moId: 'vm-1' },
    disks: [{ key: 2000, label: 'Hard disk 1', parents: [], located: { ...vmfs }, ...disk }],
  } as unknown as VmPlan;
  const frozenDisk = { key: 2000, sizeBytes: 1_048_576, ...(changeId ? { changeId } : {}) };
  const frozen = { vmwareSnapshotMoId: 's', createdAt: '', disks: [frozenDisk] } as never;
  const rules = { failOnDowngrade };
  const { signal } = new AbortController();
  const { incremental, fullBecause } = await askChanges(deps, 'run', plan, frozen, rules, signal);
  const causes = Object.values(fullBecause).map(({ code }) => code);
  return { incremental, causes, stored, events, calls: calls.toSorted() };
}

const both = ['allocated', 'changed'];

test('a disk on VMFS is asked for what is allocated too, beside its changes', async () => {
  expect(await ask({ disk: { since } })).toEqual({
    incremental: [2000],
    causes: [],
    stored: { 'changed 2000': changed, 'allocated 2000': allocated },
    events: [],
    calls: both,
  });
});

test('what is allocated is stored also when the changes cannot be used, and in a first full', async () => {
  const stored = { 'allocated 2000': allocated };
  expect(await ask({ disk: { since }, changes: unusable })).toEqual({
    ...{ incremental: [], causes: ['L-VC-401'], stored, events: ['L-SRC-102'], calls: both },
  });
  expect(await ask({ disk: { fullBecause: first } })).toEqual({
    ...{ incremental: [], causes: ['L-SRC-110'], stored, events: [], calls: ['allocated'] },
  });
});

test('an event tells that holes go unchecked when CBT does not say what is allocated', async () => {
  const failing = () => {
    throw new LeewardError('L-VC-408', { disk: 'Hard disk 1', message: 'busy' });
  };
  for (const allocatedAnswer of [() => unusable, failing])
    expect(await ask({ disk: { since }, allocatedAnswer })).toEqual({
      incremental: [2000],
      causes: [],
      stored: { 'changed 2000': changed },
      events: ['L-SRC-104'],
      calls: both,
    });
  expect(await ask({ disk: { fullBecause: first }, changeId: '' })).toMatchObject({
    ...{ stored: {}, events: ['L-SRC-104'], calls: [] },
  });
  const broken = () => {
    throw new TypeError('a bug');
  };
  await expect(ask({ disk: { since }, allocatedAnswer: broken })).rejects.toThrow('a bug');
});

test('a disk on NFS is not asked: there hosts do not know', async () => {
  expect(await ask({ disk: { since }, onVmfs: false })).toMatchObject({ calls: ['changed'], events: [] });
});

/** What the plan says of a disk in full, and what CBT may answer: everything but a first backup is a downgrade. */
test.each([
  ['first run', { disk: { fullBecause: first } }, 'L-SRC-110', false],
  ['CBT off', { disk: planned('L-SRC-111') }, 'L-SRC-111', true],
  ['no change id in the last point', { disk: planned('L-SRC-112') }, 'L-SRC-112', true],
  ['another disk', { disk: planned('L-SRC-113') }, 'L-SRC-113', true],
  ['resized, as planned', { disk: planned('L-SRC-114') }, 'L-SRC-114', true],
  ['resized since', { disk: { since: { ...since, sizeBytes: 2_097_152 } } }, 'L-SRC-114', true],
  ['distrusted', { disk: planned('L-SRC-116') }, 'L-SRC-116', true],
  ...(['L-VC-401', 'L-VC-402', 'L-VC-403', 'L-VC-404', 'L-VC-405', 'L-VC-406', 'L-VC-407'] as const).map(
    (code) => [code, { disk: { since }, changes: { unusable: new LeewardError(code) } }, code, true] as const,
  ),
] as const)('a disk that is read in full names the cause: %s', async (_, asked, code, isDowngrade) => {
  const { incremental, causes, events } = await ask(asked);
  expect({ incremental, causes }).toEqual({ incremental: [], causes: [code] });
  expect(events).toEqual(isDowngrade ? ['L-SRC-102'] : []);
});

test('a job that forbids downgrades fails the VM, but not in its first run', async () => {
  await expect(ask({ disk: planned('L-SRC-116'), failOnDowngrade: true })).rejects.toMatchObject({
    code: 'L-SRC-103',
  });
  expect((await ask({ disk: { fullBecause: first }, failOnDowngrade: true })).causes).toEqual(['L-SRC-110']);
});

function planned(code: ErrorCode): Partial<DiskPlan> {
  return { fullBecause: reportOf(new LeewardError(code)) };
}
