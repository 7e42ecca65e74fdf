import { LeewardError } from '@leeward/core';

/** The catalogue code that work ends with; `no error` when it succeeds, the text of what is no catalogue error. */
export async function codeOf(work: Promise<unknown> | undefined): Promise<string> {
  try {
    await work;
    return 'no error';
  } catch (error) {
    return error instanceof LeewardError ? error.code : String(error);
  }
}
