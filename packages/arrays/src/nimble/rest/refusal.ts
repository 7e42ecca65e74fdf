import { type ErrorCode, type ErrorDetails, LeewardError } from '@leeward/core';
import { z } from 'zod';
import { busyCodes, heldCodes, statusClassPrefix } from './refusal-codes.ts';

/** What the array put into an answer with a failure status. */
export interface Refusal {
  readonly status: number;
  /** All codes of the answer; the first one is often only the class of the HTTP status. */
  readonly codes: readonly string[];
  /** The most specific code; empty when the answer carried none. */
  readonly code: string;
  readonly message: string;
}

const messageSchema = z.object({
  code: z.string().default(''),
  text: z.string().default(''),
  severity: z.string().optional(),
});
const envelopeSchema = z.object({ messages: z.array(messageSchema).nullish() });

export function refusalOf(status: number, body: unknown): Refusal {
  const parsed = envelopeSchema.safeParse(body);
  const messages = parsed.success ? (parsed.data.messages ?? []) : [];
  const specific = messages.filter(({ code }) => code !== '' && !code.startsWith(statusClassPrefix));
  const told = specific[0] ?? messages[0];
  return {
    status,
    codes: messages.map(({ code }) => code).filter((code) => code !== ''),
    code: told?.code ?? '',
    message: told?.text || told?.code || `HTTP status ${status} without an explanation`,
  };
}

export interface RefusedCall {
  readonly host: string;
  readonly username: string;
  readonly method: string;
  /** Without the query. */
  readonly path: string;
}

/** An error of the catalogue that also keeps the array's own codes, so that callers can branch on them. */
export class NimbleRefused extends LeewardError {
  readonly refusal: Refusal;

  constructor(code: ErrorCode, details: ErrorDetails, refusal: Refusal) {
    super(code, details);
    this.name = 'NimbleRefused';
    this.refusal = refusal;
  }
}

export function refusedBy(call: RefusedCall, refusal: Refusal): NimbleRefused {
  const details: ErrorDetails = {
    ...call,
    message: refusal.message,
    arrayCode: refusal.code || 'none',
    status: refusal.status,
    object: `object at ${call.path}`,
    volume: call.path,
    holders: refusal.message,
  };
  return new NimbleRefused(meaningOf(refusal), details, refusal);
}

/** True for a refusal by the array with one of these codes. */
export function refusedWith(error: unknown, codes: ReadonlySet<string>): error is NimbleRefused {
  return error instanceof NimbleRefused && error.refusal.codes.some((code) => codes.has(code));
}

function meaningOf({ status, codes, code }: Refusal): ErrorCode {
  if (codes.includes('SM_err_max_sessions_reached')) return 'L-ARR-610';
  if (status === 401) return 'L-ARR-002';
  if (codes.some((each) => heldCodes.has(each))) return 'L-ARR-101';
  if (codes.some((each) => busyCodes.has(each))) return 'L-ARR-014';
  if (codes.includes('SM_enospc')) return 'L-ARR-104';
  if (codes.some((each) => /^SM_limit_(snap|hret_snap)/.test(each))) return 'L-ARR-103';
  if (codes.some((each) => each.startsWith('SM_limit_') || each === 'SM_no_available_lun'))
    return 'L-ARR-606';
  if (status === 403) return 'L-ARR-005';
  if (status === 404 && (code === '' || code === 'SM_enoent' || code.startsWith(statusClassPrefix)))
    return 'L-ARR-009';
  if (status === 503) return 'L-ARR-014';
  if (status === 408 || status === 429 || status === 502 || status === 504) return 'L-ARR-012';
  return 'L-ARR-015';
}
