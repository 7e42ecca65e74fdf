import type { JsonObject } from '../../json.ts';
import type { Faults } from '../control/faults.ts';
import type { Group } from '../model/group.ts';
import { ApiError } from './api-error.ts';

export interface Job {
  readonly id: string;
  readonly name: string;
  readonly opType: string;
  readonly request: string;
  readonly createdMs: number;
  state: 'pending' | 'inprogress' | 'done';
  result: 'unknown' | 'succeeded' | 'failed';
  objectId: string;
  response: string;
  completedMs: number;
}

export interface JobWork {
  readonly method: string;
  /** Path without `/v1/`. */
  readonly path: string;
  readonly request: JsonObject;
  readonly durationMs: number;
  /** Acts, at the end of the duration. */
  run(): Promise<JsonObject | undefined>;
}

/** Calls that go on after their answer. */
export class Jobs {
  readonly #group: Group;
  readonly #faults: Faults;
  readonly #jobs = new Map<string, Job>();

  constructor(group: Group, faults: Faults) {
    this.#group = group;
    this.#faults = faults;
  }

  start(work: JobWork): Job {
    const id = this.#group.nextId('job');
    const job: Job = {
      id,
      name: `${work.method} ${work.path}`,
      opType: { POST: 'create', PUT: 'update', DELETE: 'delete' }[work.method] ?? 'custom',
      request: JSON.stringify({ data: work.request }),
      createdMs: this.#group.clock.now(),
      state: 'pending',
      result: 'unknown',
      objectId: '',
      response: '',
      completedMs: 0,
    };
    this.#jobs.set(id, job);
    void this.#run(job, work);
    return job;
  }

  async #run(job: Job, work: JobWork): Promise<void> {
    const { clock } = this.#group;
    try {
      await clock.sleep(work.durationMs / 4);
      job.state = 'inprogress';
      await clock.sleep((work.durationMs * 3) / 4);
      await this.#faults.job(work.method, work.path);
      const made = await work.run();
      job.objectId = String(made?.['id'] ?? '');
      job.response = JSON.stringify({ data: made ?? {} });
      job.result = 'succeeded';
    } catch (error) {
      const refusal =
        error instanceof ApiError
          ? error
          : new ApiError(500, 'SM_eunexpected', error instanceof Error ? error.message : String(error));
      job.response = JSON.stringify({ messages: refusal.messages() });
      job.result = 'failed';
    }
    job.state = 'done';
    job.completedMs = clock.now();
  }

  list(): Job[] {
    return [...this.#jobs.values()];
  }
}
