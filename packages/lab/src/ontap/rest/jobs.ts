import type { Clock, Randomness } from '@leeward/core';
import type { JsonObject } from '../../json.ts';
import type { FaultBoard } from '../control/fault-board.ts';
import type { Svm } from '../storage/svm.ts';
import { RestError } from './rest-error.ts';
import { isoSeconds } from './times.ts';

export interface JobWork {
  readonly method: string;
  /** With `/api`; becomes part of the description. */
  readonly path: string;
  readonly svm: Svm | undefined;
  readonly durationMs: number;
  /** Acts, at the end of the duration. The answer is the object made, if any. */
  run(): Promise<JsonObject | undefined> | JsonObject | undefined;
}

export interface Job {
  readonly uuid: string;
  readonly description: string;
  readonly svm: Svm | undefined;
  readonly startMs: number;
  state: 'queued' | 'running' | 'success' | 'failure';
  endMs: number | undefined;
  error: RestError | undefined;
  made: JsonObject | undefined;
  /** Never rejects. */
  readonly done: Promise<void>;
}

/** What the array does in the background. A finished job is forgotten after a while, as on the real system. */
export class Jobs {
  readonly #clock: Clock;
  readonly #randomness: Randomness;
  readonly #faults: FaultBoard;
  readonly #keptMs: number;
  readonly #jobs = new Map<string, Job>();

  constructor(deps: { clock: Clock; randomness: Randomness; faults: FaultBoard; keptMs: number }) {
    this.#clock = deps.clock;
    this.#randomness = deps.randomness;
    this.#faults = deps.faults;
    this.#keptMs = deps.keptMs;
  }

  start(work: JobWork): Job {
    const { promise, resolve } = Promise.withResolvers<void>();
    const job: Job = {
      uuid: this.#randomness.uuid(),
      description: `${work.method} ${work.path}`,
      svm: work.svm,
      startMs: this.#clock.now(),
      state: 'queued',
      endMs: undefined,
      error: undefined,
      made: undefined,
      done: promise,
    };
    this.#jobs.set(job.uuid, job);
    void this.#run(job, work).finally(resolve);
    return job;
  }

  async #run(job: Job, work: JobWork): Promise<void> {
    try {
      const queuedMs = work.durationMs / 4;
      if (queuedMs > 0) await this.#clock.sleep(queuedMs);
      job.state = 'running';
      if (queuedMs > 0) await this.#clock.sleep(work.durationMs - queuedMs);
      await this.#faults.job(work.method, work.path);
      job.made = await work.run();
      job.state = 'success';
    } catch (error) {
      job.error = error instanceof RestError ? error : internal(error);
      job.state = 'failure';
    }
    job.endMs = this.#clock.now();
  }

  list(): Job[] {
    const now = this.#clock.now();
    for (const job of this.#jobs.values())
      if (job.endMs !== undefined && now - job.endMs >= this.#keptMs) this.#jobs.delete(job.uuid);
    return [...this.#jobs.values()];
  }
}

function internal(error: unknown): RestError {
  return new RestError(
    500,
    65541,
    `internal error: ${error instanceof Error ? error.message : String(error)}`,
  );
}

export function jobRecord(job: Job): JsonObject {
  const { error, state, endMs } = job;
  return {
    uuid: job.uuid,
    description: job.description,
    state,
    message: error?.message ?? (state === 'success' ? 'success' : state),
    code: error?.code ?? 0,
    start_time: isoSeconds(job.startMs),
    end_time: endMs === undefined ? undefined : isoSeconds(endMs),
    error: error && {
      message: error.message,
      code: String(error.code),
      ...(error.args.length > 0 ? { arguments: error.args.map((one) => ({ ...one })) } : {}),
    },
    svm: job.svm && { name: job.svm.name, uuid: job.svm.uuid },
  };
}
