import { isError, makePlan, type PlanningInventory, type VmPlan } from '@leeward/core';
import { primarySerial, testInventory, testJob } from '@leeward/core/testing/planning-world';
import { vcenterDoor } from '@leeward/engine/systems/vcenter-door';
import { type SmallLab, startSmallLab } from '@leeward/lab/vcenter/testing/small-lab';
import { withVmKinds } from '@leeward/lab/vcenter/testing/vm-kinds';
import { systemClock, systemRandomness } from '@leeward/platform';
import { connectVcenter, type VcenterClient } from '@leeward/vsphere';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const secondary = 'secondary';
const standard = 'standard';
/** Of each kind: the path, or the code of the problem; then the codes of what is noted. */
const expected: Record<string, readonly string[]> = {
  plain: [secondary],
  off: [secondary, 'L-PLN-147'],
  suspended: [secondary, 'L-PLN-147'],
  'tools stopped': [secondary, 'L-PLN-148'],
  'no tools': [secondary, 'L-PLN-148'],
  template: ['L-PLN-110'],
  encrypted: ['L-PLN-111'],
  vtpm: ['L-PLN-130'],
  'fault tolerant': ['L-PLN-143'],
  'snapshots disabled': ['L-PLN-144'],
  relocating: ['L-PLN-139'],
  vmotion: ['L-PLN-139'],
  drs: ['L-PLN-139'],
  disconnected: ['L-PLN-115'],
  orphaned: ['L-PLN-146'],
  inaccessible: ['L-PLN-146'],
  invalid: ['L-PLN-146'],
  prdm: ['L-PLN-132'],
  vrdm: [secondary, 'L-PLN-131'],
  independent: [secondary, 'L-PLN-120'],
  nonpersistent: [secondary, 'L-PLN-120'],
  'multi-writer': ['L-PLN-133'],
  'shared bus': ['L-PLN-134'],
  'all left out': ['L-PLN-119', 'L-PLN-120'],
  vvol: ['L-PLN-135'],
  vsan: ['L-PLN-136'],
  'linked clone': [secondary, 'L-PLN-149'],
  'clone of a lost base': [standard],
  'one disk elsewhere': [standard, 'L-PLN-147'],
  'two extents': [standard, 'L-PLN-147'],
  'lost datastore': ['L-PLN-137'],
  'nfs 4.1': [secondary, 'L-PLN-147', 'L-PLN-149'],
};

/** Where the plan says that vSphere makes no VMware snapshot, and so no path is left. */
const noVmwareSnapshot = [
  'L-PLN-115',
  'L-PLN-132',
  'L-PLN-133',
  'L-PLN-134',
  'L-PLN-143',
  'L-PLN-144',
  'L-PLN-146',
];

/** One of two extents of a datastore lies on the primary array. */
function withLun(inventory: PlanningInventory): PlanningInventory {
  const arrays = inventory.arrays.map((array) => {
    const [like] = array.inventory?.volumes ?? [];
    if (array.id !== primarySerial || !array.inventory || !like) return array;
    const { nfsPath: _, ...bare } = like;
    const lun = { id: 'l', path: 'l', sizeBytes: 1e9, serial: 's', online: true };
    const luns = [{ ...lun, scsiNames: ['naa.600140500000000000000000000000e1'] }];
    const volume = { ...bare, id: { ...like.id, objectId: 'vol_e' }, name: 'vol_e', luns };
    return { ...array, inventory: { ...array.inventory, volumes: [...array.inventory.volumes, volume] } };
  });
  return { ...inventory, arrays };
}

describe('the plan of each kind of VM, seen over the API of a vCenter', () => {
  let lab: SmallLab;
  let client: VcenterClient;
  let vms: readonly VmPlan[];

  beforeAll(async () => {
    lab = await startSmallLab(withVmKinds);
    client = connectVcenter({
      host: '127.0.0.1',
      port: lab.simulator.port,
      username: 'admin@lab',
      password: 'secret',
      trust: { kind: 'fingerprint', sha256: lab.simulator.fingerprintSha256 },
      clock: systemClock,
      randomness: systemRandomness,
    });
    const door = vcenterDoor(client, 'vc', async (host) => [host]);
    const [{ id }, seen] = await Promise.all([door.identity(), door.inventory()]);
    const world = withLun(testInventory({ inventory: { vcenters: [{ id, name: 'vc', ...seen }] } }));
    const job = testJob({ quiesce: 'fall-back', vms: Object.keys(expected) });
    const plan = makePlan(job, world, systemClock.now());
    expect(plan.unresolved).toEqual([]);
    vms = plan.vms;
  });
  afterAll(async () => {
    await client?.close();
    await lab?.close();
  });

  it('is what the kind allows, with a reason of its own', () => {
    const seen = vms.map(({ name, source, problem, warnings }) => [
      name,
      [source ?? problem?.code, ...warnings.map(({ code }) => code)],
    ]);
    expect(Object.fromEntries(seen)).toEqual(expected);
  });

  it('tells of each disk where it lies and what becomes of it', () => {
    const files = vms.find(({ name }) => name === 'one disk elsewhere')?.consideredFiles;
    expect(files?.map(({ label, state, volumes }) => [label, state, volumes.length])).toEqual([
      ['configuration file', 'read', 1],
      ['Hard disk 1', 'read', 1],
      ['Hard disk 2', 'unreadable', 0],
    ]);
    const left = vms.find(({ name }) => name === 'vrdm')?.consideredFiles.map(({ state }) => state);
    expect(left).toEqual(['read', 'read', 'left-out']);
  });

  it('agrees with vCenter on which VMs get a VMware snapshot', async () => {
    const options = { description: 'of a test', quiesce: false };
    const tried = vms.filter(
      ({ source, problem }) => source !== undefined || noVmwareSnapshot.includes(problem?.code ?? ''),
    );
    const wrong: string[] = [];
    for (const { vm, name, problem } of tried) {
      const made = await client
        .createVmwareSnapshot(vm.moId, { ...options, name: 'judge' }, { timeoutMs: 1_500 })
        .then(
          () => true,
          () => false,
        );
      if (made !== (problem === undefined)) wrong.push(name);
      if (made) await client.removeVmwareSnapshot(vm.moId, { name: 'judge' });
    }
    expect(tried.length).toBeGreaterThan(15);
    expect(wrong).toEqual([]);
  });

  it('of a VM that is moved: a VMware snapshot waits for its end, at most as long as it is told', async () => {
    const moved = vms.find(({ name }) => name === 'relocating');
    if (!moved) throw new Error('no such VM');
    const snapshot = { name: 'late', description: 'of a test', quiesce: false };
    const refused = await client
      .createVmwareSnapshot(moved.vm.moId, snapshot, { timeoutMs: 300 })
      .catch((error: unknown) => error);
    expect(isError(refused, 'L-RUN-101')).toBe(true);
    const made = client.createVmwareSnapshot(moved.vm.moId, snapshot, { timeoutMs: 20_000 });
    await lab.probe.control('DELETE', '/vms/relocating/migration');
    expect((await made).existed).toBe(false);
    expect((await client.vm(moved.vm.moId)).migration).toBeUndefined();
  });
});
