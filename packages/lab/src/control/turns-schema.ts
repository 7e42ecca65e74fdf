import { z } from 'zod';

/** `nth` and `times` as every fault of the lab takes them. */
export const turnsShape = {
  /** First occasion that is hit, counted from the moment the fault is added. */
  nth: z.number().int().min(1).default(1),
  /** How many are hit; absent: all from then on. */
  times: z.number().int().min(1).optional(),
};

/** Cut off for a time: the whole system, or a data port. */
export const downAction = z.object({
  kind: z.literal('down'),
  forMs: z.number().min(1).max(86_400_000),
  /** Address of the data port; absent: the one at which it happens, else the whole system. */
  port: z.string().optional(),
  /** Before what was asked for is done, or after. */
  when: z.enum(['before', 'after']).default('before'),
});
export type DownAction = z.infer<typeof downAction>;

/** Right now, without waiting for a call: only for what has a duration of its own. */
export const nowFault = z.object({
  at: z.literal('now'),
  nth: z.literal(1).default(1),
  times: z.literal(1).default(1),
  action: downAction,
});
export type NowFault = z.infer<typeof nowFault>;

export const delayAction = z.object({ kind: z.literal('delay'), delayMs: z.number().min(0) });
/** Cuts the connection: before acting, or after, so that the answer is lost. */
export const cutAction = z.object({
  kind: z.literal('cut'),
  when: z.enum(['before', 'after']).default('before'),
});
