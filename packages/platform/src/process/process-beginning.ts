import { readFileSync } from 'node:fs';

/**
 * When a process began, in the kernel's own count: what tells it from a later one of the same number. `undefined`
 * when there is no such process, or it has ended and nobody has buried it; 0 where the system does not tell.
 */
export function processBeginning(pid: number): number | undefined {
  try {
    // The 22nd field is the beginning; the 2nd, in brackets, may hold blanks.
    const status = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state, ...fields] = status.slice(status.lastIndexOf(')') + 2).split(' ');
    return state === 'Z' ? undefined : Number(fields[18]);
  } catch {
    return exists(pid) ? 0 : undefined;
  }
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
