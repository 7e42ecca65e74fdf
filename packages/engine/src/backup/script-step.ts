import { LeewardError, reportOf } from '@leeward/core';
import type { FlowContext } from '../flow/flow.ts';
import { isOwnershipLost } from '../flow/flow-errors.ts';
import { redacted } from '../scripts/redact.ts';
import { type ScriptResult, scriptRunner } from '../scripts/run-script.ts';
import type { RunState } from '../store/runs.ts';
import type { BackupDeps } from './backup-deps.ts';

/** The scripts of a run, as its job had them when it began. JSON. */
export interface RunScripts {
  readonly jobId: string;
  readonly jobName: string;
  readonly preScript?: string;
  readonly postScript?: string;
  readonly timeoutMs: number;
}

/** Shown in the text of an error. */
const shownCharacters = 2_000;

export async function scriptsOf({ store }: BackupDeps, runId: string): Promise<RunScripts> {
  const { jobId } = await store.runs.get(runId);
  const { name, preScript, postScript, scriptTimeoutMs } = await store.jobs.get(jobId);
  return {
    ...{ jobId, jobName: name, timeoutMs: scriptTimeoutMs },
    ...(preScript === undefined ? {} : { preScript }),
    ...(postScript === undefined ? {} : { postScript }),
  };
}

/** Before anything is made. Throws `L-RUN-119`, which ends the run. Run again after a crash in the middle of it. */
export async function runPreScript(
  deps: BackupDeps,
  context: FlowContext,
  runId: string,
  scripts: RunScripts,
): Promise<void> {
  const { preScript: path } = scripts;
  if (path === undefined) return;
  await context.step('pre-script', { cancellable: true }, async (signal) => {
    await deps.store.runs.begin(runId, undefined);
    const environment = { LEEWARD_PHASE: 'pre', LEEWARD_STATE: 'starting' };
    await runScript(deps, runId, scripts, { path, environment, code: 'L-RUN-119' }, signal);
    return null;
  });
}

/**
 * At the end of every run, however it went, at least once: again after a crash in the middle of it. That it fails is
 * an event (`L-RUN-120`).
 */
export async function runPostScript(
  deps: BackupDeps,
  context: FlowContext,
  runId: string,
  scripts: RunScripts,
  outcome: { readonly state: RunState; readonly problem?: { readonly code: string } | undefined },
): Promise<void> {
  const { postScript: path } = scripts;
  if (path === undefined) return;
  const { state, problem } = outcome;
  await context.step('post-script', {}, async (signal) => {
    const environment = { LEEWARD_PHASE: 'post', LEEWARD_STATE: state, LEEWARD_PROBLEM: problem?.code ?? '' };
    try {
      await runScript(deps, runId, scripts, { path, environment, code: 'L-RUN-120' }, signal);
    } catch (error) {
      if (signal.aborted || isOwnershipLost(error) || !(error instanceof LeewardError)) throw error;
      await deps.store.runLog.event(runId, '', error);
    }
    return null;
  });
}

interface Wanted {
  readonly path: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly code: 'L-RUN-119' | 'L-RUN-120';
}

/** Throws the error of that code when it fails or may not be run; its output goes to the step, or into the error. */
async function runScript(
  deps: BackupDeps,
  runId: string,
  { jobId, jobName, timeoutMs }: RunScripts,
  { path, environment, code }: Wanted,
  signal: AbortSignal,
): Promise<void> {
  const { store, clock, runScript: run = scriptRunner(clock) } = deps;
  const about = { LEEWARD_JOB: jobName, LEEWARD_JOB_ID: jobId, LEEWARD_RUN: runId };
  const step = code === 'L-RUN-119' ? 'pre-script' : 'post-script';
  const work = async (): Promise<ScriptResult> => {
    const call = { path, environment: { ...about, ...environment }, timeoutMs };
    const { failure, output } = await outcomeOf(() => run(call, signal), signal);
    const shown = redacted(output, await store.secrets.all());
    if (failure === undefined) return { output: shown };
    const end = shown.length > shownCharacters ? `… ${shown.slice(-shownCharacters)}` : shown;
    throw new LeewardError(code, { script: path, reason: failure, output: end === '' ? '(none)' : end });
  };
  await store.runLog.step(runId, [''], step, work, ({ output }) => (output === '' ? {} : { output }));
}

/** A script that cannot be run at all has failed. */
async function outcomeOf(work: () => Promise<ScriptResult>, signal: AbortSignal): Promise<ScriptResult> {
  try {
    return await work();
  } catch (error) {
    if (signal.aborted || isOwnershipLost(error)) throw error;
    return { failure: reportOf(error).what, output: '' };
  }
}
