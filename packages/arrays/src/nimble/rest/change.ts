import { retry } from '@leeward/core';
import { z } from 'zod';
import type { JsonAnswer } from '../../rest/json-door.ts';
import { refusedWith } from '../../rest/refused.ts';
import { waitForJob } from './job.ts';
import type { NimbleRest, RestCall } from './nimble-rest.ts';
import { alreadyCodes, goneCodes } from './refusal-codes.ts';

const asyncSchema = z.object({
  messages: z.array(
    z.object({ code: z.string(), arguments: z.looseObject({ job_id: z.string().optional() }).nullish() }),
  ),
});

/** Sends a change once and waits for the job that it may become (202). */
export async function change(rest: NimbleRest, call: RestCall): Promise<JsonAnswer> {
  const answer = await rest.send(call);
  const told = answer.status === 202 ? asyncSchema.safeParse(answer.body) : undefined;
  const jobId = told?.data?.messages.find(({ code }) => code === 'SM_async_job_id')?.arguments?.job_id;
  if (jobId !== undefined) await waitForJob(rest, call, jobId);
  return answer;
}

/** A change that is safe to repeat (PUT of a fixed state, DELETE), repeated while its failure may pass. */
function repeatable(rest: NimbleRest, call: RestCall): Promise<JsonAnswer> {
  const policy = { attempts: 4, firstDelayMs: 1_000, maxDelayMs: 8_000, signal: call.signal };
  return retry(rest.clock, policy, () => change(rest, call));
}

/** Sets a state; having it already is success. */
export async function put(rest: NimbleRest, call: Omit<RestCall, 'method'>): Promise<void> {
  try {
    await repeatable(rest, { ...call, method: 'PUT' });
  } catch (error) {
    if (!refusedWith(error, alreadyCodes)) throw error;
  }
}

/** Deletes by path, never by force; what is gone already is success. */
export async function remove(rest: NimbleRest, path: string, signal?: AbortSignal): Promise<void> {
  try {
    await repeatable(rest, { method: 'DELETE', path, signal });
  } catch (error) {
    if (!refusedWith(error, goneCodes)) throw error;
  }
}
