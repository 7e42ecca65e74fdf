import { isError } from '@leeward/core';
import { sha256Hex } from '../crypto/sha256.ts';
import { encodeIndex, maxIndexBlobs } from '../format/index-file.ts';
import type { PackContent } from '../format/pack-content.ts';
import { type IndexFile, loadIndexFile } from '../index/index-file-reader.ts';
import type { Repository } from '../open/repository.ts';

/** Smaller ones are worth merging; a full one has about 45,000 blobs and three times that size. */
export const smallIndexBytes = 1024 * 1024;
/** About a million blobs. */
const mostLargeBytes = 64 * 1024 * 1024;

export interface MergedIndexFiles {
  readonly written: readonly string[];
  readonly removed: readonly string[];
}

/**
 * Merges small index files into few. MUST be called under an exclusive lock: readers that have listed the small ones
 * still want to read them. The new files are durable and were read again before an old one goes, and say what they
 * supersede; a crash at any moment leaves packs that are named twice, which harms nobody and which the next merge
 * puts right. Damaged files stay where they are. `stop` aborts before anything is removed.
 */
export async function mergeIndexFiles(repository: Repository, stop: AbortSignal): Promise<MergedIndexFiles> {
  const { members, known } = await whatToMerge(repository, stop);
  const merge = new Merge(repository, known);
  const removed: string[] = [];
  for (const name of members) {
    stop.throwIfAborted();
    const file = await readable(repository, name);
    if (!file) continue;
    await merge.take(name, file.packs);
    removed.push(name);
  }
  const written = await merge.finish();
  stop.throwIfAborted();
  for (const name of removed.filter((each) => !written.includes(each)))
    await repository.backend.remove('index', name);
  return { written, removed };
}

/** Collects packs into files of full size. Each pack is written once, however many files name it. */
class Merge {
  readonly #repository: Repository;
  readonly #known: Set<string>;
  readonly #written: string[] = [];
  #packs: PackContent[] = [];
  #blobs = 0;
  #supersedes: string[] = [];

  constructor(repository: Repository, known: Set<string>) {
    this.#repository = repository;
    this.#known = known;
  }

  /** A file counts as superseded by the file that holds its last pack: the others were durable before that one. */
  async take(name: string, packs: readonly PackContent[]): Promise<void> {
    for (const pack of packs) {
      if (this.#known.has(keyOf(pack))) continue;
      this.#known.add(keyOf(pack));
      if (this.#blobs + pack.count > maxIndexBlobs && this.#blobs > 0) await this.#write();
      this.#packs.push(pack);
      this.#blobs += pack.count;
    }
    this.#supersedes.push(name);
  }

  async finish(): Promise<readonly string[]> {
    if (this.#packs.length > 0) await this.#write();
    return this.#written;
  }

  async #write(): Promise<void> {
    const name = await this.#repository.saveFile('index', encodeIndex(this.#packs, this.#supersedes));
    // What cannot be read back must not replace anything.
    await loadIndexFile(this.#repository, name);
    this.#written.push(name);
    this.#packs = [];
    this.#blobs = 0;
    this.#supersedes = [];
  }
}

/** Small files, and those that a crash left beside the one that supersedes them; with the packs that one has already. */
async function whatToMerge(repository: Repository, stop: AbortSignal) {
  const small: string[] = [];
  const large: string[] = [];
  let largeBytes = 0;
  for await (const { name, sizeBytes } of repository.backend.list('index')) {
    (sizeBytes < smallIndexBytes ? small : large).push(name);
    if (sizeBytes >= smallIndexBytes) largeBytes += sizeBytes;
  }
  const members = new Set(small);
  const known = new Set<string>();
  // Others wait for the lock meanwhile. In a very large repository a pack may rather be named twice.
  if (largeBytes > mostLargeBytes) return { members, known };
  const present = new Set([...small, ...large]);
  const superseding: string[] = [];
  for (const name of large) {
    stop.throwIfAborted();
    const leftover = (await readable(repository, name))?.supersedes.filter((each) => present.has(each)) ?? [];
    for (const each of leftover) members.add(each);
    if (leftover.length > 0) superseding.push(name);
  }
  for (const name of superseding.filter((each) => !members.has(each)))
    for (const pack of (await readable(repository, name))?.packs ?? []) known.add(keyOf(pack));
  return { members, known };
}

/** With its blobs: old writers may have named parts of a pack in different files, which then all count. */
function keyOf({ packId, type, ids }: PackContent): string {
  return `${type} ${packId} ${sha256Hex(ids)}`;
}

async function readable(repository: Repository, name: string): Promise<IndexFile | undefined> {
  try {
    return await loadIndexFile(repository, name);
  } catch (error) {
    if (isError(error, 'L-REP-110') || isError(error, 'L-REP-111')) return undefined;
    throw error;
  }
}
