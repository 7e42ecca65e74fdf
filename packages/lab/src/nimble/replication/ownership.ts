import type { JsonObject } from '../../json.ts';
import type { BlockDataPort } from '../../san/block-data-port.ts';
import type { Group } from '../model/group.ts';
import type { Partner, VolumeCollection } from '../model/objects.ts';
import { takeCollection } from '../operations/collection-operations.ts';
import { sessionsOf } from '../operations/volume-operations.ts';
import { conflict, notOwner } from '../rest/api-error.ts';
import type { PartnerLinks } from './partner-links.ts';
import type { Replicator } from './replicator.ts';

export interface OwnershipDeps {
  readonly group: Group;
  readonly port: BlockDataPort;
  readonly links: PartnerLinks;
  readonly replicator: Replicator;
}

/** Who owns a volume collection, and how that changes. */
export class Ownership {
  readonly #deps: OwnershipDeps;
  readonly #handovers = new Map<VolumeCollection, AbortController>();

  constructor(deps: OwnershipDeps) {
    this.#deps = deps;
  }

  /** Takes ownership: volumes go online for hosts; replication is off until it is configured again. */
  promote(collection: VolumeCollection): void {
    const { group } = this.#deps;
    if (!group.isReplica(collection))
      throw conflict('SM_ealready', `Volume collection ${collection.name} is owned by this group.`);
    collection.owner = group.name;
    for (const volume of group.members(collection)) {
      volume.ownedBy = group.name;
      volume.online = true;
      volume.offlineReason = null;
    }
    for (const schedule of group.schedulesOf(collection)) {
      schedule.partner = undefined;
      schedule.upstreamName = '';
      schedule.retain = Math.max(schedule.retain, schedule.retainReplica);
      schedule.nextSnapMs = 0;
    }
  }

  /** Gives ownership away: volumes go offline, what they hold is kept in a storage snapshot. */
  demote(collection: VolumeCollection, partner: Partner): void {
    const { group } = this.#deps;
    if (group.isReplica(collection)) throw notOwner(`Volume collection ${collection.name}`);
    if (!partner.alive) throw conflict('SM_partner_offline', `Partner ${partner.name} is not reachable.`);
    this.#takeOffline(collection);
    if (group.members(collection).length > 0)
      takeCollection(group, collection, { name: `${collection.name}-demote-${group.clock.now()}` });
    this.#belongTo(collection, partner);
  }

  #takeOffline(collection: VolumeCollection): void {
    const { group, port } = this.#deps;
    for (const volume of group.members(collection)) {
      for (const { targetName, initiatorName } of sessionsOf(group, port, volume))
        port.drop(targetName, initiatorName);
      volume.online = false;
      volume.offlineReason = 'user';
    }
  }

  #belongTo(collection: VolumeCollection, partner: Partner): void {
    const { group } = this.#deps;
    collection.owner = partner.name;
    for (const volume of group.members(collection)) {
      volume.ownedBy = partner.name;
      volume.offlineReason = 'replica';
    }
    for (const schedule of group.schedulesOf(collection)) {
      schedule.partner = undefined;
      schedule.upstreamName = partner.name;
    }
  }

  /** Answers at once; volumes go offline, the last difference is sent, then the partner takes over. */
  handOver(collection: VolumeCollection, partner: Partner, reverse: boolean): void {
    const { group } = this.#deps;
    if (group.isReplica(collection)) throw notOwner(`Volume collection ${collection.name}`);
    if (collection.isHandingOver) throw conflict('SM_repl_handover_busy', 'A handover is in progress.');
    if (!group.downstreamPartners(collection).includes(partner))
      throw conflict('SM_no_such_partner', `${collection.name} does not replicate to ${partner.name}.`);
    if (!partner.alive) throw conflict('SM_partner_offline', `Partner ${partner.name} is not reachable.`);
    const stop = new AbortController();
    this.#handovers.set(collection, stop);
    collection.isHandingOver = true;
    void this.#finish(collection, partner, reverse, stop.signal)
      .catch(() => this.#backOnline(collection))
      .finally(() => {
        collection.isHandingOver = false;
        this.#handovers.delete(collection);
      });
  }

  async #finish(
    collection: VolumeCollection,
    partner: Partner,
    reverse: boolean,
    signal: AbortSignal,
  ): Promise<void> {
    const { group, links, replicator } = this.#deps;
    this.#takeOffline(collection);
    const last = takeCollection(group, collection, {
      name: `${collection.name}-handover-${group.clock.now()}`,
      replicate: true,
      replicateTo: partner.name,
    });
    replicator.wake(collection);
    await replicator.idle(collection, signal);
    if (last.replicationStatus !== 'complete') throw conflict('SM_repl_snapshot_sync', 'Not in sync.');
    await links.ask(partner, { method: 'takeOver', collection: collection.lineage, reverse });
    this.#belongTo(collection, partner);
  }

  #backOnline(collection: VolumeCollection): void {
    for (const volume of this.#deps.group.members(collection)) {
      volume.online = true;
      volume.offlineReason = null;
    }
  }

  abortHandover(collection: VolumeCollection): void {
    const stop = this.#handovers.get(collection);
    if (!stop) throw conflict('SM_einval', `No handover of ${collection.name} is in progress.`);
    stop.abort(conflict('SM_einval', 'The handover was aborted.'));
  }

  /** The partner hands over: this side becomes the owner, and sends back if it is to. */
  takeOver(partner: Partner, lineage: string, reverse: boolean): void {
    const { group } = this.#deps;
    const collection = [...group.volumeCollections.values()].find((one) => one.lineage === lineage);
    if (!collection) throw conflict('SM_enoent', 'The volume collection is gone.');
    if (collection.owner === group.name) return;
    if (collection.owner !== partner.name) throw notOwner(`Volume collection ${collection.name}`);
    const sending = group.schedulesOf(collection).filter(({ upstreamName }) => upstreamName === partner.name);
    this.promote(collection);
    if (reverse) for (const schedule of sending) schedule.partner = partner;
  }

  /** Has the upstream group take a snapshot collection. */
  async takeUpstream(collection: VolumeCollection, data: JsonObject): Promise<void> {
    const { group, links } = this.#deps;
    const partner = group.partnerNamed(collection.owner);
    if (!partner?.alive)
      throw conflict('SM_partner_offline', `Partner ${collection.owner} is not reachable.`);
    const { volcoll_id: _, invoke_on_upstream_partner: __, ...wanted } = data;
    await links.ask(partner, { method: 'takeCollection', collection: collection.lineage, data: wanted });
  }

  close(): void {
    for (const stop of this.#handovers.values()) stop.abort();
  }
}
