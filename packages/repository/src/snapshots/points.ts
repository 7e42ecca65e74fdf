import { isError, isoTime, LeewardError } from '@leeward/core';
import { idToHex } from '../crypto/sha256.ts';
import { type SnapshotFile, snapshotSchema } from '../format/snapshot-file.ts';
import { hostIdentity } from '../open/host-identity.ts';
import type { Repository } from '../open/repository.ts';

/** A restorable state: one restic snapshot. */
export interface Point {
  readonly id: string;
  /** As written, RFC 3339. */
  readonly time: string;
  readonly host: string;
  readonly tags: readonly string[];
  readonly paths: readonly string[];
  /** Id of the root tree, hex. */
  readonly tree: string;
  readonly parent?: string | undefined;
  readonly programVersion?: string | undefined;
}

export interface PointList {
  /** Oldest first. */
  readonly points: readonly Point[];
  /** Snapshot files that cannot be read, each with its error. */
  readonly damage: readonly LeewardError[];
}

export interface NewPoint {
  readonly timeMs: number;
  readonly host: string;
  readonly tags: readonly string[];
  readonly paths: readonly string[];
  readonly tree: Uint8Array;
  readonly parent?: string | undefined;
  readonly programVersion?: string;
}

/** All points. A damaged snapshot file leaves the others usable. */
export async function listPoints(repository: Repository): Promise<PointList> {
  const points: Point[] = [];
  const damage: LeewardError[] = [];
  for await (const { name } of repository.backend.list('snapshots')) {
    try {
      points.push(pointOf(name, await repository.loadJson('snapshots', name, snapshotSchema)));
    } catch (error) {
      if (isError(error, 'L-REP-111')) damage.push(error);
      else if (!isError(error, 'L-REP-110')) throw error;
    }
  }
  points.sort((a, b) => Date.parse(a.time) - Date.parse(b.time));
  return { points, damage };
}

/** The point whose id begins with `idPrefix`. Throws `L-REP-116` (none) or `L-REP-117` (several). */
export async function findPoint(repository: Repository, idPrefix: string): Promise<Point> {
  const matches: string[] = [];
  for await (const { name } of repository.backend.list('snapshots')) {
    if (idPrefix !== '' && name.startsWith(idPrefix)) matches.push(name);
  }
  const [id, ...others] = matches;
  if (!id) throw new LeewardError('L-REP-116', { point: idPrefix });
  if (others.length > 0) {
    const shown = matches.map((match) => match.slice(0, 8)).join(', ');
    throw new LeewardError('L-REP-117', { point: idPrefix, matches: shown });
  }
  return pointOf(id, await repository.loadJson('snapshots', id, snapshotSchema));
}

/** Stores a point. Everything it references MUST be in packs and indexes by now. Returns its id. */
export function savePoint(repository: Repository, point: NewPoint): Promise<string> {
  const { username } = hostIdentity();
  const file: SnapshotFile = {
    time: isoTime(point.timeMs),
    ...(point.parent ? { parent: point.parent } : {}),
    tree: idToHex(point.tree),
    paths: [...point.paths],
    hostname: point.host,
    username,
    ...(point.tags.length > 0 ? { tags: [...point.tags] } : {}),
    ...(point.programVersion ? { program_version: point.programVersion } : {}),
  };
  return repository.saveJson('snapshots', file);
}

/** Removes a point; its space comes back with a prune. A point that is gone already is success. */
export function removePoint(repository: Repository, id: string): Promise<void> {
  return repository.backend.remove('snapshots', id);
}

function pointOf(id: string, file: SnapshotFile): Point {
  return {
    id,
    time: file.time,
    host: file.hostname ?? '',
    tags: file.tags ?? [],
    paths: file.paths ?? [],
    tree: file.tree,
    parent: file.parent,
    programVersion: file.program_version,
  };
}
