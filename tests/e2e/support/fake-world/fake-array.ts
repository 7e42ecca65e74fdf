import {
  type ArrayDriver,
  type ArrayInventory,
  type OwnedObject,
  type PresentationPlan,
  parseOwnership,
  type Relation,
  type SyncPair,
  type SyncSnapshots,
} from '@leeward/arrays';
import { isoTime, LeewardError, type VolumeId } from '@leeward/core';
import type { Chance } from './chance.ts';
import type { FakeRelation } from './fake-relation.ts';
import type { FakeSync } from './fake-sync.ts';
import { FakeVolume } from './fake-volume.ts';

/** An array in memory: volumes, clones and export rules, and the relations that write to it. */
export class FakeArray {
  readonly serial: string;
  readonly address: string;
  readonly volumes: FakeVolume[];
  readonly relations: FakeRelation[] = [];
  /** Pairs whose primary, or whose secondary, is here. */
  readonly pairs: FakeSync[] = [];
  readonly clones = new Map<string, { volume: FakeVolume; snapshot: string; comment: string }>();
  /** `volume address`, the administrator's and ours. */
  readonly rules = new Set<string>();
  readonly #chance: Chance;
  readonly #now: () => number;

  constructor(
    serial: string,
    address: string,
    volumes: readonly string[],
    chance: Chance,
    now: () => number = () => 0,
  ) {
    this.serial = serial;
    this.address = address;
    this.volumes = volumes.map((name) => new FakeVolume(name, now));
    this.#chance = chance;
    this.#now = now;
  }

  /** From now on this call of its driver fails, always. */
  breakCall(method: string): void {
    this.#chance.broken.add(method);
  }

  volume(name: string): FakeVolume {
    const found = this.volumes.find((each) => each.name === name);
    if (!found) throw new LeewardError('L-ARR-009', { host: this.serial, object: `volume ${name}` });
    return found;
  }

  /** True while a proxy can read the storage snapshot under that path. */
  serves(exportPath: string, snapshot: string): boolean {
    const name = exportPath.slice(1);
    const clone = this.clones.get(name);
    if (clone) return clone.snapshot === snapshot && clone.volume.find(snapshot) !== undefined;
    const volume = this.volumes.find((each) => each.name === name);
    return volume?.find(snapshot) !== undefined && this.rules.has(`${name} ${proxyAddress}`);
  }

  driver(): ArrayDriver {
    const call = <T>(method: string, act: () => T) => this.#chance.around(method, act);
    const relation = ({ relation: { objectId } }: { relation: VolumeId }) => this.#relation(objectId);
    return {
      capabilities: {
        ...{ transferStartsWithSnapshot: false, keepsAuxiliarySnapshot: true, groupSnapshots: true },
        protocols: ['nfs'],
        sync: true,
        locks: true,
      },
      sync: this.#sync(),
      locks: {
        lock: ({ objectId }, name, untilMs) => call('lock', () => this.volume(objectId).lock(name, untilMs)),
      },
      identify: () => call('identify', () => this.#inventory().identity),
      inventory: () => call('inventory', () => this.#inventory()),
      check: async () => [],
      requiredPermissions: () => [],
      timeMs: () => call('timeMs', () => this.#now()),
      listStorageSnapshots: (volume) =>
        call('listStorageSnapshots', () => {
          const { snapshots, holds, locks } = this.volume(volume.objectId);
          return snapshots.map(({ name, comment, createdAtMs }) => ({
            ...{ volume, id: name, name, comment, createdAt: isoTime(createdAtMs) },
            ...(locks.has(name) ? { lockedUntil: isoTime(locks.get(name) ?? 0) } : {}),
            heldBy: [...holds].filter(([, held]) => held === name).map(([holder]) => holder),
          }));
        }),
      createStorageSnapshots: ({ name, volumes, comment }) =>
        call('createStorageSnapshots', () => {
          for (const { objectId } of volumes) this.volume(objectId).create(name, comment);
          return { storageSnapshots: [], instants: [{ id: name, volumes }] };
        }),
      deleteStorageSnapshot: ({ objectId }, name) =>
        call('deleteStorageSnapshot', () => {
          const pair = this.#pairTo(objectId);
          if (pair) pair.deleteOnSecondary(name);
          else this.volume(objectId).delete(name);
        }),
      startTransfer: (request) =>
        call('startTransfer', () => {
          relation(request).start(request.storageSnapshotName);
          return request;
        }),
      transferProgress: (ref) =>
        call('transferProgress', () => relation(ref).progress(ref.storageSnapshotName)),
      abortTransfer: (ref) => call('abortTransfer', () => relation(ref).abort(ref.storageSnapshotName)),
      findReplica: (volume, name) =>
        call('findReplica', () => {
          const found = this.volume(volume.objectId).find(name);
          return found && { ...found, volume, id: name, createdAt: '', heldBy: [] };
        }),
      planPresentation: (request) =>
        call('planPresentation', () => ({
          request,
          method:
            this.#isMirror(request.volume.objectId) || this.#pairTo(request.volume.objectId)
              ? 'clone'
              : 'snapshot-directory',
          effects: [],
          detail: { ruleWasThere: this.rules.has(ruleOf(request)) },
        })),
      present: (plan) => call('present', () => this.#present(plan)),
      withdraw: (plan, active) => call('withdraw', () => this.#withdraw(plan, active)),
      listOwned: () => call('listOwned', () => this.#owned()),
      removeOwned: ({ kind, name, volume }) =>
        call('removeOwned', () => {
          if (kind === 'clone') this.#removeClone(name);
          else if (volume) {
            const pair = this.#pairTo(volume.objectId);
            if (pair) pair.deleteOnSecondary(name);
            else this.volume(volume.objectId).delete(name);
          }
        }),
      close: async () => undefined,
    };
  }

  #present({ request, method }: PresentationPlan) {
    const { name, volume, storageSnapshotName: snapshot, comment } = request;
    this.#pairTo(volume.objectId)?.requireSecondary();
    const target = this.volume(volume.objectId);
    if (!target.find(snapshot))
      throw new LeewardError('L-ARR-009', { host: this.serial, object: `storage snapshot ${snapshot}` });
    if (method === 'clone') {
      this.clones.set(name, { volume: target, snapshot, comment });
      target.holds.set(`clone ${name}`, snapshot);
    } else this.rules.add(ruleOf(request));
    const exportPath = `/${method === 'clone' ? name : target.name}`;
    return { protocol: 'nfs' as const, addresses: [this.address], exportPath, rootPath: '' };
  }

  #withdraw({ request, method, detail }: PresentationPlan, active: readonly PresentationPlan[]): void {
    if (method === 'clone') {
      this.#removeClone(request.name);
      return;
    }
    const stillUsed = active.some(
      (plan) => plan.method === 'snapshot-directory' && ruleOf(plan.request) === ruleOf(request),
    );
    if (!stillUsed && detail['ruleWasThere'] !== true) this.rules.delete(ruleOf(request));
  }

  #removeClone(name: string): void {
    const volume = this.clones.get(name)?.volume.name;
    if (volume !== undefined) this.#pairTo(volume)?.requireSecondary();
    this.clones.get(name)?.volume.holds.delete(`clone ${name}`);
    this.clones.delete(name);
  }

  #owned(): OwnedObject[] {
    const id = (objectId: string) => ({ arraySerial: this.serial, objectId });
    return [
      ...[...this.clones].map(([name, { comment }]) => ({ kind: 'clone' as const, name, id: name, comment })),
      ...this.volumes.flatMap((volume) =>
        volume.snapshots
          .filter(({ comment }) => parseOwnership(comment))
          .map(({ name, comment }) => ({
            ...{ kind: 'storage-snapshot' as const, name, id: name, comment },
            volume: id(volume.name),
          })),
      ),
    ];
  }

  /** The pair whose secondary is that volume of this array. */
  #pairTo(volume: string): FakeSync | undefined {
    return this.pairs.find(({ secondary }) => this.volumes.includes(secondary) && secondary.name === volume);
  }

  #sync(): SyncSnapshots {
    const call = <T>(method: string, act: () => T) => this.#chance.around(method, act);
    const pairOf = ({ primary }: SyncPair) => {
      const found = this.pairs.find((pair) => pair.primary === this.volume(primary.objectId));
      if (!found)
        throw new LeewardError('L-ARR-009', { host: this.serial, object: `pair ${primary.objectId}` });
      return found;
    };
    return {
      look: (pair) => call('look', () => pairOf(pair).look()),
      create: ({ name, pairs, comment }) =>
        call('createCoordinated', () => {
          for (const pair of pairs) pairOf(pair).create(name, comment);
          return {
            storageSnapshots: [],
            instants: [{ id: name, volumes: pairs.map(({ primary }) => primary) }],
          };
        }),
      find: async () => ({}),
      remove: (pair, name) => call('removeCoordinated', () => pairOf(pair).remove(name)),
    };
  }

  #relation(id: string): FakeRelation {
    const found = this.relations.find((each) => each.id === id);
    if (!found) throw new LeewardError('L-ARR-009', { host: this.serial, object: `relation ${id}` });
    return found;
  }

  #isMirror(volume: string): boolean {
    return this.relations.some(
      ({ destination, policy }) => destination.name === volume && policy === 'mirror',
    );
  }

  #inventory(): ArrayInventory {
    const { serial, address, relations } = this;
    return {
      identity: {
        ...{ serial, name: serial, family: 'fake', brand: 'Fake', model: 'F', version: '1' },
        ...{ nodes: [], licences: [] },
      },
      volumes: this.volumes.map(({ name }) => ({
        id: { arraySerial: serial, objectId: name },
        ...{ name, tenant: 't', tenantId: `${serial}-t`, sizeBytes: 1e9, online: true, isClone: false },
        access: relations.length > 0 ? ('read-only-replica' as const) : ('read-write' as const),
        nfsPath: `/${name}`,
        locks: { possible: true },
      })),
      dataPorts: [{ id: 'p', name: 'p', tenantId: `${serial}-t`, address, protocols: ['nfs'], up: true }],
      relations: [
        ...relations.map((each) => relationOf(this, each)),
        ...this.pairs.filter(({ secondary }) => this.volumes.includes(secondary)).map(syncRelation),
      ],
      notes: [],
    };
  }
}

export const proxyAddress = '10.0.0.9';

function ruleOf({ volume, proxyAddresses }: PresentationPlan['request']): string {
  return `${volume.objectId} ${proxyAddresses.join(',')}`;
}

function syncRelation({ primary, secondary, isUp }: FakeSync): Relation {
  const end = (arraySerial: string, { name }: FakeVolume) => ({
    volume: { arraySerial, objectId: name },
    ...{ arrayName: arraySerial, arraySerial, tenant: 't', tenantId: `${arraySerial}-t`, volumeName: name },
  });
  return {
    id: { arraySerial: 'secondary', objectId: `sync-${secondary.name}` },
    ...{ kind: 'sync', policy: 'other', policyName: 'sync', usable: true, reportedBy: 'secondary' },
    source: end('primary', primary),
    destination: end('secondary', secondary),
    health: { healthy: isUp, state: isUp ? 'active' : 'other', reasons: [], detected: isUp },
    sync: {
      ...{ state: isUp ? 'in-sync' : 'unreachable', primarySide: 'primary', secondarySide: 'secondary' },
      ...{ decidedBy: 'the fake world', automaticSwitchover: false },
    },
    retention: [],
  };
}

function relationOf({ serial }: FakeArray, relation: FakeRelation): Relation {
  const { id, policy, source, sourceArray, destination } = relation;
  const end = (arraySerial: string, { name }: FakeVolume) => ({
    volume: { arraySerial, objectId: name },
    ...{ arrayName: arraySerial, arraySerial, tenant: 't', tenantId: `${arraySerial}-t`, volumeName: name },
  });
  return {
    id: { arraySerial: serial, objectId: id },
    ...{ kind: 'transfer', policy, policyName: policy, usable: true, reportedBy: 'secondary' },
    source: end(sourceArray, source),
    destination: end(serial, destination),
    health: { healthy: true, state: 'active', reasons: [], lagMs: 0 },
    retention: [],
  };
}
