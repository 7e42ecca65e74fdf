import { type Job, LeewardError, locateDatastore, type Plan, relationPathsOf } from '@leeward/core';
import { resolveScope } from '@leeward/core/plan/scope';
import type { BackupDeps } from '../backup/backup-deps.ts';
import { InventoryCache } from '../inventory/cached-inventory.ts';
import { planningInventory } from '../inventory/planning-inventory.ts';
import type { System } from '../store/systems.ts';
import { chapSecretIds } from '../systems/chap-login.ts';
import type { Connections } from '../systems/connections.ts';

/** What `remove` leaves behind on a system; nobody looks after it any more. */
export interface LeftBehind {
  /** Names of the storage snapshots that chains kept there, oldest first. */
  readonly storageSnapshots: readonly string[];
}

/**
 * Forgets a registered system: settings, passwords, inventory. Refused with `L-CFG-116` while a job or a run needs it.
 * Touches nothing on the system itself; what chains keep there stays, and counts again if it is registered again.
 */
export async function removeSystem(
  deps: BackupDeps,
  connections: Pick<Connections, 'forget'>,
  { id, kind, name }: Pick<System, 'id' | 'kind' | 'name'>,
): Promise<LeftBehind> {
  const { store } = deps;
  return store.ledger.alone(`settings of ${id}`, async () => {
    const neededBy = [...(await runsWith(deps, id)), ...(await jobsWith(deps, id))];
    if (neededBy.length > 0)
      throw new LeewardError('L-CFG-116', { kind, name, neededBy: neededBy.join(', ') });
    const { settings, secretId } = await store.systems.get(id);
    const secrets = [secretId, ...chapSecretIds(settings)];
    await store.registrations.removeSystem(id, secrets);
    connections.forget(id);
    const kept = (await store.ledger.kept()).filter(({ systemId }) => systemId === id);
    return { storageSnapshots: kept.map((entry) => entry.name) };
  });
}

/** Runs that go on, and ended ones that still have something on the system. */
async function runsWith({ store }: BackupDeps, systemId: string): Promise<string[]> {
  const runs = new Set<string>();
  for (const { id, kind, plan } of await store.runs.unfinished())
    if (kind === 'backup' && (!plan || mentions(plan, systemId))) runs.add(id);
  for (const runId of await store.ledger.openRuns())
    if ((await store.ledger.open(runId)).some((entry) => entry.systemId === systemId)) runs.add(runId);
  return [...runs].map((runId) => `run ${runId}`);
}

function mentions({ vms, groups }: Plan, systemId: string): boolean {
  const isOn = groups.some(({ volumes }) =>
    volumes.some(({ arrayId, relation }) => arrayId === systemId || relation?.arrayId === systemId),
  );
  return isOn || vms.some(({ vm }) => vm.vcenterId === systemId);
}

/** By what was last seen, also of systems that cannot be read now. */
async function jobsWith(deps: BackupDeps, systemId: string): Promise<string[]> {
  const { store } = deps;
  const inventory = await planningInventory(deps, { refresh: false });
  const cache = new InventoryCache(store);
  const vcenters = await Promise.all(
    inventory.vcenters.map(async (vcenter) => ({ ...vcenter, ...(await cache.vcenter(vcenter.id)) })),
  );
  const seen = { ...inventory, vcenters };
  return (await store.jobs.list())
    .filter((job) => systemsOf(job, seen).has(systemId))
    .map(({ name }) => `job "${name}"`);
}

/** The vCenters of a job's VMs, the arrays that hold their disks, and those that they are replicated to. */
function systemsOf(job: Job, inventory: Awaited<ReturnType<typeof planningInventory>>): ReadonlySet<string> {
  const systems = new Set<string>();
  for (const { vm } of resolveScope(job.vms, inventory).vms) {
    const { vcenterId } = vm.id;
    systems.add(vcenterId);
    const used = new Set(vm.disks.map(({ datastoreMoId }) => datastoreMoId));
    const datastores = inventory.vcenters.find(({ id }) => id === vcenterId)?.datastores ?? [];
    for (const datastore of datastores.filter(({ moId }) => used.has(moId)))
      for (const { home } of locateDatastore(datastore, inventory)?.parts ?? []) {
        systems.add(home.array.id);
        for (const { secondary } of relationPathsOf(home, inventory)) systems.add(secondary.id);
      }
  }
  return systems;
}
