import type { Clock, Randomness } from '@leeward/core';
import { ManualClock, SeededRandomness } from '@leeward/platform';
import type { AnyFlow } from '../flow-definition.ts';
import type { FlowInfo } from '../flow-engine.ts';
import { type CallFaults, linkToProcess } from './linked-world.ts';
import { MemoryEngine } from './memory-engine.ts';
import { MemoryFlowStore } from './memory-flow-store.ts';
import { MemoryProcess } from './memory-process.ts';
import type { Point } from './schedule.ts';
import { SeededSchedule } from './seeded-schedule.ts';

/** What the flows of one life of a simulated process get. */
export interface SimulatedProcess {
  readonly name: string;
  /** Stops with the process. Flows and what they call MUST use this one. */
  readonly clock: Clock;
  readonly randomness: Randomness;
  /**
   * A door of the simulated world, as this process sees it: every call and every answer is a point at which the
   * process may die, and may fail by `callFaults`. MUST be used for everything outside that flows touch, or
   * dead processes go on acting.
   */
  link<T extends object>(door: T): T;
}

export interface ProcessPlan {
  readonly name: string;
  readonly queues: readonly string[];
  readonly defaultQueue: string;
  /** Called anew for each life. */
  flows(process: SimulatedProcess): readonly AnyFlow[];
}

export interface SimulationOptions {
  /** The whole order of things follows from it: the same seed, the same run. */
  readonly seed: number;
  readonly processes: readonly ProcessPlan[];
  /** Starts what is to be simulated. Runs in a process that does not die. */
  begin(engine: MemoryEngine, clock: ManualClock): Promise<void>;
  /** How many times a process is killed, at most, anywhere. */
  readonly crashes?: number;
  /** How many times a process is frozen, taken over, and wakes later. */
  readonly freezes?: number;
  /** How probable a crash or freeze is at each point, until they are used up. Default 0.05. */
  readonly faultRate?: number;
  readonly callFaults?: CallFaults;
  /** Virtual time after which unfinished flows count as stuck. Default 7 days. */
  readonly horizonMs?: number;
  /** Lets real I/O of the flows get on; only where they do some (files). */
  readonly idle?: () => Promise<void>;
}

export interface SimulationResult {
  readonly flows: readonly FlowInfo[];
  /** All points in the order in which they were passed, with what was done to the process there. */
  readonly trace: readonly string[];
  readonly crashes: number;
  readonly freezes: number;
  readonly virtualMs: number;
}

/** The database, or the operating system, notices a death after this time. */
const noticeMs = 4_000;
const restartMs = 2_000;
const longestStepMs = 3_600_000;

/**
 * Runs flows with a virtual clock, in an order drawn from a seed, with processes that die, are started again,
 * freeze and wake too late. Ends when all flows have ended, and when every process that was frozen has woken.
 * Throws, with the end of the trace, when flows are stuck.
 */
export async function simulate(options: SimulationOptions): Promise<SimulationResult> {
  const { seed, processes, faultRate = 0.05, horizonMs = 7 * 86_400_000, idle } = options;
  const randomness = new SeededRandomness(seed);
  const clock = new ManualClock();
  const store = new MemoryFlowStore();
  const schedule = new SeededSchedule(randomness);
  const living = new Map<string, MemoryProcess>();
  const left = { crashes: options.crashes ?? 0, freezes: options.freezes ?? 0 };
  const done = { crashes: 0, freezes: 0 };
  const trace: string[] = [];
  let sleepers = 0;

  const boot = async (plan: ProcessPlan): Promise<void> => {
    const process = new MemoryProcess(plan.name, clock, schedule);
    const engine = new MemoryEngine({
      clock,
      store,
      process,
      listenQueues: plan.queues,
      defaultQueue: plan.defaultQueue,
    });
    engine.register(
      ...plan.flows({
        name: plan.name,
        clock: process.clock,
        randomness,
        link: (door) => linkToProcess(process, door, randomness, options.callFaults),
      }),
    );
    living.set(plan.name, process);
    await engine.launch();
  };

  const crash = (plan: ProcessPlan, process: MemoryProcess) => {
    process.kill();
    schedule.forget(process.name);
    clock.after(restartMs, () => void boot(plan));
  };

  const freeze = (process: MemoryProcess, plan: ProcessPlan) => {
    process.freeze();
    sleepers++;
    clock.after(noticeMs, () => {
      store.recover(process.name);
      // A second life beside the frozen one, as when an operator or a supervisor starts it again.
      void boot(plan);
    });
    clock.after(noticeMs + randomness.fraction() * 60_000, () => {
      sleepers--;
      process.thaw();
    });
  };

  /** Perhaps does something to the process that has just come to this point. Returns what. */
  const strike = (point: Point): string => {
    const process = living.get(point.process);
    const plan = processes.find(({ name }) => name === point.process);
    if (!process || !plan || process.state !== 'running' || randomness.fraction() >= faultRate) return '';
    const kinds = [...(left.crashes > 0 ? ['crash'] : []), ...(left.freezes > 0 ? ['freeze'] : [])];
    const kind = kinds[Math.floor(randomness.fraction() * kinds.length)];
    if (kind === 'crash') {
      left.crashes--;
      done.crashes++;
      crash(plan, process);
    } else if (kind === 'freeze') {
      left.freezes--;
      done.freezes++;
      freeze(process, plan);
    }
    return kind ? ` ${kind}` : '';
  };

  for (const plan of processes) await boot(plan);
  const client = new MemoryEngine({
    clock,
    store,
    process: new MemoryProcess('client', clock),
    defaultQueue: 'client',
  });
  await options.begin(client, clock);
  const startMs = clock.now();
  const finished = () => sleepers === 0 && [...store.rows.values()].every((row) => row.outcome);
  let stepMs = 1;
  while (!finished()) {
    await clock.advance(0);
    await idle?.();
    const point = schedule.draw();
    if (point) {
      stepMs = 1;
      trace.push(`${point.process} ${point.flowId} ${point.moment} ${point.label}${strike(point)}`);
      schedule.release();
      // Time may pass between any two points.
      if (randomness.fraction() < 0.2) await clock.advance(randomness.fraction() * 200);
      continue;
    }
    if (clock.now() - startMs > horizonMs)
      throw new Error(`seed ${seed}: flows are stuck; the end of the trace:\n${trace.slice(-40).join('\n')}`);
    await clock.advance(stepMs);
    stepMs = Math.min(stepMs * 2, longestStepMs);
  }
  const virtualMs = clock.now() - startMs;
  return { flows: await client.list({ limit: Number.POSITIVE_INFINITY }), trace, ...done, virtualMs };
}
