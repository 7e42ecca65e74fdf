import { LeewardError } from '@leeward/core';
import type { Execution } from './execution.ts';
import type {
  ChildHandle,
  ChildItem,
  ChildOutcome,
  FlowContext,
  StartOptions,
  StepCall,
  StepOptions,
} from './flow.ts';
import type { FlowReference } from './flow-definition.ts';
import { OwnershipLost } from './flow-errors.ts';
import { childFlowId, runIdOf } from './flow-id.ts';
import { OrderedTurns } from './ordered-turns.ts';
import { parseRecorded, plainJson, type Recorded, recordValue, unwrapRecorded } from './recorded-value.ts';
import { runStep } from './step-attempt.ts';

/** Enough to see that a flow has ended already. */
const momentMs = 1_000;

/** What flows see, on top of any engine. */
export class EngineFlowContext implements FlowContext {
  readonly flowId: string;
  readonly runId: string;
  readonly #execution: Execution;

  constructor(execution: Execution) {
    this.#execution = execution;
    this.flowId = execution.flowId;
    this.runId = runIdOf(execution.flowId);
  }

  step<T>(name: string, options: StepOptions, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    return this.#step({ ...options, name, work }, (attempt) => attempt());
  }

  async steps<T>(calls: readonly StepCall<T>[], limit = Number.POSITIVE_INFINITY): Promise<T[]> {
    const turns = new OrderedTurns(limit);
    const outcomes = await Promise.allSettled(
      calls.map((call, place) =>
        this.#step(call, (attempt) => turns.take(place, attempt)).finally(() => turns.pass(place)),
      ),
    );
    this.#execution.lost.throwIfAborted();
    return outcomes.map((outcome) => {
      if (outcome.status === 'rejected') throw outcome.reason;
      return outcome.value;
    });
  }

  async #step<T>({ name, work, ...options }: StepCall<T>, turn: Turn): Promise<T> {
    const recorded = await this.#operation(`step ${name}`, () =>
      turn(() => runStep(this.#execution, name, options, work)),
    );
    // What a step returns is what its own code made; it was checked to be plain JSON when it was recorded.
    return unwrapRecorded(recorded) as T;
  }

  async sleep(name: string, durationMs: number): Promise<void> {
    const { clock, lost } = this.#execution;
    const endMs = await this.#number(`sleep ${name}`, () => clock.now() + durationMs);
    const leftMs = endMs - clock.now();
    if (leftMs > 0) await clock.sleep(leftMs, lost);
  }

  async now(): Promise<number> {
    return this.#number('now', () => this.#execution.clock.now());
  }

  async child<I, O>(
    flow: FlowReference<I, O>,
    childId: string,
    input: I,
    options: StartOptions = {},
  ): Promise<ChildHandle<O>> {
    this.#outsideOfWork(`child ${childId}`);
    const flowId = childFlowId(this.flowId, childId);
    await this.#execution.startChild(flow.name, flowId, plainJson(input ?? null), options);
    return {
      flowId,
      result: async () => parseOutput(flow, (await this.#firstOf([flowId])).outcome),
      endedBy: (atMs) => this.#endedBy(flowId, atMs),
      cancel: async () => {
        await this.#operation('child cancelled', async () => {
          await this.#execution.requestCancel(flowId);
          return recordValue(null);
        });
      },
    };
  }

  async children<I, O>(
    flow: FlowReference<I, O>,
    items: readonly ChildItem<I>[],
    options: StartOptions & { readonly limit?: number } = {},
  ): Promise<ChildOutcome<O>[]> {
    const { limit = items.length, ...startOptions } = options;
    const ids = new Map(items.map((item, at) => [childFlowId(this.flowId, item.id), at]));
    if (ids.size !== items.length) throw new TypeError('two children have the same id');
    const outcomes = new Array<ChildOutcome<O>>(items.length);
    const unfinished = new Set<string>();
    const finishOne = async () => {
      const { flowId, outcome } = await this.#firstOf([...unfinished]);
      const at = ids.get(flowId);
      const id = at === undefined ? undefined : items[at]?.id;
      if (at === undefined || id === undefined) throw new TypeError(`${flowId} is none of the children`);
      unfinished.delete(flowId);
      outcomes[at] = outcomeOf(flow, id, outcome);
    };
    for (const item of items) {
      if (unfinished.size >= Math.max(1, limit)) await finishOne();
      const { flowId } = await this.child(flow, item.id, item.input, startOptions);
      unfinished.add(flowId);
    }
    while (unfinished.size > 0) await finishOne();
    return outcomes;
  }

  progress(value: unknown): void {
    this.#execution.publish(value);
  }

  async cancelRequested(): Promise<boolean> {
    if (this.#execution.insideWork()) return this.#execution.isCancelRequested();
    const ask = async () => recordValue(await this.#execution.isCancelRequested());
    return unwrapRecorded(await this.#operation('cancel requested', ask)) === true;
  }

  async ensureOwned(): Promise<void> {
    this.#execution.lost.throwIfAborted();
    if (!(await this.#execution.isOwned())) throw new OwnershipLost(this.flowId);
  }

  log(message: string, details?: Readonly<Record<string, unknown>>): void {
    this.#execution.log(message, details);
  }

  /** Recorded, so that a replay sees the children end in the same order. */
  async #firstOf(flowIds: readonly string[]): Promise<{ flowId: string; outcome: Recorded }> {
    const recorded = await this.#operation('child ended', async () => {
      const { flowId, outcome } = await this.#execution.firstEnded(flowIds);
      return recordValue({ flowId, outcome });
    });
    const value = unwrapRecorded(recorded);
    if (typeof value !== 'object' || value === null || !('flowId' in value) || !('outcome' in value))
      throw new LeewardError('L-RUN-103', { message: 'the record of a child is damaged' });
    return { flowId: String(value.flowId), outcome: parseRecorded(value.outcome) };
  }

  async #endedBy(flowId: string, atMs: number): Promise<boolean> {
    const { clock, lost } = this.#execution;
    const ended = await this.#operation('child ended by then', async () => {
      const late = new AbortController();
      const over = new AbortController();
      const leftMs = Math.max(momentMs, atMs - clock.now());
      clock.sleep(leftMs, over.signal).then(
        () => late.abort(),
        () => undefined,
      );
      try {
        await this.#execution.firstEnded([flowId], late.signal);
        return recordValue(true);
      } catch (error) {
        if (!late.signal.aborted || lost.aborted) throw error;
        return recordValue(false);
      } finally {
        over.abort();
      }
    });
    return unwrapRecorded(ended) === true;
  }

  async #number(label: string, read: () => number): Promise<number> {
    return Number(unwrapRecorded(await this.#operation(label, async () => recordValue(read()))));
  }

  #operation(label: string, work: () => Promise<Recorded>): Promise<Recorded> {
    this.#outsideOfWork(label);
    return this.#execution.recorded(label, work);
  }

  #outsideOfWork(label: string): void {
    this.#execution.lost.throwIfAborted();
    if (this.#execution.insideWork())
      throw new TypeError(`"${label}" was called inside of a step's work, where nothing can be recorded`);
  }
}

function parseOutput<O>(flow: FlowReference<unknown, O>, outcome: Recorded): O {
  const value = unwrapRecorded(outcome);
  return flow.parseOutput ? flow.parseOutput(value) : (value as O);
}

function outcomeOf<O>(flow: FlowReference<unknown, O>, id: string, outcome: Recorded): ChildOutcome<O> {
  try {
    return { ok: true, id, result: parseOutput(flow, outcome) };
  } catch (error) {
    return { ok: false, id, error };
  }
}

type Turn = (work: () => Promise<Recorded>) => Promise<Recorded>;
