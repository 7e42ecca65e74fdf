import { type Mount, objectKey } from '@leeward/core';
import { z } from 'zod';
import type { BackupDeps } from '../backup/backup-deps.ts';
import { InventoryCache } from '../inventory/cached-inventory.ts';

const volume = z.object({ arraySerial: z.string(), objectId: z.string() });
const common = { volume, storageSnapshotName: z.string() };

/** What journaled plans of both protocols say. */
const planSchema = z.object({
  request: z.discriminatedUnion('protocol', [
    z.object({ ...common, protocol: z.literal('nfs'), proxyAddresses: z.array(z.string()) }),
    z.object({ ...common, protocol: z.literal('iscsi'), initiatorNames: z.array(z.string()) }),
  ]),
});

/** What is shown to proxies, by the journal: everything of Leeward's that stands open on the arrays. */
export class MountService {
  readonly #deps: Pick<BackupDeps, 'store'>;

  constructor(deps: Pick<BackupDeps, 'store'>) {
    this.#deps = deps;
  }

  /** Of every registered array, by name, oldest first. */
  async list(): Promise<readonly Mount[]> {
    const { store } = this.#deps;
    const mounts: Mount[] = [];
    for (const { id: arrayId, name: arrayName } of await store.systems.list('array')) {
      const open = await store.ledger.activePresentations(arrayId);
      if (open.length === 0) continue;
      const names = await this.#volumeNames(arrayId);
      for (const { detail, name, runId, jobId, createdAt: since, state } of open) {
        const { request } = planSchema.parse(detail);
        mounts.push({
          ...{ arrayId, arrayName, name, runId, jobId, since },
          volume: names.get(objectKey(request.volume)) ?? request.volume.objectId,
          storageSnapshotName: request.storageSnapshotName,
          protocol: request.protocol,
          shownTo: request.protocol === 'nfs' ? request.proxyAddresses : request.initiatorNames,
          state: state === 'present' ? 'present' : 'intended',
        });
      }
    }
    return mounts.toSorted(
      (a, b) => a.arrayName.localeCompare(b.arrayName) || a.since.localeCompare(b.since),
    );
  }

  async #volumeNames(arrayId: string): Promise<ReadonlyMap<string, string>> {
    const inventory = await new InventoryCache(this.#deps.store).array(arrayId);
    return new Map((inventory?.volumes ?? []).map(({ id, name }) => [objectKey(id), name]));
  }
}
