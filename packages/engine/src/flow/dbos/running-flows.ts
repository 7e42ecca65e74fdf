import { type Clock, LeewardError } from '@leeward/core';
import { OwnershipLost } from '../flow-errors.ts';
import { logFactsOf } from '../flow-id.ts';
import type { FlowLog } from '../flow-log.ts';
import { plainJson } from '../recorded-value.ts';
import type { FlowRows } from './flow-rows.ts';

/** One execution in this process. The same flow may be here twice: a lost one that has not noticed, and its heir. */
export interface RunningFlow {
  readonly flowId: string;
  readonly owner: string;
  readonly lost: AbortController;
  readonly cancelled: AbortController;
  readonly ended: AbortController;
  /** Something to be written, not yet written. */
  progress: { readonly value: unknown } | undefined;
  writing: Promise<void> | undefined;
}

/**
 * Watches the executions of this process: tells them that they lost their flow or that cancelling was asked for,
 * by two queries a second for all of them together, and writes their progress.
 */
export class RunningFlows {
  readonly #flows = new Set<RunningFlow>();
  readonly #rows: FlowRows;
  readonly #clock: Clock;
  readonly #log: FlowLog;
  readonly #progressIntervalMs: number;

  constructor(rows: FlowRows, clock: Clock, log: FlowLog, progressIntervalMs: number) {
    this.#rows = rows;
    this.#clock = clock;
    this.#log = log;
    this.#progressIntervalMs = progressIntervalMs;
  }

  add(flowId: string, owner: string): RunningFlow {
    const flow: RunningFlow = {
      flowId,
      owner,
      lost: new AbortController(),
      cancelled: new AbortController(),
      ended: new AbortController(),
      progress: undefined,
      writing: undefined,
    };
    this.#flows.add(flow);
    return flow;
  }

  async remove(flow: RunningFlow): Promise<void> {
    this.#flows.delete(flow);
    flow.ended.abort();
    await flow.writing;
    if (flow.progress) await this.#write(flow);
  }

  publish(flow: RunningFlow, value: unknown): void {
    flow.progress = { value };
    flow.writing ??= this.#writeSoon(flow);
  }

  /** One look at the database for all. */
  async check(): Promise<void> {
    const flows = [...this.#flows];
    if (flows.length === 0) return;
    const ids = flows.map((flow) => flow.flowId);
    const owners = await this.#rows.owners(ids);
    const asked = await this.#rows.cancelRequested(ids);
    for (const flow of flows) {
      if (owners.get(flow.flowId) !== flow.owner) this.lose(flow);
      if (asked.has(flow.flowId) && !flow.cancelled.signal.aborted)
        flow.cancelled.abort(new LeewardError('L-RUN-102'));
    }
  }

  lose(flow: RunningFlow): void {
    if (!flow.lost.signal.aborted && this.#flows.has(flow)) flow.lost.abort(new OwnershipLost(flow.flowId));
  }

  loseAll(): void {
    for (const flow of this.#flows) this.lose(flow);
  }

  async #writeSoon(flow: RunningFlow): Promise<void> {
    await this.#write(flow);
    await this.#clock.sleep(this.#progressIntervalMs, flow.ended.signal).catch(() => undefined);
    flow.writing = undefined;
    if (flow.progress && this.#flows.has(flow)) flow.writing = this.#writeSoon(flow);
  }

  async #write(flow: RunningFlow): Promise<void> {
    const next = flow.progress;
    flow.progress = undefined;
    if (!next) return;
    try {
      await this.#rows.writeProgress(flow.flowId, flow.owner, plainJson(next.value, 'progress'));
    } catch (error) {
      // Lost progress is lost: the next one is on its way.
      this.#log.warn('progress was not written', { ...logFactsOf(flow.flowId), error: String(error) });
    }
  }
}
