import { LeewardError } from '@leeward/core';

/** The code of the catalogue error that the work ends with, `none` when it does not; other errors pass through. */
export async function codeOf(work: () => unknown): Promise<string> {
  try {
    await work();
  } catch (error) {
    if (error instanceof LeewardError) return error.code;
    throw error;
  }
  return 'none';
}
