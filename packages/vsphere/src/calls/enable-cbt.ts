import { readObject } from '../session/collector.ts';
import type { SessionHandle } from '../session/session-call.ts';
import { refuseUnread } from './missing-object.ts';
import type { Vcenter } from './tasks.ts';
import { type OperationOptions, operateOnVm, runTask, vmRef } from './vm-operation.ts';

const paths = [
  'config.changeTrackingEnabled',
  'capability.changeTrackingSupported',
  'config.version',
  'snapshot',
] as const;

/**
 * Switches CBT on; it works from the next VMware snapshot on. Refused, as CBT could then miss changes silently,
 * while the VM has VMware snapshots (`L-VC-410`), and where the VM cannot have it (`L-VC-411`).
 */
export function enableCbt(
  vcenter: Vcenter,
  vmMoId: string,
  options: OperationOptions,
): Promise<{ readonly wasEnabled: boolean }> {
  const bound = { timeoutMs: 10 * 60_000, ...options };
  return operateOnVm(vcenter, 'switching on CBT', vmMoId, bound, async (watch) => {
    const wasEnabled = await vcenter.session.run(
      (handle) => checkSwitch(handle, vmMoId, watch.signal),
      watch.signal,
    );
    if (wasEnabled) return { wasEnabled };
    const spec = { $type: 'VirtualMachineConfigSpec', changeTrackingEnabled: true };
    const target = vmRef(vmMoId);
    const method = 'ReconfigVM_Task';
    await runTask(
      vcenter,
      { target, method },
      (handle, how) => handle.call(target, method, { spec }, how),
      watch,
    );
    return { wasEnabled };
  });
}

async function checkSwitch(handle: SessionHandle, vmMoId: string, signal: AbortSignal | undefined) {
  const vm = await readObject(handle, 'VirtualMachine', vmMoId, paths, { signal });
  refuseUnread(handle, vm);
  const { values } = vm;
  if (values['config.changeTrackingEnabled']) return true;
  if (values['capability.changeTrackingSupported'] === false)
    throw handle.problem('L-VC-411', {
      vm: vmMoId,
      reason: 'its host or hardware version does not support it',
    });
  const version = Number(/^vmx-(\d+)$/.exec(values['config.version'] ?? '')?.[1]);
  if (version < 7)
    throw handle.problem('L-VC-411', { vm: vmMoId, reason: `its virtual hardware is version ${version}` });
  if (values.snapshot && values.snapshot.rootSnapshotList.length > 0)
    throw handle.problem('L-VC-410', { vm: vmMoId });
  return false;
}
