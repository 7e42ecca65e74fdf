import { type ErrorReport, isError, LeewardError, reportOf } from '@leeward/core';
import { isOwnershipLost } from '../flow/flow-errors.ts';

/** A result or a problem as a value, so that one VM's trouble does not stop the others. JSON. */
export type Outcome<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: ErrorReport };

/** Loss of ownership and cancelling are not one VM's trouble: they pass. */
export async function outcomeOf<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<Outcome<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    if (signal?.aborted || isOwnershipLost(error) || isError(error, 'L-RUN-102')) throw error;
    return { ok: false, problem: reportOf(error) };
  }
}

/** The error behind a recorded problem, to be thrown or shown again. */
export function errorOf(problem: ErrorReport): LeewardError {
  return new LeewardError(problem.code, problem.details);
}
