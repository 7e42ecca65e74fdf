import type { ErrorCode, ErrorDetails, LeewardError } from '@leeward/core';
import type { ParamsOf, ResultOf } from '../schema/method-types.ts';
import type { MethodName } from '../schema/methods.ts';
import type { Ref, Vim } from '../schema/values.ts';

export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
  /** Bound of one try, in ms. Default 60 s. */
  readonly timeoutMs?: number | undefined;
}

/** One living login. Everything that belongs to a session (views, tokens) MUST be used through the same one. */
export interface SessionHandle {
  readonly content: Vim<'ServiceContent'>;
  /** Key of the user session, for privilege checks. As good as a password: never log it. */
  readonly sessionKey: string;
  /**
   * Calls a method. Repeatable methods are repeated on passing faults. Throws errors of the catalogue only;
   * the vCenter fault is their cause.
   */
  call<M extends MethodName>(
    target: Ref,
    method: M,
    params: ParamsOf<M>,
    options?: CallOptions,
  ): Promise<ResultOf<M>>;
  /** A fault inside a result (of a task) as an error of the catalogue. */
  explain(fault: Vim<'LocalizedMethodFault'>, method: string, target: Ref): LeewardError;
  /** An error of the catalogue about this vCenter. */
  problem(code: ErrorCode, details: ErrorDetails, cause?: unknown): LeewardError;
}

/** What was called and how it went: for logs. Carries no parameter, so no secret. */
export interface CallEvent {
  readonly method: string;
  readonly target: string;
  readonly operationId: string;
  readonly durationMs: number;
  /** `ok`, or the code of the error. */
  readonly outcome: string;
}
