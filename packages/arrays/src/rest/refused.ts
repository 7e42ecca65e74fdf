import { type ErrorCode, type ErrorDetails, LeewardError } from '@leeward/core';

/** What an array said in an answer with a failure status, or as the end of a failed job. */
export interface Refusal {
  /** All codes of the answer, in its order. */
  readonly codes: readonly string[];
  /** The most specific of them; empty when the answer carried none. */
  readonly code: string;
  readonly message: string;
  /** The field it is about, where told. */
  readonly target?: string;
  /** HTTP status; absent for a failed job. */
  readonly status?: number;
}

export interface RefusedCall {
  readonly host: string;
  readonly username: string;
  readonly method: string;
  /** Without the query. */
  readonly path: string;
}

/** An error of the catalogue that also keeps the array's own codes, so that callers can branch on them. */
export class ArrayRefused extends LeewardError {
  readonly refusal: Refusal;

  constructor(code: ErrorCode, details: ErrorDetails, refusal: Refusal) {
    super(code, details);
    this.name = 'ArrayRefused';
    this.refusal = refusal;
  }
}

/** What the texts of the catalogue may name of any refusal. */
export function detailsOf(call: RefusedCall, refusal: Refusal): ErrorDetails {
  return {
    ...call,
    message: refusal.message,
    arrayCode: refusal.code || 'none',
    ...(refusal.status === undefined ? {} : { status: refusal.status }),
    object: `object at ${call.path}`,
    volume: call.path,
    holders: refusal.message,
  };
}

/** True for a refusal by the array with one of these codes. */
export function refusedWith(error: unknown, codes: ReadonlySet<string>): error is ArrayRefused {
  return error instanceof ArrayRefused && error.refusal.codes.some((code) => codes.has(code));
}
