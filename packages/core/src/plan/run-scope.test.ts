import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { testInventory, testJob, testVm } from '../testing/planning-world.ts';
import { vmKey } from '../words/virtual-machine.ts';
import { makePlan } from './make-plan.ts';
import { scopeOfVms } from './run-scope.ts';

const names = ['vm1', 'vm2', 'vm3', 'vm4'];
const world = { vms: names.map((name) => testVm({ name })) };
const keyOf = (name: string) => `vc-1/moid-${name}`;
/** The three ways to name a VM. */
const words = (name: string) => [name, `/dc/vm/${name}`, `moid-${name}`];

describe('the part of a job that is left', () => {
  it('is planned as exactly those VMs, however the job names them', () => {
    const members = fc.uniqueArray(fc.constantFrom(...names.flatMap(words), 'nobody'), { minLength: 1 });
    fc.assert(
      fc.property(members, fc.subarray(names), (vms, left) => {
        const job = testJob({ vms });
        const whole = makePlan(job, testInventory(world), 0);
        const keys = new Set(left.map(keyOf));
        const part = makePlan(job, testInventory(world), 0, scopeOfVms(whole, keys));
        const wanted = whole.vms.map(({ vm }) => vmKey(vm)).filter((key) => keys.has(key));
        expect(part.vms.map(({ vm }) => vmKey(vm))).toEqual(wanted);
        expect(part.groups.flatMap(({ vmKeys }) => vmKeys).sort()).toEqual(wanted.toSorted());
        expect(part.unresolved).toEqual(whole.unresolved);
      }),
    );
  });

  it('goes on with a VM that is gone, or made anew, or named otherwise by now', () => {
    const job = testJob({ vms: ['vm1', 'vm2'] });
    const scope = scopeOfVms(makePlan(job, testInventory(world), 0), new Set([keyOf('vm2')]));
    expect(scope).toEqual({ members: ['vm2'], vmKeys: [keyOf('vm2')] });
    const gone = makePlan(job, testInventory({ vms: [testVm()] }), 0, scope);
    expect([gone.vms, gone.unresolved.map(({ member }) => member)]).toEqual([[], ['vm2']]);
    const id = { vcenterId: 'vc-1', moId: 'moid-new' };
    const anew = makePlan(job, testInventory({ vms: [testVm(), testVm({ name: 'vm2', id })] }), 0, scope);
    expect(anew.vms.map(({ vm }) => vm.moId)).toEqual(['moid-new']);
    const renamed = testJob({ vms: ['/dc/vm/vm1', '/dc/vm/vm2'] });
    const other = makePlan(renamed, testInventory(world), 0, scope);
    expect(other.vms.map(({ name }) => name)).toEqual(['vm2']);
  });
});
