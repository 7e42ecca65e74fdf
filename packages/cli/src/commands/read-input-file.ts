import { readFile } from 'node:fs/promises';
import { LeewardError } from '@leeward/core';

/** A text file that an option names; `L-CFG-103` when it cannot be read. */
export async function readInputFile(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new LeewardError('L-CFG-103', { problem: `${path} cannot be read (${reason})` }, error);
  }
}

/** The same for a file of JSON; what it holds is checked by the server. */
export async function readJsonFile(path: string): Promise<unknown> {
  const text = await readInputFile(path);
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new LeewardError('L-CFG-103', { problem: `${path} is not JSON (${reason})` }, error);
  }
}
