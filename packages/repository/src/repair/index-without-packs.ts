import { isError } from '@leeward/core';
import { BlobIndex } from '../blobs/blob-index.ts';
import { encodeIndex } from '../format/index-file.ts';
import type { PackContent } from '../format/pack-content.ts';
import { type IndexFile, loadIndexFile } from '../index/index-file-reader.ts';
import type { Repository } from '../open/repository.ts';

/** What all index files say, parted by whether they name one of some packs. */
export interface PartedIndex {
  /** All blobs but those of the packs. */
  readonly index: BlobIndex;
  /** What the index says of the packs; each once for each type of blobs. */
  readonly packs: readonly PackContent[];
  /** Names of the index files that name one of the packs. */
  readonly naming: readonly string[];
}

/** A damaged index file says nothing. */
export async function partIndex(
  repository: Repository,
  packIds: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<PartedIndex> {
  const index = new BlobIndex();
  const packs = new Map<string, PackContent>();
  const naming: string[] = [];
  for await (const { name } of repository.backend.list('index')) {
    signal.throwIfAborted();
    const file = await readable(repository, name);
    for (const pack of file?.packs ?? []) {
      if (packIds.has(pack.packId)) packs.set(`${pack.type} ${pack.count} ${pack.packId}`, pack);
      else index.addPack(pack);
    }
    if (file?.packs.some(({ packId }) => packIds.has(packId))) naming.push(name);
  }
  return { index, packs: [...packs.values()], naming };
}

/**
 * Writes the index files anew without some packs. MUST be called under an exclusive lock. The new files are durable
 * and were read again before an old one goes; a crash at any moment leaves an index that names some packs twice, or
 * still names those that were to go. Returns how many were written.
 */
export async function rewriteIndexWithout(
  repository: Repository,
  naming: readonly string[],
  packIds: ReadonlySet<string>,
  stop: AbortSignal,
): Promise<number> {
  let written = 0;
  for (const name of naming) {
    stop.throwIfAborted();
    const { packs } = await loadIndexFile(repository, name);
    const kept = packs.filter(({ packId }) => !packIds.has(packId));
    if (kept.length === 0) continue;
    const replacement = await repository.saveFile('index', encodeIndex(kept, [name]));
    // What cannot be read back must not replace anything.
    await loadIndexFile(repository, replacement);
    written++;
  }
  stop.throwIfAborted();
  for (const name of naming) await repository.backend.remove('index', name);
  return written;
}

async function readable(repository: Repository, name: string): Promise<IndexFile | undefined> {
  try {
    return await loadIndexFile(repository, name);
  } catch (error) {
    if (isError(error, 'L-REP-110') || isError(error, 'L-REP-111')) return undefined;
    throw error;
  }
}
