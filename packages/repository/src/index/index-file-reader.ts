import { IndexInvalid, parseIndex, supersededBy } from '../format/index-file.ts';
import type { PackContent } from '../format/pack-content.ts';
import { damaged, type Repository } from '../open/repository.ts';

export interface IndexFile {
  readonly packs: readonly PackContent[];
  /** Index files that it replaces. */
  readonly supersedes: readonly string[];
}

/** Reads one index file, as a whole or not at all. Throws `L-REP-110` (missing) or `L-REP-111` (damaged). */
export async function loadIndexFile(repository: Repository, name: string): Promise<IndexFile> {
  const json = await repository.loadFile('index', name);
  try {
    return { packs: [...parseIndex(json)], supersedes: supersededBy(json) };
  } catch (error) {
    if (error instanceof IndexInvalid) throw damaged('index', name, error.message, error);
    throw error;
  }
}
