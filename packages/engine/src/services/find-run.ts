import type { Run, RunStore } from '../store/runs.ts';
import { findOne } from './find.ts';

/** More would not be named anyway. */
const mostFitting = 100;

/** The run that a user means by its id or the beginning of it. Not from the list of runs, which holds only the newest. */
export async function findRun(
  runs: Pick<RunStore, 'beginningWith'>,
  wanted: string,
): Promise<Pick<Run, 'id' | 'startedAt' | 'endedAt'>> {
  const fitting = wanted === '' ? [] : await runs.beginningWith(wanted, mostFitting);
  return findOne('run', fitting, wanted);
}
