import { ownershipComment } from '@leeward/arrays';
import {
  type Clock,
  isoTime,
  type Job,
  jobDefaults,
  type Plan,
  type Randomness,
  type RelationPlan,
  type VolumePlan,
} from '@leeward/core';
import type { BackupDeps } from '@leeward/engine/backup/backup-deps';
import { rotateChains } from '@leeward/engine/backup/rotate-chain';
import { takeStorageSnapshots } from '@leeward/engine/backup/storage-snapshot-step';
import { transferToSecondary } from '@leeward/engine/backup/transfer-step';
import { InventoryCache } from '@leeward/engine/inventory/cached-inventory';
import { SeededRandomness } from '@leeward/platform';
import { Chance } from '../../e2e/support/fake-world/chance.ts';
import { FakeArray } from '../../e2e/support/fake-world/fake-array.ts';
import { FakeRelation } from '../../e2e/support/fake-world/fake-relation.ts';
import type { FakeVolume } from '../../e2e/support/fake-world/fake-volume.ts';
import { MemoryStore } from './memory-store.ts';

const hourMs = 3_600_000;
const startMs = Date.UTC(2026, 0, 1);
export const jobNames = ['a', 'b'] as const;
export type JobName = (typeof jobNames)[number];
const policies = { vol1: 'vault', vol2: 'mirror' } as const;
type VolumeName = keyof typeof policies;
export const sides = ['primary', 'secondary'] as const;

/**
 * Two arrays with a vault and a mirror relation, two jobs that share both volumes, and an administrator who goes about
 * on the same volumes. Storage snapshots, transfers and rotation are the engine's own code; what happens is chosen by a
 * seed.
 */
export class ChainSchedule {
  readonly randomness: Randomness;
  readonly store: MemoryStore;
  readonly arrays: Readonly<Record<(typeof sides)[number], FakeArray>>;
  readonly jobs: Record<JobName, Job>;
  /** `side/volume/name` of all that is not ours and that nobody but its owner deleted. */
  readonly foreign = new Set<string>();
  nowMs = startMs;
  readonly #chances: Readonly<Record<(typeof sides)[number], Chance>>;
  readonly #deps: BackupDeps;
  #made = 0;

  constructor(seed: number) {
    this.randomness = new SeededRandomness(seed);
    const now = () => this.nowMs;
    this.store = new MemoryStore(now);
    this.#chances = {
      primary: new Chance(this.randomness, 'L-ARR-001', 0),
      secondary: new Chance(this.randomness, 'L-ARR-001', 0),
    };
    const volumes = Object.keys(policies);
    this.arrays = {
      primary: new FakeArray('primary', '10.0.0.1', volumes, this.#chances.primary, now),
      secondary: new FakeArray('secondary', '10.0.0.2', volumes, this.#chances.secondary, now),
    };
    for (const [name, policy] of Object.entries(policies)) {
      const ends = sides.map((side) => this.arrays[side].volume(name)) as [FakeVolume, FakeVolume];
      const timing = { now, durationMs: 1_000 };
      this.arrays.secondary.relations.push(new FakeRelation(`${policy}-${name}`, policy, ...ends, timing));
    }
    this.jobs = { a: this.#randomJob('a'), b: this.#randomJob('b') };
    const drivers = new Map(sides.map((side) => [side as string, this.arrays[side].driver()]));
    const array = async (id: string) => {
      const driver = drivers.get(id);
      if (!driver) throw new RangeError(`no array ${id}`);
      return driver;
    };
    const none = () => Promise.reject(new RangeError('no vCenter here'));
    const doors = { array, vcenter: none, close: async () => undefined };
    this.#deps = { store: this.store.asStore(), doors, clock: this.#clock(), randomness: this.randomness };
  }

  async begin(): Promise<void> {
    const cache = new InventoryCache(this.#deps.store);
    for (const side of sides)
      await cache.saveArray(side, await this.arrays[side].driver().inventory(), isoTime(this.nowMs));
  }

  pick<T>(from: readonly T[]): T {
    const found = from[Math.floor(this.randomness.fraction() * from.length)];
    if (found === undefined) throw new RangeError('nothing to pick from');
    return found;
  }

  happens(probability: number): boolean {
    return this.randomness.fraction() < probability;
  }

  /** A run of a job on a volume, up to its rotation, which the caller asks for; `undefined` where nothing came over. */
  async run(name: JobName, volumeName: VolumeName): Promise<(() => Promise<void>) | undefined> {
    const runId = `run${++this.#made}`;
    const job = this.jobs[name];
    const { volume, relation } = planOf(volumeName);
    const group = { id: 'g1', lane: 'l', vmKeys: [], volumes: [volume] };
    const plan: Plan = {
      job,
      madeAt: isoTime(this.nowMs),
      vms: [],
      groups: [group],
      unresolved: [],
      effects: [],
    };
    this.store.jobOfRun.set(runId, job.id);
    this.store.running = runId;
    const { signal } = new AbortController();
    const storageSnapshotName = await takeStorageSnapshots(this.#deps, runId, plan, group, signal);
    const step = {
      runId,
      groupId: 'g1',
      plan,
      volume,
      relation,
      storageSnapshotName,
      onBytes: () => undefined,
    };
    await transferToSecondary(this.#deps, step, signal);
    return () => rotateChains(this.#deps, runId, plan, volume, relation, async () => undefined);
  }

  /** Nobody answers there until `calm`. */
  silence(side: (typeof sides)[number]): void {
    this.#chances[side].rate = 1;
  }

  isSilent(side: (typeof sides)[number]): boolean {
    return this.#chances[side].rate > 0;
  }

  calm(): void {
    for (const side of sides) this.#chances[side].rate = 0;
  }

  /** The administrator's own, or another installation's, or one that looks like ours but for its comment. */
  makeForeign(): void {
    const volumeName = this.pick(Object.keys(policies) as VolumeName[]);
    // Nobody makes one on a mirror: it has what the primary has.
    const side = policies[volumeName] === 'mirror' ? 'primary' : this.pick(sides);
    const name = `${this.pick(['hourly.', 'leeward_nightly_'])}${++this.#made}`;
    const comment = this.pick(['', 'by the administrator', ownershipComment('others', 'run1')]);
    // Without any comment and with our prefix it would be ours by the rule for transferred ones; drivers tell it so.
    this.arrays[side].volume(volumeName).create(name, comment === '' ? 'none' : comment);
    this.foreign.add(`${side}/${volumeName}/${name}`);
  }

  deleteForeign(): void {
    if (this.foreign.size === 0) return;
    const path = this.pick([...this.foreign]);
    const [side, volume, name] = path.split('/') as [(typeof sides)[number], string, string];
    this.arrays[side].volume(volume).drop(name);
    this.foreign.delete(path);
  }

  /** The administrator deletes one of ours, which nothing keeps the array from; a mirror refuses. */
  deleteOurs(): void {
    const volumeName = this.pick(Object.keys(policies) as VolumeName[]);
    const side = policies[volumeName] === 'mirror' ? 'primary' : this.pick(sides);
    const volume = this.arrays[side].volume(volumeName);
    const free = volume.snapshots.filter(
      ({ name, comment }) =>
        comment.includes('installation=us') &&
        !volume.isLocked(name) &&
        ![...volume.holds.values()].includes(name),
    );
    if (free.length > 0) volume.drop(this.pick(free).name);
  }

  /** The database is older than the arrays: it knows nothing of what one run made. */
  loseJournal(): void {
    const kept = jobNames.flatMap((name) => this.store.kept(name));
    if (kept.length === 0) return;
    const { name, runId } = this.pick(kept);
    for (const entry of [...this.store.entries.values()])
      if (entry.name === name) this.store.entries.delete(entry.id);
    // Sometimes the run too; then nobody knows whose it was.
    if (this.happens(0.3)) this.store.jobOfRun.delete(runId);
  }

  changeRules(): void {
    const name = this.pick(jobNames);
    this.jobs[name] = this.#randomJob(name);
  }

  passTime(): void {
    this.nowMs += Math.floor(this.randomness.fraction() * 40) * hourMs;
  }

  #randomJob(id: JobName): Job {
    const upTo = (most: number) => 1 + Math.floor(this.randomness.fraction() * most);
    return {
      ...{ ...jobDefaults, id, name: id, vms: ['vm'], repositoryId: 'r', secondaryKeep: upTo(3) },
      ...(this.happens(0.3) ? { secondaryKeepDays: upTo(3) } : {}),
      ...(this.happens(0.3) ? { primaryKeep: upTo(3) } : {}),
      ...(this.happens(0.2) ? { primaryKeepDays: upTo(3) } : {}),
      ...(this.happens(0.3) ? { secondaryLockDays: upTo(4) } : {}),
      ...(this.happens(0.2) ? { primaryLockDays: upTo(4) } : {}),
    };
  }

  /** Waiting takes no time but that of the schedule. */
  #clock(): Clock {
    return {
      now: () => this.nowMs,
      monotonicMs: () => this.nowMs,
      sleep: async (durationMs) => {
        this.nowMs += durationMs;
      },
      after: () => ({ cancel: () => undefined }),
    };
  }
}

function planOf(volumeName: VolumeName): { readonly volume: VolumePlan; readonly relation: RelationPlan } {
  const policy = policies[volumeName];
  const relation: RelationPlan = {
    ...{ id: { arraySerial: 'secondary', objectId: `${policy}-${volumeName}` }, kind: 'transfer', policy },
    ...{ policyName: policy, arrayId: 'secondary', arrayName: 'secondary', arrayOwnName: 'secondary' },
    ...{ volume: { arraySerial: 'secondary', objectId: volumeName }, volumeName, tenant: 't' },
  };
  const volume: VolumePlan = {
    ...{ volume: { arraySerial: 'primary', objectId: volumeName }, arrayId: 'primary', arrayName: 'primary' },
    ...{ volumeName, tenant: 't', protocols: ['nfs'], lunPaths: [], relation },
  };
  return { volume, relation };
}
