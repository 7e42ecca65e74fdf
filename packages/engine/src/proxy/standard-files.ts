import { LeewardError, reportOf } from '@leeward/core';
import { FrozenFolders } from './frozen-folders.ts';
import type { ProxyDeps } from './proxy-deps.ts';
import type { ReadVmInput } from './read-vm.ts';
import type { SharedSessions } from './shared-sessions.ts';
import {
  openStandardGate,
  openStandardHostGate,
  type StandardGate,
  standardAccess,
} from './standard-gate.ts';

/**
 * Runs `work` with the frozen files of a VM that is read the standard way: at its ESXi host where the installation wants
 * that, else through vCenter. A host that cannot be reached directly is no reason to fail: vCenter reaches it, and an
 * event says so.
 * @param gates one for each vCenter or host, from the first VM that is read through it to the last
 */
export async function withStandardFiles<T>(
  deps: ProxyDeps,
  gates: SharedSessions<StandardGate>,
  input: ReadVmInput,
  { vcenterId, host }: NonNullable<ReadVmInput['through']>,
  work: (files: FrozenFolders) => Promise<T>,
): Promise<T> {
  const through = (gate: StandardGate) => work(new FrozenFolders(deps, input, standardAccess(gate, input)));
  const { standardThrough } = await deps.store.settings.dataPath();
  if (standardThrough === 'host' && host !== undefined) {
    let isOpen = false;
    try {
      const open = () => openStandardHostGate(deps, vcenterId, host);
      return await gates.use(`${vcenterId} ${host}`, open, (gate) => {
        isOpen = true;
        return through(gate);
      });
    } catch (error) {
      if (isOpen) throw error;
      const note = new LeewardError('L-SRC-120', { vm: input.vmName, host, reason: reportOf(error).what });
      await deps.store.runLog.event(input.runId, input.vmKey, note);
    }
  }
  return gates.use(vcenterId, () => openStandardGate(deps, vcenterId), through);
}
