import { LeewardError } from '../errors/leeward-error.ts';
import type { MissingCapability } from '../words/array-inventory.ts';
import type { PlanningArray } from './planning-inventory.ts';

const words: Readonly<Record<MissingCapability['capability'], string>> = {
  'storage-snapshot': 'storage snapshots',
  transfer: 'the transfer of storage snapshots',
  clone: 'clones of storage snapshots',
  nfs: 'NFS',
  iscsi: 'iSCSI',
};

/** The first of the needed capabilities that the array, or the tenant of the volume, is known to lack. */
export function missingOn(
  array: PlanningArray,
  volumeName: string,
  tenantId: string,
  needed: readonly MissingCapability['capability'][],
): LeewardError | undefined {
  const missing = (array.inventory?.missing ?? []).find(
    (each) => needed.includes(each.capability) && (each.tenantId === undefined || each.tenantId === tenantId),
  );
  if (!missing) return undefined;
  const { capability, text } = missing;
  return new LeewardError('L-PLN-107', {
    array: array.name,
    volume: volumeName,
    capability: words[capability],
    text,
  });
}
