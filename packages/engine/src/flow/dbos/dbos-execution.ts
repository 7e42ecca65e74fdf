import type { Clock } from '@leeward/core';
import type { Execution } from '../execution.ts';
import type { StartOptions } from '../flow.ts';
import { FlowNotDeterministic, isOwnershipLost, OwnershipLost } from '../flow-errors.ts';
import { logFactsOf } from '../flow-id.ts';
import type { FlowLog } from '../flow-log.ts';
import { parseRecorded, type Recorded } from '../recorded-value.ts';
import { conflict, DBOS, saysOwnershipLost, unexpectedStep } from './dbos-internals.ts';
import type { RunningFlow } from './running-flows.ts';

/** What an execution needs of its engine. */
export interface DbosProcess {
  readonly clock: Clock;
  readonly log: FlowLog;
  readonly closing: boolean;
  enqueue(name: string, flowId: string, input: unknown, options: StartOptions): Promise<void>;
  firstEnded(
    flowIds: readonly string[],
    signal: AbortSignal,
  ): Promise<{ readonly flowId: string; readonly outcome: Recorded }>;
  isCancelRequested(flowId: string, signal: AbortSignal): Promise<boolean>;
  requestCancel(flowId: string): Promise<void>;
  owner(flowId: string, signal: AbortSignal): Promise<string | undefined>;
  track(work: Promise<unknown>): void;
  publish(flow: RunningFlow, progress: unknown): void;
  lose(flow: RunningFlow): void;
}

export class DbosExecution implements Execution {
  readonly flowId: string;
  readonly clock: Clock;
  readonly lost: AbortSignal;
  readonly cancelled: AbortSignal;
  readonly #process: DbosProcess;
  readonly #flow: RunningFlow;

  constructor(process: DbosProcess, flow: RunningFlow) {
    this.flowId = flow.flowId;
    this.clock = process.clock;
    this.lost = flow.lost.signal;
    this.cancelled = flow.cancelled.signal;
    this.#process = process;
    this.#flow = flow;
  }

  recorded(label: string, work: () => Promise<Recorded>): Promise<Recorded> {
    return this.#call(label, async () => {
      const stored = await DBOS.runStep(() => this.#guard(work), { name: label });
      return parseRecorded(stored);
    });
  }

  startChild(name: string, flowId: string, input: unknown, options: StartOptions): Promise<void> {
    return this.#call(name, () => this.#process.enqueue(name, flowId, input, options));
  }

  insideWork(): boolean {
    return DBOS.isInStep();
  }

  firstEnded(flowIds: readonly string[], signal?: AbortSignal) {
    return this.#process.firstEnded(flowIds, signal ? AbortSignal.any([this.lost, signal]) : this.lost);
  }

  requestCancel(flowId: string): Promise<void> {
    return this.#process.requestCancel(flowId);
  }

  isCancelRequested(): Promise<boolean> {
    return this.#process.isCancelRequested(this.flowId, this.lost);
  }

  async isOwned(): Promise<boolean> {
    const owned = (await this.#process.owner(this.flowId, this.lost)) === this.#flow.owner;
    if (!owned) this.#process.lose(this.#flow);
    return owned;
  }

  track(work: Promise<unknown>): void {
    this.#process.track(work);
  }

  publish(progress: unknown): void {
    this.#process.publish(this.#flow, progress);
  }

  log(message: string, details?: Readonly<Record<string, unknown>>): void {
    this.#process.log.info(message, { ...details, ...logFactsOf(this.flowId) });
  }

  /** Translates what DBOS throws. */
  async #call<T>(label: string, operation: () => Promise<T>): Promise<T> {
    this.lost.throwIfAborted();
    try {
      return await operation();
    } catch (error) {
      if (this.lost.aborted) throw this.lost.reason;
      if (isOwnershipLost(error)) throw error;
      if (saysOwnershipLost(error, this.flowId)) {
        this.#process.lose(this.#flow);
        throw new OwnershipLost(this.flowId, error);
      }
      const unexpected = unexpectedStep(error);
      if (unexpected)
        throw new FlowNotDeterministic(this.flowId, unexpected.place, recordedName(error), label);
      throw error;
    }
  }

  /** A work that ends because the flow is lost leaves no trace in the history. */
  async #guard(work: () => Promise<Recorded>): Promise<Recorded> {
    try {
      const recorded = await work();
      this.lost.throwIfAborted();
      return recorded;
    } catch (error) {
      // At shutdown the flow is still ours in the database, so DBOS would record whatever we throw.
      if (this.#process.closing) return new Promise(() => undefined);
      throw isOwnershipLost(error) ? conflict(this.flowId) : error;
    }
  }
}

function recordedName(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
