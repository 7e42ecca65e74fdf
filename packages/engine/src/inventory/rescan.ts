import { isoTime, reportOf } from '@leeward/core';
import type { BackupDeps } from '../backup/backup-deps.ts';
import { InventoryCache } from './cached-inventory.ts';

/** Reads one vCenter anew. A failure is remembered with the system and thrown. */
export async function rescanVcenter(deps: BackupDeps, systemId: string, signal?: AbortSignal): Promise<void> {
  await remembering(deps, systemId, async (at) => {
    const door = await deps.doors.vcenter(systemId);
    await new InventoryCache(deps.store).saveVcenter(systemId, await door.inventory(signal), at);
  });
}

/** Reads one array anew. A failure is remembered with the system and thrown. */
export async function rescanArray(deps: BackupDeps, systemId: string, signal?: AbortSignal): Promise<void> {
  await remembering(deps, systemId, async (at) => {
    const driver = await deps.doors.array(systemId);
    await new InventoryCache(deps.store).saveArray(systemId, await driver.inventory(signal), at);
  });
}

/** Reads everything anew, side by side; what cannot be read keeps its last inventory and gets a problem. */
export async function rescanAll(deps: BackupDeps, signal?: AbortSignal): Promise<void> {
  const [vcenters, arrays] = await Promise.all([
    deps.store.systems.list('vcenter'),
    deps.store.systems.list('array'),
  ]);
  await Promise.allSettled([
    ...vcenters.map(({ id }) => rescanVcenter(deps, id, signal)),
    ...arrays.map(({ id }) => rescanArray(deps, id, signal)),
  ]);
  signal?.throwIfAborted();
}

async function remembering(
  deps: BackupDeps,
  systemId: string,
  read: (at: string) => Promise<void>,
): Promise<void> {
  try {
    await read(isoTime(deps.clock.now()));
  } catch (error) {
    await deps.store.systems.saveProblem(systemId, reportOf(error));
    throw error;
  }
}
