import type { FaultAction } from '../../control/fault-board.ts';
import type { ShiftingClock } from '../../control/shifting-clock.ts';
import type { BlockDataPort } from '../../san/block-data-port.ts';
import { StoreFull } from '../../storage/chunk-store.ts';
import type { Faults } from '../control/faults.ts';
import type { ArrayUnit, Group } from '../model/group.ts';
import type { Partner, VolumeCollection } from '../model/objects.ts';
import { conflict } from '../rest/api-error.ts';
import { isSync, poolPartner, twinsOf } from './halves.ts';
import { canMirror, copyDifferences, loseSync } from './mirror.ts';
import { swapRoles } from './pairs.ts';

const tickMs = 20;

export interface SyncDeps {
  readonly group: Group;
  readonly clock: ShiftingClock;
  readonly port: BlockDataPort;
  readonly faults: Faults;
}

/** What happens to synchronous pairs in time: resync, loss of an array, change of roles. */
export class SyncReplication {
  readonly #deps: SyncDeps;
  readonly #stop = new AbortController();
  /** Cuts the management interface off, and brings it back; set by the simulator. */
  setManagement: (isUp: boolean) => void = () => undefined;

  constructor(deps: SyncDeps) {
    this.#deps = deps;
  }

  start(): void {
    if (this.#deps.group.pools.size > 1) void this.#run().catch(() => undefined);
  }

  async #run(): Promise<void> {
    const { clock } = this.#deps;
    while (!this.#stop.signal.aborted) {
      for (const collection of this.#collections()) this.#resync(collection);
      await clock.sleep(tickMs * clock.speed, this.#stop.signal);
    }
  }

  #collections(): VolumeCollection[] {
    return [...this.#deps.group.volumeCollections.values()].filter(isSync);
  }

  #resync(collection: VolumeCollection): void {
    const { group, clock } = this.#deps;
    const { sync } = collection;
    if (!sync || sync.inSync || !poolPartner(group, collection)) return;
    if (!canMirror(group, collection)) {
      sync.resyncSinceMs = undefined;
      return;
    }
    sync.resyncSinceMs ??= clock.now();
    if (clock.now() - sync.resyncSinceMs < group.config.behaviour.resyncMs) return;
    try {
      copyDifferences(group, collection);
    } catch (error) {
      if (!(error instanceof StoreFull)) throw error;
      sync.resyncSinceMs = undefined;
    }
  }

  /** All pairs lose the way to each other, or have it again. */
  setLink(isUp: boolean): void {
    const { group } = this.#deps;
    group.syncLinkUp = isUp;
    if (!isUp) for (const collection of this.#collections()) loseSync(group, collection);
  }

  suspend(collection: VolumeCollection, suspended: boolean): void {
    if (!collection.sync) throw conflict('SM_einval', `${collection.name} does not replicate synchronously.`);
    collection.sync.suspended = suspended;
    if (suspended) loseSync(this.#deps.group, collection);
  }

  /** One array of the group is lost with its pool, its data ports and, if it leads the group, the management service. */
  async setArray(unit: ArrayUnit, isUp: boolean): Promise<void> {
    const { group, port } = this.#deps;
    const touched = this.#collections().filter((one) => this.#livesOn(one, unit));
    const wereInSync = new Set(touched.filter(({ sync }) => sync?.inSync));
    if (isUp) group.lost.delete(unit);
    else group.lost.add(unit);
    if (!isUp) for (const collection of touched) loseSync(group, collection);
    for (const address of addressesOf(group, unit)) await port.setPortal(address, isUp);
    port.lunsChanged(group.targetName);
    if (unit === group.leader) this.setManagement(isUp);
    if (!isUp && group.config.group.failoverMode === 'Automatic')
      void this.#switchOver(unit, wereInSync).catch(() => undefined);
  }

  #livesOn(collection: VolumeCollection, unit: ArrayUnit): boolean {
    const { group } = this.#deps;
    const volumes = [...group.members(collection), ...twinsOf(group, collection)];
    return volumes.some(({ pool }) => group.arraysOf(pool).includes(unit));
  }

  async #switchOver(unit: ArrayUnit, wereInSync: ReadonlySet<VolumeCollection>): Promise<void> {
    const { group, clock, port } = this.#deps;
    await clock.sleep(group.config.behaviour.switchoverMs, this.#stop.signal);
    if (!group.lost.has(unit)) return;
    for (const collection of wereInSync)
      if (group.members(collection).some(({ pool }) => !group.isReachable(pool)))
        swapRoles(group, collection);
    port.lunsChanged(group.targetName);
    const next = group.arrays.find((one) => !group.lost.has(one));
    if (unit !== group.leader || !next) return;
    group.leader = next;
    this.setManagement(true);
  }

  /** Answers at once; the roles change a little later. */
  handOver(collection: VolumeCollection, partner: Partner, overrideUpstreamDown: boolean): void {
    const { group, clock, port } = this.#deps;
    if (collection.isHandingOver) throw conflict('SM_repl_handover_busy', 'A handover is in progress.');
    if (poolPartner(group, collection) !== partner)
      throw conflict('SM_no_such_partner', `${collection.name} does not replicate to ${partner.name}.`);
    const upstreamDown = group.members(collection).some(({ pool }) => !group.isReachable(pool));
    if (upstreamDown && !overrideUpstreamDown)
      throw conflict('SM_partner_offline', `The upstream array of ${collection.name} is down.`);
    if (!upstreamDown && !collection.sync?.inSync)
      throw conflict('SM_srepl_mgmt_op_disallowed_when_solo', `${collection.name} is not in sync.`);
    collection.isHandingOver = true;
    const swap = async () => {
      await clock.sleep(group.config.behaviour.switchoverMs, this.#stop.signal);
      swapRoles(group, collection);
      port.lunsChanged(group.targetName);
      collection.isHandingOver = false;
    };
    void swap().catch(() => undefined);
  }

  /**
   * A call with the faults of the step `sync.call` (subject `<method> <path>`): `refuse` and `fail` lose the sync of all
   * pairs, `cut` their secondary array, before the call or after it, `down` the whole group.
   */
  async around<T>(subject: string, call: () => Promise<T>): Promise<T> {
    const action = this.#deps.faults.stepAction('sync.call', subject);
    if (!action) return await call();
    const after = action.kind === 'cut' && action.when === 'after';
    if (!after) await this.#lose(action);
    const answer = await call();
    if (after) await this.#lose(action);
    return answer;
  }

  /**
   * Does a coordinated snapshot collection lose its other half while it is made (step `sync.snapshot`, subject the
   * volume collection)? Then the sync is lost with it, and by `cut` the secondary array.
   */
  async isTorn(collection: VolumeCollection): Promise<boolean> {
    const action = this.#deps.faults.stepAction('sync.snapshot', collection.name);
    if (action) await this.#lose(action, [collection]);
    return action !== undefined;
  }

  async #lose(action: FaultAction<string>, collections = this.#collections()): Promise<void> {
    const { group } = this.#deps;
    if (action.kind === 'cut' && action.begin) return action.begin();
    if (action.kind !== 'cut') return this.setLink(false);
    const pools = new Set(collections.flatMap((one) => twinsOf(group, one).map(({ pool }) => pool)));
    const units = [...pools].flatMap((pool) => group.arraysOf(pool));
    for (const unit of new Set(units)) await this.setArray(unit, false);
  }

  close(): void {
    this.#stop.abort();
  }
}

/** Data addresses of one array. */
function addressesOf(group: Group, unit: ArrayUnit): string[] {
  const [first] = group.arrays;
  return group.config.subnets.flatMap(({ type, dataAddresses, otherAddresses }) => {
    if (type === 'mgmt') return [];
    return unit === first ? dataAddresses : (otherAddresses[unit.name] ?? []);
  });
}
