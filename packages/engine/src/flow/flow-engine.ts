import type { ErrorReport } from '@leeward/core';
import type { StartOptions } from './flow.ts';
import type { AnyFlow, FlowReference } from './flow-definition.ts';

/**
 * - `queued`: waits for a free place, or for a process that serves its queue.
 * - `running`: owned by a process (which may be dead and not yet found so).
 * - `cancelled`: ended with `L-RUN-102`, or was stopped by an emergency cancel of the engine.
 */
export type FlowState = 'queued' | 'running' | 'success' | 'error' | 'cancelled';

export interface FlowInfo {
  readonly id: string;
  readonly name: string;
  readonly state: FlowState;
  readonly queue: string;
  readonly createdAt: number;
  readonly endedAt?: number;
  readonly input: unknown;
  /** With `success`. */
  readonly result?: unknown;
  /** With `error` and `cancelled`. */
  readonly error?: ErrorReport;
  /** The latest value of `FlowContext.progress`. */
  readonly progress?: unknown;
  readonly cancelRequested: boolean;
}

export interface FlowFilter {
  readonly states?: readonly FlowState[];
  readonly name?: string;
  /** Only this flow and its children. */
  readonly runId?: string;
  /** Newest first, at most this many; 1,000 if left out. */
  readonly limit?: number;
}

/** A limit left out means none. Limits may be changed at any time, by any process. */
export interface QueueLimits {
  /** Running flows of the queue over all processes. */
  readonly globalConcurrency?: number;
  /** Running flows of the queue in each process. */
  readonly workerConcurrency?: number;
  /** Running flows of the queue for each `StartOptions.partition`; every start on it MUST then name one. */
  readonly partitionConcurrency?: number;
}

/**
 * Runs flows and survives the death of processes. One per process. Order: `register` all flows, `launch`, use,
 * `shutdown`.
 */
export interface FlowEngine {
  /** Before `launch`. A name may be registered once. */
  register(...flows: readonly AnyFlow[]): void;

  /** Creates the engine's tables where missing, takes up flows that this process had when it died, begins. */
  launch(): Promise<void>;

  /**
   * Starts a flow. Idempotent by `id` (unique, no `/`): when a flow of that id exists, whatever its state,
   * nothing is started. Returns once the start is durable. Refused inside of a flow and of the work of its steps, where
   * nothing would record it: flows start children.
   */
  start<I, O>(flow: FlowReference<I, O>, id: string, input: I, options?: StartOptions): Promise<void>;

  /** `undefined`: there is no flow of that id. Ids of children are allowed here and below. */
  get(id: string): Promise<FlowInfo | undefined>;

  list(filter?: FlowFilter): Promise<FlowInfo[]>;

  /**
   * Durably asks a flow, and with it its children, to end. Idempotent; without effect on an ended flow. A flow
   * that is still queued starts, finds the wish and ends.
   */
  requestCancel(id: string): Promise<void>;

  /** Waits for the end and returns its description; aborts with the signal's reason. Throws if there is none. */
  wait(id: string, signal?: AbortSignal): Promise<FlowInfo>;

  /** Creates a queue or changes its limits. */
  setQueue(name: string, limits: QueueLimits): Promise<void>;

  /**
   * Takes no new flows, aborts the signals of running steps, waits a moment and lets go. Unfinished flows go on
   * at the next launch. Idempotent.
   */
  shutdown(): Promise<void>;
}
