import { hostname } from 'node:os';
import { type Clock, isoTime } from '@leeward/core';
import {
  BlobIndex,
  BlobWriter,
  folderNode,
  IndexWriter,
  listPoints,
  type Repository,
  RepositoryLock,
  removePoint,
  savePoint,
  type TreeNode,
} from '@leeward/repository';
import type { Kysely } from 'kysely';
import type { StoreSchema } from '../store/schema.ts';
import { appliedMigrations, rowsOf, savedTables } from './dump-tables.ts';
import {
  backupFolder,
  type DumpedTable,
  installationTag,
  type Manifest,
  manifestName,
  serverTag,
} from './manifest.ts';
import { StoredFile } from './stored-file.ts';

export interface WriteServerBackup {
  readonly db: Kysely<StoreSchema>;
  readonly repository: Repository;
  readonly clock: Clock;
  readonly version: string;
  readonly installationId: string;
  /** So many backups of this server stay, this one included. */
  readonly keep: number;
  readonly signal?: AbortSignal | undefined;
}

export interface WrittenServerBackup {
  /** Of the restic snapshot. */
  readonly snapshotId: string;
  readonly madeAt: string;
  readonly tables: number;
  readonly rows: number;
  readonly sizeBytes: number;
  /** Older backups of this server that went. */
  readonly removed: readonly string[];
}

/**
 * Saves every table as it is at one moment, as a restic snapshot of its own; what goes on meanwhile is not stopped.
 * Nothing is looked up in the index of the repository, which may be larger than the memory of a server: each backup is
 * stored whole, compressed. Secrets stay sealed; the key is not in it.
 */
export async function writeServerBackup(options: WriteServerBackup): Promise<WrittenServerBackup> {
  const { db, repository, clock, version, installationId, keep, signal } = options;
  const lock = await RepositoryLock.acquire(repository, { exclusive: false, ...(signal ? { signal } : {}) });
  const indexWriter = new IndexWriter(repository);
  const blobs = new BlobWriter(repository, new BlobIndex(), indexWriter);
  try {
    const atMs = clock.now();
    const { nodes, tables, migrations } = await dump(
      db,
      blobs,
      AbortSignal.any([lock.lost, ...(signal ? [signal] : [])]),
    );
    const manifest: Manifest = {
      ...{ formatVersion: 1, version, madeAt: isoTime(atMs), installationId },
      ...{ migrations: [...migrations], tables: [...tables] },
    };
    const description = new StoredFile(manifestName, blobs);
    await description.append(Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`));
    const folder = await blobs.addTree([
      folderNode('tables', (await blobs.addTree(nodes)).id),
      (await description.end()).node,
    ]);
    const tree = await blobs.addTree([folderNode(backupFolder, folder.id)]);
    await blobs.drain();
    await indexWriter.flush();
    lock.lost.throwIfAborted();
    const snapshotId = await savePoint(repository, {
      ...{ timeMs: atMs, host: hostname(), tree: tree.id, programVersion: `leeward ${version}` },
      tags: [serverTag, installationTag(installationId)],
      paths: [`/${backupFolder}`],
    });
    return {
      ...{ snapshotId, madeAt: manifest.madeAt, tables: tables.length },
      rows: tables.reduce((sum, table) => sum + table.rows, 0),
      sizeBytes: tables.reduce((sum, table) => sum + table.sizeBytes, 0),
      removed: await removeOlder(repository, installationId, keep),
    };
  } catch (error) {
    await blobs.discard();
    throw error;
  } finally {
    await lock.release();
  }
}

interface Dump {
  readonly nodes: readonly TreeNode[];
  readonly tables: readonly DumpedTable[];
  readonly migrations: readonly string[];
}

/** All tables at one moment. */
function dump(db: Kysely<StoreSchema>, blobs: BlobWriter, signal: AbortSignal): Promise<Dump> {
  const transaction = db.transaction().setIsolationLevel('repeatable read').setAccessMode('read only');
  return transaction.execute(async (moment) => {
    const nodes: TreeNode[] = [];
    const tables: DumpedTable[] = [];
    for (const name of await savedTables(moment)) {
      const fileName = `${name}.jsonl`;
      const file = new StoredFile(fileName, blobs);
      let rows = 0;
      for await (const line of rowsOf(moment, name)) {
        signal.throwIfAborted();
        await file.append(Buffer.from(`${line}\n`));
        rows++;
      }
      const { node, sizeBytes, sha256 } = await file.end();
      nodes.push(node);
      tables.push({ name, file: `tables/${fileName}`, rows, sizeBytes, sha256 });
    }
    return { nodes, tables, migrations: await appliedMigrations(moment) };
  });
}

async function removeOlder(repository: Repository, installationId: string, keep: number): Promise<string[]> {
  const { points } = await listPoints(repository);
  const ours = points.filter(
    ({ tags }) => tags.includes(serverTag) && tags.includes(installationTag(installationId)),
  );
  const older = ours.slice(0, Math.max(0, ours.length - keep)).map(({ id }) => id);
  for (const id of older) await removePoint(repository, id);
  return older;
}
