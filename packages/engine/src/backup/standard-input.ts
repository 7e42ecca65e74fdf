import {
  type Datastore,
  isoTime,
  LeewardError,
  parseDatastorePath,
  repositoryOf,
  type StandardDiskPlan,
  type VmPlan,
  vmKey,
} from '@leeward/core';
import { InventoryCache } from '../inventory/cached-inventory.ts';
import type { ReadVmDisk, ReadVmFile, ReadVmInput } from '../proxy/read-vm.ts';
import type { FrozenDisk } from '../systems/doors.ts';
import type { GroupState } from './group-state.ts';
import { readBase } from './read-base.ts';
import { readUntilMs } from './standard-deadline.ts';

/**
 * What a proxy needs to read the frozen disks of a VM through vCenter. By what vCenter says of the VMware snapshot, not
 * by names. Throws `L-RUN-108` when the disks are not where the plan saw them, `L-PLN-103` when a file lies on no
 * datastore that vCenter told of.
 */
export async function standardInput(
  state: GroupState,
  vm: VmPlan,
  signal: AbortSignal,
): Promise<ReadVmInput> {
  const { deps, runId, plan } = state;
  const { vcenterId, moId } = vm.vm;
  const key = vmKey(vm.vm);
  const frozen = state.frozen.get(key);
  if (!frozen) throw new LeewardError('L-RUN-108', { vm: vm.name });
  const door = await deps.doors.vcenter(vcenterId);
  const { vmxPath, path: vmPath, host } = await door.vm(moId, signal);
  const { datastores: seen = [], vms = [] } = (await new InventoryCache(deps.store).vcenter(vcenterId)) ?? {};
  // Where the VM is now; what that host is called only the whole inventory tells.
  const hostName = vms.find((each) => each.host && each.host.moId === host?.moId)?.host?.name;
  const used = new Map<string, Datastore>();
  const place = (fileName: string, disk: string): ReadVmFile => {
    const parsed = parseDatastorePath(fileName);
    const datastore = parsed && datastoreOf(seen, parsed.datastore, vmPath);
    if (!parsed || !datastore) {
      const details = { vm: vm.name, disk, datastore: fileName, location: 'unknown to vCenter' };
      throw new LeewardError('L-PLN-103', details);
    }
    used.set(datastore.name, datastore);
    const { name, hostFolder } = datastore;
    return {
      datastore: name,
      folder: '',
      path: parsed.path,
      hostFolders: [name, ...(hostFolder ? [hostFolder] : [])],
    };
  };
  const bases = state.bases.get(key) ?? { incremental: [], fullBecause: {} };
  const disks: ReadVmDisk[] = [];
  for (const disk of vm.standardDisks ?? []) {
    const now = frozen.disks.find((each) => each.key === disk.key);
    disks.push({
      ...diskOf(vm, disk, now, (fileName) => place(fileName, disk.label)),
      ...(await readBase(deps, { runId, job: plan.job, vm }, disk, bases)),
    });
  }
  const vmxFile = place(vmxPath, 'configuration file');
  return {
    ...{ runId, jobId: plan.job.id, jobName: plan.job.name },
    ...{ vmKey: key, vmName: vm.name, vmPath: vm.path, vcenterName: vm.vcenterName },
    repositoryId: repositoryOf(plan.job),
    source: 'standard',
    frozenAt: frozen.createdAt,
    initiatorName: '',
    volumes: [],
    through: {
      vcenterId,
      datastores: [...used.values()].map(({ name, datacenterPath }) => ({ name, datacenterPath })),
      ...(hostName === undefined ? {} : { host: hostName }),
    },
    vmxFile,
    readUntil: isoTime(readUntilMs(state, frozen.createdAt)),
    failOnDowngrade: plan.job.failOnDowngrade,
    disks,
  };
}

/** Names of datastores are unique in a datacenter only: the one in that of the VM counts. */
function datastoreOf(seen: readonly Datastore[], name: string, vmPath: string): Datastore | undefined {
  const named = seen.filter((each) => each.name === name);
  const place = vmPath.replace(/^\/+/, '');
  return named.find(({ datacenterPath }) => place.startsWith(`${datacenterPath}/`)) ?? named[0];
}

function diskOf(
  vm: VmPlan,
  { key, label, node, fileName }: StandardDiskPlan,
  frozen: FrozenDisk | undefined,
  place: (fileName: string) => ReadVmFile,
): ReadVmDisk {
  const chain = frozen ? [frozen.fileName, ...frozen.parents] : [];
  const at = chain.indexOf(fileName);
  if (!frozen || at < 0) throw new LeewardError('L-RUN-108', { vm: vm.name });
  const { sizeBytes, changeId } = frozen;
  return {
    ...{ key, label, node, fileName, sizeBytes },
    located: place(fileName),
    parents: chain.slice(at + 1).map(place),
    deltas: chain.slice(0, at).map(place),
    ...(changeId ? { changeId } : {}),
  };
}
