import { mkdirSync } from 'node:fs';
import type { NimbleConfig, ScheduleConfig, VolumeConfig } from '../config.ts';
import { addAccessRecord, addInitiator } from '../operations/access-operations.ts';
import { addVolume } from '../operations/volume-operations.ts';
import { joinPair } from '../sync/pairs.ts';
import { Group, type GroupDeps } from './group.ts';
import type { InitiatorGroup, Partner, Schedule, VolumeCollection } from './objects.ts';

/** Every name that the config refers to must be in it. */
function known<T>(found: T | undefined, kind: string, name: string): T {
  if (found === undefined) throw new Error(`no ${kind} named ${name} in the config`);
  return found;
}

/** The group as its config describes it. Replica volumes are not of the config: replication makes them. */
export function buildGroup(config: NimbleConfig, deps: GroupDeps): Group {
  mkdirSync(config.dataFolder, { recursive: true });
  const group = new Group(config, deps);
  for (const { name, iqns, description } of config.initiatorGroups) {
    const made = newInitiatorGroup(group, name, description);
    for (const iqn of iqns)
      addInitiator(group, made, { label: iqn, iqn, ipAddress: '*', wwpn: '', alias: '' });
  }
  for (const partner of config.partners) {
    const pool = known(group.poolNamed(partner.pool), 'pool', partner.pool);
    newPartner(group, { ...partner, pool });
  }
  if (group.pools.size > 1)
    for (const pool of group.pools.values())
      newPartner(group, { type: 'pool', name: pool.name, hostname: '', dataPort: 0, secret: '', pool });
  for (const { name, description, schedules, replicationType } of config.volumeCollections) {
    const sync = replicationType === 'synchronous';
    const collection = newVolumeCollection(group, name, description, { sync });
    for (const schedule of schedules) newSchedule(group, collection, scheduleFacts(group, schedule));
  }
  for (const volume of config.volumes) buildVolume(group, volume);
  return group;
}

function buildVolume(group: Group, wanted: VolumeConfig): void {
  const { name, sizeMib, online, serial, targetScope } = wanted;
  const volume = addVolume(group, {
    name,
    sizeMib,
    online,
    multiInitiator: true,
    pool: known(group.poolNamed(wanted.pool), 'pool', wanted.pool),
    ...(serial ? { serial } : {}),
    ...(targetScope ? { targetScope } : {}),
  });
  if (wanted.volumeCollection !== undefined)
    volume.collection = known(
      group.volumeCollectionNamed(wanted.volumeCollection),
      'volume collection',
      wanted.volumeCollection,
    );
  if (volume.collection) joinPair(group, volume, true);
  for (const name of wanted.access) {
    const initiatorGroup = known(group.initiatorGroupNamed(name), 'initiator group', name);
    addAccessRecord(group, { volume, initiatorGroup, applyTo: wanted.applyTo });
  }
}

export function newInitiatorGroup(
  group: Group,
  name: string,
  description: string,
  accessProtocol: 'iscsi' | 'fc' = 'iscsi',
): InitiatorGroup {
  const head = group.head('initiatorGroup', name, description);
  const made = {
    ...head,
    accessProtocol,
    initiators: [],
    targetSubnets: [],
    hostType: 'auto',
    metadata: new Map(),
  };
  group.initiatorGroups.set(made.id, made);
  return made;
}

export type PartnerFacts = Pick<Partner, 'name' | 'hostname' | 'dataPort' | 'secret' | 'pool'> &
  Partial<Pick<Partner, 'type' | 'paused' | 'description' | 'controlPort' | 'subnetLabel'>>;

export function newPartner(group: Group, facts: PartnerFacts): Partner {
  const partner: Partner = {
    ...group.head('partner', facts.name, facts.description),
    type: facts.type ?? 'group',
    hostname: facts.hostname,
    controlPort: facts.controlPort ?? 4213,
    dataPort: facts.dataPort,
    secret: facts.secret,
    pool: facts.pool,
    subnetLabel: facts.subnetLabel ?? '',
    paused: facts.paused ?? false,
    groupUid: '',
    arraySerial: '',
    alive: false,
    lastKeepaliveError: '',
    lastSyncError: '',
    configSynced: 'N/A',
  };
  group.partners.set(partner.id, partner);
  return partner;
}

export function newVolumeCollection(
  group: Group,
  name: string,
  description: string,
  more: { readonly owner?: string; readonly lineage?: string; readonly sync?: boolean } = {},
): VolumeCollection {
  const collection: VolumeCollection = {
    ...group.head('volumeCollection', name, description),
    owner: more.owner ?? group.name,
    appSync: 'none',
    priority: 'normal',
    metadata: new Map(),
    snapshotCollections: [],
    lineage: more.lineage ?? group.randomness.uuid(),
    isHandingOver: false,
    sync: more.sync
      ? { inSync: false, suspended: false, lastSyncMs: 0, resyncSinceMs: undefined }
      : undefined,
  };
  group.volumeCollections.set(collection.id, collection);
  return collection;
}

export type ScheduleFacts = Pick<
  Schedule,
  | 'name'
  | 'description'
  | 'type'
  | 'period'
  | 'periodUnit'
  | 'atTimeSeconds'
  | 'untilTimeSeconds'
  | 'days'
  | 'retain'
  | 'retainReplica'
  | 'partner'
  | 'replicateEvery'
  | 'alertThresholdSeconds'
  | 'disableAppSync'
> & { readonly upstreamName?: string; readonly lineage?: string };

export function newSchedule(group: Group, collection: VolumeCollection, facts: ScheduleFacts): Schedule {
  const schedule: Schedule = {
    ...group.head('schedule', facts.name, facts.description),
    volumeCollection: collection,
    type: facts.type,
    period: facts.period,
    periodUnit: facts.periodUnit,
    atTimeSeconds: facts.atTimeSeconds,
    untilTimeSeconds: facts.untilTimeSeconds,
    days: facts.days,
    retain: facts.retain,
    retainReplica: facts.retainReplica,
    partner: facts.partner,
    upstreamName: facts.upstreamName ?? '',
    replicateEvery: facts.replicateEvery,
    alertThresholdSeconds: facts.alertThresholdSeconds,
    disableAppSync: facts.disableAppSync,
    taken: 0,
    lastSnapMs: 0,
    nextSnapMs: 0,
    lineage: facts.lineage ?? group.randomness.uuid(),
  };
  group.schedules.set(schedule.id, schedule);
  return schedule;
}

function scheduleFacts(group: Group, { partner, ...rest }: ScheduleConfig): ScheduleFacts {
  return {
    ...rest,
    description: '',
    partner: partner === undefined ? undefined : known(group.partnerNamed(partner), 'partner', partner),
    alertThresholdSeconds: 86_400,
    disableAppSync: false,
  };
}
