import type { FlowReference } from './flow-definition.ts';

/**
 * What a flow sees of its engine: the whole interface on which flows are straight-line code.
 *
 * **Replay.** When a process dies, the flow is run again from its first line by this or another process; every
 * operation below that is marked *recorded* then returns what it returned the first time, without doing anything,
 * until the point is reached where the first execution ended. So between two recorded operations a flow MUST be
 * deterministic: no clock, no randomness, no reading of the world, no module state. All that belongs into a
 * `step`. Branches may depend on input and on recorded results only. A flow that asks for another operation than
 * was recorded at that place is stopped with `FlowNotDeterministic`.
 *
 * **Order.** Operations are numbered in the order in which they are called. Two flows of control inside one flow
 * (`Promise.all` over code that awaits more than one operation) are therefore forbidden; use `steps` for single
 * operations side by side and `children` for whole branches.
 *
 * **Values** that go through the engine (inputs, results, progress) are plain JSON: no `Date`, `bigint`, `Map`,
 * bytes or class instances (refused), `undefined` members are dropped, a bare `undefined` is kept. The first
 * execution sees the value after the same round trip as a replay.
 *
 * **Errors** thrown by a step are recorded as well: a replay throws an error of the same code and details
 * (`LeewardError`; anything else is made `L-RUN-103` first). `OwnershipLost` is never recorded.
 *
 * **Inside of a step's work** only `progress`, `cancelRequested`, `ensureOwned` and `log` may be called.
 */
export interface FlowContext {
  /** Unique; of a child: the parent's id, `/`, the child's id. */
  readonly flowId: string;
  /** The id of the topmost flow: `flowId` up to the first `/`. */
  readonly runId: string;

  /**
   * Recorded. Runs `work` and records its result or its final error (after `retry`). A finished step is never
   * repeated; a step that was cut off by the death of the process is begun again from its start, so `work` MUST
   * be safe to repeat (at-least-once): deterministic names, look-up before create.
   *
   * The signal handed to `work` aborts when `timeoutMs` is over, when this execution lost the flow, when the
   * process shuts down, and, with `cancellable`, when somebody asked for cancelling the flow or one of its
   * parents. `work` MUST then stop soon.
   */
  step<T>(name: string, options: StepOptions, work: (signal: AbortSignal) => Promise<T>): Promise<T>;

  /**
   * Recorded. Several steps side by side, at most `limit` at a time (all, if left out), begun in order. Waits
   * until all have ended; then returns their results in order, or throws the error of the first (by order) that
   * failed.
   */
  steps<T>(calls: readonly StepCall<T>[], limit?: number): Promise<T[]>;

  /** Recorded. Ends at the same moment even if the process dies in between. */
  sleep(name: string, durationMs: number): Promise<void>;

  /** Recorded. Wall clock, milliseconds since the Unix epoch: the time of the first execution. */
  now(): Promise<number>;

  /**
   * Recorded. Starts another flow, on a queue that any process may serve. `childId` (unique within this flow,
   * no `/`) names it for good: a repeated start attaches to the flow that is there.
   */
  child<I, O>(
    flow: FlowReference<I, O>,
    childId: string,
    input: I,
    options?: StartOptions,
  ): Promise<ChildHandle<O>>;

  /**
   * Recorded. One child per item, at most `limit` unfinished at a time (all, if left out). Never throws because
   * of a child: waits for all and returns their outcomes in the order of the items.
   */
  children<I, O>(
    flow: FlowReference<I, O>,
    items: readonly ChildItem<I>[],
    options?: StartOptions & { readonly limit?: number },
  ): Promise<ChildOutcome<O>[]>;

  /**
   * Publishes a value for others to read (`FlowEngine.get`). Cheap, may be called thousands of times a second:
   * written at most once in `progressIntervalMs`, the latest value wins. Not recorded; lost progress is lost.
   */
  progress(value: unknown): void;

  /**
   * True once somebody asked for cancelling this flow or one of its parents. Recorded in the flow's body (a
   * replay gets the same answer), asked afresh inside of a step's work. Cancelling is cooperative: the flow
   * itself cleans up and ends with `L-RUN-102`, which makes its state `cancelled`.
   */
  cancelRequested(): Promise<boolean>;

  /**
   * The fence. Asks the database whether this execution still owns the flow, and throws `OwnershipLost` if not.
   * MUST be awaited immediately before each destructive act (delete, withdraw, unlock), inside of the same step.
   * Not recorded.
   */
  ensureOwned(): Promise<void>;

  /** A line for the process log. Not recorded: a replay may repeat it. Events of users go to the store, by steps. */
  log(message: string, details?: Readonly<Record<string, unknown>>): void;
}

export interface StepOptions {
  /** Repeats `work` on errors that are not `isPermanent` (core's `retry`). Without it: one try. */
  readonly retry?: StepRetry;
  /** Bound of each try; `L-RUN-101` when reached. */
  readonly timeoutMs?: number;
  /**
   * The step ends with `L-RUN-102` when cancelling is asked for, before or while it runs. Only for steps that
   * may be left undone: never for a clean-up.
   */
  readonly cancellable?: boolean;
}

export interface StepRetry {
  /** Tries in all, the first one included. */
  readonly attempts: number;
  readonly firstDelayMs: number;
  readonly maxDelayMs: number;
}

export interface StepCall<T> extends StepOptions {
  readonly name: string;
  readonly work: (signal: AbortSignal) => Promise<T>;
}

export interface StartOptions {
  /** The queue; without it the engine's default queue, which has no limit. */
  readonly queue?: string;
  /** Within the queue; a lower number goes first. Default 0, the highest. */
  readonly priority?: number;
  /** For a queue with limits per partition: whose share this flow counts against. */
  readonly partition?: string;
}

export interface ChildItem<I> {
  readonly id: string;
  readonly input: I;
}

export interface ChildHandle<O> {
  readonly flowId: string;
  /** Recorded. Waits for the end; throws the child's error. */
  result(): Promise<O>;
  /** Recorded. Waits for the end, but no longer than until then (epoch, ms; at least a moment): whether it came. */
  endedBy(atMs: number): Promise<boolean>;
  /** Recorded. Asks the child, and with it its children, to end; does not wait for that. */
  cancel(): Promise<void>;
}

export type ChildOutcome<O> =
  | { readonly ok: true; readonly id: string; readonly result: O }
  | { readonly ok: false; readonly id: string; readonly error: unknown };
