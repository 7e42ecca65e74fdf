import { type ErrorCode, type ErrorDetails, LeewardError } from '@leeward/core';
import type { Refusal } from './refusal.ts';
import { meaningOfCode } from './refusal-codes.ts';

/** An error of the catalogue that also keeps ONTAP's own code, so that callers can branch on it. */
export class ArrayRefused extends LeewardError {
  readonly refusal: Refusal;

  constructor(code: ErrorCode, details: ErrorDetails, refusal: Refusal) {
    super(code, details);
    this.name = 'ArrayRefused';
    this.refusal = refusal;
  }
}

export interface RefusedCall {
  readonly host: string;
  readonly username: string;
  readonly method: string;
  /** Without the query. */
  readonly path: string;
}

/** The catalogue error for a refusal, by ONTAP's code first, then by HTTP status. */
export function refusedBy(call: RefusedCall, refusal: Refusal): ArrayRefused {
  const details: ErrorDetails = {
    ...call,
    message: refusal.message,
    arrayCode: refusal.code || 'none',
    status: refusal.status,
    object: `object at ${call.path}`,
    volume: call.path,
    holders: refusal.message,
    licence: 'for this operation',
    purpose: `carry out ${call.method} ${call.path}`,
    otherwise: refusal.message,
    platform: refusal.message,
  };
  return new ArrayRefused(meaningOf(refusal), details, refusal);
}

/** True for a refusal by ONTAP with one of these codes. */
export function refusedWith(error: unknown, codes: ReadonlySet<string>): error is ArrayRefused {
  return error instanceof ArrayRefused && codes.has(error.refusal.code);
}

function meaningOf({ code, message, status }: Refusal): ErrorCode {
  if (status === 401) return 'L-ARR-002';
  const byCode = meaningOfCode.get(code);
  if (byCode) return byCode;
  // The code of a held-back operation is not the same in all releases; the wording names the feature.
  if (/multi-admin-verify/i.test(message)) return 'L-ARR-018';
  if (status === 403) return 'L-ARR-005';
  if (status === 429 || status === 502 || status === 503 || status === 504) return 'L-ARR-012';
  if (status === 404 && code === '') return 'L-ARR-009';
  return 'L-ARR-015';
}
