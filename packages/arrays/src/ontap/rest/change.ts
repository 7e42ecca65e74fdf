import { retry } from '@leeward/core';
import { z } from 'zod';
import type { JsonAnswer } from '../../rest/json-door.ts';
import { refusedWith } from '../../rest/refused.ts';
import { type JobEnd, waitForJob } from './job.ts';
import { goneCodes } from './refusal-codes.ts';
import type { RestCall, RestClient } from './rest-client.ts';

/** Long enough for most changes, short enough not to be cut by what lies between. Seconds. */
const returnTimeoutSeconds = 20;

const jobAnswerSchema = z.object({ job: z.object({ uuid: z.string() }) });

export interface Change extends RestCall {
  readonly method: 'POST' | 'PATCH' | 'DELETE';
  /** False for the few changes that never become jobs and do not know `return_timeout`. */
  readonly mayBecomeJob: boolean;
  /** How long a job of it may take; 2 minutes when absent. */
  readonly jobTimeoutMs?: number;
}

export interface ChangeAnswer extends JsonAnswer {
  readonly end: JobEnd;
}

/** Sends a change once and waits for the job it may become. Accepts 200, 201 and 202 of every release. */
export async function change(rest: RestClient, request: Change): Promise<ChangeAnswer> {
  const { mayBecomeJob, jobTimeoutMs = 120_000, ...call } = request;
  const query = mayBecomeJob ? { return_timeout: returnTimeoutSeconds, ...call.query } : call.query;
  const answer = await rest.send({ ...call, ...(query ? { query } : {}) });
  const job = answer.status === 202 ? jobAnswerSchema.safeParse(answer.body) : undefined;
  if (!job?.success) return { ...answer, end: 'success' };
  return { ...answer, end: await waitForJob(rest, call, job.data.job.uuid, jobTimeoutMs) };
}

/** A change that is safe to repeat (PATCH to a fixed state, DELETE), repeated while its failure may pass. */
export function repeatableChange(rest: RestClient, request: Change): Promise<ChangeAnswer> {
  const policy = { attempts: 4, firstDelayMs: 1_000, maxDelayMs: 8_000, signal: request.signal };
  return retry(rest.clock, policy, () => change(rest, request));
}

/** Deletes by path; what is gone already is success. */
export async function remove(rest: RestClient, request: Omit<Change, 'method'>): Promise<void> {
  await unlessGone(() => repeatableChange(rest, { ...request, method: 'DELETE' }));
}

/** Runs a delete; the answer that there is nothing to delete is success. */
export async function unlessGone(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!refusedWith(error, goneCodes)) throw error;
  }
}
