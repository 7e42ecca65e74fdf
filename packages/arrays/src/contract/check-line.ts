import { LeewardError, reportOf } from '@leeward/core';
import type { ArrayCheck } from './array-driver.ts';

/** One line of a check: what was seen, or the catalogue's words for why it failed. */
export async function checkLine(
  name: string,
  required: boolean,
  signal: AbortSignal | undefined,
  work: () => Promise<string>,
): Promise<ArrayCheck> {
  try {
    return { name, ok: true, text: await work(), required };
  } catch (error) {
    signal?.throwIfAborted();
    if (!(error instanceof LeewardError)) throw error;
    const { code, what, next } = reportOf(error);
    return { name, ok: false, text: `${code} ${what} ${next}`, required };
  }
}
