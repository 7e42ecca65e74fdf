import type { BackupDeps } from '../backup/backup-deps.ts';
import { storageSnapshotDetailSchema } from '../backup/storage-snapshot-step.ts';
import { parseColumn } from '../store/json.ts';

/** A storage snapshot that a chain keeps. */
export interface ChainLink {
  readonly name: string;
  readonly arrayId: string;
  readonly volumeName: string;
  readonly role: 'temporary' | 'long-term' | 'auxiliary';
  readonly jobId: string;
  readonly runId: string;
  readonly createdAt: string;
}

export class ChainService {
  readonly #deps: BackupDeps;

  constructor(deps: BackupDeps) {
    this.#deps = deps;
  }

  /** All links of all chains, oldest first. */
  async list(): Promise<readonly ChainLink[]> {
    const kept = await this.#deps.store.ledger.kept();
    return kept
      .filter(({ kind }) => kind === 'storage-snapshot')
      .map((entry) => {
        const { volumeName, role } = parseColumn(storageSnapshotDetailSchema, entry.detail, entry.id);
        const { name, systemId: arrayId, jobId, runId, createdAt } = entry;
        return { name, arrayId, volumeName, role, jobId, runId, createdAt };
      });
  }
}
