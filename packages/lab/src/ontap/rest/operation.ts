import type { JsonObject } from '../../json.ts';
import type { Svm } from '../storage/svm.ts';
import type { Job } from './jobs.ts';
import { type Call, flag, type Reply } from './request.ts';
import { invalidValue } from './rest-error.ts';

export interface Operation {
  readonly svm: Svm | undefined;
  /** Where the object is to be found: path with a query for creates. */
  readonly location?: string;
  /** Path in the job's description; default the call's. */
  readonly describedAs?: string;
  /** Acts and answers the object made. */
  run(): Promise<JsonObject | undefined> | JsonObject | undefined;
}

/**
 * Something that takes time: answered with its result when done within `return_timeout`, else with 202 and a job.
 * Older releases answer 202 in any case.
 */
export async function operate(call: Call, operation: Operation): Promise<Reply> {
  const { world, method } = call;
  const waitMs = readTimeout(call) * 1000;
  const job = world.jobs.start({
    method,
    path: operation.describedAs ?? call.path,
    svm: operation.svm,
    durationMs: world.operationMs,
    run: operation.run,
  });
  if (world.contract.mayBecomeJob(call.operation)) await finishedWithin(call, job, waitMs);
  else await job.done;
  if (job.error) throw job.error;
  const usual = method === 'POST' ? 201 : 200;
  const location = operation.location;
  const finished = job.state === 'success';
  const status = finished ? world.contract.finishedStatus(call.operation, usual) : 202;
  const records = finished && flag(call, 'return_records') ? recordsOf(job.made) : {};
  const body = status === 202 ? { job: { uuid: job.uuid }, ...records } : records;
  return { status, body, ...(location ? { location } : {}) };
}

async function finishedWithin(call: Call, job: Job, waitMs: number): Promise<void> {
  if (waitMs === 0) return;
  const done = new AbortController();
  const { clock } = call.world.cluster;
  await Promise.race([job.done, clock.sleep(waitMs, done.signal).catch(() => undefined)]);
  done.abort();
}

function readTimeout(call: Call): number {
  const text = call.query.get('return_timeout') ?? '0';
  const seconds = Number(text);
  if (!Number.isInteger(seconds) || seconds < 0 || seconds > 120) throw invalidValue(text, 'return_timeout');
  return seconds;
}

/** An answer that never becomes a job. */
export function made(call: Call, location: string, record: JsonObject): Reply {
  return { status: 201, location, body: flag(call, 'return_records') ? recordsOf(record) : {} };
}

function recordsOf(record: JsonObject | undefined): JsonObject {
  return record ? { num_records: 1, records: [record] } : { num_records: 0, records: [] };
}
