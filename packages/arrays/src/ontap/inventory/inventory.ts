import type { ArrayIdentity, ArrayInventory, DataPort, Relation, Volume } from '../../contract/inventory.ts';
import { identityWith } from '../identity.ts';
import { readLicences } from '../licences.ts';
import { missingOf } from '../missing.ts';
import type { OntapArray } from '../ontap-array.ts';
import { type ConsistencyGroup, readGroups } from '../snapshots/consistency-group.ts';
import { type BlockSide, readBlockSide } from './block-side.ts';
import { listDataPorts } from './data-ports.ts';
import { lockAbilityOf, readClock } from './lock-ability.ts';
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
  const clock = await readClock(array, volumes, signal);
  const locks = { release: cluster.version, licences, clock };
  return {
    identity,
    volumes: volumes
      .map((volume) =>
        toVolume(
          cluster.uuid,
          volume,
          lunsOf.get(volume.uuid),
          instantGroupsOf(volume, volumes, groups),
          lockAbilityOf(volume, locks),
        ),
      )
      .map((volume) => withoutTwinNames(volume, relations)),
    dataPorts,
    relations,
    notes: [
      ...metroNotes(identity),
      ...svms.flatMap((svm) => noteOf(svm) ?? []),
      ...nfsNotes,
      ...relationNotes,
      ...licenceNotes,
    ],
    missing: missingOf({ licences, svms, nfsServices, block, dataPorts }),
  };
}

/**
 * The two sides of active sync show one device to hosts. It is served by the source, so its names stand there alone: a
 * datastore has one home, whichever of the two clusters is asked.
 */
function withoutTwinNames(volume: Volume, relations: readonly Relation[]): Volume {
  const isTwin = relations.some(
    ({ sync, destination, reportedBy }) =>
      sync?.automaticSwitchover &&
      reportedBy === 'secondary' &&
      destination.volume?.objectId === volume.id.objectId,
  );
  if (!isTwin || !volume.luns) return volume;
  return { ...volume, luns: volume.luns.map((lun) => ({ ...lun, scsiNames: [] })) };
}

/** What mirrors whole aggregates below the volumes has no second volume that could be read. */
function metroNotes({ name, twoSites }: ArrayIdentity): string[] {
  if (twoSites === undefined) return [];
  return [
    `${name} is one site of a ${twoSites}. It mirrors its data to the other site below the volumes: that mirror is no secondary that could be read, and relieves production of no reads. After a switchover the other site serves the same volumes; add both sites' clusters, and rescan then.`,
  ];
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
