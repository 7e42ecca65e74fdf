import type { CreatedStorageSnapshots, CreateStorageSnapshots } from '@leeward/arrays';
import { type GroupPlan, isoTime, type Plan, reportOf, type VmPlan } from '@leeward/core';
import { ManualClock } from '@leeward/platform';
import { beforeEach, expect, it } from 'vitest';
import type { LedgerEntry } from '../store/ledger.ts';
import type { RunVmFacts } from '../store/run-vms.ts';
import type { BackupDeps } from './backup-deps.ts';
import { takeStorageSnapshots } from './storage-snapshot-step.ts';

const runId = 'run-1';
const id = (objectId: string) => ({ arraySerial: 'a', objectId });
const volumes = ['v1', 'v2', 'v3'];

function vmOn(name: string, ...on: readonly string[]): VmPlan {
  const disks = on.map((volume) => ({ located: { volume: id(volume) }, parents: [] }));
  return { name, vm: { vcenterId: 'vc', moId: name }, disks } as unknown as VmPlan;
}

const vms = [vmOn('exact', 'v1', 'v2'), vmOn('apart', 'v2', 'v3')];
const plan = { job: { id: 'j', name: 'job' }, vms } as unknown as Plan;
const group = {
  id: 'g1',
  vmKeys: ['vc/exact', 'vc/apart'],
  volumes: volumes.map((volume) => ({ volume: id(volume), volumeName: volume, arrayId: 'a' })),
} as unknown as GroupPlan;

/** An array whose first two volumes are in one group; looking things up takes long, and the third one is late. */
class SlowArray {
  readonly capabilities = { transferStartsWithSnapshot: false };
  readonly #clock: ManualClock;
  readonly #made = new Map<string, number>();
  readonly clockOffsetMs = 86_400_000;

  constructor(clock: ManualClock) {
    this.#clock = clock;
  }

  async createStorageSnapshots({
    volumes: wanted,
  }: CreateStorageSnapshots): Promise<CreatedStorageSnapshots> {
    await this.#clock.advance(10_000);
    const first = await this.#freeze('cg-1', 20);
    await this.#clock.advance(3_000);
    const second = await this.#freeze('snap-3', 30);
    await this.#clock.advance(20_000);
    return {
      storageSnapshots: [],
      instants: [
        { ...first, volumes: wanted.slice(0, 2) },
        { ...second, volumes: wanted.slice(2) },
      ],
    };
  }

  async #freeze(instant: string, tookMs: number) {
    const fromMs = this.#clock.now();
    const known = this.#made.get(instant);
    const atMs = known ?? Math.floor((fromMs + this.clockOffsetMs) / 1_000) * 1_000;
    this.#made.set(instant, atMs);
    const created = { atMs, grainMs: 1_000 };
    if (known !== undefined) return { id: instant, created };
    await this.#clock.advance(tookMs);
    return { id: instant, created, measured: { fromMs, toMs: this.#clock.now() } };
  }
}

let clock: ManualClock;
let events: { vmKey: string; code: string; what: string }[];
let facts: Map<string, RunVmFacts>;
let entries: Map<string, LedgerEntry>;
let deps: BackupDeps;
let failMark: string | undefined;

beforeEach(() => {
  clock = new ManualClock(1_800_000_000_000);
  events = [];
  entries = new Map();
  failMark = undefined;
  facts = new Map(vms.map(({ vm }) => [`${vm.vcenterId}/${vm.moId}`, {}]));
  const array = new SlowArray(clock);
  const ledger = {
    intend: async (entry: LedgerEntry) => {
      if (!entries.has(entry.id))
        entries.set(entry.id, { ...entry, state: 'intended', createdAt: isoTime(clock.now()) });
    },
    mark: async (key: string, state: LedgerEntry['state'], detail: object) => {
      if (failMark && key.endsWith(failMark)) throw new Error('killed');
      const entry = entries.get(key);
      if (entry) entries.set(key, { ...entry, state, detail });
    },
    get: async (key: string) => entries.get(key),
  };
  const runVms = {
    list: async () => [...facts].map(([vmKey, known]) => ({ vmKey, facts: known })),
    put: async ({ vmKey }: { vmKey: string }, more: RunVmFacts) =>
      void facts.set(vmKey, { ...facts.get(vmKey), ...more }),
  };
  const runLog = {
    event: async (_run: string, vmKey: string, error: unknown) => {
      const { code, what } = reportOf(error);
      events.push({ vmKey, code, what });
    },
  };
  deps = {
    clock,
    doors: { array: async () => array },
    store: { installationId: 'inst', ledger, runVms, runLog },
  } as unknown as BackupDeps;
});

const take = () => takeStorageSnapshots(deps, runId, plan, group, new AbortController().signal);
/** From the start of the first call that froze to the end of the last one; not what was looked up around them. */
const real = { instants: 2, atLeastMs: 3_000, atMostMs: 3_050 };

it('tells of each VM how far apart its own volumes were frozen, by the calls that froze them', async () => {
  await take();
  expect(facts.get('vc/exact')?.skew).toEqual({ instants: 1, atLeastMs: 0, atMostMs: 0 });
  expect(facts.get('vc/apart')?.skew).toEqual(real);
  expect(events).toEqual([
    {
      vmKey: 'vc/apart',
      code: 'L-RUN-112',
      what: 'The volumes v2, v3 were frozen at 2 different moments, 3000 to 3050 ms apart.',
    },
  ]);
});

it('tells the same when a restart repeats the step and only finds what there is', async () => {
  await take();
  await clock.advance(60_000);
  await take();
  expect(facts.get('vc/apart')?.skew).toEqual(real);
});

it("goes by the array's times when the process died before the measurement was written down", async () => {
  failMark = '/v3';
  await expect(take()).rejects.toThrow('killed');
  failMark = undefined;
  await clock.advance(60_000);
  await take();
  // Whole seconds of one clock: 3 apart, each rounded down.
  expect(facts.get('vc/apart')?.skew).toEqual({ instants: 2, atLeastMs: 2_000, atMostMs: 4_000 });
});
