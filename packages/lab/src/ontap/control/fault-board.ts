import type { Clock } from '@leeward/core';
import { z } from 'zod';
import { RestError } from '../rest/rest-error.ts';

const actionSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('refuse'),
    status: z.number().int().default(500),
    code: z.number().int().default(393271),
    message: z.string().default('fault of the lab'),
  }),
  z.object({ kind: z.literal('delay'), delayMs: z.number().min(0) }),
  /** Cuts the connection: before acting, or after, so that the answer is lost. */
  z.object({ kind: z.literal('cut'), when: z.enum(['before', 'after']).default('before') }),
  /** Transfers only: fails once this share has travelled. */
  z.object({
    kind: z.literal('fail'),
    atPercent: z.number().min(0).max(100).default(0),
    code: z.number().int().default(6620093),
    message: z.string().default('Transfer failed: network error'),
  }),
  /** Transfers: stands still from this share on, until aborted or the fault is cleared. Others: never answers. */
  z.object({ kind: z.literal('hang'), atPercent: z.number().min(0).max(100).default(0) }),
]);

/**
 * A fault. `rest`: calls of the REST interface by method and path; `job`: jobs by their description; `step`: a
 * named step inside (`snapmirror.transfer`, with the destination path to match).
 */
export const faultSchema = z.object({
  at: z.enum(['rest', 'job', 'step']),
  method: z.string().optional(),
  /** `*` stands for anything. Path with `/api`, job description, or the step's subject. */
  path: z.string().default('*'),
  step: z.string().optional(),
  /** First call that is hit, counted from the moment the fault is added. */
  nth: z.number().int().min(1).default(1),
  /** How many calls are hit; absent: all from then on. */
  times: z.number().int().min(1).optional(),
  action: actionSchema,
});
export type Fault = z.infer<typeof faultSchema>;
export type FaultInput = z.input<typeof faultSchema>;
export type FaultAction = z.infer<typeof actionSchema>;

interface Planted {
  readonly id: number;
  readonly fault: Fault;
  calls: number;
  hits: number;
}

/** Faults that the lab asked for. */
export class FaultBoard {
  readonly #clock: Clock;
  #planted: Planted[] = [];
  #id = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(input: FaultInput): number {
    const id = ++this.#id;
    this.#planted.push({ id, fault: faultSchema.parse(input), calls: 0, hits: 0 });
    return id;
  }

  list() {
    return this.#planted.map(({ id, fault, calls, hits }) => ({ id, ...fault, calls, hits }));
  }

  remove(id: number): boolean {
    const before = this.#planted.length;
    this.#planted = this.#planted.filter((one) => one.id !== id);
    return this.#planted.length < before;
  }

  clear(): void {
    this.#planted = [];
  }

  #hit(at: Fault['at'], method: string, path: string): Planted | undefined {
    let chosen: Planted | undefined;
    for (const one of this.#planted) {
      const { fault } = one;
      if (fault.at !== at) continue;
      const named = at === 'step' ? fault.step : fault.method;
      if (named !== undefined && named.toLowerCase() !== method.toLowerCase()) continue;
      if (!wildcard(fault.path, path)) continue;
      one.calls++;
      const last = fault.times === undefined ? Number.POSITIVE_INFINITY : fault.nth + fault.times - 1;
      if (one.calls < fault.nth || one.calls > last || chosen) continue;
      one.hits++;
      chosen = one;
    }
    return chosen;
  }

  rest(method: string, path: string): FaultAction | undefined {
    return this.#hit('rest', method, path)?.fault.action;
  }

  /** Called at the end of a job, before it acts; throws when the job is to fail. */
  async job(method: string, path: string): Promise<void> {
    const action = this.#hit('job', method, path)?.fault.action;
    if (action?.kind === 'delay') await this.#clock.sleep(action.delayMs);
    if (action?.kind === 'refuse') throw new RestError(action.status, action.code, action.message);
  }

  /**
   * Called at a named step. The answer is to be called as bytes arrive: it throws or stands still when the share
   * that the fault names is reached.
   */
  async step(name: string, subject: string, signal: AbortSignal): Promise<StepProgress> {
    const planted = this.#hit('step', name, subject);
    const action = planted?.fault.action;
    if (action?.kind === 'delay') await this.#clock.sleep(action.delayMs, signal);
    if (action?.kind === 'refuse') throw new RestError(action.status, action.code, action.message);
    return async (bytes, totalBytes) => {
      if (!planted || (action?.kind !== 'fail' && action?.kind !== 'hang')) return;
      const percent = totalBytes === 0 ? 100 : (bytes / totalBytes) * 100;
      if (percent < action.atPercent) return;
      if (action.kind === 'fail') throw new RestError(500, action.code, action.message);
      while (this.#planted.includes(planted)) await this.#clock.sleep(50, signal);
    };
  }
}

export type StepProgress = (bytes: number, totalBytes: number) => Promise<void>;

function wildcard(pattern: string, text: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(text);
}
