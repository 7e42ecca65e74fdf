import type { RunStep } from '@leeward/server';

/** The code of the error that a step ended with; `undefined` for one that is under way or did its work. */
export function failureOf({ detail }: RunStep): string | undefined {
  const failed = 'failed' in detail ? detail.failed : undefined;
  return typeof failed === 'string' ? failed : undefined;
}
