import { z } from 'zod';
import type { FaultBoard } from '../control/fault-board.ts';
import { type InterclusterClient, PeerUnreachable } from '../intercluster/client.ts';
import type { Peers } from '../intercluster/peers.ts';
import { volumeFactsSchema } from '../intercluster/protocol.ts';
import { RestError } from '../rest/rest-error.ts';
import type { Cluster } from '../storage/cluster.ts';
import type { SvmPeer } from '../storage/svm.ts';
import type { Volume } from '../storage/volume.ts';
import { builtInPolicies, isSyncKind, type MirrorPolicy, policyType } from './mirror-policy.ts';
import {
  destinationPath,
  type GroupRelation,
  type Relation,
  type Transfer,
  type TransferKind,
} from './relation.ts';
import { updateFailed } from './transfer-plan.ts';
import {
  bringSnapshots,
  describeSource,
  dropCheckpoint,
  mirrorSnapshotName,
  runTransfer,
} from './transfer-run.ts';

export interface NewRelation {
  readonly sourceSvm: SvmPeer;
  readonly sourceVolume: string;
  readonly destination: Volume;
  readonly policy: MirrorPolicy;
  readonly throttle?: number;
  readonly group?: GroupRelation;
}

/** Tells the source that each write goes to both sides from now on, or no longer. Throws when it cannot be told. */
export interface SyncHooks {
  begin(relation: Relation): Promise<void>;
  end(relation: Relation): Promise<void>;
}

const keptMs = 24 * 3600_000;

/** The relations whose destination lies on this cluster, and their transfers. */
export class MirrorEngine {
  readonly cluster: Cluster;
  readonly peers: Peers;
  readonly relations = new Map<string, Relation>();
  readonly policies = new Map<string, MirrorPolicy>();
  readonly groupRelations = new Map<string, GroupRelation>();
  sync: SyncHooks = { begin: async () => undefined, end: async () => undefined };
  readonly #faults: FaultBoard;
  #transfers: Transfer[] = [];
  readonly #running = new Set<Promise<void>>();
  readonly #queue: Transfer[] = [];
  #active = 0;
  #closed = false;
  /** 0: as fast as it goes. */
  bytesPerSecond: number;

  constructor(cluster: Cluster, peers: Peers, faults: FaultBoard) {
    this.cluster = cluster;
    this.peers = peers;
    this.#faults = faults;
    this.bytesPerSecond = cluster.config.behaviour.transferBytesPerSecond;
    for (const { name, kind, rules } of builtInPolicies(cluster.release))
      this.addPolicy({ name, kind, rules });
    for (const { name, kind, retention, svm } of cluster.config.snapmirrorPolicies)
      this.addPolicy({ name, kind, rules: retention, svm: svm === undefined ? undefined : cluster.svm(svm) });
  }

  addPolicy(wanted: Pick<MirrorPolicy, 'name' | 'kind' | 'rules'> & Partial<MirrorPolicy>): MirrorPolicy {
    const policy: MirrorPolicy = {
      svm: undefined,
      comment: '',
      throttle: 0,
      ...wanted,
      uuid: this.cluster.randomness.uuid(),
    };
    this.policies.set(policy.uuid, policy);
    return policy;
  }

  policyNamed(name: string): MirrorPolicy | undefined {
    return [...this.policies.values()].find((policy) => policy.name === name);
  }

  relationOf(destination: Volume): Relation | undefined {
    return [...this.relations.values()].find((relation) => relation.destination === destination);
  }

  addRelation(wanted: NewRelation): Relation {
    const relation: Relation = {
      uuid: this.cluster.randomness.uuid(),
      group: wanted.group,
      sourceSvm: wanted.sourceSvm,
      sourceVolume: wanted.sourceVolume,
      destination: wanted.destination,
      createMs: this.cluster.clock.now(),
      policy: wanted.policy,
      state: 'uninitialized',
      throttle: wanted.throttle ?? 0,
      transfer: undefined,
      lastSuccess: undefined,
      checkpoint: undefined,
      unhealthy: [],
      totalBytes: 0,
      totalMs: 0,
    };
    this.relations.set(relation.uuid, relation);
    wanted.group?.members.push(relation);
    return relation;
  }

  addGroupRelation(wanted: Omit<GroupRelation, 'uuid' | 'members'>): GroupRelation {
    const group: GroupRelation = { ...wanted, uuid: this.cluster.randomness.uuid(), members: [] };
    this.groupRelations.set(group.uuid, group);
    return group;
  }

  /** Tells the source of the relation, so that it can list its destinations. */
  async register(relation: Relation): Promise<void> {
    const { cluster } = this;
    const { svm } = relation.destination;
    const destination = {
      relation: relation.uuid,
      sourceSvm: relation.sourceSvm.svmName,
      sourceVolume: relation.sourceVolume,
      destinationPath: destinationPath(relation),
      destinationSvm: { name: svm.name, uuid: svm.uuid },
      destinationCluster: { name: cluster.config.cluster.name, uuid: cluster.uuid },
      policyName: relation.policy.name,
      policyUuid: relation.policy.uuid,
      policyType: policyType(relation.policy.kind),
      ...(isSyncKind(relation.policy.kind) ? { sync: this.#syncFacts(relation) } : {}),
    };
    await this.#sourceOf(relation).call({ method: 'register', destination }, z.object({}));
  }

  #syncFacts({ policy, group }: Relation) {
    const { release } = this.cluster;
    return {
      strict: policy.kind === 'strict-sync',
      labels: policy.rules.map(({ label }) => label),
      minor: release[1],
      ...(group
        ? { group: group.uuid, groupPaths: { source: group.source, destination: group.destination } }
        : {}),
    };
  }

  /** Takes the relation away here; the source's hold is released unless `keepSource`. */
  async removeRelation(relation: Relation, keepSource: boolean): Promise<void> {
    this.#stop(relation, 'hard_aborted');
    dropCheckpoint(relation);
    this.relations.delete(relation.uuid);
    for (const snapshot of relation.destination.snapshots) snapshot.holds.delete(relation.uuid);
    if (!keepSource)
      await this.#sourceOf(relation).call({ method: 'release', relation: relation.uuid }, z.object({}));
  }

  async removeGroupRelation(group: GroupRelation, keepSource: boolean): Promise<void> {
    for (const member of group.members) await this.removeRelation(member, keepSource);
    this.groupRelations.delete(group.uuid);
  }

  /** The cluster that the relation comes from. */
  #sourceOf({ sourceSvm }: Relation): InterclusterClient {
    const peer = this.peers.of(sourceSvm);
    if (!peer) throw new PeerUnreachable('this cluster has no peer');
    return peer;
  }

  isBusy(relation: Relation): boolean {
    const state = relation.transfer?.state;
    return state === 'queued' || state === 'transferring';
  }

  /** Starts what the relation's state asks for: a baseline or an update. */
  start(
    relation: Relation,
    options: { named?: string | undefined; throttle?: number; resync?: boolean } = {},
  ): Transfer {
    const kind: TransferKind = options.resync
      ? 'resync'
      : relation.state === 'uninitialized'
        ? 'initialize'
        : 'update';
    this.#checkStart(relation, kind);
    const now = this.cluster.clock.now();
    const transfer: Transfer = {
      uuid: this.cluster.randomness.uuid(),
      relation,
      kind,
      named: options.named,
      startMs: now,
      throttle: options.throttle ?? 0,
      abort: new AbortController(),
      state: 'queued',
      snapshot: options.named,
      bytes: 0,
      totalBytes: 0,
      updatedMs: now,
      endMs: undefined,
      error: undefined,
    };
    relation.transfer = transfer;
    if (options.resync && isSyncKind(relation.policy.kind)) relation.state = 'synchronizing';
    this.#queue.push(transfer);
    this.#next();
    return transfer;
  }

  #checkStart(relation: Relation, kind: TransferKind): void {
    if (!this.cluster.licenses.has('snapmirror'))
      throw updateFailed('SnapMirror is not licensed on this cluster.');
    if (this.isBusy(relation)) throw updateFailed('Another transfer is in progress.');
    const isSync = isSyncKind(relation.policy.kind);
    if (isSync && !this.cluster.licenses.has('snapmirror_sync'))
      throw updateFailed('SnapMirror Synchronous is not licensed on this cluster.');
    if (policyType(relation.policy.kind) !== 'async' && !(isSync && kind !== 'update'))
      throw updateFailed('The operation is not supported for synchronous relationships.');
    if (kind === 'update' && relation.state !== 'snapmirrored')
      throw updateFailed(`The relationship is ${relation.state === 'paused' ? 'quiesced' : relation.state}.`);
  }

  #next(): void {
    while (this.#active < this.cluster.config.behaviour.maxTransfers) {
      const transfer = this.#queue.shift();
      if (!transfer) return;
      if (transfer.state !== 'queued') continue;
      this.#active++;
      const run = this.#run(transfer).finally(() => {
        this.#active--;
        this.#running.delete(run);
        this.#next();
      });
      this.#running.add(run);
    }
  }

  async #run(transfer: Transfer): Promise<void> {
    const { relation } = transfer;
    transfer.state = 'transferring';
    this.#transfers.push(transfer);
    try {
      const { signal } = transfer.abort;
      const progress = await this.#faults.step('snapmirror.transfer', destinationPath(relation), signal);
      const deps = { cluster: this.cluster, peer: this.#sourceOf(relation), progress };
      await runTransfer({ ...deps, bytesPerSecond: () => this.bytesPerSecond }, relation, transfer);
      transfer.abort.signal.throwIfAborted();
      if (isSyncKind(relation.policy.kind)) await this.sync.begin(relation);
      this.#succeeded(transfer);
    } catch (error) {
      this.#failed(transfer, error);
    }
    transfer.endMs = this.cluster.clock.now();
    transfer.updatedMs = transfer.endMs;
  }

  #succeeded(transfer: Transfer): void {
    const { relation } = transfer;
    transfer.state = 'success';
    relation.lastSuccess = transfer.kind;
    relation.unhealthy = [];
    relation.totalBytes += transfer.bytes;
    relation.totalMs += this.cluster.clock.now() - transfer.startMs;
    if (transfer.kind === 'update') return;
    relation.state = isSyncKind(relation.policy.kind) ? 'in_sync' : 'snapmirrored';
  }

  /** All that was written until now, for a destination that becomes a source. */
  async catchUp(relation: Relation): Promise<void> {
    const source = await describeSource(this.#sourceOf(relation), relation);
    const name = mirrorSnapshotName(relation, source, this.cluster.clock);
    const request = { method: 'createSnapshot', volume: source.uuid, name, relation: relation.uuid } as const;
    const { result } = await this.#sourceOf(relation).call(request, volumeFactsSchema);
    const made = result.snapshots.find((one) => one.name === name);
    if (made) await this.bringNow(relation, [made.versionUuid], new AbortController().signal);
  }

  /** Brings storage snapshots that the source of a synchronous relation has just taken. */
  async bringNow(relation: Relation, versions: readonly string[], signal: AbortSignal): Promise<void> {
    const abort = new AbortController();
    const stop = () => abort.abort(signal.reason);
    signal.addEventListener('abort', stop);
    try {
      const progress = async () => undefined;
      const deps = { cluster: this.cluster, peer: this.#sourceOf(relation), progress };
      await bringSnapshots({ ...deps, bytesPerSecond: () => 0 }, relation, versions, abort);
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  #failed(transfer: Transfer, error: unknown): void {
    if (transfer.abort.signal.aborted && transfer.endMs === undefined) {
      const hard = transfer.abort.signal.reason === 'hard_aborted';
      transfer.state = hard ? 'hard_aborted' : 'aborted';
      transfer.error = { code: 6620046, message: 'Transfer aborted' };
      if (hard) dropCheckpoint(transfer.relation);
    } else {
      transfer.state = 'failed';
      const code = error instanceof RestError ? error.code : 6620093;
      transfer.error = { code, message: error instanceof Error ? error.message : String(error) };
    }
    const { kind, relation } = transfer;
    if (relation.state === 'synchronizing') relation.state = 'out_of_sync';
    const operation = kind === 'initialize' ? 'initialize' : kind;
    relation.unhealthy = [
      { code: '6621444', message: `Failed to complete ${operation} operation on the relationship.` },
      { code: String(transfer.error.code), message: transfer.error.message },
    ];
  }

  /** Transfers that the collection shows: running ones, and since 9.11.1 those ended within 24 hours. */
  listed(relation: Relation): Transfer[] {
    const now = this.cluster.clock.now();
    this.#transfers = this.#transfers.filter((one) => one.endMs === undefined || now - one.endMs < keptMs);
    const keepsEnded = this.cluster.release[1] >= 11;
    return this.#transfers.filter(
      (one) => one.relation === relation && (keepsEnded || one.endMs === undefined),
    );
  }

  abort(transfer: Transfer, how: 'aborted' | 'hard_aborted'): void {
    if (transfer.state === 'queued') {
      transfer.state = how;
      transfer.endMs = this.cluster.clock.now();
    } else if (transfer.state === 'transferring') transfer.abort.abort(how);
    else throw new RestError(400, 13303849, 'The transfer is not in a state that can be aborted.');
  }

  #stop(relation: Relation, how: 'aborted' | 'hard_aborted'): void {
    if (relation.transfer && this.isBusy(relation)) this.abort(relation.transfer, how);
  }

  /** Repeats updates as a schedule does; one that is due while another runs is left out. */
  schedule(relation: Relation, everyMs: number): void {
    this.cluster.clock.after(everyMs, () => {
      if (this.#closed || !this.relations.has(relation.uuid)) return;
      if (this.#mayUpdate(relation)) this.start(relation);
      this.schedule(relation, everyMs);
    });
  }

  #mayUpdate(relation: Relation): boolean {
    const { state, policy } = relation;
    if (state !== 'snapmirrored' || policyType(policy.kind) !== 'async') return false;
    return !this.isBusy(relation) && this.cluster.licenses.has('snapmirror');
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#queue.length = 0;
    for (const relation of this.relations.values()) this.#stop(relation, 'aborted');
    this.peers.cut();
    await Promise.allSettled(this.#running);
  }
}
