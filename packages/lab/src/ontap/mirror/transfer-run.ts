import type { Clock } from '@leeward/core';
import { z } from 'zod';
import type { StepProgress } from '../control/fault-board.ts';
import type { InterclusterClient } from '../intercluster/client.ts';
import { type SnapshotFacts, type VolumeFacts, volumeFactsSchema } from '../intercluster/protocol.ts';
import { parseDuration } from '../rest/times.ts';
import type { Cluster } from '../storage/cluster.ts';
import { FileTree } from '../storage/file-tree.ts';
import { freeze } from '../storage/snapshot-operations.ts';
import { isVaultKind } from './mirror-policy.ts';
import { measureTransfer, receiveFiles } from './receive.ts';
import type { Relation, Transfer } from './relation.ts';
import { checkPreserved, mirrorDeletions, rotateByRules } from './rotate.ts';
import { planTransfer, updateFailed } from './transfer-plan.ts';

export interface TransferDeps {
  readonly cluster: Cluster;
  readonly peer: InterclusterClient;
  /** Where faults of the lab act. */
  readonly progress: StepProgress;
  bytesPerSecond(): number;
}

/** What of a transfer changes as bytes come. */
type Carrier = Pick<Transfer, 'abort' | 'throttle' | 'snapshot' | 'bytes' | 'totalBytes' | 'updatedMs'>;

/** One transfer from its first question to the source to the rotation at its end. Throws what stopped it. */
export async function runTransfer(deps: TransferDeps, relation: Relation, transfer: Transfer): Promise<void> {
  const { cluster } = deps;
  const { destination, policy } = relation;
  const baseline = transfer.kind === 'initialize';
  let source = await describeSource(deps.peer, relation);
  // A pair of active sync is one device to hosts.
  if (relation.group) destination.lunSerials = new Map(source.lunSerials);
  let target = transfer.named;
  const isOwnState = target === undefined && (baseline || policy.kind !== 'vault');
  // In the middle of a cascade nothing can be frozen: what is exported there goes on.
  if (isOwnState && source.isReplica) target = exportedOf(source);
  else if (isOwnState) {
    target = mirrorSnapshotName(relation, source, cluster.clock);
    const request = { volume: source.uuid, name: target, relation: relation.uuid };
    source = (await deps.peer.call({ method: 'createSnapshot', ...request }, volumeFactsSchema)).result;
  }
  const plan = planTransfer({
    kind: policy.kind,
    rules: policy.rules,
    source: source.snapshots,
    destination: destination.snapshots,
    target,
    baseline,
  });
  checkPreserved(
    destination,
    policy.rules,
    plan.map((one) => one.label),
  );
  const steps = withCheckpoint(relation, plan, source.snapshots);
  if (source.sizeBytes > destination.account.limitBytes) destination.account.limitBytes = source.sizeBytes;
  for (const step of steps) await bring(deps, relation, transfer, source, step);
  await settle(deps, relation, source);
  const nowMs = cluster.clock.now();
  if (isVaultKind(policy.kind)) rotateByRules(destination, policy.rules, nowMs);
  else mirrorDeletions(destination, await heldOnSource(deps.peer, relation), nowMs);
}

/**
 * Storage snapshots of a synchronous relation, which both sides take at once. The destination's live files follow here,
 * not with each write as on the real system; its volume's root is not to be read there either.
 */
export async function bringSnapshots(
  deps: TransferDeps,
  relation: Relation,
  versions: readonly string[],
  abort: AbortController,
): Promise<void> {
  const { destination } = relation;
  const source = await describeSource(deps.peer, relation);
  if (relation.group) destination.lunSerials = new Map(source.lunSerials);
  for (const version of versions) {
    const step = source.snapshots.find((one) => one.versionUuid === version);
    if (!step) throw updateFailed('The snapshot is no longer on the source volume.');
    if (destination.snapshots.some((one) => one.name === step.name))
      throw updateFailed(`Snapshot "${step.name}" exists on the destination with other content.`);
    const carrier = { abort, throttle: 0, snapshot: step.name, bytes: 0, totalBytes: 0, updatedMs: 0 };
    await bring(deps, relation, carrier, source, step);
    const brought = destination.snapshots.find((one) => one.versionUuid === version);
    if (!brought) continue;
    const former = destination.tree;
    destination.tree = brought.tree.share();
    former.release();
  }
}

function exportedOf({ exported }: VolumeFacts): string {
  if (exported === undefined) throw updateFailed('The source volume is not initialized.');
  return exported;
}

export async function describeSource(peer: InterclusterClient, relation: Relation): Promise<VolumeFacts> {
  const request = {
    method: 'volume',
    svm: relation.sourceSvm.svmName,
    volume: relation.sourceVolume,
  } as const;
  return (await peer.call(request, volumeFactsSchema)).result;
}

async function heldOnSource(peer: InterclusterClient, relation: Relation): Promise<Set<string>> {
  return new Set((await describeSource(peer, relation)).snapshots.map((one) => one.versionUuid));
}

/** A transfer that was cut goes on first, whatever is asked now. */
function withCheckpoint(
  relation: Relation,
  plan: readonly SnapshotFacts[],
  source: readonly SnapshotFacts[],
): SnapshotFacts[] {
  const { checkpoint, destination } = relation;
  if (!checkpoint) return [...plan];
  const interrupted = source.find((one) => one.versionUuid === checkpoint.version);
  const baseKept = !checkpoint.base || source.some((one) => one.versionUuid === checkpoint.base);
  const taken = destination.snapshots.some((one) => one.name === interrupted?.name);
  if (!interrupted || !baseKept || taken) {
    dropCheckpoint(relation);
    return [...plan];
  }
  return [interrupted, ...plan.filter((one) => one.versionUuid !== checkpoint.version)];
}

export function dropCheckpoint(relation: Relation): void {
  relation.checkpoint?.tree.release();
  relation.checkpoint = undefined;
}

async function bring(
  deps: TransferDeps,
  relation: Relation,
  transfer: Carrier,
  source: VolumeFacts,
  step: SnapshotFacts,
): Promise<void> {
  const { cluster, peer } = deps;
  const { destination } = relation;
  transfer.snapshot = step.name;
  if (relation.checkpoint?.version !== step.versionUuid) {
    const base = nearestCommon(relation, source, step);
    dropCheckpoint(relation);
    const tree = base ? base.tree.share() : FileTree.empty(destination.store, cluster.clock);
    const cursor = { inode: 0, chunk: 0 };
    relation.checkpoint = { version: step.versionUuid, base: base?.versionUuid, tree, cursor, bytes: 0 };
  }
  const { checkpoint } = relation;
  const expected = await measureTransfer(peer, source.uuid, step.versionUuid, checkpoint.base);
  transfer.totalBytes += Math.max(0, expected - checkpoint.bytes);
  await deps.progress(transfer.bytes, transfer.totalBytes);
  const tree = await receiveFiles(checkpoint, {
    clock: cluster.clock,
    peer,
    sourceVolume: source.uuid,
    destination,
    signal: transfer.abort.signal,
    bytesPerSecond: () =>
      slower(slower(deps.bytesPerSecond(), relation.throttle * 1024), transfer.throttle * 1024),
    onProgress: async (bytes) => {
      transfer.bytes += bytes;
      transfer.updatedMs = cluster.clock.now();
      await deps.progress(transfer.bytes, transfer.totalBytes);
    },
  });
  relation.checkpoint = undefined;
  const { name, comment, label, createMs, versionUuid, byRelation } = step;
  const lockedUntilMs = lockOnArrival(relation, step, cluster.clock.now());
  const facts = { name, comment, label, createMs, versionUuid, byRelation, tree };
  destination.snapshots.push(
    freeze(cluster, destination, lockedUntilMs === undefined ? facts : { ...facts, lockedUntilMs }),
  );
}

/** Rules with a period lock what they match, where the destination has locking enabled. */
function lockOnArrival(relation: Relation, step: SnapshotFacts, nowMs: number): number | undefined {
  const rule = relation.policy.rules.find((one) => one.label === step.label);
  if (rule?.period === undefined || !relation.destination.snapshotLocking) return undefined;
  return nowMs + (parseDuration(rule.period) ?? 0);
}

/** The newest storage snapshot on both sides that is not younger than the one to bring; else the newest one. */
function nearestCommon(relation: Relation, source: VolumeFacts, step: SnapshotFacts) {
  const order = source.snapshots.map((one) => one.versionUuid);
  const wanted = order.indexOf(step.versionUuid);
  const common = relation.destination.snapshots
    .filter((one) => order.includes(one.versionUuid))
    .sort((a, b) => order.indexOf(a.versionUuid) - order.indexOf(b.versionUuid));
  return common.findLast((one) => order.indexOf(one.versionUuid) < wanted) ?? common.at(-1);
}

/** The newest common storage snapshot becomes the exported one and is held on both sides. */
async function settle(deps: TransferDeps, relation: Relation, source: VolumeFacts): Promise<void> {
  const { destination } = relation;
  const order = source.snapshots.map((one) => one.versionUuid);
  const newest = destination.snapshots
    .filter((one) => order.includes(one.versionUuid))
    .sort((a, b) => order.indexOf(b.versionUuid) - order.indexOf(a.versionUuid))[0];
  if (!newest) return;
  exportSnapshot(relation, newest.versionUuid);
  await deps.peer.call(
    { method: 'hold', volume: source.uuid, version: newest.versionUuid, relation: relation.uuid },
    z.object({}),
  );
}

/** Switches what the DP volume shows as its live files. */
export function exportSnapshot(relation: Relation, version: string): void {
  const { destination } = relation;
  const exported = destination.snapshots.find((one) => one.versionUuid === version);
  if (!exported) return;
  for (const one of destination.snapshots) one.holds.delete(relation.uuid);
  exported.holds.set(relation.uuid, 'snapmirror');
  if (destination.exported === exported) return;
  destination.exported = exported;
  const former = destination.tree;
  destination.tree = exported.tree.share();
  former.release();
}

export function mirrorSnapshotName(relation: Relation, source: VolumeFacts, clock: Clock): string {
  const time = new Date(clock.now()).toISOString();
  const stamp = `${time.slice(0, 10)}_${time.slice(11, 19).replaceAll(':', '')}`;
  const serial = 2_147_484_000 + relation.destination.instance;
  const { uuid } = relation.destination.svm;
  const name = `snapmirror.${uuid}_${serial}.${stamp}`;
  const taken = [...relation.destination.snapshots, ...source.snapshots].some((one) => one.name === name);
  return taken ? `${name}_${time.slice(20, 23)}` : name;
}

function slower(a: number, b: number): number {
  if (a === 0 || b === 0) return a || b;
  return Math.min(a, b);
}
