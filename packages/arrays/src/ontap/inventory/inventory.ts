import type { ArrayInventory, DataPort } from '../../contract/inventory.ts';
import { identityWith } from '../identity.ts';
import { readLicences } from '../licences.ts';
import { missingOf } from '../missing.ts';
import type { OntapArray } from '../ontap-array.ts';
import { type ConsistencyGroup, readGroups } from '../snapshots/consistency-group.ts';
import { type BlockSide, readBlockSide } from './block-side.ts';
import { listDataPorts } from './data-ports.ts';
import type { LunRecord } from './luns.ts';
import { listNfsServices, whyNoNfs3 } from './nfs-services.ts';
import { listSvmPeers } from './peers.ts';
import { listMirrorPolicies } from './policies.ts';
import { listIncoming, listOutgoing } from './relations.ts';
import { listSvms, noteOf } from './svms.ts';
import { listVolumes, toVolume, type VolumeRecord } from './volumes.ts';

/** Everything that planning needs of one cluster, all pages read. */
export async function readInventory(array: OntapArray, signal?: AbortSignal): Promise<ArrayInventory> {
  const cluster = await array.refreshCluster(signal);
  const licences = await readLicences(array.rest, signal);
  const [identity, svms, volumes, ports, nfsServices, block, peers, policies, groups] = await Promise.all([
    identityWith(array.rest, cluster, licences, signal),
    listSvms(array, signal),
    listVolumes(array, {}, signal),
    listDataPorts(array, {}, signal),
    listNfsServices(array, signal),
    readBlockSide(array, signal),
    listSvmPeers(array, signal),
    listMirrorPolicies(array, signal),
    readGroups(array, signal),
  ]);
  const context = { cluster, volumes, peers, policies };
  const [incoming, outgoing] = await Promise.all([
    listIncoming(array, context, signal),
    listOutgoing(array, context, signal),
  ]);
  const relations = [...incoming, ...outgoing];
  const nfsNotes = nfsServices.flatMap((service) => {
    const reason = whyNoNfs3(service);
    return reason ? [`SVM ${service.svm.name} cannot be read over NFS: ${reason}.`] : [];
  });
  const relationNotes = relations
    .filter(({ usable, reportedBy }) => !usable && reportedBy === 'secondary')
    .map(({ source, destination, unusable }) => {
      const from = `${source.tenant}:${source.volumeName}`;
      return `Relation ${from} to ${destination.tenant}:${destination.volumeName} cannot be used: ${unusable}.`;
    });
  const licenceNotes =
    licences === 'unknown'
      ? ['The account may not read the licences: whether one is missing shows only when it is needed.']
      : [];
  const dataPorts = serving(ports, block);
  const lunsOf = lunsByVolume(block);
  return {
    identity,
    volumes: volumes.map((volume) =>
      toVolume(cluster.uuid, volume, lunsOf.get(volume.uuid), instantGroupsOf(volume, volumes, groups)),
    ),
    dataPorts,
    relations,
    notes: [...svms.flatMap((svm) => noteOf(svm) ?? []), ...nfsNotes, ...relationNotes, ...licenceNotes],
    missing: missingOf({ licences, svms, nfsServices, block, dataPorts }),
  };
}

/** Groups of which every volume can be frozen now; see `createStorageSnapshots`. */
function instantGroupsOf(
  { uuid }: VolumeRecord,
  volumes: readonly VolumeRecord[],
  groups: readonly ConsistencyGroup[],
): string[][] {
  const fit = new Set(
    volumes.filter(({ type, state }) => type === 'rw' && state === 'online').map((volume) => volume.uuid),
  );
  return groups
    .map(({ members }) => [...members])
    .filter((members) => members.length > 1 && members.includes(uuid) && members.every((id) => fit.has(id)));
}

/** A data port allows iSCSI only where its SVM has the service. */
function serving(ports: readonly DataPort[], block: BlockSide): DataPort[] {
  if ('unreadable' in block) return [...ports];
  const on = new Set(block.services.filter(({ enabled }) => enabled).map(({ svm }) => svm.uuid));
  return ports
    .map((port) => ({
      ...port,
      protocols: port.protocols.filter((protocol) => protocol !== 'iscsi' || on.has(port.tenantId)),
    }))
    .filter(({ protocols }) => protocols.length > 0);
}

function lunsByVolume(block: BlockSide): ReadonlyMap<string, readonly LunRecord[]> {
  return Map.groupBy('unreadable' in block ? [] : block.luns, ({ location }) => location.volume.uuid);
}
