import { bounded, LeewardError } from '@leeward/core';
import { z } from 'zod';
import { readOne } from './list.ts';
import type { NimbleRest, RestCall } from './nimble-rest.ts';
import { refusalOf, refusedBy } from './refusal.ts';

const jobTimeoutMs = 300_000;
const firstPollMs = 200;
const longestPollMs = 5_000;

const jobSchema = z.object({
  state: z.string(),
  result: z.unknown().optional(),
  response: z.unknown().optional(),
});

/** Waits for a job; a failed one throws what the array says about it. */
export async function waitForJob(rest: NimbleRest, call: RestCall, jobId: string): Promise<void> {
  const work = `${call.method} ${call.path}`;
  const bound = { name: `the array's job for ${work}`, timeoutMs: jobTimeoutMs, signal: call.signal };
  await bounded(rest.clock, bound, async (signal) => {
    for (let pollMs = firstPollMs; ; pollMs = Math.min(pollMs * 2, longestPollMs)) {
      const job = await readOne(rest, jobSchema, `/jobs/${encodeURIComponent(jobId)}`, signal);
      if (job.state === 'done' && job.result === 'succeeded') return;
      if (job.state === 'done' || job.state === 'canceled') throw failureOf(rest, call, job);
      await rest.clock.sleep(pollMs, signal);
    }
  });
}

/** The messages are in `response` or `result`, as an object or as its text. */
function failureOf(rest: NimbleRest, call: RestCall, { result, response }: z.infer<typeof jobSchema>) {
  for (const place of [response, result]) {
    const refusal = refusalOf(409, objectOf(place));
    if (refusal.code !== '') return refusedBy(rest.named(call), refusal);
  }
  const message = typeof result === 'string' ? `its job ended as ${result}` : 'its job failed';
  const details = { ...rest.named(call), message, arrayCode: 'none' };
  return new LeewardError('L-ARR-015', details);
}

function objectOf(place: unknown): unknown {
  if (typeof place !== 'string') return place;
  try {
    return JSON.parse(place);
  } catch {
    return undefined;
  }
}
