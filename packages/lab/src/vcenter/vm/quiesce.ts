import { nodeOf } from './nodes.ts';
import type { SimulatedVm } from './simulated-vm.ts';

/**
 * How the guest is quiesced for a VMware snapshot:
 * - `none`: not at all, which is no error; the VM is off, or VMware Tools do not run;
 * - `filesystem`: writes are held back while the disks are frozen;
 * - `vss-filesystem`: the same by VSS, without its writers;
 * - `vss-application`: by VSS with its writers, which go on to write to the frozen state.
 */
export type Quiescing = 'none' | 'filesystem' | 'vss-filesystem' | 'vss-application';

/** Disks that one SCSI controller has room for. */
const slotsPerController = 15;

export function quiescingOf(vm: SimulatedVm, isWanted: boolean): Quiescing {
  if (!isWanted || !vm.isRunning || !vm.config.toolsRunning) return 'none';
  if (vm.config.guest.quiesce === 'filesystem') return 'filesystem';
  return canQuiesceApplications(vm) ? 'vss-application' : 'vss-filesystem';
}

/** As documented: SCSI disks only, as many free slots as disks, and no encryption; else VSS does less. */
function canQuiesceApplications(vm: SimulatedVm): boolean {
  const nodes = vm.disks.map((disk) => nodeOf(disk.options.node));
  if (vm.config.encrypted || nodes.some(({ kind }) => kind !== 'scsi')) return false;
  const controllers = new Set(nodes.map(({ bus }) => bus)).size;
  return controllers * slotsPerController >= nodes.length * 2;
}
