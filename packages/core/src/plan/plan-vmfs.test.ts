import { describe, expect, it } from 'vitest';
import {
  primarySerial,
  secondarySerial,
  type TestWorld,
  testDatastore,
  testDisk,
  testInventory,
  testJob,
  testRelation,
  testVm,
} from '../testing/planning-world.ts';
import type { ArrayInventory, MissingCapability, Volume } from '../words/array-inventory.ts';
import type { Datastore } from '../words/virtual-machine.ts';
import { makePlan } from './make-plan.ts';
import { volumesOfFile } from './plan.ts';

const vmfsDatastore: Datastore = {
  moId: 'datastore-2',
  name: 'ds2',
  kind: 'vmfs',
  accessible: true,
  datacenterPath: 'dc',
  vmfs: { uuid: 'uuid-ds2', extents: ['naa.600a0980aa', 'naa.600A0980BB'] },
  hostFolder: 'uuid-ds2',
};

function lunVolume(arraySerial: string, name: string, scsiNames: readonly string[]): Volume {
  return {
    id: { arraySerial, objectId: `${arraySerial}-${name}` },
    name,
    tenant: 'svm1',
    tenantId: `${arraySerial}-svm1`,
    sizeBytes: 1e12,
    access: arraySerial === primarySerial ? 'read-write' : 'read-only-replica',
    online: true,
    isClone: false,
    luns: scsiNames.map((scsiName, at) => ({
      id: `${name}-lun${at}`,
      path: `lun${at}`,
      sizeBytes: 1e11,
      serial: `${name}${at}`,
      scsiNames: [scsiName],
      online: true,
    })),
  };
}

interface Changes {
  readonly world?: TestWorld;
  readonly protocols?: ArrayInventory['dataPorts'][number]['protocols'];
  readonly missing?: readonly MissingCapability[];
  readonly scatter?: boolean;
}

/** The datastore `ds2` lies on a LUN of each of two volumes, which are replicated like the NFS one. */
function inventoryWithLuns({ world = {}, protocols = ['nfs', 'iscsi'], missing, scatter }: Changes = {}) {
  const base = testInventory({ datastores: [testDatastore(), vmfsDatastore], ...world });
  const sources = [
    lunVolume(primarySerial, 'vol_a', ['naa.600a0980aa']),
    lunVolume(scatter ? secondarySerial : primarySerial, 'vol_b', ['naa.600a0980cc', 'naa.600a0980bb']),
  ];
  const targets = sources.map(({ name }) => lunVolume(secondarySerial, name, [`naa.other-${name}`]));
  const arrays = base.arrays.map((array) => {
    if (!array.inventory) return array;
    const isPrimary = array.id === primarySerial;
    const inventory: ArrayInventory = {
      ...array.inventory,
      volumes: [
        ...array.inventory.volumes,
        ...sources.filter(({ id }) => id.arraySerial === array.id),
        ...(isPrimary ? [] : targets),
      ],
      dataPorts: array.inventory.dataPorts.map((port) => ({ ...port, protocols })),
      relations: isPrimary
        ? []
        : [
            ...array.inventory.relations,
            ...sources.map((source, at) => testRelation(source, targets[at] ?? source)),
          ],
      ...(missing && !isPrimary ? { missing } : {}),
    };
    return { ...array, inventory };
  });
  return { ...base, arrays };
}

function planned(changes: Changes & { readonly failoverToPrimary?: boolean } = {}) {
  const { failoverToPrimary = false, world = {}, ...rest } = changes;
  const vm = testVm({
    vmxPath: '[ds2] vm1/vm1.vmx',
    disks: [
      testDisk({ fileName: '[ds2] vm1/vm1.vmdk' }),
      testDisk({ key: 2001, label: 'Hard disk 2', fileName: '[ds1] vm1/data.vmdk' }),
    ],
  });
  const inventory = inventoryWithLuns({ ...rest, world: { vms: [vm], ...world } });
  const plan = makePlan(testJob({ failoverToPrimary }), inventory, 0);
  return { plan, vm: plan.vms[0], group: plan.groups[0] };
}

describe('VMs on VMFS', () => {
  it('are located by the device names of all extents, in their order', () => {
    const { vm } = planned();
    expect(vm).toMatchObject({ source: 'secondary', proxyId: 'proxy-1' });
    const located = vm?.disks[0]?.located;
    expect(located).toMatchObject({
      path: 'vm1/vm1.vmdk',
      datastore: 'ds2',
      hostFolders: ['ds2', 'uuid-ds2'],
      vmfs: {
        uuid: 'uuid-ds2',
        extents: [
          { lunPath: 'lun0', scsiName: 'naa.600a0980aa' },
          { lunPath: 'lun1', scsiName: 'naa.600a0980bb' },
        ],
      },
    });
    expect(located && volumesOfFile(located).map(({ objectId }) => objectId)).toEqual([
      `${primarySerial}-vol_a`,
      `${primarySerial}-vol_b`,
    ]);
  });

  it('freeze all volumes of all their datastores together, each read by its own protocol', () => {
    const { group } = planned();
    expect(
      group?.volumes.map(({ volumeName, protocols, lunPaths }) => [volumeName, protocols, lunPaths]),
    ).toEqual([
      ['vol_a', ['iscsi'], ['lun0']],
      ['vol_b', ['iscsi'], ['lun1']],
      ['vol_ds1', ['nfs'], []],
    ]);
  });

  it('need a data port for each protocol', () => {
    expect(planned({ protocols: ['nfs'] }).vm?.problem).toMatchObject({
      code: 'L-PLN-109',
      details: { protocol: 'iscsi' },
    });
  });

  it('go the standard way when one extent is on no registered array, or the extents on several', () => {
    const lost = { ...vmfsDatastore, vmfs: { uuid: 'u', extents: ['naa.600a0980aa', 'naa.unknown'] } };
    const seen = [
      planned({ world: { datastores: [testDatastore(), lost] } }).vm,
      planned({ scatter: true }).vm,
    ];
    expect(seen.map((vm) => [vm?.source, vm?.notTaken[0]?.reason.code])).toEqual([
      ['standard', 'L-PLN-138'],
      ['standard', 'L-PLN-126'],
    ]);
  });

  it.each(['iscsi', 'clone', 'transfer'] as const)(
    'are read on the primary, if that is allowed, when the secondary lacks %s',
    (capability) => {
      const missing = [{ capability, text: 'the licence x is not installed' }];
      expect(planned({ missing }).vm?.problem?.code).toBe('L-PLN-107');
      const { vm } = planned({ missing, failoverToPrimary: true });
      expect(vm?.source).toBe('primary');
      expect(vm?.notTaken[0]).toMatchObject({ path: 'secondary', reason: { code: 'L-PLN-107' } });
    },
  );

  it('mind nothing that only another tenant lacks', () => {
    const missing = [{ capability: 'iscsi' as const, tenantId: 'other', text: 'its service is off' }];
    expect(planned({ missing }).vm?.source).toBe('secondary');
  });
});

it.each([
  ['vault', ['7 transferred', 'the newest transferred']],
  ['mirror', ['what the primary keeps', '7 transferred']],
] as const)('a %s relation keeps what its effects say', (policy, [onSecondary, onPrimary]) => {
  const { effects } = makePlan(testJob(), testInventory({ relation: { policy } }), 0);
  const kept = (system: string) => effects.filter((each) => each.action === 'keep' && each.system === system);
  expect(kept('array-b').map(({ what }) => what)).toEqual([expect.stringContaining(onSecondary)]);
  expect(kept('array-a').map(({ what }) => what)).toEqual([expect.stringContaining(onPrimary)]);
});

it('parents of a disk count as its files: their volumes are frozen too', () => {
  const disk = testDisk({ backing: 'sparse', parents: ['[ds2] base/base.vmdk'] });
  const world = { vms: [testVm({ hasVmwareSnapshots: true, disks: [disk] })] };
  const plan = makePlan(testJob(), inventoryWithLuns({ world }), 0);
  expect(plan.vms[0]?.disks[0]?.parents).toMatchObject([{ datastore: 'ds2', path: 'base/base.vmdk' }]);
  expect(plan.groups[0]?.volumes.map(({ volumeName }) => volumeName)).toEqual(['vol_ds1', 'vol_a', 'vol_b']);
});

it('volumes that the array freezes only together are one group, and the unread ones are in it', () => {
  const base = inventoryWithLuns();
  const ids = ['vol_a', 'vol_b'].map((name) => `${primarySerial}-${name}`);
  const arrays = base.arrays.map((array) =>
    array.inventory && array.id === primarySerial
      ? {
          ...array,
          inventory: {
            ...array.inventory,
            volumes: array.inventory.volumes.map((volume) =>
              ids.includes(volume.id.objectId) ? { ...volume, frozenWith: ids } : volume,
            ),
          },
        }
      : array,
  );
  const one = (name: string, scsiName: string): Datastore => ({
    ...vmfsDatastore,
    moId: name,
    name,
    vmfs: { uuid: name, extents: [scsiName] },
  });
  const vmOn = (name: string, datastore: string) =>
    testVm({
      name,
      vmxPath: `[${datastore}] v/v.vmx`,
      disks: [testDisk({ fileName: `[${datastore}] v/v.vmdk` })],
    });
  const datastores = [one('dsa', 'naa.600a0980aa'), one('dsb', 'naa.600a0980bb')];
  const plan = (vms: readonly ReturnType<typeof testVm>[]) => {
    const vcenters = base.vcenters.map((vcenter) => ({ ...vcenter, datastores, vms }));
    return makePlan(testJob({ vms: vms.map(({ name }) => name) }), { ...base, vcenters, arrays }, 0);
  };
  const both = plan([vmOn('a', 'dsa'), vmOn('b', 'dsb')]);
  expect(both.groups.map(({ vmKeys }) => vmKeys.length)).toEqual([2]);
  const [alone] = plan([vmOn('a', 'dsa')]).groups;
  expect(alone?.volumes.map(({ volumeName, protocols }) => [volumeName, protocols])).toEqual([
    ['vol_a', ['iscsi']],
    ['vol_b', []],
  ]);
  expect(alone?.volumes[1]?.relation).toBeDefined();
});

describe('volumes that an array can freeze at one instant', () => {
  const base = inventoryWithLuns();
  const names = ['vol_a', 'vol_b', 'vol_c'] as const;
  const idOf = (name: string) => `${primarySerial}-${name}`;
  const scsiOf = { vol_a: 'naa.600a0980aa', vol_b: 'naa.600a0980bb', vol_c: 'naa.600a0980cc' };

  /** Groups by names of their volumes, the smallest first. */
  function planOf(
    groups: readonly (readonly string[])[],
    vms: Record<string, readonly (keyof typeof scsiOf)[]>,
  ) {
    const arrays = base.arrays.map((array) => {
      if (!array.inventory || array.id !== primarySerial) return array;
      const [like] = array.inventory.volumes.filter(({ luns }) => luns);
      const volumes = names.flatMap((name) => {
        const known = array.inventory?.volumes.find((volume) => volume.name === name) ?? like;
        if (!known) return [];
        const instantGroups = groups.filter((group) => group.includes(name)).map((group) => group.map(idOf));
        const luns = (known.luns ?? []).map((lun) => ({ ...lun, scsiNames: [scsiOf[name]] }));
        const id = { arraySerial: primarySerial, objectId: idOf(name) };
        return [{ ...known, id, name, luns, ...(instantGroups.length > 0 ? { instantGroups } : {}) }];
      });
      return { ...array, inventory: { ...array.inventory, volumes } };
    });
    const datastores = names.map(
      (name): Datastore => ({
        ...vmfsDatastore,
        moId: name,
        name,
        vmfs: { uuid: name, extents: [scsiOf[name]] },
      }),
    );
    const all = Object.entries(vms).map(([name, on]) =>
      testVm({
        name,
        vmxPath: `[${on[0]}] ${name}/v.vmx`,
        disks: on.map((datastore, key) => testDisk({ key, fileName: `[${datastore}] ${name}/v${key}.vmdk` })),
      }),
    );
    const vcenters = base.vcenters.map((vcenter) => ({ ...vcenter, datastores, vms: all }));
    return makePlan(testJob({ vms: Object.keys(vms) }), { ...base, vcenters, arrays }, 0);
  }
  const frozen = (plan: ReturnType<typeof makePlan>) =>
    plan.groups.map(({ volumes }) =>
      volumes.map(({ volumeName, protocols }) => [volumeName, protocols.length]),
    );

  it('bring the rest of their group along, temporarily, for a VM that lies on two of them', () => {
    const plan = planOf([names], { wide: ['vol_a', 'vol_b'] });
    expect(frozen(plan)).toEqual([
      [
        ['vol_a', 1],
        ['vol_b', 1],
        ['vol_c', 0],
      ],
    ]);
    // Nothing of it is transferred or kept, but it is in the plan: made, and deleted.
    expect(plan.groups[0]?.volumes[2]?.relation).toBeUndefined();
    const effects = plan.effects.filter(({ what }) => what.includes('vol_c')).map(({ action }) => action);
    expect(effects).toEqual(['create']);
  });

  it('are frozen alone for VMs that lie on one each', () => {
    const plan = planOf([names], { one: ['vol_a'], other: ['vol_b'] });
    expect(frozen(plan)).toEqual([[['vol_a', 1]], [['vol_b', 1]]]);
  });

  it('are frozen by the smallest group that brings them together', () => {
    const volumesOf = (groups: readonly (readonly string[])[]) =>
      frozen(planOf(groups, { wide: ['vol_a', 'vol_b'] })).map((volumes) => volumes.map(([name]) => name));
    expect(volumesOf([['vol_a', 'vol_b'], names])).toEqual([['vol_a', 'vol_b']]);
    expect(volumesOf([['vol_a', 'vol_c'], names])).toEqual([['vol_a', 'vol_b', 'vol_c']]);
  });
});
