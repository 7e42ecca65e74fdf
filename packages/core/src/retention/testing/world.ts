import type { StorageSnapshotRole } from '../../words/storage.ts';
import { adopt, arrivedWith, type JournaledLink } from '../adopt.ts';
import { retain } from '../retain.ts';
import { type ChainState, isOfChain, type Place, type RetentionRules } from '../words.ts';
import { modelAnswer } from './model.ts';
import { type ArraySetUp, Forbidden, SimulatedArray } from './simulated-array.ts';

export type JobName = 'a' | 'b';

/** Arrays, our journal and our clock; `retention` is what the product would do for job `a`, judged at each step. */
export class World {
  readonly arrays: readonly SimulatedArray[];
  /** True time; our clock is `oursAheadMs` off. */
  nowMs: number;
  oursAheadMs = 0;
  rules: RetentionRules;
  readonly inUse = new Set<string>();
  readonly #journal = new Map<string, JournaledLink[]>();
  readonly #jobOfRun = new Map<string, JobName>();
  #made = 0;
  deletions = 0;

  constructor(setUps: readonly ArraySetUp[], rules: RetentionRules, nowMs: number) {
    this.arrays = setUps.map((setUp) => new SimulatedArray(setUp));
    this.rules = rules;
    this.nowMs = nowMs;
  }

  array(at: number): SimulatedArray {
    const found = this.arrays[at % this.arrays.length];
    if (!found) throw new RangeError('a world without arrays');
    return found;
  }

  foreign(array: SimulatedArray, maker: 'administrator' | 'other-installation', label?: string): void {
    this.#made += 1;
    const name = `${maker}-${this.#made}`;
    array.add({ name, frozenAtMs: this.#timeAt(array), maker, runId: 'x', ...(label ? { label } : {}) });
  }

  /** A run of a job: a storage snapshot on the primary and its synchronous sides, transferred as far as it works. */
  run(job: JobName, works: readonly boolean[], marks: { label?: string; schedule?: string }): void {
    const primary = this.array(0);
    if (!primary.reachable) return;
    this.#made += 1;
    const runId = `run-${this.#made}`;
    const name = `ours-${this.#made}`;
    this.#jobOfRun.set(runId, job);
    const frozenAtMs = this.#timeAt(primary);
    const isChainHere = this.#keepsChain(primary);
    const sides = this.arrays.filter(({ setUp }) => setUp.feed?.kind === 'sync');
    for (const side of [primary, ...sides.filter(({ reachable }) => reachable)]) {
      side.add({ name, frozenAtMs, maker: 'us', runId, ...marks });
      this.#note(side, {
        name,
        jobId: job,
        role: isChainHere ? 'long-term' : 'temporary',
        arrivedAt: [],
        onWayTo: [],
      });
    }
    const reached = new Set([primary]);
    this.arrays.forEach((array, at) => {
      const feeder = this.arrays.find(({ setUp }) => setUp.id === array.setUp.feed?.from);
      if (array.setUp.feed?.kind !== 'transfer' || !feeder || !reached.has(feeder)) return;
      if (!array.reachable || !works[at]) return;
      array.receive(feeder, name, this.nowMs);
      reached.add(array);
      if (array.find(name))
        this.#note(array, { name, jobId: job, role: 'long-term', arrivedAt: [], onWayTo: [] });
      this.#arrived(feeder, name, array);
    });
  }

  /** The array is removed and registered again, and the journal of it is lost. */
  forget(array: SimulatedArray): void {
    this.#journal.delete(array.setUp.id);
  }

  /** Retention of job `a`: compared with the model, done, and looked at afterwards. */
  retention(): void {
    const state: ChainState = { places: this.arrays.map((array) => this.#place(array)) };
    const nowMs = this.nowMs + this.oursAheadMs;
    const answer = retain(state, this.rules, nowMs);
    this.#compare(state, answer, nowMs);
    const bases = this.#bases();
    for (const { placeId, name, untilMs } of answer.lock)
      this.#at(placeId).lockForUs(name, untilMs, this.nowMs);
    for (const { placeId, link } of answer.remove) {
      this.#at(placeId).deleteForUs(link.name, this.nowMs);
      this.deletions += 1;
    }
    for (const { id, links = [] } of state.places) {
      if (!links.some(isOfChain) || !this.#keepsChain(this.#at(id))) continue;
      const left = links.filter(isOfChain).filter(({ name }) => this.#at(id).find(name));
      if (left.length === 0) throw new Forbidden(`the chain on ${id} is empty`);
    }
    if (this.#bases() !== bases)
      throw new Forbidden(`bases of transfers were ${bases} and are ${this.#bases()}`);
  }

  /** The newest storage snapshot of ours that both sides of each relation with a base really have. */
  #bases(): string {
    return this.arrays
      .flatMap((to) => {
        const { feed } = to.setUp;
        if (feed?.kind !== 'transfer' || !feed.keepsAuxiliary) return [];
        const common = this.#at(feed.from).content.findLast(
          ({ name, maker }) => maker === 'us' && to.find(name),
        );
        return [`${feed.from}→${to.setUp.id}: ${common?.name}`];
      })
      .join(', ');
  }

  #compare(state: ChainState, { remove, lock }: ReturnType<typeof retain>, nowMs: number): void {
    const removed = remove.map(({ placeId, link }) => `${placeId} ${link.name}`).sort();
    const locked = lock.map(({ placeId, name, untilMs }) => `${placeId} ${name} ${untilMs}`).sort();
    const seen = JSON.stringify({ removed, locked });
    const expected = JSON.stringify(modelAnswer(state, this.rules, nowMs));
    if (seen !== expected) throw new Forbidden(`retention says ${seen}, the model ${expected}`);
  }

  #place(array: SimulatedArray): Place {
    const { id, feed, arrayRules, refusesDelete, locks, tellsTime } = array.setUp;
    const links = adopt({
      listed: array.content.map(({ maker, runId, holders, ...seen }) => ({
        ...seen,
        heldBy: [...holders],
        ...(maker === 'administrator' ? {} : { mark: { installationId: maker, runId } }),
      })),
      journal: this.#journal.get(id) ?? [],
      installationId: 'us',
      jobId: 'a',
      jobOf: (runId) => this.#jobOfRun.get(runId),
      isInUse: (name) => this.inUse.has(name),
      roleOfUnknown: this.#roleOfUnknown(array),
      silentPlaces: this.arrays.filter((each) => !each.reachable).map(({ setUp }) => setUp.id),
    });
    return {
      id,
      name: id,
      arrayRules,
      refusesDelete,
      locks,
      ...(feed ? { feed } : {}),
      ...(tellsTime && array.reachable ? { arrayNowMs: this.#timeAt(array) } : {}),
      ...(array.reachable ? { links } : {}),
    };
  }

  #roleOfUnknown(array: SimulatedArray): StorageSnapshotRole {
    if (array.setUp.feed?.kind === 'transfer' || this.#keepsChain(array)) return 'long-term';
    return 'auxiliary';
  }

  #keepsChain({ setUp }: SimulatedArray): boolean {
    const keep = this.rules[setUp.id]?.keep;
    return keep !== undefined && keep !== 'none';
  }

  #arrived(feeder: SimulatedArray, name: string, to: SimulatedArray): void {
    const { feed, id } = to.setUp;
    if (feed?.kind !== 'transfer') return;
    const names = feeder.content.map((each) => each.name);
    const arrived = arrivedWith(feed.policy, names, name);
    const entries = this.#journal.get(feeder.setUp.id) ?? [];
    const updated = entries.map((entry): JournaledLink => {
      if (!arrived.includes(entry.name)) return entry;
      const role = entry.name === name && entry.role === 'temporary' ? 'auxiliary' : entry.role;
      return { ...entry, role, arrivedAt: [...entry.arrivedAt, id] };
    });
    this.#journal.set(feeder.setUp.id, updated);
  }

  #note(array: SimulatedArray, entry: JournaledLink): void {
    this.#journal.set(array.setUp.id, [...(this.#journal.get(array.setUp.id) ?? []), entry]);
  }

  #timeAt(array: SimulatedArray): number {
    return this.nowMs + array.clockAheadMs;
  }

  #at(id: string): SimulatedArray {
    const found = this.arrays.find(({ setUp }) => setUp.id === id);
    if (!found) throw new RangeError(`no array ${id}`);
    return found;
  }
}
