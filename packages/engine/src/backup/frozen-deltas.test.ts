import type { LocatedFile, VmPlan } from '@leeward/core';
import { describe, expect, it } from 'vitest';
import type { FrozenDisk } from '../systems/doors.ts';
import { frozenDeltas } from './frozen-deltas.ts';

const located = (datastore: string, path: string): LocatedFile => ({
  ...{ volume: { arraySerial: 'a', objectId: datastore }, datastore, folder: 'sub', path },
  hostFolders: [datastore, `uuid-${datastore}`],
});

const disk = {
  ...{ key: 2000, label: 'Hard disk 1', node: 'scsi0:0', sizeBytes: 1024 },
  fileName: '[ds1] vm/vm-000001.vmdk',
  located: located('ds1', 'vm/vm-000001.vmdk'),
  parents: [located('ds1', 'vm/vm.vmdk')],
};
const vm = {
  ...{ name: 'one', disks: [disk], vmxFile: located('home', 'vm/vm.vmx') },
} as unknown as VmPlan;

const frozen = (fileName: string, ...parents: readonly string[]): FrozenDisk => ({
  ...{ key: 2000, label: 'Hard disk 1', node: 'scsi0:0', sizeBytes: 1024, fileName, parents },
});
const planned = [disk.fileName, '[ds1] vm/vm.vmdk'] as const;

describe('the deltas that a VMware snapshot put on top of a planned disk', () => {
  it('are none when that disk itself is frozen', () => {
    expect(frozenDeltas(vm, disk, [frozen(...planned)])).toEqual([]);
  });

  it('are located beside what else the VM has there, the frozen one first', () => {
    const file = '[ds1] vm/vm-000003.vmdk';
    expect(frozenDeltas(vm, disk, [frozen(file, ...planned)])).toEqual([located('ds1', 'vm/vm-000003.vmdk')]);
    const two = frozen('[home] vm/vm-000004.vmdk', file, ...planned);
    expect(frozenDeltas(vm, disk, [two])).toEqual([
      located('home', 'vm/vm-000004.vmdk'),
      located('ds1', 'vm/vm-000003.vmdk'),
    ]);
  });

  it.each([
    ['the frozen disk stands on another one', [frozen('[ds1] vm/vm-000003.vmdk', '[ds1] vm/vm.vmdk')]],
    [
      'only its name is like that of the planned one',
      [frozen('[ds2] vm/vm-000001.vmdk', '[ds2] vm/vm.vmdk')],
    ],
    ['it stands alone', [frozen('[ds1] vm/vm-000003.vmdk')]],
    ['the disk is gone', []],
  ])('are refused when %s', (_, disks) => {
    expect(() => frozenDeltas(vm, disk, disks)).toThrow(
      expect.objectContaining({ code: 'L-RUN-108', details: { vm: 'one' } }),
    );
  });

  it('are refused on a datastore that no storage snapshot of the run has', () => {
    const file = '[snapshots] vm/vm-000003.vmdk';
    expect(() => frozenDeltas(vm, disk, [frozen(file, ...planned)])).toThrow(
      expect.objectContaining({ code: 'L-RUN-116', details: { vm: 'one', disk: 'Hard disk 1', file } }),
    );
  });
});
