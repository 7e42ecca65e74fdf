import type { ArrayInventory } from '../../contract/inventory.ts';
import { readIdentity } from '../identity.ts';
import type { OntapArray } from '../ontap-array.ts';
import { listDataPorts } from './data-ports.ts';
import { listNfsServices, whyNoNfs3 } from './nfs-services.ts';
import { listSvmPeers } from './peers.ts';
import { listMirrorPolicies } from './policies.ts';
import { listIncoming, listOutgoing } from './relations.ts';
import { listSvms, noteOf } from './svms.ts';
import { listVolumes, toVolume } from './volumes.ts';

/** Everything that planning needs of one cluster, all pages read. */
export async function readInventory(array: OntapArray, signal?: AbortSignal): Promise<ArrayInventory> {
  const cluster = await array.refreshCluster(signal);
  const [identity, svms, volumes, dataPorts, nfsServices, peers, policies] = await Promise.all([
    readIdentity(array.rest, cluster, signal),
    listSvms(array, signal),
    listVolumes(array, {}, signal),
    listDataPorts(array, {}, signal),
    listNfsServices(array, signal),
    listSvmPeers(array, signal),
    listMirrorPolicies(array, signal),
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
  return {
    identity,
    volumes: volumes.map((volume) => toVolume(cluster.uuid, volume)),
    dataPorts,
    relations,
    notes: [...svms.flatMap((svm) => noteOf(svm) ?? []), ...nfsNotes, ...relationNotes],
  };
}
