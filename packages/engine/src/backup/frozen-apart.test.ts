import type { GroupPlan, Plan, VmPlan } from '@leeward/core';
import { expect, test } from 'vitest';
import { vmsFrozenApart } from './frozen-apart.ts';

const id = (objectId: string) => ({ arraySerial: 'a', objectId });

function vmOn(name: string, ...volumes: readonly string[]): VmPlan {
  const disks = volumes.map((volume) => ({ located: { volume: id(volume) }, parents: [] }));
  return { name, vm: { vcenterId: 'v', moId: name }, disks } as unknown as VmPlan;
}

const vms = [vmOn('one', '1'), vmOn('both', '1', '2'), vmOn('apart', '2', '3')];
const plan = { vms } as unknown as Plan;
const group = { vmKeys: vms.map(({ vm }) => `${vm.vcenterId}/${vm.moId}`) } as unknown as GroupPlan;
const apart = (calls: Parameters<typeof vmsFrozenApart>[2]) =>
  vmsFrozenApart(plan, group, calls).map(({ name }) => name);

test('only a VM with volumes of different calls, or of a call without one instant, was frozen apart', () => {
  const first = { volumes: [id('1'), id('2')], isOneInstant: true };
  const second = { volumes: [id('3')], isOneInstant: true };
  expect(apart([{ volumes: [id('1'), id('2'), id('3')], isOneInstant: true }])).toEqual([]);
  expect(apart([first, second])).toEqual(['apart']);
  expect(apart([{ ...first, isOneInstant: false }, second])).toEqual(['both', 'apart']);
});
