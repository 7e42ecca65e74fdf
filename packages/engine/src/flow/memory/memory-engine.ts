import type { Clock } from '@leeward/core';
import type { StartOptions } from '../flow.ts';
import type { AnyFlow, FlowReference } from '../flow-definition.ts';
import type { FlowEngine, FlowFilter, FlowInfo, QueueLimits } from '../flow-engine.ts';
import { startedInFlow } from '../flow-errors.ts';
import { checkIdPart, runIdOf } from '../flow-id.ts';
import { type FlowLog, silentLog } from '../flow-log.ts';
import { plainJson } from '../recorded-value.ts';
import { runFlow } from '../run-flow.ts';
import { asFlow, firstEnded, insideOfFlow, MemoryExecution, outsideOfFlow } from './memory-execution.ts';
import { MemoryFlowStore } from './memory-flow-store.ts';
import { MemoryProcess } from './memory-process.ts';

export interface MemoryEngineOptions {
  readonly clock: Clock;
  /** Shared by the engines of one installation; an own one if left out. */
  readonly store?: MemoryFlowStore;
  /** The process in which this engine lives; an immortal one if left out. */
  readonly process?: MemoryProcess;
  readonly listenQueues?: readonly string[];
  readonly defaultQueue?: string;
  readonly log?: FlowLog;
}

const checkMs = 1_000;

/** The flow engine without a database, for tests and simulations: the same flows, nothing durable. */
export class MemoryEngine implements FlowEngine {
  readonly #store: MemoryFlowStore;
  readonly #process: MemoryProcess;
  readonly #queues: readonly string[];
  readonly #defaultQueue: string;
  readonly #log: FlowLog;
  readonly #flows = new Map<string, AnyFlow>();
  readonly #executions = new Set<MemoryExecution>();
  readonly #stop = new AbortController();
  #forget: (() => void) | undefined;
  #claiming = false;

  constructor(options: MemoryEngineOptions) {
    const { clock, store, process, listenQueues = [], defaultQueue = 'default', log = silentLog } = options;
    this.#store = store ?? new MemoryFlowStore();
    this.#process = process ?? new MemoryProcess('memory', clock);
    this.#queues = [...new Set([defaultQueue, ...listenQueues])];
    this.#defaultQueue = defaultQueue;
    this.#log = log;
  }

  register(...flows: readonly AnyFlow[]): void {
    for (const flow of flows) {
      if (this.#forget) throw new TypeError('flows are registered before the launch');
      if (this.#flows.has(flow.name)) throw new TypeError(`flow ${flow.name} is registered twice`);
      this.#flows.set(flow.name, flow);
    }
  }

  async launch(): Promise<void> {
    this.#forget = this.#store.onChange(() => void outsideOfFlow(() => this.#claim()));
    this.#store.recover(this.#process.name);
    void this.#watch();
  }

  async start<I, O>(
    flow: FlowReference<I, O>,
    id: string,
    input: I,
    options: StartOptions = {},
  ): Promise<void> {
    if (insideOfFlow()) throw startedInFlow(id);
    const queue = options.queue ?? this.#defaultQueue;
    const plain = plainJson(input ?? null);
    this.#store.insert(flow.name, checkIdPart(id), plain, { ...options, queue }, this.#process.clock.now());
  }

  async get(id: string): Promise<FlowInfo | undefined> {
    const row = this.#store.rows.get(id);
    return row && this.#store.describe(row);
  }

  async list(filter: FlowFilter = {}): Promise<FlowInfo[]> {
    const { states, name, runId, limit = 1_000 } = filter;
    return [...this.#store.rows.values()]
      .reverse()
      .map((row) => this.#store.describe(row))
      .filter((flow) => states?.includes(flow.state) ?? true)
      .filter(
        (flow) =>
          (name === undefined || flow.name === name) && (runId === undefined || runIdOf(flow.id) === runId),
      )
      .slice(0, limit);
  }

  async requestCancel(id: string): Promise<void> {
    this.#store.requestCancel(id, this.#process.clock.now());
  }

  async wait(id: string, signal?: AbortSignal): Promise<FlowInfo> {
    if (!(await this.get(id))) throw new TypeError(`there is no flow ${id}`);
    await firstEnded(this.#store, [id], signal, this.#process);
    const info = await this.get(id);
    if (!info) throw new TypeError(`flow ${id} was removed`);
    return info;
  }

  async setQueue(name: string, limits: QueueLimits): Promise<void> {
    this.#store.setQueue(name, limits);
  }

  async shutdown(): Promise<void> {
    if (this.#stop.signal.aborted) return;
    this.#stop.abort();
    this.#forget?.();
    for (const execution of this.#executions) execution.lose();
    this.#store.recover(this.#process.name);
  }

  /** One flow after the other, so that several processes get their turns. */
  async #claim(): Promise<void> {
    if (this.#claiming || this.#stop.signal.aborted) return;
    this.#claiming = true;
    try {
      while (this.#store.hasStartable(this.#process.name, this.#queues)) {
        await this.#process.reach({ flowId: '', label: 'claim', moment: 'claim' });
        if (this.#stop.signal.aborted) return;
        const row = this.#store.claim(this.#process.name, this.#queues);
        if (!row) continue;
        const flow = this.#flows.get(row.name);
        if (!flow) throw new TypeError(`flow ${row.name} came to a process that does not know it`);
        const execution = new MemoryExecution(this.#store, row, this.#process, this.#defaultQueue, this.#log);
        this.#executions.add(execution);
        void this.#run(execution, flow, row.input).finally(() => this.#executions.delete(execution));
      }
    } finally {
      this.#claiming = false;
    }
  }

  async #run(execution: MemoryExecution, flow: AnyFlow, input: unknown): Promise<void> {
    try {
      const outcome = await asFlow(() => runFlow(execution, flow, structuredClone(input)));
      await this.#process.reach({ flowId: execution.flowId, label: flow.name, moment: 'end' });
      execution.throwIfLost();
      const row = this.#store.rows.get(execution.flowId);
      if (row) this.#store.end(row, outcome, this.#process.clock.now());
    } catch (error) {
      this.#log.debug('an execution was dropped', { flowId: execution.flowId, error: String(error) });
    }
  }

  async #watch(): Promise<void> {
    for (;;) {
      await this.#process.clock.sleep(checkMs, this.#stop.signal).catch(() => undefined);
      if (this.#stop.signal.aborted) return;
      for (const execution of this.#executions) execution.check();
    }
  }
}
