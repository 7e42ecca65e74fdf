import { z } from 'zod';

/** The error that ONTAP puts into an answer or a finished job. */
export interface Refusal {
  /** ONTAP's code as a decimal string; empty when the answer carried none. */
  readonly code: string;
  readonly message: string;
  /** The field it is about, where told. */
  readonly target?: string;
  /** HTTP status; absent for a failed job. */
  readonly status?: number;
}

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
  if (!parsed.success) return { code: '', message: `HTTP status ${status} without an explanation`, status };
  const { message = '', code = '', target } = parsed.data.error;
  return { code, message, status, ...(target ? { target } : {}) };
}
