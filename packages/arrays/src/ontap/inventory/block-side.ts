import { isError, LeewardError } from '@leeward/core';
import type { OntapArray } from '../ontap-array.ts';
import { type IscsiService, listIscsiServices } from './iscsi-services.ts';
import { type LunRecord, listLuns } from './luns.ts';

/** LUNs and iSCSI services of a cluster; `unreadable` says why they are not known. */
export type BlockSide =
  | { readonly luns: readonly LunRecord[]; readonly services: readonly IscsiService[] }
  | { readonly unreadable: string };

/**
 * Rights to block access are not needed by those who read over NFS only, so a missing one costs the block side
 * and not the whole inventory.
 */
export async function readBlockSide(array: OntapArray, signal?: AbortSignal): Promise<BlockSide> {
  try {
    const [luns, services] = await Promise.all([
      listLuns(array, {}, signal),
      listIscsiServices(array, signal),
    ]);
    return { luns, services };
  } catch (error) {
    if (!(error instanceof LeewardError) || !isError(error, 'L-ARR-005')) throw error;
    const { method, path } = error.details;
    return { unreadable: `the account lacks the right for ${method} ${path}` };
  }
}
