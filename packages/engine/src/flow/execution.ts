import type { Clock } from '@leeward/core';
import type { StartOptions } from './flow.ts';
import type { Recorded } from './recorded-value.ts';

/**
 * One execution of one flow, as an engine offers it; `EngineFlowContext` turns it into what flows see. Each
 * engine implements this and nothing more, so that flows behave alike on all of them.
 */
export interface Execution {
  readonly flowId: string;
  readonly clock: Clock;
  /** Aborts, with `OwnershipLost`, when this execution lost the flow or its process shuts down. */
  readonly lost: AbortSignal;
  /** Aborts, with `L-RUN-102`, soon after cancelling was asked for. */
  readonly cancelled: AbortSignal;

  /**
   * Takes the next place in the history, synchronously. If that place is filled, returns what it holds, else
   * runs `work`, which never throws but for `OwnershipLost`, and fills the place before it returns. Throws
   * `OwnershipLost`, and `FlowNotDeterministic` when the place holds another `label`.
   */
  recorded(label: string, work: () => Promise<Recorded>): Promise<Recorded>;

  /** Recorded in the same way. Starts a flow, or finds that it was started. */
  startChild(name: string, flowId: string, input: unknown, options: StartOptions): Promise<void>;

  /** True when called from inside of a `recorded` work. */
  insideWork(): boolean;

  /** Not recorded. Waits until one of the flows has ended and returns it. Rejects when `lost` or the signal aborts. */
  firstEnded(
    flowIds: readonly string[],
    signal?: AbortSignal,
  ): Promise<{ readonly flowId: string; readonly outcome: Recorded }>;

  /** Not recorded. Asks a flow to end, as `FlowEngine.requestCancel`. */
  requestCancel(flowId: string): Promise<void>;

  /** Not recorded; asks the database. */
  isCancelRequested(): Promise<boolean>;

  /** Not recorded; asks the database, and aborts `lost` when the answer is no. */
  isOwned(): Promise<boolean>;

  /** A work that a shutdown SHOULD give time to stop. */
  track(work: Promise<unknown>): void;

  publish(progress: unknown): void;
  log(message: string, details?: Readonly<Record<string, unknown>>): void;
}
