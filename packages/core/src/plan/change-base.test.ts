import { expect, test } from 'vitest';
import { testDisk, testVm } from '../testing/planning-world.ts';
import type { VirtualMachine, VmDisk } from '../words/virtual-machine.ts';
import { changeBase } from './change-base.ts';
import type { PlanningPoint } from './planning-inventory.ts';

type PointDisk = PlanningPoint['disks'][number];

const disk = testDisk();
const vm = testVm({ cbtSupported: true, cbtEnabled: true });
const good: PointDisk = {
  ...{ key: disk.key, sizeBytes: disk.sizeBytes, fileName: disk.fileName, changeId: '52 aa/1' },
};

function base(changes: {
  readonly vm?: Partial<VirtualMachine>;
  readonly disk?: Partial<VmDisk>;
  readonly before?: Partial<PointDisk> | null;
}) {
  const { before = {} } = changes;
  const disks = before === null ? [] : [{ ...good, ...before }];
  const last = { id: 'p', vmKey: 'vc/vm', repositoryId: 'r', createdAt: '', disks };
  return changeBase({ ...vm, ...changes.vm }, { ...disk, ...changes.disk }, last);
}

test('by changes since the last point, also of a disk that has grown', () => {
  const since = { pointId: 'p', changeId: '52 aa/1', sizeBytes: disk.sizeBytes };
  expect(base({})).toEqual({ since });
  expect(base({ disk: { sizeBytes: 2 * disk.sizeBytes } })).toEqual({ since });
});

test.each([
  ['first run of the disk', { before: null }, 'L-SRC-110'],
  ['CBT off', { vm: { cbtEnabled: false } }, 'L-SRC-111'],
  ['CBT not supported', { vm: { cbtSupported: false } }, 'L-SRC-111'],
  ['no change id then', { before: { changeId: undefined as never } }, 'L-SRC-112'],
  ['another disk', { before: { fileName: '[ds1] vm/other.vmdk' } }, 'L-SRC-113'],
  ['resized', { before: { sizeBytes: disk.sizeBytes + 512 } }, 'L-SRC-114'],
  ['distrusted', { before: { distrustedBy: 'run-7' } }, 'L-SRC-116'],
] as const)('in full, with the cause: %s', (_, changes, code) => {
  expect(base(changes)).toMatchObject({ fullBecause: { code } });
});

test('first run of the VM', () => {
  expect(changeBase(vm, disk, undefined)).toMatchObject({ fullBecause: { code: 'L-SRC-110' } });
});
