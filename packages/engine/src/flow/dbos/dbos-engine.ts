import type { Clock } from '@leeward/core';
import type { Kysely } from 'kysely';
import { createKysely, migrateToLatest } from '../../database/kysely.ts';
import type { StartOptions } from '../flow.ts';
import type { AnyFlow, FlowReference } from '../flow-definition.ts';
import type { FlowEngine, FlowFilter, FlowInfo, QueueLimits } from '../flow-engine.ts';
import { isOwnershipLost, startedInFlow } from '../flow-errors.ts';
import { checkIdPart } from '../flow-id.ts';
import { type FlowLog, silentLog } from '../flow-log.ts';
import { plainJson, type Recorded } from '../recorded-value.ts';
import { runFlow } from '../run-flow.ts';
import { DbosExecution, type DbosProcess } from './dbos-execution.ts';
import { conflict, DBOS, ownerToken } from './dbos-internals.ts';
import { dbosLog } from './dbos-log.ts';
import { DeadExecutors } from './dead-executors.ts';
import { EndedFlows } from './ended-flows.ts';
import { ExecutorPresence, type PresenceTiming } from './executor-presence.ts';
import { FlowFailed } from './flow-failed.ts';
import { findFlow, listFlows, outcomeOf } from './flow-lookup.ts';
import { FlowRows } from './flow-rows.ts';
import { type FlowTables, flowMigrations, flowSchema } from './flow-tables.ts';
import { RunningFlows } from './running-flows.ts';

export interface DbosEngineOptions {
  readonly databaseUrl: string;
  /** The lasting name of this process: `server-<installation>`, `proxy-<name>`. */
  readonly executorId: string;
  /** The version of the flows' code, not of the product: flows go on only in a process of the same one. */
  readonly applicationVersion: string;
  /** The queues that this process serves, besides `defaultQueue`. */
  readonly listenQueues: readonly string[];
  /** Takes what is started without a queue; never limited. Processes that can run the same flows share one. */
  readonly defaultQueue: string;
  readonly clock: Clock;
  readonly log?: FlowLog;
  readonly timing?: Partial<EngineTiming>;
}

export interface EngineTiming extends PresenceTiming {
  /** How often queues are looked at. */
  readonly pollMs: number;
  /** How often running flows are checked for loss and cancelling. */
  readonly checkMs: number;
  readonly progressIntervalMs: number;
  /** How long a shutdown waits for running steps to stop. */
  readonly stopMs: number;
}

const usualTiming: EngineTiming = {
  pollMs: 300,
  checkMs: 1_000,
  progressIntervalMs: 500,
  beatMs: 2_000,
  hungMs: 15_000,
  confirmMs: 8_000,
  stopMs: 5_000,
};

const applicationName = 'leeward';
/** Dying is not the flow's fault: after so many deaths it is given up as an error. */
const maxRecoveries = 10_000;

/** DBOS keeps its state in module variables, so there is one engine at a time in a process. */
export function createDbosEngine(options: DbosEngineOptions): FlowEngine {
  return new DbosEngine(options);
}

class DbosEngine implements FlowEngine {
  readonly #options: DbosEngineOptions;
  readonly #timing: EngineTiming;
  readonly #log: FlowLog;
  readonly #flows = new Map<string, AnyFlow>();
  readonly #db: Kysely<FlowTables>;
  readonly #rows: FlowRows;
  readonly #running: RunningFlows;
  readonly #ended: EndedFlows;
  readonly #stop = new AbortController();
  #presence: ExecutorPresence | undefined;
  #loops: Promise<unknown> = Promise.resolve();
  readonly #works = new Set<Promise<unknown>>();
  #shutdown: Promise<void> | undefined;

  constructor(options: DbosEngineOptions) {
    const { databaseUrl, executorId, clock, log = silentLog } = options;
    this.#options = options;
    this.#timing = { ...usualTiming, ...options.timing };
    this.#log = log;
    this.#db = createKysely<FlowTables>(databaseUrl, {
      name: `leeward flows ${executorId}`,
      maxConnections: 8,
    });
    this.#rows = new FlowRows(this.#db, clock);
    this.#running = new RunningFlows(this.#rows, clock, log, this.#timing.progressIntervalMs);
    this.#ended = new EndedFlows(this.#rows, clock, Math.min(250, this.#timing.pollMs));
  }

  register(...flows: readonly AnyFlow[]): void {
    for (const flow of flows) {
      if (this.#presence) throw new TypeError('flows are registered before the launch');
      if (this.#flows.has(flow.name)) throw new TypeError(`flow ${flow.name} is registered twice`);
      this.#flows.set(flow.name, flow);
    }
  }

  async launch(): Promise<void> {
    const { databaseUrl, executorId, applicationVersion, listenQueues, defaultQueue, clock } = this.#options;
    const log = this.#log;
    await migrateToLatest(this.#db, flowMigrations, flowSchema);
    const timing = this.#timing;
    this.#presence = await ExecutorPresence.take({
      databaseUrl,
      executorId,
      applicationVersion,
      clock,
      log,
      timing,
    });
    for (const flow of this.#flows.values())
      DBOS.registerWorkflow((input: unknown) => this.#run(flow, input), {
        name: flow.name,
        maxRecoveryAttempts: maxRecoveries,
      });
    const queues = [...new Set([defaultQueue, ...listenQueues])];
    DBOS.setConfig({
      name: applicationName,
      systemDatabaseUrl: databaseUrl,
      executorID: executorId,
      applicationVersion,
      listenQueues: queues,
      useListenNotify: false,
      logger: dbosLog(log),
    });
    await DBOS.launch();
    for (const queue of queues)
      await DBOS.registerQueue(queue, { minPollingIntervalMs: timing.pollMs, onConflict: 'never_update' });
    const dead = new DeadExecutors({
      db: this.#db,
      clock,
      log,
      executorId,
      applicationName,
      applicationVersion,
      timing,
    });
    this.#loops = Promise.all([
      this.#every(timing.checkMs, () => this.#running.check()),
      this.#every(timing.checkMs, () => dead.check()),
    ]);
  }

  async start<I, O>(
    flow: FlowReference<I, O>,
    id: string,
    input: I,
    options: StartOptions = {},
  ): Promise<void> {
    if (DBOS.isWithinWorkflow()) throw startedInFlow(id);
    await this.#process.enqueue(flow.name, checkIdPart(id), plainJson(input ?? null), options);
  }

  get(id: string): Promise<FlowInfo | undefined> {
    return findFlow(this.#rows, id);
  }

  list(filter: FlowFilter = {}): Promise<FlowInfo[]> {
    return listFlows(this.#rows, filter);
  }

  async requestCancel(id: string): Promise<void> {
    await this.#rows.requestCancel(id);
  }

  async wait(id: string, signal?: AbortSignal): Promise<FlowInfo> {
    if (!(await this.get(id))) throw new TypeError(`there is no flow ${id}`);
    const ended = await this.#ended.first([id], signal ? this.#either(signal) : this.#stop.signal);
    const info = await this.get(ended);
    if (!info) throw new TypeError(`flow ${id} was removed`);
    return info;
  }

  async setQueue(name: string, limits: QueueLimits): Promise<void> {
    const minPollingIntervalMs = this.#timing.pollMs;
    await DBOS.registerQueue(name, { ...limits, minPollingIntervalMs, onConflict: 'always_update' });
  }

  shutdown(): Promise<void> {
    this.#shutdown ??= this.#close();
    return this.#shutdown;
  }

  async #close(): Promise<void> {
    const { clock } = this.#options;
    this.#stop.abort();
    this.#running.loseAll();
    const late = new AbortController();
    await Promise.race([
      Promise.allSettled([...this.#works]),
      clock.sleep(this.#timing.stopMs, late.signal).catch(() => undefined),
    ]);
    late.abort();
    await this.#loops;
    if (this.#presence) {
      await DBOS.shutdown({ deregister: true });
      await this.#presence.release();
    }
    await this.#db.destroy();
  }

  /** What DBOS calls, for a flow that is new or goes on. */
  async #run(flow: AnyFlow, input: unknown): Promise<unknown> {
    const flowId = DBOS.workflowID ?? '';
    const running = this.#running.add(flowId, ownerToken(flowId));
    let outcome: Recorded;
    try {
      if (this.#stop.signal.aborted) this.#running.lose(running);
      outcome = await runFlow(new DbosExecution(this.#process, running), flow, input);
    } catch (error) {
      // An outcome told now would be recorded, since in the database the flow is still ours.
      if (this.#stop.signal.aborted) return new Promise(() => undefined);
      throw isOwnershipLost(error) ? conflict(flowId) : error;
    } finally {
      await this.#running.remove(running);
    }
    if (this.#stop.signal.aborted && running.lost.signal.aborted) return new Promise(() => undefined);
    if (!outcome.ok) throw new FlowFailed(outcome.error);
    return outcome;
  }

  readonly #process: DbosProcess = this.#makeProcess();

  #makeProcess(): DbosProcess {
    const engine = this;
    return {
      get clock() {
        return engine.#options.clock;
      },
      get log() {
        return engine.#log;
      },
      get closing() {
        return engine.#stop.signal.aborted;
      },
      enqueue: async (name, flowId, input, { queue, priority, partition }) => {
        const { applicationVersion, defaultQueue } = engine.#options;
        const where = {
          workflowName: name,
          workflowID: flowId,
          queueName: queue ?? defaultQueue,
          appVersion: applicationVersion,
          ...(priority === undefined ? {} : { priority }),
          ...(partition === undefined ? {} : { queuePartitionKey: partition }),
        };
        await DBOS.enqueueWorkflowWithOptions(where, input);
      },
      firstEnded: async (flowIds, signal) => {
        const flowId = await engine.#ended.first(flowIds, signal);
        return { flowId, outcome: await outcomeOf(flowId) };
      },
      isCancelRequested: (flowId, signal) => engine.#rows.isCancelRequested(flowId, signal),
      requestCancel: (flowId) => engine.requestCancel(flowId),
      owner: (flowId, signal) => engine.#rows.owner(flowId, signal),
      track: (work) => {
        engine.#works.add(work);
        const forget = () => engine.#works.delete(work);
        work.then(forget, forget);
      },
      publish: (flow, progress) => engine.#running.publish(flow, progress),
      lose: (flow) => engine.#running.lose(flow),
    };
  }

  #either(signal: AbortSignal): AbortSignal {
    return AbortSignal.any([signal, this.#stop.signal]);
  }

  async #every(intervalMs: number, look: () => Promise<void>): Promise<void> {
    for (;;) {
      try {
        await this.#options.clock.sleep(intervalMs, this.#stop.signal);
      } catch {
        return;
      }
      try {
        await look();
      } catch (error) {
        this.#log.warn('the database could not be asked', { error: String(error) });
      }
    }
  }
}
