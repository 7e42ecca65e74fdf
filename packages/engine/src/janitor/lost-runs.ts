import { isoTime, LeewardError, reportOf } from '@leeward/core';
import type { FlowEngine, FlowInfo } from '../flow/flow-engine.ts';
import type { Run } from '../store/runs.ts';
import type { Store } from '../store/store.ts';

/** A run is noted before its flow is started; a flow that is missing for so long never was. */
const startMs = 60_000;

export interface LostRunDeps {
  readonly store: Store;
  readonly engine: Pick<FlowEngine, 'get'>;
  readonly clock: { now(): number };
}

/**
 * Brings runs to a true end whose flow ended without saying so: cancelled before it began, ended by an emergency
 * stop of the engine, or never started because the server died in between. Returns their ids.
 */
export async function endLostRuns(deps: LostRunDeps): Promise<string[]> {
  const ended: string[] = [];
  for (const run of await deps.store.runs.unfinished()) if (await endIfLost(deps, run)) ended.push(run.id);
  return ended;
}

/** True when the run was ended by this. */
export async function endIfLost(deps: LostRunDeps, run: Pick<Run, 'id' | 'startedAt'>): Promise<boolean> {
  const flow = await deps.engine.get(run.id);
  if (flow ? !isOver(flow) : deps.clock.now() - Date.parse(run.startedAt) < startMs) return false;
  const { store } = deps;
  // Asked again: a flow writes the end of its run down just before it ends itself.
  if ((await store.runs.get(run.id)).endedAt) return false;
  const state = flow?.state === 'cancelled' ? 'cancelled' : 'failed';
  const problem = flow?.error ?? reportOf(new LeewardError('L-RUN-113', { run: run.id }));
  for (const vm of await store.runVms.list(run.id))
    if (vm.state === 'waiting' || vm.state === 'running')
      await store.runVms.put({ ...vm, state }, {}, problem);
  await store.changeLists.removeRun(run.id);
  await store.runs.end(run.id, state, isoTime(deps.clock.now()), problem);
  return true;
}

function isOver({ state }: FlowInfo): boolean {
  return state !== 'queued' && state !== 'running';
}
