import { LeewardError } from '../errors/leeward-error.ts';
import type { VirtualMachine } from '../words/virtual-machine.ts';
import type { Hindrance } from './eligibility.ts';
import type { Job } from './job.ts';

/** What of the VM as a whole keeps it from being read, on every path. */
export function vmHindrance(vm: VirtualMachine): Hindrance | undefined {
  const reason = noVmwareSnapshot(vm) ?? noContent(vm);
  return reason && { reason, bars: 'every-path' };
}

const meanings = {
  orphaned: 'its host does not know it any more',
  inaccessible: 'its files cannot be reached',
  invalid: 'its configuration is damaged',
} as const;

/**
 * Disk-only VMware snapshots of VMs with Fault Tolerance are said to be possible for backups (not with its legacy
 * form), while the same page says that VMware snapshots are not; what is not certain is not relied on.
 */
function noVmwareSnapshot(vm: VirtualMachine): LeewardError | undefined {
  const { name, notConnected, faultTolerance, migration } = vm;
  if (!vm.connected) return notReadable(name, notConnected);
  if (faultTolerance !== undefined) return new LeewardError('L-PLN-143', { vm: name, state: faultTolerance });
  if (vm.snapshotsDisabled) return new LeewardError('L-PLN-144', { vm: name });
  if (migration) {
    const progress = migration.progress === undefined ? 'no progress told' : `${migration.progress} %`;
    return new LeewardError('L-PLN-139', { vm: name, task: migration.task, progress });
  }
  return undefined;
}

function notReadable(vm: string, state: VirtualMachine['notConnected']): LeewardError {
  if (state === 'unreadable') return new LeewardError('L-PLN-150', { vm });
  if (state === undefined || state === 'disconnected') return new LeewardError('L-PLN-115', { vm });
  return new LeewardError('L-PLN-146', { vm, state, meaning: meanings[state] });
}

/** vSphere makes no VMware snapshot of templates; files of encrypted VMs are ciphertext, whoever hands them out. */
function noContent(vm: VirtualMachine): LeewardError | undefined {
  if (vm.isTemplate) return new LeewardError('L-PLN-110', { vm: vm.name });
  if (vm.vtpm) return new LeewardError('L-PLN-130', { vm: vm.name });
  if (vm.encrypted) return new LeewardError('L-PLN-111', { vm: vm.name });
  return undefined;
}

const toolsTexts = { 'not-running': 'do not run', 'not-installed': 'are not installed' } as const;

/** What a job that quiesces its guests gets of this VM, when it is less than that. */
export function quiesceNotes(vm: VirtualMachine, job: Job): readonly LeewardError[] {
  if (job.quiesce === 'off' || !vm.connected || vm.isTemplate) return [];
  if (!vm.poweredOn) return [new LeewardError('L-PLN-147', { vm: vm.name })];
  if (vm.tools === undefined || vm.tools === 'running') return [];
  const code = job.quiesce === 'require' ? 'L-PLN-153' : 'L-PLN-148';
  return [new LeewardError(code, { vm: vm.name, tools: toolsTexts[vm.tools] })];
}
