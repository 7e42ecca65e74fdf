import fc from 'fast-check';
import { expect, it } from 'vitest';
import { LeewardError, reportOf } from '../errors/leeward-error.ts';
import {
  primarySerial,
  testDatastore,
  testDisk,
  testInventory,
  testJob,
  testRelation,
  testVm,
} from '../testing/planning-world.ts';
import type { Volume } from '../words/array-inventory.ts';
import { makePlan } from './make-plan.ts';
import { ownPlan } from './own-plan.ts';
import type { Plan } from './plan.ts';
import type { PlanningInventory } from './planning-inventory.ts';

const sizes = 5;

/** Volumes `own-0` … with a VM of the job on each, `foreign-0` … with none, all in a relation of their own. */
interface TestWorldOfVolumes {
  readonly own: number;
  readonly foreign: number;
  /** What the array freezes together: numbers of own and of foreign volumes. */
  readonly together: { readonly own: readonly number[]; readonly foreign: readonly number[] };
  readonly snapshotOnly: boolean;
  readonly primaryKeep: number;
}

const worlds: fc.Arbitrary<TestWorldOfVolumes> = fc.record({
  own: fc.integer({ min: 1, max: sizes }),
  foreign: fc.integer({ min: 0, max: sizes }),
  together: fc.record({
    own: fc.subarray([0, 1, 2, 3, 4], { minLength: 1 }),
    foreign: fc.subarray([0, 1, 2, 3, 4]),
  }),
  snapshotOnly: fc.boolean(),
  primaryKeep: fc.nat(2),
});

const idOf = (name: string) => ({ arraySerial: primarySerial, objectId: `id-of-${name}` });

function planIn({ own, foreign, together, snapshotOnly, primaryKeep }: TestWorldOfVolumes): Plan {
  const base = testInventory();
  const names = [
    ...Array.from({ length: own }, (_, at) => ['own', at] as const),
    ...Array.from({ length: foreign }, (_, at) => ['foreign', at] as const),
  ];
  const inGroup = names
    .filter(([kind, at]) => together[kind].includes(at))
    .map(([kind, at]) => `${kind}-${at}`);
  const volumes = names.map(([kind, at], index): Volume => {
    const name = `${kind}-${at}`;
    const like = base.arrays[0]?.inventory?.volumes[0] as Volume;
    const frozenWith = inGroup.map((each) => idOf(each).objectId);
    const group = inGroup.includes(name) ? { frozenWith } : {};
    return { ...like, id: idOf(name), name, tenant: `tenant-${kind}`, nfsPath: `/volume-${index}`, ...group };
  });
  const copyOf = (volume: Volume): Volume => {
    const like = base.arrays[1]?.inventory?.volumes[0] as Volume;
    const id = { ...like.id, objectId: `copy-of-${volume.name}` };
    return { ...like, id, name: `copy-of-${volume.name}` };
  };
  const copies = volumes.map(copyOf);
  const relations = volumes.map((volume) => testRelation(volume, copyOf(volume)));
  const vms = Array.from({ length: own }, (_, at) =>
    testVm({
      ...{ name: `vm-${at}`, vmxPath: `[ds-${at}] v/v.vmx` },
      disks: [testDisk({ fileName: `[ds-${at}] v/v.vmdk`, datastoreMoId: `ds-${at}` })],
    }),
  );
  const datastores = vms.map((_, at) =>
    testDatastore({
      ...{ moId: `ds-${at}`, name: `ds-${at}` },
      nfs: { hosts: ['10.0.0.1'], addresses: ['10.0.0.1'], path: `/volume-${at}` },
    }),
  );
  const inventory: PlanningInventory = {
    ...base,
    vcenters: base.vcenters.map((vcenter) => ({ ...vcenter, vms, datastores })),
    arrays: base.arrays.map((array, at) => ({
      ...array,
      ...(array.inventory
        ? { inventory: { ...array.inventory, ...(at === 0 ? { volumes } : { volumes: copies, relations }) } }
        : {}),
    })),
  };
  const job = testJob({
    vms: vms.map(({ name }) => name),
    ...{ snapshotOnly, primaryKeep, secondaryLockDays: 7, quiesce: 'off' },
  });
  return makePlan(job, inventory, 0);
}

const counting = /^storage snapshots of (\d+) more volume/;

it('names no volume that is only frozen along, and is else the plan of a world without these', () => {
  let hidden = 0;
  fc.assert(
    fc.property(worlds, (world) => {
      const whole = planIn(world);
      const shown = ownPlan(whole);
      expect(JSON.stringify(shown)).not.toContain('foreign');
      const alone = planIn({ ...world, foreign: 0 });
      const effects = shown.effects.filter(({ what }) => !counting.test(what));
      expect({ ...shown, effects }).toEqual(alone);
      expect(ownPlan(alone)).toEqual(alone);
      const along = world.together.foreign.filter((at) => at < world.foreign);
      const isPulled = world.together.own.some((at) => at < world.own);
      const counted = shown.effects.flatMap(({ what }) => counting.exec(what)?.[1] ?? []);
      expect(counted).toEqual(isPulled && along.length > 0 ? [`${along.length}`] : []);
      hidden += counted.length;
    }),
  );
  expect(hidden).toBeGreaterThan(0);
});

const mixed: TestWorldOfVolumes = {
  ...{ own: 1, foreign: 2, snapshotOnly: false, primaryKeep: 0 },
  together: { own: [0], foreign: [0, 1] },
};

it('of plans of earlier releases, which do not say what an effect is about, effects on arrays are only counted', () => {
  const whole = planIn(mixed);
  const before = { ...whole, effects: whole.effects.map(({ volume: _, ...effect }) => effect) };
  const { effects } = ownPlan(before);
  expect(effects.map(({ system }) => system)).toEqual(['vc', 'array-a']);
  expect(effects[1]?.what).toMatch(counting);
});

it('does not name the run that distrusted a chain', () => {
  const whole = planIn(mixed);
  const [vm] = whole.vms;
  const fullBecause = reportOf(new LeewardError('L-SRC-116', { run: 'run-of-others' }));
  const disks = vm?.disks.map((disk) => ({ ...disk, fullBecause })) ?? [];
  const shown = ownPlan({ ...whole, vms: vm ? [{ ...vm, disks }] : [] });
  expect(shown.vms[0]?.disks[0]?.fullBecause?.code).toBe('L-SRC-116');
  expect(JSON.stringify(shown)).not.toContain('run-of-others');
});
