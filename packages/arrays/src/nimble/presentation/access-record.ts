import { z } from 'zod';
import { ensure } from '../../rest/ensure.ts';
import type { NimbleArray } from '../nimble-array.ts';
import { change, remove } from '../rest/change.ts';
import { readRows } from '../rest/list.ts';

const recordSchema = z.object({
  id: z.string(),
  vol_id: z.string().nullish(),
  apply_to: z.string().nullish(),
  initiator_group_id: z.string().nullish(),
  chap_user_id: z.string().nullish(),
  lun: z.number().nullish(),
});

export type AccessRecord = z.infer<typeof recordSchema>;

const path = '/access_control_records';

function listRecords(
  array: NimbleArray,
  filter:
    | { readonly vol_id: string }
    | { readonly initiator_group_id: string }
    | { readonly chap_user_id: string },
  signal?: AbortSignal,
): Promise<AccessRecord[]> {
  return readRows(array.rest, recordSchema, `${path}/detail`, filter, signal);
}

export async function hasAccessRecords(
  array: NimbleArray,
  initiatorGroupId: string,
  signal?: AbortSignal,
): Promise<boolean> {
  const records = await listRecords(array, { initiator_group_id: initiatorGroupId }, signal);
  return records.some(({ initiator_group_id }) => initiator_group_id === initiatorGroupId);
}

export async function isChapUserUsed(
  array: NimbleArray,
  chapUserId: string,
  signal?: AbortSignal,
): Promise<boolean> {
  const records = await listRecords(array, { chap_user_id: chapUserId }, signal);
  return records.some(({ chap_user_id }) => chap_user_id === chapUserId);
}

/** Access of one initiator group to a clone, to the volume only. */
export function ensureAccess(
  array: NimbleArray,
  volumeId: string,
  initiatorGroupId: string,
  chapUserId: string | undefined,
  signal?: AbortSignal,
): Promise<AccessRecord> {
  const data = {
    vol_id: volumeId,
    initiator_group_id: initiatorGroupId,
    apply_to: 'volume',
    ...(chapUserId === undefined ? {} : { chap_user_id: chapUserId }),
  };
  return ensure(array.rest, {
    object: 'the access control record of a clone',
    find: async () => {
      const records = await listRecords(array, { vol_id: volumeId }, signal);
      return records.find(({ initiator_group_id }) => initiator_group_id === initiatorGroupId);
    },
    create: () => change(array.rest, { method: 'POST', path, data, signal }),
    signal,
  });
}

/** Takes away all access to a clone of ours. */
export async function dropAccess(array: NimbleArray, volumeId: string, signal?: AbortSignal): Promise<void> {
  for (const { id } of await listRecords(array, { vol_id: volumeId }, signal))
    await remove(array.rest, `${path}/${encodeURIComponent(id)}`, signal);
}
