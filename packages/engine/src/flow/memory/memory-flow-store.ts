import { LeewardError } from '@leeward/core';
import type { StartOptions } from '../flow.ts';
import type { FlowInfo, FlowState, QueueLimits } from '../flow-engine.ts';
import { lineOf } from '../flow-id.ts';
import { type Recorded, recordError, reportRecordedError } from '../recorded-value.ts';

/** One flow as it is stored: what survives the death of processes. */
export interface FlowRow {
  readonly id: string;
  readonly name: string;
  readonly input: unknown;
  readonly queue: string;
  readonly priority: number;
  readonly partition: string | undefined;
  readonly createdAt: number;
  readonly order: number;
  readonly history: Map<number, { readonly label: string; readonly recorded: Recorded }>;
  /** Set while an execution owns the flow. */
  owner: { readonly executor: string } | undefined;
  begun: boolean;
  outcome: Recorded | undefined;
  endedAt: number | undefined;
  progress: { readonly value: unknown } | undefined;
}

/** The database of the in-memory engines: all of them that share one store are processes of one installation. */
export class MemoryFlowStore {
  readonly rows = new Map<string, FlowRow>();
  readonly #limits = new Map<string, QueueLimits>();
  readonly #cancels = new Set<string>();
  readonly #listeners = new Set<() => void>();

  /** Calls back after every change, until the returned function is called. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  changed(): void {
    for (const listener of [...this.#listeners]) listener();
  }

  insert(
    name: string,
    id: string,
    input: unknown,
    options: Required<Pick<StartOptions, 'queue'>> & StartOptions,
    nowMs: number,
  ): void {
    const there = this.rows.get(id);
    if (there && there.name !== name) throw new TypeError(`flow ${id} is a ${there.name}, not a ${name}`);
    if (there) return;
    this.rows.set(id, {
      id,
      name,
      input,
      queue: options.queue,
      priority: options.priority ?? 0,
      partition: options.partition,
      createdAt: nowMs,
      order: this.rows.size,
      history: new Map(),
      owner: undefined,
      begun: false,
      outcome: undefined,
      endedAt: undefined,
      progress: undefined,
    });
    this.changed();
  }

  setQueue(name: string, limits: QueueLimits): void {
    this.#limits.set(name, limits);
    this.changed();
  }

  /** Gives one startable flow of these queues to an executor, the first by priority and age. */
  claim(executor: string, queues: readonly string[]): FlowRow | undefined {
    const row = this.#startable(executor, queues).sort(
      (a, b) => a.priority - b.priority || a.createdAt - b.createdAt || a.order - b.order,
    )[0];
    if (!row) return undefined;
    row.owner = { executor };
    row.begun = true;
    return row;
  }

  hasStartable(executor: string, queues: readonly string[]): boolean {
    return this.#startable(executor, queues).length > 0;
  }

  /** Takes its flows from a dead process. */
  recover(executor: string): void {
    for (const row of this.rows.values()) if (row.owner?.executor === executor) row.owner = undefined;
    this.changed();
  }

  end(row: FlowRow, outcome: Recorded, nowMs: number): void {
    row.outcome = outcome;
    row.owner = undefined;
    row.endedAt = nowMs;
    this.changed();
  }

  requestCancel(id: string, nowMs: number): void {
    if (!this.rows.has(id)) return;
    this.#cancels.add(id);
    for (const row of this.rows.values())
      if (!row.begun && !row.outcome && lineOf(row.id).includes(id))
        this.end(row, recordError(new LeewardError('L-RUN-102')), nowMs);
    this.changed();
  }

  isCancelRequested(id: string): boolean {
    return lineOf(id).some((link) => this.#cancels.has(link));
  }

  describe(row: FlowRow): FlowInfo {
    const { id, name, queue, createdAt, input, outcome, endedAt, progress } = row;
    return structuredClone({
      id,
      name,
      state: stateOf(row),
      queue,
      createdAt,
      input,
      cancelRequested: this.isCancelRequested(id),
      ...(endedAt === undefined ? {} : { endedAt }),
      ...(progress ? { progress: progress.value } : {}),
      ...(outcome?.ok && 'value' in outcome ? { result: outcome.value } : {}),
      ...(outcome && !outcome.ok ? { error: reportRecordedError(outcome.error) } : {}),
    });
  }

  #startable(executor: string, queues: readonly string[]): FlowRow[] {
    return [...this.rows.values()].filter(
      (row) => queues.includes(row.queue) && stateOf(row) === 'queued' && this.#hasPlace(row, executor),
    );
  }

  #hasPlace(row: FlowRow, executor: string): boolean {
    const limits = this.#limits.get(row.queue) ?? {};
    const running = [...this.rows.values()].filter((other) => other.queue === row.queue && other.owner);
    const below = (limit: number | undefined, rows: FlowRow[]) => limit === undefined || rows.length < limit;
    return (
      below(limits.globalConcurrency, running) &&
      below(
        limits.workerConcurrency,
        running.filter((other) => other.owner?.executor === executor),
      ) &&
      below(
        limits.partitionConcurrency,
        running.filter((other) => other.partition === row.partition),
      )
    );
  }
}

export function stateOf({ outcome, owner }: FlowRow): FlowState {
  if (!outcome) return owner ? 'running' : 'queued';
  if (outcome.ok) return 'success';
  return outcome.error.code === 'L-RUN-102' ? 'cancelled' : 'error';
}
