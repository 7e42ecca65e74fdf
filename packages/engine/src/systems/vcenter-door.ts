import { LeewardError } from '@leeward/core';
import { type VcenterClient, withGrowth } from '@leeward/vsphere';
import type { VcenterDoor } from './doors.ts';
import { type ResolveHost, toDatastore, toVirtualMachine } from './from-vcenter.ts';

/** A vCenter client behind the door that flows use. */
export function vcenterDoor(client: VcenterClient, name: string, resolve: ResolveHost): VcenterDoor {
  return {
    name,
    async identity(signal) {
      const { instanceUuid, name: product, version } = await client.about({ signal });
      return { id: instanceUuid, name: product, version };
    },
    async inventory(signal) {
      const [{ instanceUuid }, seen] = await Promise.all([
        client.about({ signal }),
        client.inventory({ signal }),
      ]);
      const hosts = seen.hosts.map(({ moId, name: host }) => ({ moId, name: host }));
      return {
        datastores: await Promise.all(seen.datastores.map((each) => toDatastore(each, resolve))),
        vms: seen.vms.map((vm) => toVirtualMachine(vm, instanceUuid, hosts)),
      };
    },
    async vm(moId, signal) {
      const [{ instanceUuid }, vm] = await Promise.all([
        client.about({ signal }),
        client.vm(moId, { signal }),
      ]);
      return toVirtualMachine(vm, instanceUuid);
    },
    async requirePrivileges(vmMoIds, signal) {
      const entities = vmMoIds.map((moId) => ({ kind: 'vm' as const, moId }));
      const missing = await client.missingPrivileges(entities, { signal });
      const [first] = missing;
      if (first)
        throw new LeewardError('L-VC-110', {
          username: name,
          object: first.moId,
          privilege: first.privileges.join(', '),
        });
    },
    async enableCbt(vmMoId, signal) {
      await client.enableCbt(vmMoId, { signal });
    },
    async createVmwareSnapshot(vmMoId, options, signal) {
      const { moId, quiesced } = await client.createVmwareSnapshot(vmMoId, options, { signal });
      return { moId, quiesced };
    },
    async frozenDisks(moId, signal) {
      const disks = await client.frozenDisks(moId, { signal });
      return disks.map(({ key, label, node, fileName, parents, sizeBytes, changeId }) => ({
        ...{ key, label, node, fileName, parents, sizeBytes },
        ...(changeId ? { changeId } : {}),
      }));
    },
    async changedAreas({ vmMoId, vmwareSnapshotMoId, disk, since, sinceSizeBytes }, signal) {
      const answer = await client.changedAreas({
        vmMoId,
        snapshotMoId: vmwareSnapshotMoId,
        disk,
        changeId: since,
        sizeBytes: sinceSizeBytes,
        ...(signal ? { signal } : {}),
      });
      if (!answer.usable) return { unusable: answer.reason };
      return { areas: withGrowth(answer.extents, sinceSizeBytes, disk.sizeBytes) };
    },
    async allocatedAreas({ vmMoId, vmwareSnapshotMoId: snapshotMoId, disk }, signal) {
      const answer = await client.allocatedAreas({
        vmMoId,
        snapshotMoId,
        disk,
        ...(signal ? { signal } : {}),
      });
      return answer.usable ? { areas: answer.extents } : { unusable: answer.reason };
    },
    removeVmwareSnapshot: (vmMoId, snapshotName, signal) =>
      client.removeVmwareSnapshot(vmMoId, { name: snapshotName }, { signal }),
    async consolidate(vmMoId, signal) {
      await client.consolidate(vmMoId, { signal });
    },
    findVmwareSnapshots: (prefix, signal) => client.findVmwareSnapshots(prefix, { signal }),
    close: () => client.close(),
  };
}
