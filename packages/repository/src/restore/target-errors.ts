import { LeewardError } from '@leeward/core';
import { isDiskFull, systemCode } from '../backend/folder-errors.ts';

/** A file system error of the target of a restore as a catalogue error. */
export function targetError(error: unknown, path: string): LeewardError {
  if (error instanceof LeewardError) return error;
  if (isDiskFull(error)) return new LeewardError('L-REP-120', { path }, error);
  const reason = systemCode(error) ?? (error instanceof Error ? error.message : String(error));
  return new LeewardError('L-REP-121', { path, reason }, error);
}
