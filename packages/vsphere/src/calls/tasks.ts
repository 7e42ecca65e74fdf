import type { Clock, LeewardError } from '@leeward/core';
import { isA, type Ref, type Vim } from '../schema/values.ts';
import { readObject } from '../session/collector.ts';
import type { VimSession } from '../session/session.ts';
import type { CallOptions, SessionHandle } from '../session/session-call.ts';
import { faultAs } from '../wire/vim-fault.ts';
import { isGone } from './missing-object.ts';

/** What every operation works with. */
export interface Vcenter {
  readonly session: VimSession;
  readonly clock: Clock;
}

/** Called with whole percents, 0 to 100, each time vCenter reports a higher one. */
export type OnProgress = (percent: number) => void;

export interface TaskWatch extends CallOptions {
  readonly onProgress?: OnProgress | undefined;
}

/** A task and what it is for, for errors. */
export interface WatchedTask {
  readonly task: Ref;
  readonly method: string;
  readonly target: Ref;
}

/**
 * Polled instead of watched by `WaitForUpdatesEx`: it needs no state on the server, so it outlives a lost session,
 * and holds no call slot meanwhile. Starts fast since a VMware snapshot often takes well below a second.
 */
const firstPollMs = 50;
const lastPollMs = 1_000;

/**
 * Waits until a task is over. Returns its info when it succeeded; throws the task's fault as an error of the
 * catalogue, `L-VC-308` when vCenter forgot the task, `L-VC-309` when somebody cancelled it. The caller bounds it.
 */
export async function waitForTask(
  vcenter: Vcenter,
  watched: WatchedTask,
  watch: TaskWatch,
): Promise<Vim<'TaskInfo'>> {
  const info = await untilOver(vcenter, watched.task, watch);
  if (info?.state === 'success') return info;
  throw await vcenter.session.run(async (handle) => taskError(handle, info, watched), watch.signal);
}

/**
 * Waits until nothing runs on a VM any more, whoever started it: its recent tasks that are queued or running.
 * Their outcome does not matter here. Tasks that may not be read are passed over; vCenter itself then refuses
 * what comes next with `TaskInProgress`.
 */
export async function waitForQuietVm(vcenter: Vcenter, vm: Ref, { signal }: CallOptions): Promise<void> {
  const read = (handle: SessionHandle) =>
    readObject(handle, 'VirtualMachine', vm.moId, ['recentTask'], { signal });
  const { values } = await vcenter.session.run(read, signal);
  for (const task of values.recentTask ?? []) await untilOverIfVisible(vcenter, task, { signal });
}

/** After `TaskInProgress`: waits for the task that it names. */
export async function waitForBlocker(vcenter: Vcenter, error: unknown, options: CallOptions): Promise<void> {
  const task = faultAs(error, 'TaskInProgress')?.task;
  if (task) await untilOverIfVisible(vcenter, task, options);
}

async function untilOverIfVisible(vcenter: Vcenter, task: Ref, options: CallOptions): Promise<void> {
  try {
    await untilOver(vcenter, task, options);
  } catch (error) {
    if (!faultAs(error, 'NoPermission')) throw error;
  }
}

/** The final info of a task, or nothing when vCenter does not know or show it (any more). */
async function untilOver(
  { session, clock }: Vcenter,
  task: Ref,
  { signal, onProgress }: TaskWatch,
): Promise<Vim<'TaskInfo'> | undefined> {
  let shown = -1;
  for (let pollMs = firstPollMs; ; pollMs = Math.min(pollMs * 1.5, lastPollMs)) {
    const info = await session.run((handle) => readTask(handle, task, signal), signal);
    if (!info) return undefined;
    const percent = info.state === 'success' ? 100 : Math.min(Math.max(info.progress ?? 0, 0), 100);
    if (percent > shown) {
      shown = percent;
      onProgress?.(percent);
    }
    if (info.state === 'success' || info.state === 'error') return info;
    await clock.sleep(pollMs, signal);
  }
}

async function readTask(
  handle: SessionHandle,
  task: Ref,
  signal: AbortSignal | undefined,
): Promise<Vim<'TaskInfo'> | undefined> {
  try {
    return (await readObject(handle, 'Task', task.moId, ['info'], { signal })).values.info;
  } catch (error) {
    if (isGone(error, task.moId)) return undefined;
    throw error;
  }
}

function taskError(
  handle: SessionHandle,
  info: Vim<'TaskInfo'> | undefined,
  { method, target }: WatchedTask,
): LeewardError {
  const details = { operation: method.replace(/_Task$/, ''), object: `${target.type} ${target.moId}` };
  if (!info) return handle.problem('L-VC-308', details);
  const { error, cancelled } = info;
  if (cancelled && (!error || isA(error.fault, 'RequestCanceled')))
    return handle.problem('L-VC-309', details);
  if (error) return handle.explain(error, method, target);
  const unexplained = { fault: 'no fault given', message: 'the task says no reason', operationId: info.key };
  return handle.problem('L-VC-114', { ...details, ...unexplained });
}
