import { z } from 'zod';

const id = z.string().min(1);
const errorSchema = z.object({
  code: z.string().optional(),
  details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.undefined()])),
  message: z.string(),
  stack: z.string().optional(),
});

const outcomeSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('let-in'), setCookie: z.array(z.string()) }),
  z.object({ kind: z.literal('refused') }),
  z.object({ kind: z.literal('failed') }),
]);

/** From readers to the gate. Everybody on a channel hears everything: who is not meant lets it pass. */
export const toGateSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('enter'),
    id,
    method: z.literal('GET'),
    url: z.string(),
  }),
  z.object({ kind: z.literal('leave'), id, outcome: outcomeSchema }),
]);

/** From the gate to the reader that asked with this id. */
export const fromGateSchema = z.discriminatedUnion('kind', [
  /** The gate is there, and the reader waits for a place. */
  z.object({ kind: z.literal('heard'), id }),
  z.object({ kind: z.literal('pass'), id, headers: z.record(z.string(), z.string()) }),
  z.object({ kind: z.literal('refusal'), id, error: errorSchema }),
]);

export type ToGate = z.infer<typeof toGateSchema>;
export type FromGate = z.infer<typeof fromGateSchema>;

/** What came over a channel: to be checked. */
export function messageOf(event: unknown): unknown {
  return typeof event === 'object' && event !== null && 'data' in event ? event.data : undefined;
}
