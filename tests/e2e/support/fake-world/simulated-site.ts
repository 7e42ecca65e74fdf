import type { SimulatedProcess } from '@leeward/engine/flow/memory/simulation';
import type { Store } from '@leeward/engine/store/store';
import type { Doors } from '@leeward/engine/systems/doors';
import { proxyAddress } from './fake-array.ts';
import { vcenterId } from './fake-vcenter.ts';
import type { FakeWorld } from './fake-world.ts';

/** Registers the systems of a `FakeWorld`, `more` arrays of its cascades, a proxy `p` and a repository `r`. */
export async function registerFakeWorld(store: Store, more: readonly string[] = []): Promise<void> {
  const settings = { host: 'fake', port: 443, username: 'u', trust: { kind: 'ca' } as const };
  await store.systems.add({ id: vcenterId, kind: 'vcenter', name: 'vcenter', settings, secretId: 's' });
  for (const id of ['primary', 'secondary', ...more])
    await store.systems.add({ id, kind: 'array', name: id, settings, secretId: 's' });
  await store.proxies.put({ id: 'p', name: 'p', settings: { addresses: [proxyAddress], slots: 2 } });
  await store.repositories.add({ id: 'r', name: 'r', path: '/r', resticId: 'r', secretId: 's' });
}

/** The doors of the world as a process sees them that may die before and after each call. */
export function doorsSeenBy(process: SimulatedProcess, world: FakeWorld): Doors {
  const doors = world.doors();
  return {
    vcenter: async (id) => process.link(await doors.vcenter(id)),
    array: async (id) => {
      const driver = await doors.array(id);
      return process.link(driver.sync ? { ...driver, sync: process.link(driver.sync) } : driver);
    },
    close: async () => undefined,
  };
}
