import { bounded, isError, LeewardError } from '@leeward/core';
import { z } from 'zod';
import { refusalWith, refusedBy } from './refusal.ts';
import type { RestCall, RestClient } from './rest-client.ts';

const jobSchema = z.object({
  state: z.enum(['queued', 'running', 'paused', 'success', 'failure']),
  message: z.string().optional(),
  code: z.number().optional(),
  error: z
    .object({ message: z.string().optional(), code: z.union([z.string(), z.number()]).optional() })
    .optional(),
});

/** `forgotten`: ONTAP drops jobs 300 s after their end; then only the object itself tells what came of it. */
export type JobEnd = 'success' | 'forgotten';

/**
 * Waits for the job that a change became. Throws the catalogue error of the job's failure, or `L-ARR-017` when
 * it does not end within `timeoutMs`. A failed poll is not a failed job.
 */
export async function waitForJob(
  rest: RestClient,
  call: RestCall,
  jobUuid: string,
  timeoutMs: number,
): Promise<JobEnd> {
  const work = `${call.method} ${call.path}`;
  const bound = { name: `array job for ${work}`, timeoutMs, signal: call.signal };
  try {
    return await bounded(rest.clock, bound, (signal) => poll(rest, call, jobUuid, signal));
  } catch (error) {
    if (!isError(error, 'L-RUN-101')) throw error;
    throw new LeewardError('L-ARR-017', { host: rest.host, work, timeoutMs }, error);
  }
}

async function poll(rest: RestClient, call: RestCall, jobUuid: string, signal: AbortSignal): Promise<JobEnd> {
  for (let delayMs = 1_000; ; delayMs = Math.min(delayMs * 1.5, 5_000)) {
    const job = await look(rest, jobUuid, signal);
    if (job === 'forgotten' || job?.state === 'success') return job === 'forgotten' ? job : 'success';
    if (job?.state === 'failure') {
      const code = String(job.error?.code ?? job.code ?? '');
      throw refusedBy(rest.named(call), refusalWith(code, job.error?.message ?? job.message ?? ''));
    }
    await rest.clock.sleep(delayMs, signal);
  }
}

async function look(rest: RestClient, jobUuid: string, signal: AbortSignal) {
  try {
    const fields = 'state,message,code,error';
    return await rest.get(jobSchema, `/cluster/jobs/${encodeURIComponent(jobUuid)}`, { fields }, signal);
  } catch (error) {
    if (isError(error, 'L-ARR-009')) return 'forgotten';
    if (error instanceof LeewardError && error.entry.permanent) throw error;
    signal.throwIfAborted();
    return undefined;
  }
}
