import { AsyncLocalStorage } from 'node:async_hooks';
import { LeewardError } from '@leeward/core';
import type { Execution } from '../execution.ts';
import type { StartOptions } from '../flow.ts';
import { FlowNotDeterministic, OwnershipLost } from '../flow-errors.ts';
import type { FlowLog } from '../flow-log.ts';
import type { Recorded } from '../recorded-value.ts';
import { recordValue } from '../recorded-value.ts';
import type { FlowRow, MemoryFlowStore } from './memory-flow-store.ts';
import type { MemoryProcess } from './memory-process.ts';
import type { Point } from './schedule.ts';

/** Where code runs that an engine called: in the body of a flow, or in the work of one of its steps. */
const place = new AsyncLocalStorage<'flow' | 'work' | undefined>();

export function insideOfFlow(): boolean {
  return place.getStore() !== undefined;
}

export function asFlow<T>(body: () => T): T {
  return place.run('flow', body);
}

/** For what a flow sets off but does not wait for. */
export function outsideOfFlow<T>(action: () => T): T {
  return place.run(undefined, action);
}

export class MemoryExecution implements Execution {
  readonly flowId: string;
  readonly #lost = new AbortController();
  readonly #cancelled = new AbortController();
  readonly #store: MemoryFlowStore;
  readonly #row: FlowRow;
  readonly #owner: FlowRow['owner'];
  readonly #process: MemoryProcess;
  readonly #defaultQueue: string;
  readonly #log: FlowLog;
  #next = 0;

  constructor(
    store: MemoryFlowStore,
    row: FlowRow,
    process: MemoryProcess,
    defaultQueue: string,
    log: FlowLog,
  ) {
    this.flowId = row.id;
    this.#store = store;
    this.#row = row;
    this.#owner = row.owner;
    this.#process = process;
    this.#defaultQueue = defaultQueue;
    this.#log = log;
  }

  get clock() {
    return this.#process.clock;
  }

  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  get cancelled(): AbortSignal {
    return this.#cancelled.signal;
  }

  async recorded(label: string, work: () => Promise<Recorded>): Promise<Recorded> {
    const at = this.#next++;
    await this.#reach('before', label);
    this.throwIfLost();
    const filled = this.#row.history.get(at);
    if (filled) {
      if (filled.label !== label) throw new FlowNotDeterministic(this.flowId, at, filled.label, label);
      return structuredClone(filled.recorded);
    }
    const recorded = structuredClone(await place.run('work', work));
    await this.#reach('done', label);
    this.throwIfLost();
    this.#row.history.set(at, { label, recorded });
    await this.#reach('recorded', label);
    this.throwIfLost();
    return structuredClone(recorded);
  }

  async startChild(name: string, flowId: string, input: unknown, options: StartOptions): Promise<void> {
    await this.recorded(`start ${name} ${flowId}`, async () => {
      const queue = options.queue ?? this.#defaultQueue;
      this.#store.insert(name, flowId, input, { ...options, queue }, this.clock.now());
      return recordValue(undefined);
    });
  }

  insideWork(): boolean {
    return place.getStore() === 'work';
  }

  firstEnded(
    flowIds: readonly string[],
    signal?: AbortSignal,
  ): Promise<{ flowId: string; outcome: Recorded }> {
    const either = signal ? AbortSignal.any([this.lost, signal]) : this.lost;
    return firstEnded(this.#store, flowIds, either, this.#process);
  }

  async requestCancel(flowId: string): Promise<void> {
    await this.#process.running();
    this.#store.requestCancel(flowId, this.clock.now());
  }

  async isCancelRequested(): Promise<boolean> {
    await this.#process.running();
    return this.#store.isCancelRequested(this.flowId);
  }

  async isOwned(): Promise<boolean> {
    await this.#process.running();
    return this.#owned();
  }

  /** Nothing outlives a shutdown here. */
  track(): void {}

  publish(progress: unknown): void {
    if (this.#row.owner === this.#owner) this.#row.progress = { value: structuredClone(progress) };
  }

  log(message: string, details?: Readonly<Record<string, unknown>>): void {
    this.#log.info(message, { ...details, flowId: this.flowId });
  }

  /** What the real engine's look at the database finds once a second. */
  check(): void {
    this.#owned();
    if (this.#store.isCancelRequested(this.flowId) && !this.#cancelled.signal.aborted)
      this.#cancelled.abort(new LeewardError('L-RUN-102'));
  }

  /** The process shuts down. */
  lose(): void {
    if (!this.#lost.signal.aborted) this.#lost.abort(new OwnershipLost(this.flowId));
  }

  throwIfLost(): void {
    this.#owned();
    this.#lost.signal.throwIfAborted();
  }

  #owned(): boolean {
    const owned = this.#row.owner === this.#owner;
    if (!owned) this.lose();
    return owned;
  }

  #reach(moment: Point['moment'], label: string): Promise<void> {
    return this.#process.reach({ flowId: this.flowId, label, moment });
  }
}

export function firstEnded(
  store: MemoryFlowStore,
  flowIds: readonly string[],
  signal: AbortSignal | undefined,
  process: MemoryProcess,
): Promise<{ flowId: string; outcome: Recorded }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ flowId: string; outcome: Recorded }>();
  const look = () => {
    for (const flowId of flowIds) {
      const outcome = store.rows.get(flowId)?.outcome;
      if (outcome) return process.whenRunning(() => resolve({ flowId, outcome: structuredClone(outcome) }));
    }
  };
  const abort = () => process.whenRunning(() => reject(signal?.reason));
  const forget = store.onChange(look);
  signal?.addEventListener('abort', abort, { once: true });
  if (signal?.aborted) abort();
  look();
  return promise.finally(() => {
    forget();
    signal?.removeEventListener('abort', abort);
  });
}
