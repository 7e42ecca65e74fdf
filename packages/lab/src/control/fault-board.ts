import type { Clock } from '@leeward/core';
import { z } from 'zod';
import { Outages } from './outages.ts';
import { type Planted, PlantedFaults } from './planted-faults.ts';
import { fitsPort, type PortFault, type PortOccasion, portFaultSchema } from './port-fault.ts';
import {
  cutAction,
  type DownAction,
  delayAction,
  downAction,
  type NowFault,
  nowFault,
  turnsShape,
} from './turns-schema.ts';
import { fitsWildcard } from './wildcard.ts';

/** How an interface words its refusals: the type of its codes, and what a fault says when it names nothing. */
export interface RefusalWording<Code extends z.ZodType<string | number>> {
  readonly code: Code;
  readonly refuse: { readonly code: z.input<Code>; readonly message: string };
  /** Of a transfer that fails half-way. */
  readonly fail: { readonly code: z.input<Code>; readonly message: string };
}

/**
 * A fault. `rest`: calls of the REST interface by method and path; `job`: jobs by their description; `step`: a
 * named step inside (a transfer, with its subject to match); `port`: calls of data ports; `now`: no call at all.
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
    delayAction,
    cutAction,
    /** Transfers only: fails once this share has travelled. */
    z.object({
      kind: z.literal('fail'),
      atPercent: z.number().min(0).max(100).default(0),
      code: code(wording.fail.code),
      message: z.string().default(wording.fail.message),
    }),
    /** Transfers: stands still from this share on, until aborted or the fault is cleared. Others: never answers. */
    z.object({ kind: z.literal('hang'), atPercent: z.number().min(0).max(100).default(0) }),
    downAction,
  ]);
  const called = z.object({
    at: z.enum(['rest', 'job', 'step']),
    method: z.string().optional(),
    /** `*` stands for anything. Path as called, job description, or the step's subject. */
    path: z.string().default('*'),
    step: z.string().optional(),
    ...turnsShape,
    action,
  });
  return z.discriminatedUnion('at', [called, portFaultSchema, nowFault]);
}

export type FaultAction<Code> =
  | { kind: 'refuse'; status: number; code: Code; message: string }
  | { kind: 'delay'; delayMs: number }
  /** `begin` MUST be called when the connection is cut: what else goes away with it does so then. */
  | { kind: 'cut'; when: 'before' | 'after'; begin?(): void }
  | { kind: 'fail'; atPercent: number; code: Code; message: string }
  | { kind: 'hang'; atPercent: number };

/** What happens at a data port. */
export type PortAction = FaultAction<string>;

export interface CalledFault<Code> {
  at: 'rest' | 'job' | 'step';
  method?: string | undefined;
  path: string;
  step?: string | undefined;
  nth: number;
  times?: number | undefined;
  action: FaultAction<Code> | DownAction;
}

export type Fault<Code> = CalledFault<Code> | PortFault | NowFault;

export interface FaultBoardDeps<Code, Input> {
  /** Of real connections: faults take the time that they say, whatever the lab does with the array's clock. */
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
  readonly outages: Outages;
  readonly #deps: FaultBoardDeps<Code, Input>;
  readonly #planted = new PlantedFaults<Fault<Code>>();

  constructor(deps: FaultBoardDeps<Code, Input>) {
    this.#deps = deps;
    this.outages = new Outages(deps.clock);
  }

  add(input: Input): number {
    const planted = this.#planted.add(this.#deps.parse(input));
    if (planted.fault.at !== 'now') return planted.id;
    this.#planted.occur((fault) => fault === planted.fault);
    this.#down(planted, planted.fault.action, undefined);
    return planted.id;
  }

  /** `downForMs`: how long what it cut off stays away yet. */
  list() {
    return this.#planted.list().map(({ id, fault, calls, hits }) => {
      const downForMs = this.outages.remainingMs(id);
      return { id, ...fault, calls, hits, ...(downForMs === undefined ? {} : { downForMs }) };
    });
  }

  /** What it cut off comes back. */
  async remove(id: number): Promise<boolean> {
    const removed = this.#planted.remove(id);
    await this.outages.stop(id);
    return removed;
  }

  async clear(): Promise<void> {
    this.#planted.clear();
    await this.outages.stop();
  }

  #called(at: CalledFault<Code>['at'], name: string, path: string): Planted<Fault<Code>> | undefined {
    const [chosen] = this.#planted.occur((fault) => {
      if (fault.at !== at) return false;
      const named = at === 'step' ? fault.step : fault.method;
      if (named !== undefined && named.toLowerCase() !== name.toLowerCase()) return false;
      return fitsWildcard(fault.path, path);
    }, 1);
    return chosen;
  }

  #actionOf(planted: Planted<Fault<Code>> | undefined): FaultAction<Code> | undefined {
    if (!planted || planted.fault.at === 'port' || planted.fault.at === 'now') return undefined;
    const { action } = planted.fault;
    return action.kind === 'down' ? this.#cutWith(planted, action, undefined) : action;
  }

  #cutWith(planted: Planted<Fault<Code>>, action: DownAction, port: string | undefined) {
    const begin = () => this.#down(planted, action, port);
    return { kind: 'cut' as const, when: action.when, begin };
  }

  #down({ id }: Planted<Fault<Code>>, { port, forMs }: DownAction, here: string | undefined): void {
    this.outages.begin(id, port ?? here, forMs);
  }

  rest(method: string, path: string): FaultAction<Code> | undefined {
    return this.#actionOf(this.#called('rest', method, path));
  }

  /** What is to happen at a data port. */
  port(occasion: PortOccasion): PortAction | undefined {
    const [chosen] = this.#planted.occur((fault) => fault.at === 'port' && fitsPort(fault, occasion), 1);
    if (chosen?.fault.at !== 'port') return undefined;
    const { action } = chosen.fault;
    if (action.kind === 'down') return this.#cutWith(chosen, action, occasion.port);
    if (action.kind === 'refuse') return { ...action, status: 0, message: '' };
    return action.kind === 'hang' ? { ...action, atPercent: 0 } : action;
  }

  /** Called at the end of a job, before it acts; throws when the job is to fail. */
  async job(method: string, path: string): Promise<void> {
    await this.#obey(this.#actionOf(this.#called('job', method, path)));
  }

  /** What is to happen at a named step whose own code acts on it. */
  stepAction(name: string, subject: string): FaultAction<Code> | undefined {
    return this.#actionOf(this.#called('step', name, subject));
  }

  /** Called at a named step; throws when the step is to fail at once. */
  async step(name: string, subject: string, signal: AbortSignal): Promise<StepProgress> {
    const planted = this.#called('step', name, subject);
    const action = this.#actionOf(planted);
    await this.#obey(action, signal);
    return async (bytes, totalBytes) => {
      if (!planted || (action?.kind !== 'fail' && action?.kind !== 'hang')) return;
      const percent = totalBytes === 0 ? 100 : (bytes / totalBytes) * 100;
      if (percent < action.atPercent) return;
      if (action.kind === 'fail') throw this.#deps.refusal(500, action.code, action.message);
      while (this.#planted.has(planted)) await this.#deps.clock.sleep(50, signal);
    };
  }

  async #obey(action: FaultAction<Code> | undefined, signal?: AbortSignal): Promise<void> {
    if (action?.kind === 'delay') await this.#deps.clock.sleep(action.delayMs, signal);
    if (action?.kind === 'cut') action.begin?.();
    if (action?.kind === 'refuse') throw this.#deps.refusal(action.status, action.code, action.message);
  }
}
