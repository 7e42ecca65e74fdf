import { type ErrorReport, isoTime, LeewardError, reportOf } from '@leeward/core';
import type { LedgerEntry, LedgerState } from '@leeward/engine/store/ledger';
import type { Store } from '@leeward/engine/store/store';

/** What the code of chains asks of the store, in memory: thousands of schedules need no database. */
export class MemoryStore {
  readonly installationId = 'us';
  readonly entries = new Map<string, LedgerEntry>();
  /** Job of each run that is known; all have ended but `running`. */
  readonly jobOfRun = new Map<string, string>();
  running: string | undefined;
  readonly events: ErrorReport[] = [];
  readonly #inventories = new Map<string, unknown>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** As the engine takes it; it asks for nothing else here. */
  asStore(): Store {
    const { installationId } = this;
    const parts = { installationId, ledger: this.#ledger(), runs: this.#runs(), ...this.#others() };
    return parts as unknown as Store;
  }

  kept(jobId: string): readonly LedgerEntry[] {
    return [...this.entries.values()].filter((each) => each.state === 'kept' && each.jobId === jobId);
  }

  #ledger() {
    const { entries } = this;
    const change = (id: string, changes: Partial<LedgerEntry>) => {
      const entry = entries.get(id);
      if (entry) entries.set(id, { ...entry, ...changes });
    };
    const add = (entry: Omit<LedgerEntry, 'state' | 'createdAt'>, state: LedgerState, createdAt: string) =>
      entries.set(entry.id, { ...entry, state, createdAt });
    return {
      get: async (id: string) => entries.get(id),
      standingStorageSnapshots: async () =>
        [...entries.values()]
          .filter(({ kind, state }) => kind === 'storage-snapshot' && state !== 'released')
          .toSorted((a, b) => a.createdAt.localeCompare(b.createdAt) || a.id.localeCompare(b.id)),
      intend: async (entry: LedgerEntry) => {
        if (entries.get(entry.id)?.state === 'released') change(entry.id, { state: 'intended' });
        else if (!entries.has(entry.id)) add(entry, 'intended', isoTime(this.#now()));
      },
      adopt: async (entry: LedgerEntry, madeAt: string) => {
        if (!entries.has(entry.id)) add(entry, 'kept', madeAt);
      },
      mark: async (id: string, state: LedgerState, detail?: object) =>
        change(id, { state, ...(detail ? { detail } : {}) }),
    };
  }

  #runs() {
    return {
      get: async (id: string) => {
        const jobId = this.jobOfRun.get(id);
        if (jobId === undefined) throw new LeewardError('L-RUN-105', { kind: 'run', id });
        return { id, jobId, state: this.running === id ? 'running' : 'success' };
      },
    };
  }

  #others() {
    return {
      jobs: { list: async () => [{ id: 'a' }, { id: 'b' }] },
      runLog: {
        event: async (_runId: string, _vmKey: string, problem: LeewardError) => {
          this.events.push(reportOf(problem));
        },
      },
      systems: {
        inventory: async (id: string) => this.#inventories.get(id),
        saveInventory: async (id: string, inventory: unknown) => void this.#inventories.set(id, inventory),
      },
    };
  }
}
