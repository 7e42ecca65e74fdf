import type { Clock } from '@leeward/core';
import { z } from 'zod';

/** How an interface words its refusals: the type of its codes, and what a fault says when it names nothing. */
export interface RefusalWording<Code extends z.ZodType<string | number>> {
  readonly code: Code;
  readonly refuse: { readonly code: z.input<Code>; readonly message: string };
  /** Of a transfer that fails half-way. */
  readonly fail: { readonly code: z.input<Code>; readonly message: string };
}

/**
 * A fault. `rest`: calls of the REST interface by method and path; `job`: jobs by their description; `step`: a
 * named step inside (a transfer, with its subject to match).
 */
export function faultSchemaOf<Code extends z.ZodType<string | number>>(wording: RefusalWording<Code>) {
  const code = (fallback: z.input<Code>) => wording.code.prefault(() => fallback);
  const action = z.discriminatedUnion('kind', [
    z.object({
      kind: z.literal('refuse'),
      status: z.number().int().default(500),
      code: code(wording.refuse.code),
      message: z.string().default(wording.refuse.message),
    }),
    z.object({ kind: z.literal('delay'), delayMs: z.number().min(0) }),
    /** Cuts the connection: before acting, or after, so that the answer is lost. */
    z.object({ kind: z.literal('cut'), when: z.enum(['before', 'after']).default('before') }),
    /** Transfers only: fails once this share has travelled. */
    z.object({
      kind: z.literal('fail'),
      atPercent: z.number().min(0).max(100).default(0),
      code: code(wording.fail.code),
      message: z.string().default(wording.fail.message),
    }),
    /** Transfers: stands still from this share on, until aborted or the fault is cleared. Others: never answers. */
    z.object({ kind: z.literal('hang'), atPercent: z.number().min(0).max(100).default(0) }),
  ]);
  return z.object({
    at: z.enum(['rest', 'job', 'step']),
    method: z.string().optional(),
    /** `*` stands for anything. Path as called, job description, or the step's subject. */
    path: z.string().default('*'),
    step: z.string().optional(),
    /** First call that is hit, counted from the moment the fault is added. */
    nth: z.number().int().min(1).default(1),
    /** How many calls are hit; absent: all from then on. */
    times: z.number().int().min(1).optional(),
    action,
  });
}

export type FaultAction<Code> =
  | { kind: 'refuse'; status: number; code: Code; message: string }
  | { kind: 'delay'; delayMs: number }
  | { kind: 'cut'; when: 'before' | 'after' }
  | { kind: 'fail'; atPercent: number; code: Code; message: string }
  | { kind: 'hang'; atPercent: number };

export interface Fault<Code> {
  at: 'rest' | 'job' | 'step';
  method?: string | undefined;
  path: string;
  step?: string | undefined;
  nth: number;
  times?: number | undefined;
  action: FaultAction<Code>;
}

interface Planted<Code> {
  readonly id: number;
  readonly fault: Fault<Code>;
  calls: number;
  hits: number;
}

export interface FaultBoardDeps<Code, Input> {
  readonly clock: Clock;
  /** Completes and checks what the lab asks for. */
  parse(input: Input): Fault<Code>;
  /** The interface's own kind of refusal. */
  refusal(status: number, code: Code, message: string): Error;
}

/** Called as bytes arrive: throws or stands still when the share that the fault names is reached. */
export type StepProgress = (bytes: number, totalBytes: number) => Promise<void>;

/** Faults that the lab asked for. */
export class FaultBoard<Code, Input> {
  readonly #deps: FaultBoardDeps<Code, Input>;
  #planted: Planted<Code>[] = [];
  #id = 0;

  constructor(deps: FaultBoardDeps<Code, Input>) {
    this.#deps = deps;
  }

  add(input: Input): number {
    const fault = this.#deps.parse(input);
    const id = ++this.#id;
    this.#planted.push({ id, fault, calls: 0, hits: 0 });
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

  #hit(at: Fault<Code>['at'], method: string, path: string): Planted<Code> | undefined {
    let chosen: Planted<Code> | undefined;
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

  rest(method: string, path: string): FaultAction<Code> | undefined {
    return this.#hit('rest', method, path)?.fault.action;
  }

  /** Called at the end of a job, before it acts; throws when the job is to fail. */
  async job(method: string, path: string): Promise<void> {
    await this.#obey(this.#hit('job', method, path)?.fault.action);
  }

  /** What is to happen at a named step whose own code acts on it. */
  stepAction(name: string, subject: string): FaultAction<Code> | undefined {
    return this.#hit('step', name, subject)?.fault.action;
  }

  /** Called at a named step; throws when the step is to fail at once. */
  async step(name: string, subject: string, signal: AbortSignal): Promise<StepProgress> {
    const planted = this.#hit('step', name, subject);
    const action = planted?.fault.action;
    await this.#obey(action, signal);
    return async (bytes, totalBytes) => {
      if (!planted || (action?.kind !== 'fail' && action?.kind !== 'hang')) return;
      const percent = totalBytes === 0 ? 100 : (bytes / totalBytes) * 100;
      if (percent < action.atPercent) return;
      if (action.kind === 'fail') throw this.#deps.refusal(500, action.code, action.message);
      while (this.#planted.includes(planted)) await this.#deps.clock.sleep(50, signal);
    };
  }

  async #obey(action: FaultAction<Code> | undefined, signal?: AbortSignal): Promise<void> {
    if (action?.kind === 'delay') await this.#deps.clock.sleep(action.delayMs, signal);
    if (action?.kind === 'refuse') throw this.#deps.refusal(action.status, action.code, action.message);
  }
}

function wildcard(pattern: string, text: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(text);
}
