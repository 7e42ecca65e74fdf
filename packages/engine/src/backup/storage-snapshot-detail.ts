import { objectKey, type TransferPolicy, type VolumePlan } from '@leeward/core';
import { z } from 'zod';
import { parseColumn } from '../store/json.ts';
import type { LedgerEntry } from '../store/ledger.ts';
import type { ChainEnds, ChainHop, ChainRelation } from './chain-places.ts';
import { pairOf, relationKey } from './sync-pair.ts';

const policySchema = z.enum([
  'mirror',
  'vault',
  'mirror-vault',
  'snapshot-replication',
  'other',
]) satisfies z.ZodType<TransferPolicy>;

const objectSchema = z.object({ arraySerial: z.string(), objectId: z.string() });

/** A VM as a storage snapshot holds it. File names are those of vSphere, `[datastore] folder/file`. */
export const heldVmSchema = z.object({
  vmKey: z.string(),
  name: z.string(),
  path: z.string(),
  vcenterName: z.string(),
  /** The moment that it stands for, by our clock. */
  frozenAt: z.string(),
  consistency: z.enum(['quiesced', 'crash-consistent']),
  /** Those named in its files here: where each begins in the volume. */
  datastores: z.array(
    z.object({
      name: z.string(),
      /** Folder of the volume, without slashes around it; empty: the volume itself. */
      folder: z.string(),
      /** Of one with VMFS, on a LUN in the volume. */
      vmfsUuid: z.string().optional(),
    }),
  ),
  /** The configuration file, where it lies here. */
  vmxFile: z.string().optional(),
  /** Disks of which anything lies here. */
  disks: z.array(
    z.object({
      label: z.string(),
      sizeBytes: z.number(),
      /** The disk, and before it what lies on top of it since the VMware snapshot, behind it what it stands on. */
      files: z.array(z.string()),
    }),
  ),
});

export type HeldVm = z.infer<typeof heldVmSchema>;

/** What the journal keeps of a storage snapshot. */
export const storageSnapshotDetailSchema = z.object({
  volume: objectSchema,
  volumeName: z.string(),
  role: z.enum(['temporary', 'long-term', 'auxiliary']),
  /** Relation over which it went, as `relationKey`. */
  relation: z.string().optional(),
  /** Of the relation that brought it; of one on the primary that of the relation over which it went. */
  policy: z.string().optional(),
  /** Of a cascade: the transfers before that relation, from the primary volume on. */
  via: z
    .array(
      z.object({
        id: objectSchema,
        policy: policySchema,
        arrayId: z.string(),
        volume: objectSchema,
        volumeName: z.string(),
      }),
    )
    .optional(),
  /** Of one half of a coordinated storage snapshot: the volumes of both, which go together. */
  pair: z
    .object({
      primary: objectSchema,
      secondary: objectSchema,
    })
    .optional(),
  /** On the primary: no transfer of it was begun that could still come to something. Missing: not known. */
  alone: z.boolean().optional(),
  /** The moment at which it was made, kept for a repetition that only finds it. */
  frozen: z
    .object({
      instantId: z.string(),
      created: z.object({ atMs: z.number(), grainMs: z.number() }).optional(),
      measured: z.object({ fromMs: z.number(), toMs: z.number() }).optional(),
    })
    .optional(),
  /** VMs of the job that it holds, with what of them lies on its volume. Missing: not known. */
  vms: z.array(heldVmSchema).optional(),
});

export type StorageSnapshotDetail = z.infer<typeof storageSnapshotDetailSchema>;

/**
 * One that counts as gone, since its hop failed, and may arrive all the same: a mirror behind the middle of a cascade
 * takes by itself what is kept there, and drops it when that goes.
 */
export function mayComeLater({ id, detail }: Pick<LedgerEntry, 'id' | 'detail'>): boolean {
  const { via, policy, role } = parseColumn(storageSnapshotDetailSchema, detail, id);
  return via !== undefined && policy === 'mirror' && role !== 'temporary';
}

export function storageSnapshotLedgerId(
  runId: string,
  groupId: string,
  volume: VolumePlan['volume'],
): string {
  return `${runId}/storage-snapshot/${groupId}/${objectKey(volume)}`;
}

/** By which relation, and by way of which volumes. */
export function relationDetail(
  primary: ChainEnds['volume']['volume'],
  relation: ChainRelation | undefined,
  hop: Pick<ChainHop, 'policy'> | undefined = relation,
): Pick<StorageSnapshotDetail, 'relation' | 'policy' | 'via'> {
  if (!relation || !hop) return {};
  const via = relation.via?.map(({ id, policy, arrayId, volume, volumeName }) => {
    return { id, policy, arrayId, volume, volumeName };
  });
  return { relation: relationKey(primary, relation), policy: hop.policy, ...(via ? { via } : {}) };
}

/** Of the storage snapshot of the volume itself, before anything is known of it. */
export function storageSnapshotDetailOf(planned: VolumePlan): StorageSnapshotDetail {
  const { volume, volumeName, relation } = planned;
  const pair = pairOf(planned);
  return {
    volume,
    volumeName,
    role: 'temporary',
    ...relationDetail(volume, relation),
    ...(pair ? { pair } : {}),
  };
}
