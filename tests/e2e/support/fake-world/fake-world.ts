import type { Clock, Randomness } from '@leeward/core';
import { LeewardError } from '@leeward/core';
import type { Doors } from '@leeward/engine/systems/doors';
import { Chance } from './chance.ts';
import { FakeArray } from './fake-array.ts';
import { addCascade, type FakeCascade, moreArrays } from './fake-cascade.ts';
import { FakeRelation } from './fake-relation.ts';
import { FakeSync } from './fake-sync.ts';
import { FakeVcenter, vcenterId } from './fake-vcenter.ts';

/** The administrator's own, which no run may touch. */
const foreign = { snapshot: 'before update', storageSnapshot: 'hourly.0', rule: 'vol1 10.0.0.50' };

export interface FakeWorldOptions {
  readonly randomness: Randomness;
  /** Probability of a fault before, and of one after each call. */
  readonly faultRate: number;
  readonly now: () => number;
  /** When the other side of the synchronous pair is away, by `now`. Absent: never. */
  readonly pairLost?: { readonly fromMs: number; readonly toMs: number };
  /** More VMs, each on a volume of its own that goes on from array to array. */
  readonly cascades?: readonly FakeCascade[];
}

/**
 * A vCenter and a pair of arrays in memory: VMs `a` and `b` on `vol1` over a vault relation, read through the
 * secondary volume itself; VM `c` on `vol2` over a mirror relation, read through a clone; VM `d` on `vol3` over synchronous
 * replication, read through a clone; VM `s` on storage of neither, read through vCenter. With `cascades` more arrays.
 */
export class FakeWorld {
  readonly vcenter: FakeVcenter;
  readonly primary: FakeArray;
  readonly secondary: FakeArray;
  /** Those two first, then those of cascades. */
  readonly arrays: readonly FakeArray[];
  /** What was read that was not there (any more) while it was read. */
  readonly damage: string[] = [];
  /** Points in the repository, by id. */
  readonly committed = new Set<string>();
  readonly #chances: readonly Chance[];
  readonly #pair: FakeSync;

  constructor({ randomness, faultRate, now, pairLost, cascades = [] }: FakeWorldOptions) {
    this.readFaultRate = faultRate;
    const ofVcenter = new Chance(randomness, 'L-VC-115', faultRate);
    const ofPrimary = new Chance(randomness, 'L-ARR-014', faultRate);
    const ofSecondary = new Chance(randomness, 'L-ARR-014', faultRate);
    this.#chances = [ofVcenter, ofPrimary, ofSecondary];
    this.vcenter = new FakeVcenter(ofVcenter);
    for (const [name, datastore] of [
      ['a', 'vol1'],
      ['b', 'vol1'],
      ['c', 'vol2'],
      ['d', 'vol3'],
      ['s', 'plain'],
      ['other', 'vol2'],
    ] as const)
      this.vcenter.addVm(name, datastore);
    this.vcenter.vms.at(-1)?.snapshots.push({ moId: 'snapshot-0', name: foreign.snapshot, description: '' });
    const volumes = ['vol1', 'vol2', 'vol3'];
    this.primary = new FakeArray('primary', '10.0.0.1', volumes, ofPrimary, now);
    this.secondary = new FakeArray('secondary', '10.0.0.2', volumes, ofSecondary, now);
    for (const array of [this.primary, this.secondary]) {
      array.rules.add(foreign.rule);
      for (const volume of array.volumes) volume.create(foreign.storageSnapshot, 'by the administrator');
    }
    const relation = (volume: string, policy: 'vault' | 'mirror') =>
      new FakeRelation(
        `${policy}-${volume}`,
        policy,
        this.primary.volume(volume),
        this.secondary.volume(volume),
        {
          now,
          durationMs: randomness.fraction() * 60_000,
        },
      );
    this.secondary.relations.push(relation('vol1', 'vault'), relation('vol2', 'mirror'));
    const isUp = () =>
      this.#isCalm || pairLost === undefined || now() < pairLost.fromMs || now() >= pairLost.toMs;
    const tears = () => pairLost !== undefined && !this.#isCalm && ofPrimary.happens(0.1);
    this.#pair = new FakeSync(this.primary.volume('vol3'), this.secondary.volume('vol3'), isUp, tears);
    for (const array of [this.primary, this.secondary]) array.pairs.push(this.#pair);
    this.arrays = [this.primary, this.secondary, ...moreArrays(cascades, ofSecondary, now)];
    for (const cascade of cascades) {
      this.vcenter.addVm(cascade.vm, cascade.vm);
      addCascade(this.arrays, cascade, { now, durationMs: randomness.fraction() * 20_000 });
    }
  }

  #isCalm = false;

  /** How often reading fails. */
  readFaultRate: number;

  /** From now on nothing fails by chance. */
  calm(): void {
    this.#isCalm = true;
    this.readFaultRate = 0;
    for (const chance of this.#chances) chance.rate = 0;
  }

  doors(): Doors {
    const arrays = new Map(this.arrays.map((array) => [array.serial, array.driver()]));
    const vcenter = this.vcenter.door();
    return {
      vcenter: async (id) => {
        if (id === vcenterId) return vcenter;
        throw new LeewardError('L-CFG-102', { kind: 'vcenter', name: id });
      },
      array: async (id) => {
        const driver = arrays.get(id);
        if (driver) return driver;
        throw new LeewardError('L-CFG-102', { kind: 'array', name: id });
      },
      close: async () => undefined,
    };
  }

  /** The same through vCenter, of what the VMware snapshot of the run freezes. */
  async readStandard(moId: string, runId: string, clock: Clock, durationMs: number, signal: AbortSignal) {
    const look = (moment: string) => {
      const own = this.vcenter.snapshotsNamed(`leeward_${runId}`).some(({ vmMoId }) => vmMoId === moId);
      if (!own) this.damage.push(`the VMware snapshot of ${moId} was not there ${moment}`);
    };
    look('when the reading began');
    await clock.sleep(durationMs, signal);
    look('when the reading ended');
  }

  /** Reads for a while and notes when what is read was not there all the time. */
  async read(path: string, snapshot: string, clock: Clock, durationMs: number, signal: AbortSignal) {
    const look = (moment: string) => {
      if (this.#isAway(path)) throw new LeewardError('L-NET-101', { host: path, port: 0, reason: 'away' });
      if (!this.arrays.some((array) => array.serves(path, snapshot)))
        this.damage.push(`${path} ${snapshot} was not there ${moment}`);
    };
    look('when the reading began');
    await clock.sleep(durationMs, signal);
    look('when the reading ended');
  }

  /** The secondary of the pair is shown by clones, and its data ports go away with it. */
  #isAway(path: string): boolean {
    return this.secondary.clones.get(path.slice(1))?.volume === this.#pair.secondary && !this.#pair.isUp;
  }

  /** Everything that is not ours; equal before and after, or somebody else's was touched. */
  foreignObjects(): object {
    const arrays = this.arrays.map((array) => ({
      rules: [...array.rules].filter((rule) => rule === foreign.rule),
      snapshots: array.volumes.map(({ snapshots }) =>
        snapshots.filter(({ comment }) => comment === 'by the administrator').map(({ name }) => name),
      ),
    }));
    return { arrays, vmware: this.vcenter.snapshotsNamed(foreign.snapshot).map(({ vmMoId }) => vmMoId) };
  }

  /** What of ours is there besides storage snapshots. */
  leftovers(): string[] {
    return [
      ...this.vcenter
        .snapshotsNamed('leeward_')
        .map(({ vmMoId, name }) => `VMware snapshot ${name} of ${vmMoId}`),
      ...this.arrays.flatMap((array) => [
        ...[...array.clones.keys()].map((name) => `clone ${name}`),
        ...[...array.rules].filter((rule) => rule !== foreign.rule).map((rule) => `rule ${rule}`),
      ]),
    ];
  }

  /** Storage snapshots of ours as `array/volume/name`. */
  storageSnapshots(): string[] {
    return this.arrays.flatMap(({ serial, volumes }) =>
      volumes.flatMap(({ name: volume, snapshots }) =>
        snapshots
          .filter(({ name }) => name.startsWith('leeward_'))
          .map(({ name }) => `${serial}/${volume}/${name}`),
      ),
    );
  }
}
