import type { ErrorCode } from '@leeward/core';
import { z } from 'zod';
import { ArrayRefused, detailsOf, type Refusal, type RefusedCall } from '../../rest/refused.ts';
import { limitIn } from './limits.ts';
import { meaningOfCode } from './refusal-codes.ts';

const codeSchema = z.union([z.string(), z.number()]).transform(String);

const envelopeSchema = z.object({
  error: z.object({
    message: z.string().optional(),
    code: codeSchema.optional(),
    target: z.string().optional(),
  }),
});

/** Reads the error envelope of an answer with a failure status; a body without one yields an empty code. */
export function refusalOf(status: number, body: unknown): Refusal {
  const parsed = envelopeSchema.safeParse(body);
  if (!parsed.success)
    return { codes: [], code: '', message: `HTTP status ${status} without an explanation`, status };
  const { message = '', code = '', target } = parsed.data.error;
  return { ...refusalWith(code, message), status, ...(target ? { target } : {}) };
}

/** ONTAP gives one code, a decimal string; empty for none. */
export function refusalWith(code: string, message: string): Refusal {
  return { codes: code === '' ? [] : [code], code, message };
}

/** The catalogue error for a refusal, by ONTAP's code first, then by HTTP status. */
export function refusedBy(call: RefusedCall, refusal: Refusal): ArrayRefused {
  const details = {
    ...detailsOf(call, refusal),
    licence: 'for this operation',
    purpose: `carry out ${call.method} ${call.path}`,
    otherwise: refusal.message,
    platform: refusal.message,
  };
  return new ArrayRefused(meaningOf(refusal), details, refusal);
}

function meaningOf({ code, message, status }: Refusal): ErrorCode {
  if (status === 401) return 'L-ARR-002';
  const byCode = meaningOfCode.get(code) ?? limitIn({ code, message });
  if (byCode) return byCode;
  // The code of a held-back operation is not the same in all releases; the wording names the feature.
  if (/multi-admin-verify/i.test(message)) return 'L-ARR-018';
  if (status === 403) return 'L-ARR-005';
  if (status === 429 || status === 502 || status === 503 || status === 504) return 'L-ARR-012';
  if (status === 404 && code === '') return 'L-ARR-009';
  return 'L-ARR-015';
}
