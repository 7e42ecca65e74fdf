import { expect, test } from 'vitest';
import { methodNamed } from './methods.ts';
import { isSimple, isSubtype, membersOf, typeEntry } from './type-table.ts';
import { priorVersions, rankOf } from './versions.ts';

test('members come in wire order, base first, and know their version', () => {
  const names = membersOf('VirtualDisk').map((member) => member.name);
  expect(names.slice(0, 8)).toEqual([
    ...['key', 'deviceInfo', 'backing', 'connectable', 'slotInfo', 'controllerKey', 'unitNumber'],
    'numaNode',
  ]);
  expect(names.indexOf('capacityInKB')).toBeGreaterThan(names.indexOf('deviceGroupInfo'));
  const numaNode = membersOf('VirtualDisk').find((member) => member.name === 'numaNode');
  expect(numaNode?.since).toBe(rankOf('8.0.0.1'));
});

test('every type that a member names is in the table or simple', () => {
  for (const name of ['VirtualMachine', 'HostSystem', 'Datastore', 'VirtualMachineConfigSpec', 'TaskInfo'])
    for (const member of membersOf(name))
      if (member.form === 'data')
        expect(isSimple(member.type) || typeEntry(member.type), `${name}.${member.name}`).toBeTruthy();
});

test('subtypes, methods, versions', () => {
  expect(isSubtype('FileLocked', 'FileFault')).toBe(true);
  expect(isSubtype('FileFault', 'FileLocked')).toBe(false);
  expect(isSubtype('VirtualMachine', 'ManagedEntity')).toBe(true);
  expect(methodNamed('QueryChangedDiskAreas')?.parameters.map((member) => member.name)).toEqual([
    ...['snapshot', 'deviceKey', 'startOffset', 'changeId'],
  ]);
  expect(methodNamed('FormatDisk')).toBeUndefined();
  expect(priorVersions('6.7').slice(0, 2)).toEqual(['6.5', '6.0']);
});
