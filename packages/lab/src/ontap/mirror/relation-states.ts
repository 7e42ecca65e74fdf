import { RestError } from '../rest/rest-error.ts';
import { removeSnapshot } from '../storage/snapshot-operations.ts';
import type { MirrorEngine } from './mirror-engine.ts';
import { isActiveSync, isSyncKind } from './mirror-policy.ts';
import type { Relation } from './relation.ts';
import { describeSource, dropCheckpoint } from './transfer-run.ts';

const refused = (code: number, text: string): RestError => new RestError(400, code, text);

/** Changes a relation's state as PATCH asks for it, or throws the refusal of a wrong transition. */
export async function changeState(
  engine: MirrorEngine,
  relation: Relation,
  wanted: string,
  restoreTo: string | undefined,
): Promise<void> {
  if (wanted === relation.state) return;
  const { kind } = relation.policy;
  // Documented: relations with automatic failover can be neither paused nor broken off.
  if (isActiveSync(kind) && (wanted === 'paused' || wanted === 'broken_off'))
    throw refused(
      wanted === 'paused' ? 13303829 : 13303830,
      'Not supported for relationships with a policy of type automated-failover.',
    );
  if (wanted === 'paused') return pause(engine, relation);
  if (wanted === 'broken_off') return breakOff(engine, relation, restoreTo);
  if (wanted === 'snapmirrored' || wanted === 'in_sync') return mirror(engine, relation);
  throw refused(
    13303818,
    `The relationship state cannot be changed from "${relation.state}" to "${wanted}".`,
  );
}

const mirrored = new Set(['snapmirrored', 'in_sync', 'out_of_sync']);

async function pause(engine: MirrorEngine, relation: Relation): Promise<void> {
  if (!mirrored.has(relation.state))
    throw refused(13303829, `A relationship in state "${relation.state}" cannot be paused.`);
  await endSync(engine, relation);
  relation.state = 'paused';
}

/** A source that cannot be told notices by itself. */
async function endSync(engine: MirrorEngine, relation: Relation): Promise<void> {
  if (isSyncKind(relation.policy.kind)) await engine.sync.end(relation).catch(() => undefined);
}

/** The destination becomes an ordinary writable volume with the content of one storage snapshot. */
async function breakOff(
  engine: MirrorEngine,
  relation: Relation,
  restoreTo: string | undefined,
): Promise<void> {
  const { destination, state } = relation;
  if (!mirrored.has(state) && state !== 'paused')
    throw refused(13303830, `A relationship in state "${state}" cannot be broken off.`);
  if (engine.isBusy(relation)) throw refused(13303808, 'Another transfer is in progress.');
  const wanted =
    restoreTo === undefined
      ? destination.exported
      : destination.snapshots.find((one) => one.name === restoreTo);
  if (!wanted) throw refused(13303808, 'The snapshot to restore to does not exist.');
  // A synchronous destination has all that was written, not only what its base holds.
  if (state === 'in_sync') await engine.catchUp(relation).catch(() => undefined);
  await endSync(engine, relation);
  dropCheckpoint(relation);
  if (restoreTo !== undefined || !isSyncKind(relation.policy.kind)) {
    const former = destination.tree;
    destination.tree = wanted.tree.share();
    former.release();
  }
  destination.type = 'rw';
  relation.state = 'broken_off';
}

async function mirror(engine: MirrorEngine, relation: Relation): Promise<void> {
  if (isSyncKind(relation.policy.kind) && (relation.state === 'paused' || relation.state === 'out_of_sync')) {
    engine.start(relation, { resync: true });
    return;
  }
  if (relation.state === 'paused') {
    relation.state = 'snapmirrored';
    return;
  }
  if (relation.state === 'uninitialized') {
    try {
      engine.start(relation);
    } catch (error) {
      throw error instanceof RestError ? refused(13303812, error.message) : error;
    }
    return;
  }
  await resync(engine, relation);
}

/** Back to the newest common storage snapshot; what was written or taken here since then is lost. */
async function resync(engine: MirrorEngine, relation: Relation): Promise<void> {
  const { destination } = relation;
  const peer = engine.peers.of(relation.sourceSvm);
  if (!peer) throw refused(13303810, 'The source cluster cannot be reached.');
  const source = await describeSource(peer, relation);
  const order = source.snapshots.map((one) => one.versionUuid);
  const common = destination.snapshots
    .filter((one) => order.includes(one.versionUuid))
    .sort((a, b) => order.indexOf(b.versionUuid) - order.indexOf(a.versionUuid))[0];
  if (!common)
    throw refused(13303810, 'No common snapshot found between the source and the destination volume.');
  for (const snapshot of [...destination.snapshots])
    if (snapshot.createMs > common.createMs && snapshot.holds.size === 0)
      removeSnapshot(destination, snapshot);
  const former = destination.tree;
  destination.tree = common.tree.share();
  former.release();
  destination.exported = common;
  destination.type = 'dp';
  engine.start(relation, { resync: true });
}
