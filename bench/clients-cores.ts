import { execFileSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

/**
 * Gives this process, and the servers that it starts from now on, one half of the cores, and returns the command that
 * starts a client on the other half: as in the field, where an array does not take the time of the proxy's cores. Empty
 * where there is only one core.
 */
export function separateCores(): readonly string[] {
  const cores = availableParallelism();
  if (cores < 2) return [];
  const half = cores >> 1;
  execFileSync('taskset', ['-acp', `0-${half - 1}`, String(process.pid)], { stdio: 'pipe' });
  return ['taskset', '-c', `${half}-${cores - 1}`];
}

/** Starts a client on all cores, whatever this process has. */
export function allCores(): readonly string[] {
  return ['taskset', '-c', `0-${availableParallelism() - 1}`];
}
