import { RestError } from '../../rest/rest-error.ts';
import type { MirrorEngine } from '../mirror-engine.ts';
import type { GroupRelation } from '../relation.ts';
import type { SyncLink, TurnAround } from './sync-link.ts';

/**
 * Planned failover of active sync, on the cluster of the destination: both sides have everything, then they change
 * roles, and the relation leads the other way from now on. Hosts have paths to both sides on the real system; those of
 * the lab know one cluster, and cannot write there until the roles are changed back.
 */
export async function failOver(engine: MirrorEngine, link: SyncLink, group: GroupRelation): Promise<void> {
  const { members, svm, sourceSvm } = group;
  const [first] = members;
  if (!first || members.some(({ state }) => state !== 'in_sync'))
    throw new RestError(400, 13303817, 'The relationship is not in sync, so it cannot be failed over.');
  for (const member of members) await engine.catchUp(member);
  const pairs = members.map(({ sourceVolume, destination }) => ({
    source: destination.name,
    destination: sourceVolume,
  }));
  const destinations = members.map(({ destination }) => destination);
  await engine.removeGroupRelation(group, false);
  for (const volume of destinations) volume.type = 'rw';
  await link.turnAround({
    sourceSvm: svm.name,
    destinationSvm: sourceSvm.svmName,
    source: group.destination,
    destination: group.source,
    policy: first.policy.name,
    volumes: pairs,
  });
}

/** The former source becomes the destination; its first resync brings what is missing. */
export async function becomeDestination(engine: MirrorEngine, wanted: TurnAround): Promise<void> {
  const { cluster } = engine;
  const svm = cluster.svm(wanted.destinationSvm);
  const sourceSvm = svm?.peers.find(({ svmName }) => svmName === wanted.sourceSvm);
  const policy = engine.policyNamed(wanted.policy);
  if (!svm || !sourceSvm || !policy) throw new RestError(400, 13303886, 'The SVMs are not peered.');
  const { source, destination } = wanted;
  const group = engine.addGroupRelation({ sourceSvm, svm, source, destination });
  for (const pair of wanted.volumes) {
    const volume = cluster.volume(svm, pair.destination);
    if (!volume) throw new RestError(404, 917525, `Volume "${pair.destination}" does not exist.`);
    volume.type = 'dp';
    const made = { sourceSvm, sourceVolume: pair.source, destination: volume, policy, group };
    const relation = engine.addRelation(made);
    relation.state = 'out_of_sync';
    await engine.register(relation);
  }
}
