import type { SyncLook, SyncPair } from '@leeward/arrays';
import {
  type Job,
  LeewardError,
  makePlan,
  objectKey,
  type Plan,
  type PlanningInventory,
  type Relation,
  type RunScope,
  reportOf,
  sameObject,
  type VolumePlan,
  vmKey,
  volumesOf,
} from '@leeward/core';
import type { BackupDeps } from './backup-deps.ts';
import { pairOf } from './sync-pair.ts';

export interface BeginningRun {
  readonly runId: string;
  readonly job: Job;
  /** The part of the job that it is about; absent: all of it. */
  readonly scope?: RunScope | undefined;
}

/**
 * The plan of a run by what is seen now. The arrays are asked once more of every synchronous pair that it would read
 * over, in a step of its own: what is detected now counts as detected at the start (R2), and a run whose plan has such
 * a relation never turns to the primary by failover. What is not detected is planned without it, by the job's rules.
 */
export async function planAtStart(
  deps: BackupDeps,
  { runId, job, scope }: BeginningRun,
  seen: PlanningInventory,
  signal: AbortSignal,
): Promise<Plan> {
  let inventory = seen;
  const asked = new Set<string>();
  for (;;) {
    const plan = makePlan(job, inventory, deps.clock.now(), scope);
    const volumes = coordinatedVolumes(plan).filter(({ volume }) => !asked.has(objectKey(volume)));
    if (volumes.length === 0) return plan;
    const scopes = plan.vms
      .filter((vm) => volumesOf(vm).some((id) => volumes.some(({ volume }) => sameObject(id, volume))))
      .map(({ vm }) => vmKey(vm));
    const look = () => Promise.all(volumes.map((each) => lookAt(deps, each, signal)));
    const looks = await deps.store.runLog.step(runId, scopes, 'sync-look', look, statesOf);
    for (const { volume } of volumes) asked.add(objectKey(volume));
    inventory = looks.filter(({ look: { detected } }) => !detected).reduce(withoutDetection, inventory);
  }
}

interface Looked {
  readonly pair: SyncPair;
  readonly volumeName: string;
  readonly look: SyncLook;
}

function coordinatedVolumes({ groups }: Plan): readonly VolumePlan[] {
  const volumes = groups.flatMap((group) => group.volumes).filter((each) => pairOf(each) !== undefined);
  return [...new Map(volumes.map((each) => [objectKey(each.volume), each])).values()];
}

/** An array that cannot be asked did not detect its secondary. */
async function lookAt({ doors }: BackupDeps, volume: VolumePlan, signal: AbortSignal): Promise<Looked> {
  const pair = pairOf(volume);
  if (!pair) throw new RangeError(`${volume.volumeName} is in no synchronous relation`);
  const looked = (look: SyncLook): Looked => ({ pair, volumeName: volume.volumeName, look });
  try {
    const { sync } = await doors.array(volume.arrayId);
    if (!sync) throw new LeewardError('L-RUN-130', { array: volume.arrayName });
    return looked(await sync.look(pair, signal));
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof LeewardError)) throw error;
    return looked({ detected: false, state: 'unknown', reasons: [reportOf(error).what] });
  }
}

function statesOf(seen: readonly Looked[]): object {
  return { states: Object.fromEntries(seen.map(({ volumeName, look }) => [volumeName, look.state])) };
}

function withoutDetection(inventory: PlanningInventory, { pair, look }: Looked): PlanningInventory {
  const { state, reasons } = look;
  const changed = (relation: Relation): Relation =>
    relation.kind === 'sync' &&
    relation.source.volume &&
    relation.destination.volume &&
    sameObject(relation.source.volume, pair.primary) &&
    sameObject(relation.destination.volume, pair.secondary)
      ? {
          ...relation,
          health: { healthy: false, state: 'other', reasons, detected: false },
          ...(relation.sync ? { sync: { ...relation.sync, state } } : {}),
        }
      : relation;
  return {
    ...inventory,
    arrays: inventory.arrays.map((array) =>
      array.inventory
        ? { ...array, inventory: { ...array.inventory, relations: array.inventory.relations.map(changed) } }
        : array,
    ),
  };
}
