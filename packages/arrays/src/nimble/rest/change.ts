import { LeewardError, retry } from '@leeward/core';
import { z } from 'zod';
import { waitForJob } from './job.ts';
import type { NimbleRest, RestAnswer, RestCall } from './nimble-rest.ts';
import { refusedWith } from './refusal.ts';
import { alreadyCodes, existsCodes, goneCodes } from './refusal-codes.ts';

const asyncSchema = z.object({
  messages: z.array(
    z.object({ code: z.string(), arguments: z.looseObject({ job_id: z.string().optional() }).nullish() }),
  ),
});

/** Sends a change once and waits for the job that it may become (202). */
export async function change(rest: NimbleRest, call: RestCall): Promise<RestAnswer> {
  const answer = await rest.send(call);
  const told = answer.status === 202 ? asyncSchema.safeParse(answer.body) : undefined;
  const jobId = told?.data?.messages.find(({ code }) => code === 'SM_async_job_id')?.arguments?.job_id;
  if (jobId !== undefined) await waitForJob(rest, call, jobId);
  return answer;
}

/** A change that is safe to repeat (PUT of a fixed state, DELETE), repeated while its failure may pass. */
function repeatable(rest: NimbleRest, call: RestCall): Promise<RestAnswer> {
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

export interface Ensure<T> {
  /** What shall exist, for errors. */
  readonly object: string;
  /** Looks it up; MUST throw when what it finds is not ours. */
  readonly find: () => Promise<T | undefined>;
  readonly create: () => Promise<unknown>;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Makes sure that exactly one object of ours exists: looks it up, creates it when it is missing, looks it up
 * again. Safe when the answer to the create was lost, since the next attempt finds what it did.
 */
export function ensure<T>(rest: NimbleRest, { object, find, create, signal }: Ensure<T>): Promise<T> {
  const policy = { attempts: 5, firstDelayMs: 1_000, maxDelayMs: 8_000, signal };
  return retry(rest.clock, policy, async () => {
    const before = await find();
    if (before !== undefined) return before;
    let refused: unknown;
    try {
      await create();
    } catch (error) {
      if (!refusedWith(error, existsCodes)) throw error;
      refused = error;
    }
    const after = await find();
    if (after !== undefined) return after;
    const details = { host: rest.host, work: `creating ${object}`, timeoutMs: 0 };
    throw refused ?? new LeewardError('L-ARR-017', details);
  });
}
