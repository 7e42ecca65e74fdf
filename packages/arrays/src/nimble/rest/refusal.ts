import type { ErrorCode } from '@leeward/core';
import { z } from 'zod';
import { ArrayRefused, detailsOf, type Refusal, type RefusedCall } from '../../rest/refused.ts';
import { busyCodes, heldCodes, statusClassPrefix } from './refusal-codes.ts';

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

export function refusedBy(call: RefusedCall, refusal: Refusal): ArrayRefused {
  return new ArrayRefused(meaningOf(refusal), detailsOf(call, refusal), refusal);
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
