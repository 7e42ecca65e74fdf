import type { PlanningArray, PlanningInventory } from '../plan/planning-inventory.ts';
import type { Relation, Volume } from '../words/array-inventory.ts';
import { testInventory, testRelation } from './planning-world.ts';

/** One hop as a test wants it. */
export type TestHop = Partial<Relation> & { readonly problem?: PlanningArray['problem'] };

/**
 * `array-a` with the VM's volume, from there one hop after the other to `array-b`, `array-c` …, each written to from
 * the one before; `beside`: more relations of the VM's volume itself, to `array-x`, `array-y` …
 */
export function cascadeInventory(
  hops: readonly TestHop[],
  beside: readonly TestHop[] = [],
): PlanningInventory {
  const world = testInventory({ relation: 'none' });
  const [primary, model] = world.arrays;
  const [home] = primary?.inventory?.volumes ?? [];
  if (!primary || !model || !home) throw new Error('the test world has no arrays');
  const arrayOf = (name: string, source: Volume, { problem, ...changes }: TestHop) => {
    const serial = `serial-${name}`;
    const volume: Volume = {
      ...home,
      id: { arraySerial: serial, objectId: `volume-${name}` },
      ...{ tenantId: `${serial}-svm1`, access: 'read-only-replica' },
    };
    const relation = testRelation(source, volume, {
      id: { arraySerial: serial, objectId: `relation-${name}` },
      ...changes,
    });
    const array: PlanningArray = {
      ...{ id: serial, name: `array-${name}` },
      ...(problem ? { problem } : {}),
      inventory: {
        identity: { ...identityOf(model), serial, name: serial },
        volumes: [volume],
        dataPorts: [portOf(model, serial)],
        relations: [relation],
        notes: [],
      },
    };
    return { array, volume };
  };
  let source = home;
  const chained = hops.map((hop, at) => {
    const made = arrayOf('bcdefg'[at] ?? '', source, hop);
    source = made.volume;
    return made.array;
  });
  const others = beside.map((hop, at) => arrayOf('xyz'[at] ?? '', home, hop).array);
  const proofs = [...chained, ...others].map(({ id }) => ({
    ...{ arraySerial: id, address: '10.0.0.2', protocol: 'nfs' as const, reached: true },
    ...{ checkedAt: '2026-11-25T00:00:00Z', text: 'read' },
  }));
  const proxies = world.proxies.map((proxy) => ({ ...proxy, reach: [...proxy.reach, ...proofs] }));
  return { ...world, arrays: [primary, ...chained, ...others], proxies };
}

function identityOf({ inventory }: PlanningArray) {
  if (!inventory) throw new Error('the test array has no inventory');
  return inventory.identity;
}

function portOf({ inventory }: PlanningArray, serial: string) {
  const [port] = inventory?.dataPorts ?? [];
  if (!port) throw new Error('the test array has no port');
  return { ...port, id: `${serial}-port`, tenantId: `${serial}-svm1` };
}
