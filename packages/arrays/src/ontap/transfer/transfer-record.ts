import { isError } from '@leeward/core';
import { z } from 'zod';
import type { OntapArray } from '../ontap-array.ts';
import { relationPath } from './relation-now.ts';

const transferSchema = z.object({
  uuid: z.string(),
  state: z.string().default(''),
  snapshot: z.string().optional(),
  source_snapshot: z.string().optional(),
  bytes_transferred: z.number().default(0),
  error_info: z
    .object({ message: z.string().default(''), code: z.union([z.number(), z.string()]).optional() })
    .optional(),
});

export type TransferRecord = z.infer<typeof transferSchema>;

export function transferPath(relationUuid: string, transferUuid: string): string {
  return `${relationPath(relationUuid)}/transfers/${encodeURIComponent(transferUuid)}`;
}

/** One transfer, or `undefined`: queued ones are not listed yet, ended ones not on all releases. */
export async function readTransfer(
  array: OntapArray,
  relationUuid: string,
  transferUuid: string,
  signal?: AbortSignal,
): Promise<TransferRecord | undefined> {
  const fields = 'uuid,state,snapshot,source_snapshot,bytes_transferred,error_info';
  try {
    const path = transferPath(relationUuid, transferUuid);
    return await array.rest.get(transferSchema, path, { fields }, signal);
  } catch (error) {
    if (isError(error, 'L-ARR-009')) return undefined;
    throw error;
  }
}

export function carries({ snapshot, source_snapshot }: TransferRecord, name: string): boolean {
  return snapshot === name || source_snapshot === name;
}
