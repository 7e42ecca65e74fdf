import {
  type DiskPlan,
  isoTime,
  type LocatedFile,
  objectKey,
  planHops,
  sameObject,
  type VmPlan,
  type VolumeId,
  type VolumePlan,
  vmKey,
  volumesOfFile,
} from '@leeward/core';
import { parseColumn } from '../store/json.ts';
import type { LedgerEntry } from '../store/ledger.ts';
import { type GroupState, vmsOnVolume } from './group-state.ts';
import {
  type HeldVm,
  type StorageSnapshotDetail,
  storageSnapshotDetailSchema,
  storageSnapshotLedgerId,
} from './storage-snapshot-detail.ts';

/** A storage snapshot of a group that a chain keeps. */
export interface KeptStorageSnapshot {
  readonly entry: LedgerEntry;
  readonly detail: StorageSnapshotDetail;
  readonly place: 'primary' | 'middle' | 'secondary';
  readonly arrayName: string;
}

/** Those that a chain keeps of one volume of the group, from the primary on. */
export async function keptOfVolume(
  { deps, runId, group }: GroupState,
  volume: VolumePlan,
): Promise<readonly KeptStorageSnapshot[]> {
  const hops = volume.relation ? planHops(volume.relation) : [];
  const ends = [volume, ...hops].map(({ volume: id, arrayName }, at) => {
    const place = at === 0 ? 'primary' : at === hops.length ? 'secondary' : 'middle';
    return { id, arrayName, place } as const;
  });
  const kept: KeptStorageSnapshot[] = [];
  for (const { id, arrayName, place } of ends) {
    const entry = await deps.store.ledger.get(storageSnapshotLedgerId(runId, group.id, id));
    if (entry?.state !== 'kept') continue;
    const detail = parseColumn(storageSnapshotDetailSchema, entry.detail, entry.id);
    kept.push({ entry, detail, place, arrayName });
  }
  return kept;
}

/**
 * Notes when each volume was frozen, for VMs that have no VMware snapshot to tell it; as soon as it is, since the journal
 * forgets it with the transfer. By our clock where that was measured, as that of the array may be another one.
 */
export async function noteMoments(state: GroupState): Promise<void> {
  const { deps, context, runId, group } = state;
  if (![...state.vms.values()].some(({ freezeOnly }) => freezeOnly)) return;
  const moments = await context.step(`${group.id}: when it was frozen`, {}, async () => {
    const told: Record<string, string> = {};
    for (const { volume } of group.volumes) {
      const entry = await deps.store.ledger.get(storageSnapshotLedgerId(runId, group.id, volume));
      const { frozen } = entry ? parseColumn(storageSnapshotDetailSchema, entry.detail, entry.id) : {};
      const atMs = frozen?.measured?.toMs ?? frozen?.created?.atMs;
      if (atMs !== undefined) told[objectKey(volume)] = isoTime(atMs);
    }
    return told;
  });
  for (const [key, moment] of Object.entries(moments)) state.moments.set(key, moment);
}

/**
 * Notes in the journal which VMs the storage snapshots hold that chains keep of the group, so that what is kept can be
 * found and read as long as it is there. Safe to repeat.
 */
export async function noteHeldVms(state: GroupState): Promise<void> {
  const { deps, context, group } = state;
  await context.step(`${group.id}: VMs in its storage snapshots`, {}, async () => {
    for (const volume of group.volumes)
      for (const { entry, detail } of await keptOfVolume(state, volume)) {
        const vms = vmsOnVolume(state, volume.volume).map((vm) => heldVm(state, vm, volume.volume));
        await deps.store.ledger.mark(entry.id, 'kept', { ...detail, vms });
      }
    return null;
  });
}

/** What of the VM lies on a volume. */
function heldVm(state: GroupState, vm: VmPlan, volume: VolumeId): HeldVm {
  const key = vmKey(vm.vm);
  const frozen = state.frozen.get(key);
  const isHere = (file: LocatedFile) => volumesOfFile(file).some((each) => sameObject(each, volume));
  const chainOf = ({ key: disk, located, parents }: DiskPlan) => [
    ...(frozen?.deltas?.[String(disk)] ?? []),
    located,
    ...parents,
  ];
  const { vmxFile } = vm;
  const here = [...(vmxFile ? [vmxFile] : []), ...vm.disks.flatMap(chainOf)].filter(isHere);
  return {
    vmKey: key,
    name: vm.name,
    path: vm.path,
    vcenterName: vm.vcenterName,
    frozenAt: frozen?.createdAt ?? state.moments.get(objectKey(volume)) ?? state.plan.madeAt,
    consistency: frozen?.quiesced ? 'quiesced' : 'crash-consistent',
    datastores: [...new Map(here.map((file) => [file.datastore, datastoreOf(file)])).values()],
    ...(vmxFile && isHere(vmxFile) ? { vmxFile: fileName(vmxFile) } : {}),
    disks: vm.disks
      .filter((disk) => chainOf(disk).some(isHere))
      .map((disk) => {
        const { label, sizeBytes } = disk;
        return { label, sizeBytes, files: chainOf(disk).map(fileName) };
      }),
  };
}

function datastoreOf({ datastore: name, folder, vmfs }: LocatedFile): HeldVm['datastores'][number] {
  return { name, folder, ...(vmfs ? { vmfsUuid: vmfs.uuid } : {}) };
}

function fileName({ datastore, path }: LocatedFile): string {
  return `[${datastore}] ${path}`;
}
