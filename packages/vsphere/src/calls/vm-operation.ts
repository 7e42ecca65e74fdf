import { bounded, isError, retry } from '@leeward/core';
import type { MethodName } from '../schema/methods.ts';
import type { Ref, Vim } from '../schema/values.ts';
import type { CallOptions, SessionHandle } from '../session/session-call.ts';
import { explainMissingVm } from './missing-object.ts';
import { type TaskWatch, type Vcenter, waitForBlocker, waitForTask } from './tasks.ts';

/** Options of everything that changes a VM. */
export interface OperationOptions extends TaskWatch {
  /** Bound of the whole operation with all its waits, in ms. */
  readonly timeoutMs?: number | undefined;
}

type TaskMethod = Extract<MethodName, `${string}_Task`>;

export function vmRef(moId: string): Ref {
  return { type: 'VirtualMachine', moId };
}

/**
 * Runs an operation on a VM under its bound and repeats it on passing faults: a busy VM, a host in trouble, a
 * lost answer. Every try MUST therefore begin by looking whether the effect is there already.
 */
export function operateOnVm<T>(
  vcenter: Vcenter,
  name: string,
  vmMoId: string,
  options: OperationOptions & { readonly timeoutMs: number },
  attempt: (watch: TaskWatch) => Promise<T>,
): Promise<T> {
  const { timeoutMs, signal, onProgress } = options;
  const bound = { name: `${name} of VM ${vmMoId}`, timeoutMs, signal };
  return bounded(vcenter.clock, bound, (inner) => {
    const watch = { signal: inner, onProgress };
    const policy = { attempts: 8, firstDelayMs: 1_000, maxDelayMs: 20_000, signal: inner };
    return retry(vcenter.clock, policy, async () => {
      try {
        return await attempt(watch);
      } catch (error) {
        inner.throwIfAborted();
        if (isError(error, 'L-VC-116')) await waitForBlocker(vcenter, error, { signal: inner });
        throw explainMissingVm(error, vmMoId);
      }
    });
  });
}

/** Starts a task and waits for it. */
export async function runTask(
  vcenter: Vcenter,
  { target, method }: { readonly target: Ref; readonly method: TaskMethod },
  start: (handle: SessionHandle, options: CallOptions) => Promise<Ref>,
  watch: TaskWatch,
): Promise<Vim<'TaskInfo'>> {
  const { signal } = watch;
  const task = await vcenter.session.run((handle) => start(handle, { signal }), signal);
  return waitForTask(vcenter, { task, method, target }, watch);
}
